"""Planning an activity, announcing it, recording that it was held and whom it served, calling it off."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.activities.duties import HELD, TRAINED
from jingwei.affairs.activities.models import Activity, State
from jingwei.affairs.activities.personal import NAME, TELEPHONE
from jingwei.affairs.activities.waiting import move_up
from jingwei.casework.wording import clean
from jingwei.duties.acts import record_changed
from jingwei.organisations.models import Organisation, Post
from jingwei.people.lists import refuse_unlisted
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import Verb, verb

PLANNED = verb("activities.planned", _("plan an activity"), _("planned an activity"))
CHANGED = verb("activities.changed", _("change the plan"), _("changed the plan"))
PUBLISHED = verb("activities.published", _("announce it to residents"), _("announced it to residents"))
HELD_IT = verb("activities.held", _("record that it was held"), _("recorded that it was held"))
CANCELLED = verb("activities.cancelled", _("call it off"), _("called it off"))


class ActivityRefused(ValueError):
    """What was asked does not fit where the activity stands; the sentence says what to do."""

    sentence: Any = ""


class AlreadyOver(ActivityRefused):
    """A plan is changed, announced or called off while it is a plan."""

    sentence = _("It was held or called off already, so its plan stands as it is.")


class NotYet(ActivityRefused):
    """What has not begun was not held."""

    sentence = _("It has not begun yet: record that it was held afterwards, or correct when it begins.")


class RoomTaken(ActivityRefused):
    """Places that were promised are kept."""

    sentence = _("More places are taken already. Make room for at least as many, or call it off.")


@dataclass(frozen=True)
class Plan:
    """What is planned. `further`: when it goes on, on further days; `room` None: for whoever comes."""

    sort: str
    title: str
    where: str
    begins_at: datetime
    ends_at: datetime
    further: tuple[datetime, ...] = ()
    batch: str = ""
    words: str = ""
    sign_up: bool = True
    room: int | None = None
    asks_contact: bool = False
    cost_planned: Decimal | None = None

    def columns(self) -> dict[str, Any]:
        """The plan as the columns of an activity."""
        return vars(self) | {"words": clean(self.words), "further": sorted(self.further)}


@dataclass(frozen=True)
class Outcome:
    """What came of it: how many were served, what it cost in yuan, in words without names; posts that completed it."""

    served: int
    cost: Decimal | None = None
    words: str = ""
    trained: tuple[Post, ...] = ()


@transaction.atomic
def plan(unit: Organisation, what: Plan, *, by: Post, actor: Actor, at: datetime, key: UUID) -> Activity:
    """Plan an activity of a unit. The same `key` again is the same. Raises NotOnTheList."""
    if before := Activity.objects.filter(key=key).first():
        return before
    _refuse_contact(unit.county_id, what)
    activity = Activity.objects.create(
        county_id=unit.county_id, organisation=unit, kept_by=by, ground_path=unit.ground.path, recorded_at=at, key=key,
        **what.columns(),
    )  # fmt: skip
    _written(actor, PLANNED, activity, at, (activity.title, activity.words), sort=what.sort, room=what.room)
    return activity


@transaction.atomic
def change(activity: Activity, what: Plan, *, actor: Actor, at: datetime) -> None:
    """Change a plan. Raises AlreadyOver, RoomTaken, NotOnTheList."""
    activity = _locked(activity)
    _refuse_over(activity)
    _refuse_contact(activity.county_id, what)
    if what.room is not None and what.room < activity.taken:
        raise RoomTaken
    columns = what.columns()
    changed = ", ".join(name for name, value in columns.items() if getattr(activity, name) != value)
    if changed:
        Activity.objects.filter(pk=activity.pk).update(**columns)
        _written(actor, CHANGED, activity, at, (columns["title"], columns["words"]), changed=changed)
        activity.refresh_from_db()
        move_up(activity, at)


@transaction.atomic
def publish(activity: Activity, *, actor: Actor, at: datetime) -> None:
    """Announce it at the residents' door; again is nothing more. Raises AlreadyOver."""
    activity = _locked(activity)
    _refuse_over(activity)
    if activity.published_at is None:
        Activity.objects.filter(pk=activity.pk).update(published_at=at)
        _written(actor, PUBLISHED, activity, at)


@transaction.atomic
def hold(activity: Activity, outcome: Outcome, *, actor: Actor, at: datetime) -> None:
    """Record that it was held, or correct what came of it; duties are met by it. Raises AlreadyOver, NotYet."""
    activity = _locked(activity)
    if activity.state == State.CANCELLED:
        raise AlreadyOver
    if activity.begins_at > at:
        raise NotYet
    words = clean(outcome.words)
    said = {"served": outcome.served, "cost": outcome.cost, "outcome": words}
    before = set(activity.trained.all())
    same = before == set(outcome.trained)
    if activity.held_at and same and all(getattr(activity, name) == value for name, value in said.items()):
        return
    activity.trained.set(outcome.trained)
    Activity.objects.filter(pk=activity.pk).update(**said, held_at=activity.held_at or at)
    facts = {"trained": len(outcome.trained)} if outcome.trained else {}
    _written(
        actor, HELD_IT, activity, at, (words,), served=outcome.served, corrects=activity.held_at is not None, **facts
    )
    units = {post.organisation_id for post in before | set(outcome.trained)}
    for day in {timezone.localdate(moment) for moment in activity.days}:
        record_changed(HELD, [activity.organisation_id], day)
        record_changed(TRAINED, units, day)


@transaction.atomic
def cancel(activity: Activity, reason: str, *, actor: Actor, at: datetime) -> None:
    """Call it off; residents read why. Again is nothing more. Raises AlreadyOver."""
    activity = _locked(activity)
    if activity.state == State.HELD:
        raise AlreadyOver
    if activity.cancelled_at is None:
        Activity.objects.filter(pk=activity.pk).update(cancelled_at=at, reason=clean(reason))
        _written(actor, CANCELLED, activity, at, (reason,))


def _locked(activity: Activity) -> Activity:
    return Activity.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=activity.pk)


def _refuse_over(activity: Activity) -> None:
    if activity.state in (State.HELD, State.CANCELLED):
        raise AlreadyOver


def _refuse_contact(county: str, what: Plan) -> None:
    if what.asks_contact:
        refuse_unlisted(book(county), NAME, TELEPHONE)


def _written(
    actor: Actor, what: Verb, activity: Activity, at: datetime, words: tuple[str, ...] = (), **facts: Any
) -> None:
    subject = ("activity", activity.pk)
    record(actor, what, at=at, subject=subject, place=activity.ground_path, facts=facts, words=words)
