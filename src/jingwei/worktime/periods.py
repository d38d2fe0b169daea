"""Days, weeks, months, quarters and years as an office counts them: what recurs and what is counted share them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar
from zoneinfo import ZoneInfo

from .calendar import WorkCalendar
from .tables import CalendarMissing


class Every(StrEnum):
    """How long a period is. A week is Monday to Sunday and belongs to the year of its Thursday (GB/T 7408.1)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}
_KEYS = {
    Every.WEEK: re.compile(r"(\d{4})-W(\d\d)"),
    Every.MONTH: re.compile(r"(\d{4})-(\d\d)"),
    Every.QUARTER: re.compile(r"(\d{4})-Q([1-4])"),
    Every.HALF_YEAR: re.compile(r"(\d{4})-H([12])"),
    Every.YEAR: re.compile(r"(\d{4})"),
}
_ZONE = ZoneInfo("Asia/Shanghai")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
FIRST_YEAR, LAST_YEAR = 1949, 2199
"""What no office counts is refused: reckoning past the last year a date can have overflows."""
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


class NotAPeriod(ValueError):
    """A period is written 2026-02-14, 2026-W07, 2026-02, 2026-Q1, 2026-H1, 2026, 2026-01-05..2026-02-11 or all."""

    sentence: ClassVar[str] = (
        "'%(said)s' is no period: write a day as 2026-02-14, a week as 2026-W07, a month as 2026-02, a quarter as "
        "2026-Q1, half a year as 2026-H1, a year as 2026, or first and last day as 2026-01-05..2026-02-11."
    )

    def __init__(self, said: str) -> None:
        self.facts = {"said": said[:40]}
        super().__init__(self.sentence % self.facts)


@dataclass(frozen=True, order=True)
class Period:
    """From the first to the last day, both within. `every` is None for days somebody chose, and for ALL."""

    first: date
    last: date
    every: Every | None = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise NotAPeriod(f"{self.first}..{self.last}")

    @classmethod
    def of(cls, every: Every, day: date) -> "Period":
        """The period of this length in which `day` lies."""
        if every is Every.DAY:
            return cls(day, day, every)
        if every is Every.WEEK:
            monday = day - day.weekday() * DAY
            return cls(monday, monday + 6 * DAY, every)
        months = MONTHS[every]
        first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
        return cls(first, _first_after(first, months) - DAY, every)

    @classmethod
    def parse(cls, said: str) -> "Period":
        """The period as `str` writes it; NotAPeriod where it names none."""
        try:
            return ALL if said == _ALL else cls._parsed(said)
        except (ValueError, OverflowError):
            raise NotAPeriod(said) from None

    @classmethod
    def _parsed(cls, said: str) -> "Period":
        first, dots, last = said.partition("..")
        if dots:
            return cls(_day(first), _day(last))
        if _DATE.fullmatch(said):
            return cls.of(Every.DAY, _day(said))
        for every, pattern in _KEYS.items():
            if found := pattern.fullmatch(said):
                year, number = int(found[1]), int(found[2]) if pattern.groups > 1 else 1
                if every is Every.WEEK:
                    return cls.of(every, _known(date.fromisocalendar(year, number, 1)))
                return cls.of(every, _known(date(year, (number - 1) * MONTHS[every] + 1, 1)))
        raise NotAPeriod(said)

    def __str__(self) -> str:
        year, month = self.first.year, self.first.month
        match self.every:
            case None:
                return _ALL if self == ALL else f"{self.first}..{self.last}"
            case Every.DAY:
                return str(self.first)
            case Every.WEEK:
                week = self.first.isocalendar()
                return f"{week.year:04}-W{week.week:02}"
            case Every.MONTH:
                return f"{year:04}-{month:02}"
            case Every.QUARTER:
                return f"{year:04}-Q{self.number}"
            case Every.HALF_YEAR:
                return f"{year:04}-H{self.number}"
            case Every.YEAR:
                return f"{year:04}"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def number(self) -> int:
        """Which one of its year it is: the week, month, quarter or half; 1 for everything else."""
        if self.every is Every.WEEK:
            return self.first.isocalendar().week
        return (self.first.month - 1) // MONTHS[self.every] + 1 if self.every in MONTHS else 1

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime | None:
        """The first moment; None without a beginning."""
        return None if self == ALL else _midnight(self.first)

    @property
    def end(self) -> datetime | None:
        """The first moment after it; None without an end."""
        return None if self == ALL else _midnight(self.last + DAY)

    def over(self, at: datetime) -> bool:
        """Whether it has ended at a moment."""
        return self.end is not None and self.end <= at

    def moment(self, known: datetime) -> datetime:
        """The moment of which a stock is asked: the period's last, or what is known now where it still runs."""
        return known if self.end is None else min(known, self.end - INSTANT)

    @property
    def before(self) -> "Period | None":
        """The one before it, of chosen days as many again; None where there is none."""
        if self == ALL or self.first.year <= FIRST_YEAR:
            return None
        last = self.first - DAY
        return Period.of(self.every, last) if self.every else Period(last - (self.days - 1) * DAY, last)

    @property
    def after(self) -> "Period | None":
        """The one that follows it, of chosen days as many again; None where there is none."""
        if self == ALL or self.last.year >= LAST_YEAR:
            return None
        first = self.last + DAY
        return Period.of(self.every, first) if self.every else Period(first, first + (self.days - 1) * DAY)

    def back(self, many: int) -> "list[Period]":
        """It and those before it, at most `many`, the earliest first."""
        found: list[Period] = []
        now: Period | None = self
        while now is not None and len(found) < many:
            found.append(now)
            now = now.before
        return found[::-1]

    def parts(self, every: Every) -> "list[Period]":
        """The periods of a shorter length of which it is made; none where they do not fill it."""
        if self.every not in MONTHS or every not in MONTHS or MONTHS[every] >= MONTHS[self.every]:
            return []
        return list(periods(every, self.first, self.last))

    def working_days(self, calendar: WorkCalendar) -> int | None:
        """How many working days it holds; None where it has no end, or a year's table is not known."""
        if self == ALL:
            return None
        try:
            return sum(calendar.is_working_day(self.first + n * DAY) for n in range(self.days))
        except CalendarMissing:
            return None


_ALL = "all"
ALL = Period(date.min, date.max)
"""From the beginning, without an end."""


def periods(every: Every, first: date, last: date) -> Iterator[Period]:
    """Every period of this length that has a day from `first` to `last`, in order."""
    one: Period | None = Period.of(every, first)
    while one is not None and one.first <= last:
        yield one
        one = one.after


def _first_after(first: date, months: int) -> date:
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), _ZONE)


def _day(said: str) -> date:
    if not _DATE.fullmatch(said):
        raise NotAPeriod(said)
    return _known(date.fromisoformat(said))


def _known(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NotAPeriod(str(day))
    return day
