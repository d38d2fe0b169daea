"""How a period, a day and a turn are said on a page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from jingwei.duties.queries import STATES, Standing, State
from jingwei.looks.periods import period_title
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
    """A period in words, a week with its days: 2026年第47周（11月16日 星期一至11月22日 星期日）."""
    if period.every is not Every.WEEK:
        return period_title(period)
    days = {"week": period_title(period), "first": day(period.first), "last": day(period.last)}
    return _("%(week)s (%(first)s to %(last)s)") % days


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
        name=standing.name,
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
