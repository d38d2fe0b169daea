"""The duties to meet and to report: met by minutes kept, or a report signed off, of the sort that bears their name."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.meetings import invited  # noqa: F401  (registers who owes a joint meeting)
from jingwei.affairs.meetings.models import Meeting
from jingwei.affairs.meetings.pack import REPORT
from jingwei.duties.declared import Duty, Found, Record
from jingwei.duties.models import Turn

Moment = tuple[int, datetime, date]
"""A meeting, when it was held or signed off, and a day of the period it belongs to."""


def _held(turns: Sequence[Turn]) -> Iterator[Found]:
    """The meetings of each turn's unit, of its sort, on its days; and its reports of its period, however late."""
    wanted = Q(organisation__in={turn.organisation_id for turn in turns}, sort__in={turn.key for turn in turns})
    held = Meeting.objects.filter(wanted, struck_at=None).values_list(
        "pk", "organisation_id", "sort", "held_at", "about"
    )
    by_unit: dict[tuple[int, str], list[Moment]] = {}
    for pk, unit, sort, at, about in held:
        by_unit.setdefault((unit, sort), []).append((pk, at, about or timezone.localdate(at)))
    for turn in turns:
        yield from _within(turn, by_unit.get((turn.organisation_id, turn.key), ()))


def _attended(turns: Sequence[Turn]) -> Iterator[Found]:
    """The joint meetings that each turn's organisation came to on its days, whoever called them."""
    units = {turn.organisation_id for turn in turns}
    came = Meeting.attended.through.objects.filter(organisation__in=units, meeting__struck_at=None)
    by_unit: dict[int, list[Moment]] = {}
    for unit, pk, at in came.values_list("organisation_id", "meeting_id", "meeting__held_at"):
        by_unit.setdefault(unit, []).append((pk, at, timezone.localdate(at)))
    for turn in turns:
        yield from _within(turn, by_unit.get(turn.organisation_id, ()))


def _within(turn: Turn, held: Sequence[Moment]) -> Iterator[Found]:
    for pk, at, day in held:
        if turn.first <= day <= turn.last:
            yield Found(turn.pk, pk, at)


def _begin(turn: Turn) -> str:
    return f"{reverse('desk:meeting_new')}?{urlencode({'sort': turn.key, 'day': turn.due.isoformat()})}"


def _page(pk: int) -> str:
    return reverse("desk:meeting", args=[pk])


HELD = Record("meeting", _("Minutes of a meeting"), _held, _page, _begin)
REPORTED = Record(REPORT, _("Report signed off"), _held, _page, _begin)
ATTENDED = Record("joint_meeting", _("Came to a joint meeting"), _attended, _page)

Duty("meeting", _("Meeting"), HELD)
Duty("daily_consultation", _("Daily consultation"), HELD)
Duty("weekly_meeting", _("Weekly meeting"), HELD)
Duty("monthly_review", _("Monthly review"), HELD)
Duty("quarterly_bulletin", _("Quarterly bulletin"), HELD)
Duty("dispute_screening", _("Monthly dispute screening and report"), HELD)
Duty("task_review", _("Weekly task review"), HELD)
Duty("monthly_report", _("Monthly report"), REPORTED)
Duty("joint_meeting", _("Joint meeting of the alliance"), HELD)
Duty("branch_meeting", _("Meeting of all branch members"), HELD)
Duty("branch_committee", _("Meeting of the branch committee"), HELD)
Duty("group_meeting", _("Meeting of the Party group"), HELD)
Duty("coming_to_joint_meeting", _("Coming to a joint meeting"), ATTENDED)
