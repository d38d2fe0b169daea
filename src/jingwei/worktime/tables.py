"""Which days of a year are holidays, and which weekends are worked to make up for them (调休)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import ClassVar

from chinese_calendar.constants import holidays as _holidays
from chinese_calendar.constants import workdays as _make_up_days

SATURDAY = 5


class CalendarMissing(LookupError):
    """Working time is only counted in a year whose holidays have been published."""

    sentence: ClassVar[str] = (
        "There is no working calendar for %(year)s: give the holidays and make-up days of %(year)s"
    )

    def __init__(self, year: int) -> None:
        self.year = year
        self.facts = {"year": str(year)}
        super().__init__(self.sentence % self.facts)

    def __reduce__(self) -> tuple[type["CalendarMissing"], tuple[int]]:
        return (type(self), (self.year,))


class BadTable(ValueError):
    """A year's table holds days of that year only, and no day is both a holiday and a make-up day."""

    outside: ClassVar[str] = "%(day)s stands in the table of %(year)s: move it to the table of its own year"
    twice: ClassVar[str] = "%(day)s is both a holiday and a make-up day: take it out of one of the two"

    def __init__(self, sentence: str, day: date, year: int | None = None) -> None:
        self.sentence = sentence
        self.facts = {"day": day.isoformat(), "year": str(year or day.year)}
        super().__init__(sentence % self.facts)


@dataclass(frozen=True)
class YearTable:
    """One year's exceptions to Monday-to-Friday, as the State Council's notice for the year gives them."""

    holidays: frozenset[date]
    make_up_days: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        for day in sorted(self.holidays & self.make_up_days):
            raise BadTable(BadTable.twice, day)

    def check(self, year: int) -> None:
        """Refuse a day of another year: it would never be looked up."""
        for day in sorted(self.holidays | self.make_up_days):
            if day.year != year:
                raise BadTable(BadTable.outside, day, year)

    def works(self, day: date) -> bool:
        """Whether `day` is worked: a make-up day, or a weekday that is no holiday."""
        return day in self.make_up_days or (day.weekday() < SATURDAY and day not in self.holidays)


@cache
def national_years() -> frozenset[int]:
    """The years whose national holidays the installed library knows.

    The library answers for every year between its first and last entry, and a notice may name a day or two of
    the year next to its own (29 to 31 December 2018 came with the notice for 2019). So a year counts as known
    only when both its New Year's Day and its National Day are listed, which the State Council's Regulation on
    Public Holidays (全国年节及纪念日放假办法) gives every year.
    """
    years = {day.year for day in _holidays}
    return frozenset(year for year in years if date(year, 1, 1) in _holidays and date(year, 10, 1) in _holidays)


@cache
def national_table(year: int) -> YearTable:
    """The national holidays and make-up days of `year`; CalendarMissing where they are not known."""
    if year not in national_years():
        raise CalendarMissing(year)
    return YearTable(_of(year, _holidays), _of(year, _make_up_days))


def _of(year: int, days: Iterable[date]) -> frozenset[date]:
    return frozenset(day for day in days if day.year == year)
