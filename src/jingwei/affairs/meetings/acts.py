"""Keeping minutes, signing a report off: the record, its resolutions as cases, the duty it meets; taking it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.meetings.duties import ATTENDED, HELD, REPORTED
from jingwei.affairs.meetings.kinds import Resolution
from jingwei.affairs.meetings.models import Meeting, Resolved, report_standing
from jingwei.affairs.meetings.pack import MeetingLine
from jingwei.affairs.meetings.personal import MINUTES
from jingwei.casework.errands import Errand, open_errands
from jingwei.casework.wording import clean
from jingwei.duties.acts import record_changed
from jingwei.looks.periods import period_title
from jingwei.organisations.models import Organisation, Post
from jingwei.people.lists import refuse_unlisted
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb
from jingwei.worktime import Period

KEPT = verb("meetings.kept", _("keep the minutes"), _("kept the minutes"))
STRUCK = verb("meetings.struck", _("take the minutes back"), _("took the minutes back"))
SIGNED = verb("meetings.signed_off", _("sign the report off"), _("signed the report off"))
RECALLED = verb("meetings.recalled", _("take the report back"), _("took the report back"))


class NotStruck(ValueError):
    """A meeting whose resolutions are being worked on stands; withdraw these first."""

    sentence = _("Its resolutions are open cases: withdraw or finish these first, then take the minutes back.")


@dataclass(frozen=True)
class Minutes:
    """What is kept of a meeting; of a report, with the period it is of: `held_at` is when it was signed off."""

    sort: MeetingLine
    organisation: Organisation
    held_at: datetime
    words: str
    came: int | None = None
    where: str = ""
    link: str = ""
    laid_before: tuple[dict[str, Any], ...] = ()
    resolved: tuple[Errand, ...] = ()
    attended: tuple[Organisation, ...] = ()
    report_of: Period | None = None

    @property
    def title(self) -> str:
        """What it is called, a report with its period."""
        if self.report_of is None:
            return str(self.sort)
        return gettext("%(report)s of %(period)s") % {"report": self.sort, "period": period_title(self.report_of)}


@transaction.atomic
def keep(minutes: Minutes, *, by: Post, actor: Actor, at: datetime, key: UUID) -> Meeting:
    """Keep the minutes; each resolution becomes a case owed by its post. The same `key` again is the same meeting; a
    second report of the same period is the first one.

    Raises NotOnTheList where the county does not keep minutes.
    """
    unit = minutes.organisation
    if before := Meeting.objects.filter(key=key).first():
        return before
    if there := _signed_off(minutes):
        return there
    if minutes.words.strip():
        refuse_unlisted(book(unit.county_id), MINUTES)
    meeting = Meeting.objects.create(
        county_id=unit.county_id, sort=minutes.sort.key, organisation=unit, kept_by=by, title=minutes.title,
        held_at=minutes.held_at, came=minutes.came, where=minutes.where, link=minutes.link,
        laid_before=list(minutes.laid_before), minutes=clean(minutes.words), recorded_at=at, key=key,
        about=minutes.report_of.first if minutes.report_of else None,
    )  # fmt: skip
    meeting.attended.set(minutes.attended)
    errands = open_errands(
        Resolution, minutes.resolved, source="meeting", place=unit.ground, actor=actor, at=at, key=key
    )  # fmt: skip
    Resolved.objects.bulk_create([Resolved(meeting=meeting, case=case, number=number) for number, case in errands])
    facts: dict[str, Any] = {"sort": meeting.sort, "resolutions": len(minutes.resolved), "came": minutes.came}
    facts |= {"organisations": len(minutes.attended)} if minutes.attended else {}
    words = (meeting.minutes,)
    record(
        actor,
        SIGNED if meeting.about else KEPT,
        at=at,
        subject=("meeting", meeting.pk),
        place=unit.ground.path,
        facts=facts,
        words=words,
    )
    _reckon(meeting)
    return meeting


def _signed_off(minutes: Minutes) -> Meeting | None:
    """The report of this period that stands already; of two who sign at the same moment the second waits."""
    if minutes.report_of is None:
        return None
    Organisation.objects.select_for_update(no_key=True).get(pk=minutes.organisation.pk)
    return report_standing(minutes.organisation, minutes.sort.key, minutes.report_of)


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
    record(actor, RECALLED if meeting.about else STRUCK, at=at, subject=("meeting", meeting.pk), place=unit.ground.path)
    _reckon(meeting)


def _reckon(meeting: Meeting) -> None:
    """Let the turns be reckoned anew that a meeting meets: its unit's, and those of the organisations that came."""
    if meeting.about:
        record_changed(REPORTED, [meeting.organisation_id], meeting.about)
        return
    day = timezone.localdate(meeting.held_at)
    record_changed(HELD, [meeting.organisation_id], day)
    record_changed(ATTENDED, list(meeting.attended.values_list("pk", flat=True)), day)
