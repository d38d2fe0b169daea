"""Periods as people say them: 2026年3月, 2026年第47周, 2026年上半年."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.worktime import ALL, Every, Period

TITLES: dict[Every, Any] = {
    Every.DAY: gettext_lazy("Day"),
    Every.WEEK: gettext_lazy("Week"),
    Every.MONTH: gettext_lazy("Month"),
    Every.QUARTER: gettext_lazy("Quarter"),
    Every.HALF_YEAR: gettext_lazy("Half-year"),
    Every.YEAR: gettext_lazy("Year"),
}
"""What a length is called where one is chosen."""
FROM_THE_BEGINNING = gettext_lazy("From the beginning")


def period_title(period: Period) -> str:
    """A period in words."""
    first = period.first
    said = {"year": first.year, "month": first.month, "day": first.day}
    match period.every:
        case None if period == ALL:
            return str(FROM_THE_BEGINNING)
        case None:
            return _("%(first)s to %(last)s") % {"first": first, "last": period.last}
        case Every.DAY:
            return _("%(year)d-%(month)d-%(day)d") % said
        case Every.WEEK:
            return _("%(year)d, week %(week)d") % {"year": first.isocalendar().year, "week": period.number}
        case Every.MONTH:
            return _("%(year)d-%(month)d") % said
        case Every.QUARTER:
            return _("%(year)d, quarter %(n)d") % {**said, "n": period.number}
        case Every.HALF_YEAR:
            half = _("%(year)d, first half") if period.number == 1 else _("%(year)d, second half")
            return half % said
        case Every.YEAR:
            return _("%(year)d") % said
