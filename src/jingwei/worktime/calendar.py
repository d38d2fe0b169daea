"""The working calendar: what is due when, and how much time is left."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from functools import cached_property
from typing import ClassVar
from zoneinfo import ZoneInfo

from .hours import MICROSECOND, Day
from .spans import Basis, Span, Unit
from .tables import CalendarMissing, YearTable, national_table, national_years


class NaiveMoment(ValueError):
    """A moment carries its time zone."""

    sentence: ClassVar[str] = "%(moment)s has no time zone: give it one, such as Asia/Shanghai"

    def __init__(self, moment: datetime) -> None:
        self.facts = {"moment": moment.isoformat(sep=" ")}
        super().__init__(self.sentence % self.facts)


@dataclass(frozen=True)
class _Year:
    """One year laid out: its working days, and how many of them come before each day of the year."""

    first: int
    working: tuple[int, ...]
    before: tuple[int, ...]

    @classmethod
    def of(cls, year: int, table: YearTable) -> "_Year":
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        working = tuple(day for day in range(first, last + 1) if table.works(date.fromordinal(day)))
        before = tuple(bisect_left(working, day) for day in range(first, last + 2))
        return cls(first, working, before)


@dataclass(frozen=True)
class WorkCalendar:
    """The working days and hours of one county.

    A year's table in `tables` (the pack's own) wins over the national one; `national` lets the years that the
    installed library knows stand in for the rest. Working time is a straight line through all working days: a
    moment is a place on it and a span a step along it, so a long reckoning costs no more than a short one.

    With `ends_with_day`, a span given in days ends at the close of business of the day it falls on; a plain
    one that falls on a day off ends on the next working day (both Civil Code art. 203). Minutes and hours
    always run to the minute.
    """

    hours: Day
    tables: Mapping[int, YearTable] = field(default_factory=dict, hash=False)
    national: bool = True
    ends_with_day: bool = False
    zone: str = "Asia/Shanghai"
    _years: dict[int, _Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for year, table in self.tables.items():
            table.check(year)

    def knows(self, year: int) -> bool:
        """Whether the holidays of `year` are known here."""
        return year in self.tables or (self.national and year in national_years())

    def next_unknown(self, day: date) -> date | None:
        """The first day from `day` on that this calendar does not know; None if it knows all days to come."""
        if not self.knows(day.year):
            return day
        unknown = next((year for year in range(day.year + 1, MAXYEAR + 1) if not self.knows(year)), None)
        return None if unknown is None else date(unknown, 1, 1)

    def is_working_day(self, day: date) -> bool:
        """Whether the office is open on `day`; CalendarMissing where its year is unknown."""
        year = self._year(day.year)
        at = day.toordinal() - year.first
        return year.before[at + 1] > year.before[at]

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; negative where `end` comes first."""
        first, last = self._local(start), self._local(end)
        if last < first:
            return -self.working_time(end, start)
        whole = sum(self._worth(year) for year in range(first.year, last.year))
        return (whole + self._worked(last) - self._worked(first)) * MICROSECOND

    def due(self, at: datetime, span: Span) -> datetime:
        """The first moment by which `span` has passed since `at`; a closing rather than the next opening."""
        left = span.length(self.hours.length)
        return self.due_after(at, left, span.basis, counted_in_days=span.unit is Unit.DAY)

    def due_after(self, at: datetime, left: timedelta, basis: Basis, *, counted_in_days: bool = False) -> datetime:
        """The moment by which `left` has passed since `at`, as after a pause; earlier where it is negative.

        Say `counted_in_days` where the span was given in days, so that `ends_with_day` is heeded.
        """
        start = self._local(at)
        if basis is Basis.PLAIN:
            due = (at.astimezone(UTC) + left).astimezone(self._zone)
        elif left > timedelta():
            due = self._forward(start, left // MICROSECOND).replace(tzinfo=self._zone)
        elif left < timedelta():
            due = self._backward(start, -left // MICROSECOND).replace(tzinfo=self._zone)
        else:
            due = start.replace(tzinfo=self._zone)
        return self._close(due) if counted_in_days and self.ends_with_day else due

    def left(self, at: datetime, due: datetime, basis: Basis) -> timedelta:
        """Plain or working time that remains at `at` until `due`; negative where it is late."""
        if basis is Basis.WORKING:
            return self.working_time(at, due)
        return _aware(due) - _aware(at)

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def _local(self, moment: datetime) -> datetime:
        """`moment` on the wall clock of the office, without its zone: arithmetic on it is cheap."""
        return _aware(moment).astimezone(self._zone).replace(tzinfo=None)

    def _year(self, year: int) -> _Year:
        laid_out = self._years.get(year)
        if laid_out is None:
            laid_out = self._years[year] = _Year.of(year, self._table(year))
        return laid_out

    def _table(self, year: int) -> YearTable:
        own = self.tables.get(year)
        if own is not None:
            return own
        if not self.national:
            raise CalendarMissing(year)
        return national_table(year)

    def _worth(self, year: int) -> int:
        """Working microseconds of a whole year."""
        return len(self._year(year).working) * self.hours.worth

    def _worked(self, local: datetime) -> int:
        """Working microseconds of its year that have passed at `local`."""
        year = self._year(local.year)
        day = local.toordinal() - year.first
        worked = year.before[day] * self.hours.worth
        if year.before[day + 1] == year.before[day]:
            return worked
        seconds = (local.hour * 60 + local.minute) * 60 + local.second
        return worked + self.hours.worked(seconds * 1_000_000 + local.microsecond)

    def _forward(self, local: datetime, step: int) -> datetime:
        """The earliest moment `step` (> 0) working microseconds after `local`."""
        year, target = local.year, self._worked(local) + step
        while target > (worth := self._worth(year)):
            year, target = year + 1, target - worth
        days = (target - 1) // self.hours.worth
        clock = self.hours.earliest(target - days * self.hours.worth)
        return _moment(self._year(year).working[days], clock)

    def _backward(self, local: datetime, step: int) -> datetime:
        """The latest moment `step` (> 0) working microseconds before `local`."""
        year, target = local.year, self._worked(local) - step
        while target < 0:
            year -= 1
            target += self._worth(year)
        days, worked = divmod(target, self.hours.worth)
        return _moment(self._year(year).working[days], self.hours.latest(worked))

    def _close(self, due: datetime) -> datetime:
        """Close of business of the day of `due`, or of the next working day if that one is off."""
        day = due.date()
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return datetime.combine(day, datetime.min.time(), self._zone) + self.hours.closes


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise NaiveMoment(moment)
    return moment


def _moment(day: int, clock: int) -> datetime:
    return datetime.fromordinal(day) + clock * MICROSECOND
