"""Lays duties out over the working calendar: which periods are owed, and by which day. Pure.

The same rules, debtors and calendar always give the same turns, however many times and in whatever pieces the
days are laid out: a turn follows from its own period alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from jingwei.worktime import Every, Period, WorkCalendar, periods


class DaysOff(StrEnum):
    """What happens to a duty whose day falls on a day off."""

    BEFORE = "before"
    """It moves to the working day before, of the same period; where there is none, after."""
    AFTER = "after"
    """It moves to the working day after, of the same period; where there is none, before."""
    SKIP = "skip"
    """It is not owed this time."""


@dataclass(frozen=True)
class Rule:
    """When something is owed.

    `weekday` counts from Monday, which is 0; `day` is a day of the period's last month, -1 its last.
    """

    key: str
    every: Every
    times: int
    since: date
    weekday: int | None = None
    day: int | None = None
    days_off: DaysOff = DaysOff.BEFORE
    working_days: bool = True


@dataclass(frozen=True)
class Debtor:
    """Who owes: a post or a person of an organisation, or the organisation itself; from one day to another.

    `place`: what is owed there alone, once for each place that a post answers for.
    """

    organisation: int
    post: int | None = None
    person: int | None = None
    place: int | None = None
    since: date = date.min
    until: date | None = None

    def stands(self, on: date) -> bool:
        """Whether there was this debtor on a day."""
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True)
class Laid:
    """One period owed by one debtor, due by the end of `due`."""

    key: str
    debtor: Debtor
    period: Period
    due: date
    times: int


def lay(rule: Rule, debtors: Sequence[Debtor], calendar: WorkCalendar, first: date, last: date) -> Iterator[Laid]:
    """The turns of every period that begins from `first` to `last`, for whoever stood on the day it began.

    A period that begins before the rule is not owed, nor one without a working day, where the rule asks for one.
    Raises CalendarMissing where the calendar does not know a year it needs.
    """
    for period in periods(rule.every, first, last):
        if period.first < max(first, rule.since):
            continue
        if (due := due_day(rule, period, calendar)) is not None:
            for debtor in debtors:
                if debtor.stands(period.first):
                    yield Laid(rule.key, debtor, period, due, rule.times)


def due_day(rule: Rule, period: Period, calendar: WorkCalendar) -> date | None:
    """By the end of which day a period is owed; None where it is not owed."""
    wished = _wished(rule, period)
    if not rule.working_days:
        return wished
    if rule.days_off is DaysOff.SKIP and (rule.weekday is not None or rule.day is not None):
        return wished if calendar.is_working_day(wished) else None
    ways = (_back, _on) if rule.days_off is DaysOff.BEFORE else (_on, _back)
    for way in ways:
        for day in way(wished, period):
            if calendar.is_working_day(day):
                return day
    return None


def _wished(rule: Rule, period: Period) -> date:
    """The day it is due where nobody has a day off."""
    if rule.weekday is not None:
        return period.first + timedelta(days=rule.weekday)
    if rule.day is None or rule.day == -1:
        return period.last
    return period.last.replace(day=min(rule.day, period.last.day))


def _back(day: date, period: Period) -> Iterator[date]:
    while day >= period.first:
        yield day
        day -= timedelta(days=1)


def _on(day: date, period: Period) -> Iterator[date]:
    while day <= period.last:
        yield day
        day += timedelta(days=1)
