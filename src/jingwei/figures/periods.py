"""The stretches of time that figures speak of: a day, a week, a month … up to a year, and any days one chooses.

A period is written as it stands in an address: `2026-03-05` (a day), `2026-W10`, `2026-03`, `2026-Q1`, `2026-H1`,
`2026`, `2026-03-05..2026-03-20`, and `all`. It begins and ends at midnight in the county's time zone.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.worktime import CalendarMissing, WorkCalendar

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
FIRST_YEAR, LAST_YEAR = 2000, 2199


class Sort(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    DAYS = "days"
    ALL = "all"


TITLES = {
    Sort.DAY: gettext_lazy("One day"),
    Sort.WEEK: gettext_lazy("Week"),
    Sort.MONTH: gettext_lazy("Month"),
    Sort.QUARTER: gettext_lazy("Quarter"),
    Sort.HALF_YEAR: gettext_lazy("Half-year"),
    Sort.YEAR: gettext_lazy("Year"),
    Sort.ALL: gettext_lazy("From the beginning"),
}
MONTHS = {Sort.MONTH: 1, Sort.QUARTER: 3, Sort.HALF_YEAR: 6, Sort.YEAR: 12}


class BadPeriod(ValueError):
    """A period reads like 2026-03, 2026-W10, 2026-Q1, 2026-H1, 2026, a day, or two days with two full stops."""


@dataclass(frozen=True)
class Period:
    """A stretch of whole days, the last one included; ALL has neither first nor last day."""

    sort: Sort
    first: date = date.min
    last: date = date.max

    @classmethod
    def of(cls, sort: Sort, day: date) -> "Period":
        """The period of a sort in which a day lies."""
        if sort is Sort.ALL:
            return ALL
        if sort is Sort.DAY or sort is Sort.DAYS:
            return cls(Sort.DAY, day, day)
        if sort is Sort.WEEK:
            monday = day - day.weekday() * DAY
            return cls(sort, monday, monday + 6 * DAY)
        length = MONTHS[sort]
        month = (day.month - 1) // length * length + 1
        last = month + length - 1
        return cls(sort, date(day.year, month, 1), date(day.year, last, calendar.monthrange(day.year, last)[1]))

    @classmethod
    def parse(cls, said: str) -> "Period":
        """The period that an address names. Raises BadPeriod."""
        if said == "all":
            return ALL
        for pattern, read in _READ:
            if (found := re.fullmatch(pattern, said, re.ASCII)) is not None:
                try:
                    period: Period = read(*found.groups())
                except ValueError as error:
                    raise BadPeriod(said) from error
                if period.last < period.first or not FIRST_YEAR <= period.first.year <= period.last.year <= LAST_YEAR:
                    raise BadPeriod(said)
                return period
        raise BadPeriod(said)

    def __str__(self) -> str:
        year = self.first.year
        match self.sort:
            case Sort.DAY:
                return self.first.isoformat()
            case Sort.WEEK:
                week = self.first.isocalendar()
                return f"{week.year}-W{week.week:02d}"
            case Sort.MONTH:
                return f"{self.first:%Y-%m}"
            case Sort.QUARTER:
                return f"{year}-Q{self.first.month // 3 + 1}"
            case Sort.HALF_YEAR:
                return f"{year}-H{self.first.month // 6 + 1}"
            case Sort.YEAR:
                return f"{year}"
            case Sort.DAYS:
                return f"{self.first}..{self.last}"
            case Sort.ALL:
                return "all"

    @property
    def title(self) -> str:
        """The period in words."""
        said = {"year": self.first.year, "month": self.first.month, "day": self.first.day}
        match self.sort:
            case Sort.DAY:
                return _("%(year)d-%(month)d-%(day)d") % said
            case Sort.WEEK:
                week = self.first.isocalendar()
                return _("%(year)d, week %(week)d") % {"year": week.year, "week": week.week}
            case Sort.MONTH:
                return _("%(year)d-%(month)d") % said
            case Sort.QUARTER:
                return _("%(year)d, quarter %(n)d") % {**said, "n": self.first.month // 3 + 1}
            case Sort.HALF_YEAR:
                first = _("%(year)d, first half") % said
                return first if self.first.month == 1 else _("%(year)d, second half") % said
            case Sort.YEAR:
                return _("%(year)d") % said
            case Sort.DAYS:
                return _("%(first)s to %(last)s") % {"first": self.first, "last": self.last}
            case Sort.ALL:
                return str(TITLES[Sort.ALL])

    @property
    def start(self) -> datetime | None:
        """The first moment; None without a beginning."""
        return None if self.sort is Sort.ALL else _midnight(self.first)

    @property
    def end(self) -> datetime | None:
        """The first moment after it; None without an end."""
        return None if self.sort is Sort.ALL else _midnight(self.last + DAY)

    def over(self, at: datetime) -> bool:
        """Whether it has ended at a moment."""
        return self.end is not None and self.end <= at

    def moment(self, known: datetime) -> datetime:
        """The moment of which a stock is asked: the period's last, or what is known now where it still runs."""
        return known if self.end is None else min(known, self.end - INSTANT)

    @property
    def before(self) -> "Period | None":
        """The last period of the same length; None where there is none."""
        if self.sort is Sort.ALL or self.first.year <= FIRST_YEAR:
            return None
        if self.sort is Sort.DAYS:
            length = self.last - self.first + DAY
            return Period(Sort.DAYS, self.first - length, self.first - DAY)
        return Period.of(self.sort, self.first - DAY)

    @property
    def after(self) -> "Period | None":
        """The period that follows it."""
        if self.sort is Sort.ALL or self.last.year >= LAST_YEAR:
            return None
        if self.sort is Sort.DAYS:
            length = self.last - self.first + DAY
            return Period(Sort.DAYS, self.last + DAY, self.last + length)
        return Period.of(self.sort, self.last + DAY)

    def back(self, many: int) -> "list[Period]":
        """It and those before it, at most `many`, the earliest first."""
        found: list[Period] = []
        now: Period | None = self
        while now is not None and len(found) < many:
            found.append(now)
            now = now.before
        return found[::-1]

    def parts(self, sort: Sort) -> "Iterator[Period]":
        """The periods of a shorter sort of which it is made; nothing where they do not fill it."""
        if self.sort not in MONTHS or sort not in MONTHS or MONTHS[sort] >= MONTHS[self.sort]:
            return
        part = Period.of(sort, self.first)
        while part.first <= self.last:
            yield part
            part = Period.of(sort, part.last + DAY)

    def working_days(self, calendar: WorkCalendar) -> int | None:
        """How many working days it holds by the county's calendar; None where a year's table is not known."""
        if self.sort is Sort.ALL:
            return None
        days = (self.first + n * DAY for n in range((self.last - self.first).days + 1))
        try:
            return sum(calendar.is_working_day(day) for day in days)
        except CalendarMissing:
            return None


ALL = Period(Sort.ALL)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())


_READ = (
    (r"(\d{4}-\d\d-\d\d)", lambda day: Period.of(Sort.DAY, date.fromisoformat(day))),
    (r"(\d{4})-W(\d\d)", lambda year, week: Period.of(Sort.WEEK, date.fromisocalendar(int(year), int(week), 1))),
    (r"(\d{4})-(\d\d)", lambda year, month: Period.of(Sort.MONTH, date(int(year), int(month), 1))),
    (r"(\d{4})-Q([1-4])", lambda year, n: Period.of(Sort.QUARTER, date(int(year), int(n) * 3, 1))),
    (r"(\d{4})-H([12])", lambda year, n: Period.of(Sort.HALF_YEAR, date(int(year), int(n) * 6, 1))),
    (r"(\d{4})", lambda year: Period.of(Sort.YEAR, date(int(year), 1, 1))),
    (
        r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)",
        lambda first, last: Period(Sort.DAYS, date.fromisoformat(first), date.fromisoformat(last)),
    ),
)
