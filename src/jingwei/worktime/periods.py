"""Days, weeks, months, quarters and years as an office counts them: what recurs and what is counted share them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar
from zoneinfo import ZoneInfo


class Every(StrEnum):
    """How long a period is. A week is Monday to Sunday and belongs to the year of its Thursday (GB/T 7408.1)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}
_KEYS = {
    Every.WEEK: re.compile(r"(\d{4})-W(\d\d)"),
    Every.MONTH: re.compile(r"(\d{4})-(\d\d)"),
    Every.QUARTER: re.compile(r"(\d{4})-Q([1-4])"),
    Every.HALF_YEAR: re.compile(r"(\d{4})-H([12])"),
    Every.YEAR: re.compile(r"(\d{4})"),
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
EARLIEST = date(1949, 10, 1)


class NotAPeriod(ValueError):
    """A period is written 2026-02-14, 2026-W07, 2026-02, 2026-Q1, 2026-H1, 2026 or 2026-01-05..2026-02-11."""

    sentence: ClassVar[str] = (
        "'%(said)s' is no period: write a day as 2026-02-14, a week as 2026-W07, a month as 2026-02, a quarter as "
        "2026-Q1, half a year as 2026-H1, a year as 2026, or first and last day as 2026-01-05..2026-02-11."
    )

    def __init__(self, said: str) -> None:
        self.facts = {"said": said[:40]}
        super().__init__(self.sentence % self.facts)


@dataclass(frozen=True, order=True)
class Period:
    """From the first to the last day, both within. `every` is None for days somebody chose."""

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
            monday = day - timedelta(days=day.weekday())
            return cls(monday, monday + timedelta(days=6), every)
        months = _MONTHS[every]
        first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
        return cls(first, _first_after(first, months) - timedelta(days=1), every)

    @classmethod
    def parse(cls, said: str) -> "Period":
        """The period that `key` names; NotAPeriod where it names none."""
        try:
            return cls._parsed(said)
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
                return cls.of(every, _known(date(year, (number - 1) * _MONTHS[every] + 1, 1)))
        raise NotAPeriod(said)

    @property
    def key(self) -> str:
        """The period as it stands in addresses and tables; reads back by `parse`."""
        year, number = self.first.year, self.first.month
        match self.every:
            case None:
                return f"{self.first}..{self.last}"
            case Every.DAY:
                return str(self.first)
            case Every.WEEK:
                thursday = self.first + timedelta(days=3)
                return f"{thursday.year:04}-W{thursday.isocalendar().week:02}"
            case Every.MONTH:
                return f"{year:04}-{number:02}"
            case Every.QUARTER:
                return f"{year:04}-Q{(number + 2) // 3}"
            case Every.HALF_YEAR:
                return f"{year:04}-H{(number + 5) // 6}"
            case Every.YEAR:
                return f"{year:04}"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return self.key

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def next(self) -> "Period":
        """The one after it; of days somebody chose, as many again."""
        first = self.last + timedelta(days=1)
        return Period.of(self.every, first) if self.every else Period(first, first + timedelta(days=self.days - 1))

    def before(self) -> "Period":
        """The one before it; of days somebody chose, as many again."""
        last = self.first - timedelta(days=1)
        return Period.of(self.every, last) if self.every else Period(last - timedelta(days=self.days - 1), last)

    def a_year_before(self) -> "Period":
        """The same period a year earlier 同比; a week is the week of that number, or the last there was."""
        if self.every is Every.WEEK:
            thursday = self.first + timedelta(days=3)
            year, week = thursday.year - 1, thursday.isocalendar().week
            return Period.of(Every.WEEK, date.fromisocalendar(year, min(week, _weeks(year)), 1))
        if self.every:
            return Period.of(self.every, _same_day(self.first))
        return Period(_same_day(self.first), _same_day(self.last))

    def moments(self, zone: str = "Asia/Shanghai") -> tuple[datetime, datetime]:
        """Its first moment, and the first moment after it, on the wall clock of `zone`."""
        there = ZoneInfo(zone)
        after = self.last + timedelta(days=1)
        return datetime.combine(self.first, time(), there), datetime.combine(after, time(), there)


def periods(every: Every, first: date, last: date) -> Iterator[Period]:
    """Every period of this length that has a day from `first` to `last`, in order."""
    one = Period.of(every, first)
    while one.first <= last:
        yield one
        one = one.next()


def _first_after(first: date, months: int) -> date:
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)


def _same_day(day: date) -> date:
    """The day of that date a year before; of 29 February, the 28th."""
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def _weeks(year: int) -> int:
    return date(year, 12, 28).isocalendar().week


def _day(said: str) -> date:
    if not _DATE.fullmatch(said):
        raise NotAPeriod(said)
    return _known(date.fromisoformat(said))


def _known(day: date) -> date:
    """Trap: reckoning past the last year a date can have overflows, so what no office counts is refused."""
    if not EARLIEST.year <= day.year < MAXYEAR - 1:
        raise NotAPeriod(str(day))
    return day
