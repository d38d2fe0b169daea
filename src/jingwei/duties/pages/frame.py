"""What the pages of duties share: the period in the address, the way to the one before and after, turns by day."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from jingwei.accounts.sitting import Sitting
from jingwei.duties.pages.wording import Row, day, row, said_period
from jingwei.duties.queries import NOT_OWED, STATES, Standing, State
from jingwei.looks.periods import TITLES
from jingwei.worktime import Every, NotAPeriod, Period

OFFERED = (Every.WEEK, Every.MONTH, Every.QUARTER, Every.YEAR)
WAYS: dict[Every, tuple[Any, Any]] = {
    Every.DAY: (_("The day before"), _("The day after")),
    Every.WEEK: (_("The week before"), _("The week after")),
    Every.MONTH: (_("The month before"), _("The month after")),
    Every.QUARTER: (_("The quarter before"), _("The quarter after")),
    Every.HALF_YEAR: (_("The half-year before"), _("The half-year after")),
    Every.YEAR: (_("The year before"), _("The year after")),
}
"""What the ways to the period before and after are called."""
COUNTED = (State.LATE, State.OWED, State.TO_COME, State.MET)


def sitting_of(request: HttpRequest) -> Sitting:
    """Who asks, and at which post she sits."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    return sitting


def period_of(request: HttpRequest, usual: Every, today: date) -> Period:
    """The period in the address, by default the present one; a page of no period there is."""
    said = request.GET.get("period", "")
    try:
        return Period.parse(said) if said else Period.of(usual, today)
    except NotAPeriod:
        raise Http404 from None


def frame(request: HttpRequest, period: Period, today: date) -> dict[str, Any]:
    """What a page says of its period: in words, with the ones before and after, and the lengths there are."""
    return {
        "period": period,
        "said_period": said_period(period),
        "previous": address(request, period=str(period.before)) if period.before else "",
        "next": address(request, period=str(period.after)) if period.after else "",
        "before": WAYS[period.every][0] if period.every else "",
        "after": WAYS[period.every][1] if period.every else "",
        "lengths": [
            {
                "label": TITLES[every],
                "href": address(request, period=str(Period.of(every, today if today in period else period.first))),
                "current": every is period.every,
            }
            for every in OFFERED
        ],
    }


def address(request: HttpRequest, **said: str) -> str:
    """This page with something else said in its address."""
    kept = {name: value for name, value in request.GET.items() if name in ("period", "state") and name not in said}
    return f"?{urlencode({**kept, **{name: value for name, value in said.items() if value}})}"


def by_day(stood: Iterable[Standing], *, may_begin: bool) -> list[tuple[str, list[Row]]]:
    """The turns under the day they are due; what leaves no record is told apart, and once (`shown_once`)."""
    kept = (one for one in stood if one.state is not State.SHOWN)
    grouped = groupby(kept, key=lambda one: one.turn.due)
    return [(day(due), [row(one, may_begin=may_begin) for one in those]) for due, those in grouped]


def shown_once(stood: Iterable[Standing]) -> list[Row]:
    """What leaves no record, once for whoever does it: a month of rounds is one line and not thirty."""
    told = {
        (one.name, one.turn.post_id, one.turn.organisation_id): row(one) for one in stood if one.state is State.SHOWN
    }
    return list(told.values())


def counts(stood: Iterable[Standing]) -> list[dict[str, Any]]:
    """How many turns stand in which way; what is not owed is not counted."""
    states = [one.state for one in stood if one.state not in NOT_OWED]
    return [
        {"state": state, "label": STATES[state], "many": states.count(state), "late": state is State.LATE}
        for state in COUNTED
    ]
