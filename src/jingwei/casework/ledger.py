"""Writing the clock ledger: starting, pausing, extending and stopping the clocks of a case."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from jingwei.casework.clocks import NO_CALENDAR, Did, Entry, Reading, State, after, read
from jingwei.casework.kinds import Clock, Stage
from jingwei.casework.models import Case, ClockEntry, ClockRun
from jingwei.casework.pack import CaseworkSection, NoSpan
from jingwei.organisations.pack import Role
from jingwei.policy.calendar import WorktimeSection
from jingwei.policy.models import County
from jingwei.policy.queries import edition_book
from jingwei.worktime import WorkCalendar


def calendar_of(edition: str) -> WorkCalendar:
    """The working calendar of an edition of a pack."""
    return edition_book(edition)[WorktimeSection].calendar()


def reading_of(run: ClockRun) -> Reading:
    """A stored run as a reading."""
    start = next((e.span for e in run.entries.all() if e.verb == Did.START), "")
    return Reading(
        State(run.state),
        run.since,
        run.due_at,
        None if run.left_ms is None else timedelta(milliseconds=run.left_ms),
        run.stopped_at,
        run.reason,
        start,
    )


def replayed(run: ClockRun) -> Reading:
    """The reading that a run's entries make, from the first to the last."""
    return read(entries_of(run))


def entries_of(run: ClockRun) -> list[Entry]:
    """The entries of a run, the first first, each with the calendar it was reckoned by."""
    return [Entry(Did(e.verb), e.at, calendar_of(e.edition_id), e.span, e.due_at) for e in run.entries.order_by("id")]


def _store(run: ClockRun, reading: Reading) -> None:
    run.state, run.since, run.due_at = reading.state, reading.since, reading.due_at
    run.left_ms = None if reading.left is None else round(reading.left / timedelta(milliseconds=1))
    run.stopped_at, run.reason = reading.stopped_at, reading.reason


def write(run: ClockRun, verb: Did, at: datetime | None, *, rule: str, due_at: datetime | None = None) -> None:
    """Add an entry to the ledger of a run, and store what it now says.

    Spans are pinned to the case, the calendar is today's: a year's table may have arrived since the case came in.
    """
    edition = edition_now(run.case)
    entries = [*entries_of(run), Entry(verb, at, calendar_of(edition), due_at=due_at)]
    _store(run, read(entries))
    run.save()
    run.entries.create(verb=verb, at=at, due_at=due_at, rule=rule, edition_id=edition)


def reckon_again(run: ClockRun, at: datetime) -> bool:
    """Reckon a run that had no calendar by today's; False, and nothing written, where the year is still unknown."""
    tried = read([*entries_of(run), Entry(Did.RECKON, at, calendar_of(edition_now(run.case)))])
    if tried.reason == NO_CALENDAR:
        return False
    write(run, Did.RECKON, at, rule="a calendar has arrived")
    return True


def edition_now(case: Case) -> str:
    """The edition its county works by today."""
    return County.objects.values_list("edition_id", flat=True).get(pk=case.county_id)


def start(case: Case, clock: Clock, at: datetime | None, *, as_before: Iterable[ClockEntry] = ()) -> None:
    """Start a clock of a case, by the span its edition gives for the case's grade; no span, no clock.

    `as_before`: what happened to an earlier run that this one takes the place of, so that a hold stays given back.
    """
    try:
        span = str(edition_book(case.edition_id)[CaseworkSection].span(case.kind, clock.name, case.grade or "all"))
    except (NoSpan, ValueError):
        return
    before = case.clocks.filter(round=case.round, name=clock.name).count()
    run = ClockRun(case=case, round=case.round, name=clock.name, run=before + 1, state=State.RUNNING)
    reading = after(Reading(), Entry(Did.START, at, calendar_of(case.edition_id), span))
    _store(run, reading)
    run.save()
    rule = f"casework.spans.{case.kind}.{clock.name}.{case.grade or 'all'}"
    run.entries.create(verb=Did.START, at=at, span=span, rule=rule, edition_id=case.edition_id)
    for entry in as_before:
        if entry.verb in (Did.PAUSE, Did.RESUME, Did.EXTEND):
            write(run, Did(entry.verb), entry.at, rule=entry.rule, due_at=entry.due_at)
    if at is not None and run.reason == NO_CALENDAR:
        reckon_again(run, at)


def going(case: Case) -> Iterable[ClockRun]:
    """The runs of a case that have not stopped, in this round."""
    return (
        case.clocks.filter(round=case.round)
        .exclude(state=State.STOPPED)
        .select_related("case")
        .prefetch_related("entries")
    )


def moved(case: Case, origin: Stage | None, target: Stage, at: datetime) -> None:
    """Stop the clocks that do not run at `target`, start those that begin there; `due_at` follows.

    A due time that the source set runs on while the case looks for its handler: whom it is assigned to is our
    affair, the promise was the source's.
    """
    clocks = case.of_kind.clocks
    running_on: set[str] = set()
    for run in going(case):
        clock = clocks.get(run.name)
        if clock is None:
            continue
        if target in clock.during or (target.owed_by is Role.DISPATCHER and set_by_source(run)):
            running_on.add(run.name)
        else:
            write(run, Did.STOP, at, rule=f"left {origin and origin.name}")
    for clock in clocks.values():
        begins = origin is None or origin not in clock.during
        if target in clock.during and begins and clock.name not in running_on:
            start(case, clock, at)
    settle_due(case)


def set_by_source(run: ClockRun) -> bool:
    """Whether the due time was given by the source, so that no rule of ours reckons it."""
    return any(entry.verb == Did.SET for entry in run.entries.all())


def settle_due(case: Case) -> None:
    """Set `due_at` of the case to the earliest due time of its running clocks. Saves nothing."""
    dues = [r.due_at for r in case.clocks.filter(round=case.round, state=State.RUNNING) if r.due_at]
    case.due_at = min(dues, default=None)
    case.told_share = 0
