"""Keeping the minutes of a meeting: its record, its resolutions as cases, and the duty it meets; taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.meetings.duties import ATTENDED, HELD
from jingwei.affairs.meetings.kinds import Resolution
from jingwei.affairs.meetings.models import Meeting, Resolved
from jingwei.affairs.meetings.pack import MeetingLine
from jingwei.affairs.meetings.personal import MINUTES
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.wording import clean
from jingwei.duties.acts import record_changed
from jingwei.organisations.models import Organisation, Post
from jingwei.people.lists import refuse_unlisted
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb

KEPT = verb("meetings.kept", _("keep the minutes"), _("kept the minutes"))
STRUCK = verb("meetings.struck", _("take the minutes back"), _("took the minutes back"))


class NotStruck(ValueError):
    """A meeting whose resolutions are being worked on stands; withdraw these first."""

    sentence = _("Its resolutions are open cases: withdraw or finish these first, then take the minutes back.")


@dataclass(frozen=True)
class Resolve:
    """One resolution: what is to be done, by which post, until the end of which day."""

    words: str
    owner: Post
    until: date


@dataclass(frozen=True)
class Minutes:
    """What is kept of a meeting."""

    sort: MeetingLine
    organisation: Organisation
    held_at: datetime
    words: str
    came: int | None = None
    where: str = ""
    link: str = ""
    laid_before: tuple[dict[str, Any], ...] = ()
    resolved: tuple[Resolve, ...] = ()
    attended: tuple[Organisation, ...] = ()


@transaction.atomic
def keep(minutes: Minutes, *, by: Post, actor: Actor, at: datetime, key: UUID) -> Meeting:
    """Keep the minutes; each resolution becomes a case owed by its post. The same `key` again is the same meeting.

    Raises NotOnTheList where the county does not keep minutes.
    """
    unit = minutes.organisation
    if before := Meeting.objects.filter(key=key).first():
        return before
    if minutes.words.strip():
        refuse_unlisted(book(unit.county_id), MINUTES)
    meeting = Meeting.objects.create(
        county_id=unit.county_id, sort=minutes.sort.key, organisation=unit, kept_by=by, title=str(minutes.sort),
        held_at=minutes.held_at, came=minutes.came, where=minutes.where, link=minutes.link,
        laid_before=list(minutes.laid_before), minutes=clean(minutes.words), recorded_at=at, key=key,
    )  # fmt: skip
    meeting.attended.set(minutes.attended)
    _resolve(meeting, minutes.resolved, actor, at)
    facts: dict[str, Any] = {"sort": meeting.sort, "resolutions": len(minutes.resolved), "came": minutes.came}
    facts |= {"organisations": len(minutes.attended)} if minutes.attended else {}
    words = (meeting.minutes,)
    record(actor, KEPT, at=at, subject=("meeting", meeting.pk), place=unit.ground.path, facts=facts, words=words)
    _reckon(meeting)
    return meeting


def _resolve(meeting: Meeting, resolved: Sequence[Resolve], actor: Actor, at: datetime) -> None:
    for number, one in enumerate(resolved, 1):
        due = timezone.make_aware(datetime.combine(one.until, time(23, 59)))
        intake = Intake(
            place=meeting.organisation.ground, title=one.words, words=one.words, source="meeting", lead=one.owner,
            due=due,
        )  # fmt: skip
        case = open_case(Resolution, intake, actor=actor, at=at, key=uuid5(meeting.key, str(number)))
        Resolved.objects.create(meeting=meeting, case=case, number=number)


@transaction.atomic
def strike(meeting: Meeting, *, actor: Actor, at: datetime) -> None:
    """Take minutes back: the duty it met is owed again. Raises NotStruck while a resolution is open."""
    meeting = Meeting.objects.select_for_update().select_related("organisation__ground").get(pk=meeting.pk)
    if meeting.struck_at is not None:
        return
    if meeting.resolutions.filter(is_open=True).exists():
        raise NotStruck
    Meeting.objects.filter(pk=meeting.pk).update(struck_at=at)
    unit = meeting.organisation
    record(actor, STRUCK, at=at, subject=("meeting", meeting.pk), place=unit.ground.path)
    _reckon(meeting)


def _reckon(meeting: Meeting) -> None:
    """Let the turns be reckoned anew that a meeting meets: its unit's, and those of the organisations that came."""
    day = timezone.localdate(meeting.held_at)
    record_changed(HELD, [meeting.organisation_id], day)
    record_changed(ATTENDED, list(meeting.attended.values_list("pk", flat=True)), day)
