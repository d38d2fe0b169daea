"""When a case is due: a ledger of entries, and what it says when it is read from the start.

Pure: entries and a calendar in, a reading out. Any past deadline replays exactly, because each entry carries
the span and the edition by which it was reckoned.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from jingwei.worktime import Basis, CalendarMissing, Span, Unit, WorkCalendar


class Did(StrEnum):
    """What an entry does to its clock."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    STOP = "stop"
    SET = "set"
    """The due time was given by the source (a hotline), not reckoned; `at` may be unknown."""
    RECKON = "reckon"
    """A calendar has arrived; the due time is reckoned again."""


class State(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Entry:
    """One line of the ledger. `due_at` is given with SET and EXTEND; `span` with START."""

    verb: Did
    at: datetime | None
    calendar: WorkCalendar
    span: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class Reading:
    """What the ledger of one clock says. `reason` is "calendar" where a year's table is missing,
    "source" where the stopping moment or the due time is not known."""

    state: State = State.RUNNING
    since: datetime | None = None
    due_at: datetime | None = None
    left: timedelta | None = None
    stopped_at: datetime | None = None
    reason: str = ""
    span: str = ""


NO_CALENDAR, NOT_KNOWN = "calendar", "source"


def read(entries: Iterable[Entry]) -> Reading:
    """The reading of a clock after all its entries, in order.

    Where a calendar has arrived, what came before is read again by it, holds and all.
    """
    reading = Reading()
    before: list[Entry] = []
    for entry in entries:
        if entry.verb is Did.RECKON and reading.reason == NO_CALENDAR:
            before = [replace(e, calendar=entry.calendar) for e in before]
            reading = Reading()
            for again in before:
                reading = after(reading, again)
        else:
            reading = after(reading, entry)
            before.append(entry)
    return reading


def after(now: Reading, entry: Entry) -> Reading:
    """The reading of a clock after one more entry."""
    match entry.verb:
        case Did.START:
            return _due(replace(now, since=entry.at, span=entry.span), entry, Span.parse(entry.span))
        case Did.SET:
            reason = "" if entry.due_at else NOT_KNOWN
            return replace(now, since=entry.at or now.since, due_at=entry.due_at, reason=reason)
        case Did.EXTEND:
            return _extended(now, entry)
        case Did.RECKON:
            return now
        case Did.PAUSE:
            return _paused(now, entry)
        case Did.RESUME:
            return _resumed(now, entry)
        case Did.STOP:
            reason = now.reason or ("" if entry.at else NOT_KNOWN)
            return replace(now, state=State.STOPPED, stopped_at=entry.at, left=None, reason=reason)


def _basis(now: Reading) -> Basis:
    return Span.parse(now.span).basis if now.span else Basis.PLAIN


def _due(now: Reading, entry: Entry, span: Span) -> Reading:
    started = now.since
    assert started is not None
    try:
        return replace(now, due_at=entry.calendar.due(started, span), reason="")
    except CalendarMissing:
        return replace(now, due_at=None, reason=NO_CALENDAR)


def _paused(now: Reading, entry: Entry) -> Reading:
    if now.due_at is None or entry.at is None:
        return replace(now, state=State.PAUSED)
    try:
        left = entry.calendar.left(entry.at, now.due_at, _basis(now))
    except CalendarMissing:
        left = now.due_at - entry.at
    return replace(now, state=State.PAUSED, left=timedelta(milliseconds=left // timedelta(milliseconds=1)), due_at=None)


def _extended(now: Reading, entry: Entry) -> Reading:
    """On hold nothing is due; what is left until the new time then runs from the moment of taking up again."""
    if now.state is not State.PAUSED or entry.at is None or entry.due_at is None:
        return replace(now, due_at=entry.due_at, reason="")
    try:
        left = entry.calendar.left(entry.at, entry.due_at, _basis(now))
    except CalendarMissing:
        left = entry.due_at - entry.at
    left = timedelta(milliseconds=left // timedelta(milliseconds=1))
    return replace(now, left=max(left, now.left or left), reason="")


def _resumed(now: Reading, entry: Entry) -> Reading:
    if now.left is None or entry.at is None:
        return replace(now, state=State.RUNNING)  # it had no due time that could be given back
    in_days = bool(now.span) and Span.parse(now.span).unit is Unit.DAY
    try:
        due = entry.calendar.due_after(entry.at, now.left, _basis(now), counted_in_days=in_days)
        return replace(now, state=State.RUNNING, due_at=due, left=None)
    except CalendarMissing:
        return replace(now, state=State.RUNNING, due_at=None, reason=NO_CALENDAR)
