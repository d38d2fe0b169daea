"""Which duties a county has switched on: who owes them, how often, on which day, and who is excused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from msgspec import Meta

from jingwei.duties.declared import DUTIES
from jingwei.duties.laying import DaysOff, Rule
from jingwei.organisations.natures import Nature
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import OrganisationsSection, PostPath, Role
from jingwei.policy.sections import POSTS, Key, Keyed, Section, Wrong, section
from jingwei.worktime import Every

if TYPE_CHECKING:
    from jingwei.policy.books import Book

Times = Annotated[int, Meta(ge=1, le=100, examples=[1])]
Before = Annotated[int, Meta(ge=0, le=60, examples=[2])]
DayOfMonth = Annotated[
    int, Meta(ge=-1, le=31, description=gettext_noop("a day of the month; -1 is its last"), examples=[25])
]


class Weekday(StrEnum):
    """The days of the week, Monday first."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """0 is Monday, as Python counts them."""
        return list(Weekday).index(self)


class OwedBy(Section, frozen=True, kw_only=True):
    """Who owes a duty: exactly one of the five is given."""

    post: PostPath | None = None
    """Every seat of this post."""
    role: Role | None = None
    """Every post that may act so."""
    organisations: Nature | None = None
    """Every organisation of this nature, whatever the county calls its kinds, received at its front desk."""
    responsible: Key | None = None
    """Every post with this assigned responsibility 包联, once for each place it answers for: a sort of the county's,
    or a line of `[[responsibilities]]`."""
    source: Key | None = None
    """Whoever a room of the house names: a register of units or members."""

    @property
    def given(self) -> int:
        """How many of them are given."""
        return sum(one is not None for one in (self.post, self.role, self.organisations, self.responsible, self.source))


class DutyLine(Keyed, frozen=True, kw_only=True):
    """A duty of this county. `key` is stored with its turns; `duty` names what the code knows, by default `key`."""

    duty: Key = ""
    owed_by: OwedBy
    every: Every
    times: Times = 1
    since: date | None = None
    """The first day it is owed; by default the day on which the county first works by this line."""
    weekday: Weekday | None = None
    day: DayOfMonth | None = None
    """With a month or longer: on which day of its last month; together with `days_off` where the office is shut."""
    days_off: Literal["before", "after", "skip"] = "before"
    working_days: bool = True
    """Owed only where there is a working day; without `weekday` and `day`, due on the last one."""
    remind: Before = 1
    """How many days before it is due it stands in the morning's digest."""
    new_in_post: Before = 0
    """Whoever holds a post for fewer days than this when it is due owes nothing yet."""
    source: str = ""
    """The law or document it comes from."""

    @property
    def of(self) -> str:
        """The name of the duty in the code."""
        return self.duty or self.key

    def rule(self, since: date) -> Rule:
        """When it is due, as the layer reads it, from the day since which it is owed."""
        return Rule(
            key=self.key, every=self.every, times=self.times, since=since, day=self.day,
            weekday=None if self.weekday is None else self.weekday.number,
            days_off=DaysOff(self.days_off), working_days=self.working_days,
        )  # fmt: skip


class ExcuseLine(Keyed, frozen=True, kw_only=True):
    """A ground on which a turn is not owed, said by the one who answers for the organisation."""


class DutiesSection(Section, frozen=True, kw_only=True):
    """The county's duties, and the grounds on which one is excused."""

    duties: tuple[DutyLine, ...] = ()
    excuses: tuple[ExcuseLine, ...] = ()

    def line(self, key: str) -> DutyLine | None:
        """The duty stored as `key`."""
        return next((one for one in self.duties if one.key == key), None)

    @property
    def standing(self) -> tuple[DutyLine, ...]:
        """Those that are owed today."""
        return tuple(one for one in self.duties if not one.retired)


def _check(section_: DutiesSection, book: Book) -> Iterator[Wrong]:
    for n, line in enumerate(section_.duties):
        at = ("duties", n)
        if line.of not in DUTIES:
            yield Wrong(
                (*at, "duty"),
                _("there is no duty «%(duty)s».") % {"duty": line.of},
                _("one of: %(keys)s") % {"keys": ", ".join(DUTIES)},
            )
        yield from _check_debtor(line, at, book)
        yield from _check_day(line, at)


def _check_debtor(line: DutyLine, at: tuple[str | int, ...], book: Book) -> Iterator[Wrong]:
    from jingwei.duties.debtors import SOURCES

    owed_by = line.owed_by
    if owed_by.given != 1:
        yield Wrong(
            (*at, "owed_by"),
            _("a duty is owed by exactly one of post, role, organisations, responsible and source."),
            'owed_by = {role = "leader"}',
        )
    if owed_by.post is not None and book[OrganisationsSection].post(owed_by.post) is None:
        yield Wrong(
            (*at, "owed_by", "post"),
            _("there is no post «%(path)s».") % {"path": owed_by.post},
            'owed_by = {role = "leader"}',
        )
    if owed_by.responsible is not None and owed_by.responsible not in (known := sorts_of_responsibility(book)):
        yield Wrong(
            (*at, "owed_by", "responsible"),
            _("no assigned responsibility is called «%(name)s».") % {"name": owed_by.responsible},
            _("one of: %(keys)s") % {"keys": ", ".join(known)},
        )
    if owed_by.source is not None and owed_by.source not in SOURCES:
        yield Wrong(
            (*at, "owed_by", "source"),
            _("no register is called «%(name)s».") % {"name": owed_by.source},
            _("one of: %(keys)s") % {"keys": ", ".join(SOURCES) or "—"},
        )


def sorts_of_responsibility(book: Book) -> list[str]:
    """What a duty may name as assigned responsibility: the county's sorts, and those its pack deals out."""
    dealt = [line.key for line in book[OrganisationsSection].responsibilities]
    return [line.key for line in book[OfficesSection].responsibilities] + dealt


def _check_day(line: DutyLine, at: tuple[str | int, ...]) -> Iterator[Wrong]:
    if line.weekday is not None and line.every is not Every.WEEK:
        yield Wrong((*at, "weekday"), _("only what is owed each week falls on a day of the week."), 'every = "week"')
    if line.day is not None and line.every in (Every.DAY, Every.WEEK):
        yield Wrong((*at, "day"), _("only what is owed each month or longer falls on a day of it."), 'every = "month"')
    if line.day == 0:
        yield Wrong((*at, "day"), _("a month has no day 0."), "day = -1")


TITLES = {
    "duties": gettext_lazy("Duties"),
    "excuses": gettext_lazy("Grounds for excuse"),
    "duty": gettext_lazy("Sort of duty"),
    "owed_by": gettext_lazy("Who owes it"),
    "every": gettext_lazy("Each how long"),
    "times": gettext_lazy("How many times"),
    "since": gettext_lazy("Owed since"),
    "weekday": gettext_lazy("Weekday"),
    "day": gettext_lazy("Day of the month"),
    "days_off": gettext_lazy("If the day is a day off"),
    "working_days": gettext_lazy("Working days only"),
    "remind": gettext_lazy("Reminded days ahead"),
    "new_in_post": gettext_lazy("Days new in post"),
    "post": gettext_lazy("Post"),
    "role": gettext_lazy("Role"),
    "organisations": gettext_lazy("Sort of organisation"),
    "OwedBy.source": gettext_lazy("Register"),
    "responsible": gettext_lazy("Sort of responsibility"),
}

section("duties", DutiesSection, tables=("duties", "excuses"), check=_check, titles=TITLES, refers={"post": POSTS})
