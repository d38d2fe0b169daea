"""What a county's pack says of its meetings: what they are called, what they look at, who may call one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.duties.declared import DUTIES
from jingwei.duties.pack import DutiesSection, DutyLine
from jingwei.figures.declared import figure_named
from jingwei.organisations.pack import Role
from jingwei.policy.sections import Keyed, Section, Text, Wrong, section
from jingwei.worktime import Every, Period

if TYPE_CHECKING:
    from jingwei.policy.books import Book


REPORT = "report"
"""The record of what is signed off, and not met about."""


class MeetingLine(Keyed, frozen=True, kw_only=True):
    """A sort of meeting. The duty with the same key, where there is one, says how often it is owed and by whom.

    Where that duty is met by a report, it is one: figures and open matters are laid before whoever signs it off.
    """

    figures: tuple[str, ...] = ()
    """Figures laid before it, by their full names, each of the place of whoever meets."""
    over: Every = Every.WEEK
    """The period that its figures speak of: the one that contains the day before the meeting."""
    agenda: tuple[Text, ...] = ()
    """Points that are always on its agenda."""
    joint: bool = False
    """The members of the alliances that the unit is the core of are invited; the minutes say which of them came."""
    called_by: tuple[Role, ...] = (Role.LEADER, Role.SIGNER, Role.DISPATCHER)
    """Roles that may keep its minutes, in the organisation that meets."""


class MeetingsSection(Section, frozen=True, kw_only=True):
    """The county's meetings."""

    meetings: tuple[MeetingLine, ...] = ()


def sort_of(book: Book, key: str) -> MeetingLine | None:
    """The sort of meeting stored as `key`: the pack's line, or what the duty of that key says by itself."""
    if line := next((one for one in book[MeetingsSection].meetings if one.key == key), None):
        return line
    duty = book[DutiesSection].line(key)
    if duty is None or not _met_by_minutes(duty):
        return None
    return MeetingLine(key=key, name=duty.name, english=duty.english, over=duty.every)


def _met_by_minutes(line: DutyLine) -> bool:
    return _met_by(line) in ("meeting", REPORT)


def _met_by(line: DutyLine) -> str:
    duty = DUTIES.get(line.of)
    return "" if duty is None else duty.met_by.name


def reported(book: Book, key: str, day: date) -> Period | None:
    """The period that a report stored as `key` is of, on a day of it; None: it is no report, but a meeting."""
    line = book[DutiesSection].line(key)
    return Period.of(line.every, day) if line is not None and _met_by(line) == REPORT else None


def sorts(book: Book) -> list[MeetingLine]:
    """Every sort of meeting of a county, those of its duties first."""
    duties = [sort_of(book, line.key) for line in book[DutiesSection].standing if _met_by_minutes(line)]
    named = {line.key for line in duties if line}
    further = [line for line in book[MeetingsSection].meetings if not line.retired and line.key not in named]
    return [line for line in duties if line] + further


def _check(meetings: MeetingsSection, book: Book) -> Iterator[Wrong]:
    for n, line in enumerate(meetings.meetings):
        for m, name in enumerate(line.figures):
            if figure_named(name) is None:
                yield Wrong(
                    ("meetings", n, "figures", m),
                    _("there is no figure «%(name)s».") % {"name": name},
                    "incidents.received",
                )


TITLES = {
    "meetings": gettext_lazy("Sorts of meeting"),
    "figures": gettext_lazy("Figures laid before it"),
    "over": gettext_lazy("Period of the figures"),
    "agenda": gettext_lazy("Standing agenda"),
    "called_by": gettext_lazy("Called by"),
    "joint": gettext_lazy("With the alliance"),
}

section("meetings", MeetingsSection, tables=("meetings",), check=_check, titles=TITLES)
