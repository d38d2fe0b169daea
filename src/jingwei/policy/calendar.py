"""When the county's offices are open: hours, holidays and make-up days 调休, as its pack says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Annotated

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from msgspec import Meta

from jingwei.policy.sections import Section, Wrong, section
from jingwei.worktime import BadHours, BadTable, Day, WorkCalendar, YearTable

if TYPE_CHECKING:
    from jingwei.policy.books import Book

Year = Annotated[
    str, Meta(pattern=r"^20[0-9]{2}$", description=gettext_noop("a year of four digits"), examples=["2027"])
]
_DATE = r"20[0-9]{2}-[01][0-9]-[0-3][0-9]"
Days = Annotated[
    str,
    Meta(
        pattern=rf"^{_DATE}(\.\.{_DATE})?$",
        description=gettext_noop("a day, or the first and last day with two full stops between"),
        examples=["2027-02-05..2027-02-11"],
    ),
]
Hours = Annotated[
    str,
    Meta(
        pattern=r"^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$",
        description=gettext_noop("a stretch of office hours"),
        examples=["08:30-12:00"],
    ),
]


class NotDays(ValueError):
    """A stretch of days begins before it ends, and every day of it is in the calendar."""


class YearLine(Section, frozen=True, kw_only=True):
    """One year as the State Council's notice gives it: days off, and weekends worked to make up for them."""

    holidays: tuple[Days, ...]
    make_up_days: tuple[Days, ...] = ()

    def table(self) -> YearTable:
        """The year as the calendar reads it; NotDays or BadTable where it cannot."""
        return YearTable(frozenset(_days(self.holidays)), frozenset(_days(self.make_up_days)))


class WorktimeSection(Section, frozen=True, kw_only=True):
    """The county's office hours, and the years that the national table lacks or the county has otherwise."""

    hours: tuple[Hours, ...]
    national: bool = True
    """Use the national holidays of the years that are known."""
    ends_with_day: bool = False
    """A span given in days ends at the close of business of its last day (Civil Code art. 203)."""
    years: dict[Year, YearLine] = {}

    def calendar(self) -> WorkCalendar:
        """The calendar that reckons the county's clocks."""
        return WorkCalendar(
            self.day(),
            {int(year): line.table() for year, line in self.years.items()},
            self.national,
            self.ends_with_day,
        )

    def day(self) -> Day:
        """A regular working day; BadHours where the stretches are out of order."""
        return Day(tuple((_time(said[:5]), _time(said[6:])) for said in self.hours))


def _time(said: str) -> time:
    try:
        return time.fromisoformat(said)
    except ValueError as error:
        raise BadHours(said) from error


def _days(said: Iterable[str]) -> Iterator[date]:
    for one in said:
        try:
            first, last = date.fromisoformat(one[:10]), date.fromisoformat(one[-10:])
        except ValueError as error:
            raise NotDays(one) from error
        if last < first:
            raise NotDays(one)
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def _check(worktime: WorktimeSection, book: Book) -> Iterator[Wrong]:
    try:
        worktime.day()
    except BadHours as error:
        yield Wrong(("worktime", "hours"), _said(error), 'hours = ["08:30-12:00", "14:00-18:00"]')
    for year, line in worktime.years.items():
        at = ("worktime", "years", year)
        try:
            line.table().check(int(year))
        except BadTable as error:
            yield Wrong(at, _said(error), _("each day once, in the table of its own year"))
        except NotDays as error:
            yield Wrong(
                at,
                _("«%(said)s» is not a stretch of days.") % {"said": error},
                'holidays = ["2027-01-01", "2027-02-05..2027-02-11"]',
            )


def _said(error: BadHours | BadTable) -> str:
    return _(error.sentence) % error.facts + _(".")


TITLES = {
    "": gettext_lazy("Office hours and holidays"),
    "hours": gettext_lazy("Office hours"),
    "national": gettext_lazy("National holidays apply"),
    "ends_with_day": gettext_lazy("A span of days ends at close of business"),
    "years": gettext_lazy("Years"),
    "holidays": gettext_lazy("Days off"),
    "make_up_days": gettext_lazy("Make-up days"),
}

section("worktime", WorktimeSection, check=_check, titles=TITLES)
