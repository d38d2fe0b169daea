"""Photographs of an activity: kept where its unit wishes to, shown to residents where nobody can be recognised."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.activities.acts import ActivityRefused, NotYet
from jingwei.affairs.activities.models import Activity, Photograph, State
from jingwei.affairs.activities.personal import PHOTOGRAPHS
from jingwei.casework.picture_field import MOST_PHOTOGRAPHS
from jingwei.files.forgetting import forget_unused
from jingwei.people.lists import refuse_unlisted
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import Verb, verb

ADDED = verb("activities.photographs_added", _("keep photographs of it"), _("kept photographs of it"))
SHOWN = verb("activities.photograph_shown", _("show a photograph to residents"), _("showed a photograph to residents"))
HIDDEN = verb(
    "activities.photograph_hidden", _("show a photograph no more"), _("took a photograph from the residents' page")
)
REMOVED = verb("activities.photograph_removed", _("delete a photograph"), _("deleted a photograph"))


class TooMany(ActivityRefused):
    """A few photographs tell what there was; an album is kept elsewhere."""

    sentence = _("An activity keeps at most six photographs. Delete one first.")


class Recognisable(ActivityRefused):
    """Nobody is shown to the world who was not asked: what residents see was looked at before."""

    sentence = _("Look at the photographs first, and confirm that nobody in them is recognisable.")


class NotAnnounced(ActivityRefused):
    """What was never announced has no page on which residents could see it."""

    sentence = _("It was not announced to residents, so there is no page to show photographs on.")


@transaction.atomic
def add(activity: Activity, digests: Iterable[str], *, actor: Actor, at: datetime) -> int:
    """Keep photographs of an activity that has begun, for those who see it at the desk; how many are new.

    Raises NotYet, TooMany, NotOnTheList.
    """
    activity = _locked(activity)
    if activity.begins_at > at or activity.state == State.CANCELLED:
        raise NotYet
    there = set(activity.photographs.values_list("blob_id", flat=True))
    fresh = [one for one in dict.fromkeys(digests) if one not in there]
    if not fresh:
        return 0
    refuse_unlisted(book(activity.county_id), PHOTOGRAPHS)
    if len(there) + len(fresh) > MOST_PHOTOGRAPHS:
        raise TooMany
    Photograph.objects.bulk_create(Photograph(activity=activity, blob_id=one, added_at=at) for one in fresh)
    _written(actor, ADDED, activity, at, photographs=len(fresh))
    return len(fresh)


@transaction.atomic
def show(one: Photograph, *, nobody_recognisable: bool, actor: Actor, at: datetime) -> None:
    """Show a photograph on the residents' page; again is nothing more. Raises Recognisable, NotAnnounced."""
    activity = _locked(one.activity)
    if not nobody_recognisable:
        raise Recognisable
    if activity.published_at is None:
        raise NotAnnounced
    if Photograph.objects.filter(pk=one.pk, shown_at=None).update(shown_at=at):
        _written(actor, SHOWN, activity, at, photograph=one.pk, nobody_recognisable=True)


@transaction.atomic
def hide(one: Photograph, *, actor: Actor, at: datetime) -> None:
    """Take a photograph from the residents' page; those who see the activity at the desk still see it."""
    if Photograph.objects.filter(pk=one.pk, shown_at__isnull=False).update(shown_at=None):
        _written(actor, HIDDEN, one.activity, at, photograph=one.pk)


@transaction.atomic
def remove(one: Photograph, *, actor: Actor, at: datetime) -> None:
    """Delete a photograph with its file; no reason is asked."""
    if Photograph.objects.filter(pk=one.pk).delete()[0]:
        forget_unused([one.blob_id])
        _written(actor, REMOVED, one.activity, at, photograph=one.pk)


def _locked(activity: Activity) -> Activity:
    return Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)


def _written(actor: Actor, what: Verb, activity: Activity, at: datetime, **facts: int | bool) -> None:
    subject = ("activity", activity.pk)
    record(actor, what, at=at, subject=subject, place=activity.ground_path, facts={**facts})
