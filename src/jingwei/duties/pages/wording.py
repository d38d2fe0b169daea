"""How a period, a day and a turn are said on a page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from jingwei.duties.queries import STATES, Standing, State
from jingwei.worktime import Every, Period

EVERY: dict[Every, Any] = {
    Every.DAY: gettext_lazy("each day"),
    Every.WEEK: gettext_lazy("each week"),
    Every.MONTH: gettext_lazy("each month"),
    Every.QUARTER: gettext_lazy("each quarter"),
    Every.HALF_YEAR: gettext_lazy("each half-year"),
    Every.YEAR: gettext_lazy("each year"),
}
LEVELS = {State.LATE: "late", State.OWED: "doing", State.MET: "done", State.TO_COME: "", State.EXCUSED: "check"}


def day(one: date) -> str:
    """A day with its day of the week: 11月20日 周五."""
    return dateformat.format(one, pgettext("day and day of the week", "D j M"))


def said_period(period: Period) -> str:
    """A period as an official says it: 2026年11月, 2026年第47周（11月16日至22日）."""
    first, year = period.first, period.first.year
    match period.every:
        case Every.WEEK:
            return _("%(first)s to %(last)s, week %(week)s of %(year)s") % {
                "first": day(first), "last": day(period.last), "week": int(period.key[-2:]), "year": period.key[:4],
            }  # fmt: skip
        case Every.MONTH:
            return dateformat.format(first, pgettext("month and year", "F Y"))
        case Every.QUARTER:
            return _("quarter %(number)s of %(year)s") % {"number": period.key[-1], "year": year}
        case Every.HALF_YEAR:
            first_half = period.key.endswith("1")
            return (_("first half of %(year)s") if first_half else _("second half of %(year)s")) % {"year": year}
        case Every.YEAR:
            return _("the year %(year)s") % {"year": year}
        case Every.DAY:
            return day(first)
    return _("%(first)s to %(last)s") % {"first": day(first), "last": day(period.last)}


@dataclass(frozen=True)
class Row:
    """A turn as it stands in a list. `begin` is where its record is begun, empty where there is nothing to do."""

    name: str
    whose: str
    every: str
    due: str
    state: str
    level: str
    held: str
    begin: str


def row(standing: Standing, *, may_begin: bool = False) -> Row:
    """A turn in words."""
    turn, line, record = standing.turn, standing.line, standing.duty.met_by
    open_ = standing.state in (State.OWED, State.LATE)
    return Row(
        name=str(line),
        whose=turn.post.full_title if turn.post else str(turn.organisation),
        every=str(EVERY[line.every]),
        due=day(turn.due),
        state=_("%(state)s: %(why)s") % {"state": STATES[standing.state], "why": standing.why}
        if standing.why and standing.state is State.EXCUSED
        else str(STATES[standing.state]),
        level=LEVELS.get(standing.state, ""),
        held=_("%(held)s of %(times)s") % {"held": standing.held, "times": turn.times} if turn.times > 1 else "",
        begin=record.begin(turn) if may_begin and open_ and record.begin else "",
    )
