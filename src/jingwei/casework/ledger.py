"""The clock ledger of a case: starting, pausing, extending and stopping its clocks."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from jingwei.casework.clocks import NO_CALENDAR, Did, Entry, Reading, State, after, read
from jingwei.casework.deadlines import Deadlines
from jingwei.casework.kinds import WAITING, Clock, Stage
from jingwei.casework.models import Case, ClockEntry, ClockRun, Deadline
from jingwei.casework.pack import CaseworkSection, NoSpan
from jingwei.organisations.pack import Role
from jingwei.policy.calendar import WorktimeSection
from jingwei.policy.models import County
from jingwei.policy.queries import edition_book
from jingwei.strokes.stroke import Stroke, next_id
from jingwei.worktime import WorkCalendar


@lru_cache(maxsize=64)
def calendar_of(edition: str) -> WorkCalendar:
    """The working calendar of an edition of a pack; its years are laid out once, since an edition never changes."""
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
    return read(as_entries(run.entries.order_by("id")))


def as_entries(entries: Iterable[ClockEntry]) -> list[Entry]:
    """Stored entries as the ledger reads them, each with the calendar it was reckoned by."""
    return [Entry(Did(e.verb), e.at, calendar_of(e.edition_id), e.span, e.due_at) for e in entries]


def let_say(run: ClockRun, reading: Reading) -> None:
    """Let a run say what its entries were read to say."""
    run.state, run.since, run.due_at = reading.state, reading.since, reading.due_at
    run.left_ms = None if reading.left is None else round(reading.left / timedelta(milliseconds=1))
    run.stopped_at, run.reason = reading.stopped_at, reading.reason


class Ledger:
    """The clocks of a case in its present round: read once, changed in memory, written with the act's stroke.

    Spans are pinned to the case, the calendar is today's (`edition`): a year's table may have arrived since.
    """

    def __init__(
        self, case: Case, runs: Iterable[ClockRun], entries: Iterable[ClockEntry], deadlines: Iterable[Deadline],
        edition: str, stroke: Stroke, now: datetime, ids: Iterable[int] = (),
    ) -> None:  # fmt: skip
        self.case, self.edition, self.stroke, self.now = case, edition, stroke, now
        self._runs = list(runs)
        self._entries: dict[int, list[ClockEntry]] = {run.pk: [] for run in self._runs}
        for entry in entries:
            self._entries[entry.clock_id].append(entry)
        self._deadlines = Deadlines(deadlines, stroke)
        self._ids = iter(ids)

    @classmethod
    def of(cls, case: Case, stroke: Stroke, now: datetime) -> "Ledger":
        """The ledger of a locked case, read now; what is written is told at `now`, whenever it happened."""
        runs = list(case.clocks.filter(round=case.round).order_by("id"))
        entries = ClockEntry.objects.filter(clock__in=runs).order_by("id")
        edition = County.objects.values_list("edition_id", flat=True).get(pk=case.county_id)
        deadlines = case.deadlines.filter(round=case.round, untold_at=None).order_by("id")
        return cls(case, runs, entries, deadlines, edition, stroke, now)

    @property
    def runs(self) -> list[ClockRun]:
        """The runs of the case's present round."""
        return [run for run in self._runs if run.round == self.case.round]

    @property
    def going(self) -> list[ClockRun]:
        """The runs that have not stopped."""
        return [run for run in self.runs if run.state != State.STOPPED]

    def entries(self, run: ClockRun) -> list[ClockEntry]:
        """What happened to a run, the first first."""
        return list(self._entries[run.pk])

    def set_by_source(self, run: ClockRun) -> bool:
        """Whether the due time was given by the source, so that no rule of ours reckons it."""
        return any(entry.verb == Did.SET for entry in self._entries[run.pk])

    def write(
        self, run: ClockRun, verb: Did, at: datetime | None, *, rule: str, due_at: datetime | None = None
    ) -> None:
        """Add an entry to a run, and let the run say what its entries now say."""
        entry = ClockEntry(clock=run, verb=verb, at=at, due_at=due_at, rule=rule, edition_id=self.edition)
        let_say(run, read(as_entries([*self._entries[run.pk], entry])))
        self._add(run, entry)
        self.stroke.changed(run)

    def reckon_again(self, run: ClockRun, at: datetime) -> bool:
        """Reckon a run that had no calendar by today's; False, and nothing written, where the year is unknown still."""
        tried = read([*as_entries(self._entries[run.pk]), Entry(Did.RECKON, at, calendar_of(self.edition))])
        if tried.reason == NO_CALENDAR:
            return False
        self.write(run, Did.RECKON, at, rule="a calendar has arrived")
        return True

    def start(self, clock: Clock, at: datetime | None, *, as_before: Iterable[ClockEntry] = ()) -> None:
        """Start a clock, by the span of the case's grade, or else category; no span, no clock.

        On hold it starts paused: a case on hold moves on where the system moves it, and still nobody's time runs.

        `as_before`: what happened to an earlier run that this one takes the place of, so that a hold stays given back.
        """
        case = self.case
        sort = case.grade or case.category or "all"
        try:
            span = str(edition_book(case.edition_id)[CaseworkSection].span(case.kind, clock.name, sort))
        except (NoSpan, ValueError):
            return
        before = sum(1 for run in self.runs if run.name == clock.name)
        run = ClockRun(pk=self._id(), case=case, round=case.round, name=clock.name, run=before + 1, state=State.RUNNING)
        let_say(run, after(Reading(), Entry(Did.START, at, calendar_of(case.edition_id), span)))
        self._runs.append(run)
        self._entries[run.pk] = []
        self.stroke.new(run)
        rule = f"casework.spans.{case.kind}.{clock.name}.{sort}"
        self._add(run, ClockEntry(clock=run, verb=Did.START, at=at, span=span, rule=rule, edition_id=case.edition_id))
        if at is not None and run.reason == NO_CALENDAR:
            self.reckon_again(run, at)
        for entry in as_before:
            if entry.verb in (Did.PAUSE, Did.RESUME, Did.EXTEND):
                self.write(run, Did(entry.verb), entry.at, rule=entry.rule, due_at=entry.due_at)
        if case.held and run.state == State.RUNNING:
            self.write(run, Did.PAUSE, at, rule="begun while on hold")

    def moved(self, origin: Stage | None, target: Stage, at: datetime) -> None:
        """Stop the clocks that do not run at `target`, start those that begin there; the case's `due_at` follows.

        A due time that the source set runs on while the case looks for its handler: whom it is assigned to is our
        affair, the promise was the source's.
        """
        clocks = self.case.of_kind.clocks
        running_on: set[str] = set()
        for run in self.going:
            clock = clocks.get(run.name)
            if clock is None:
                continue
            if target in clock.during or (target.owed_by is Role.DISPATCHER and self.set_by_source(run)):
                running_on.add(run.name)
            else:
                self.write(run, Did.STOP, at, rule=f"left {origin and origin.name}")
        for clock in clocks.values():
            begins = origin is None or origin not in clock.during
            if target in clock.during and begins and clock.name not in running_on:
                self.start(clock, at)
        self.settle_due()

    def set_due(self, due_at: datetime, at: datetime) -> None:
        """Let the clock that answers be due when whoever opened the case said, and the case with it."""
        for run in self.going:
            clock = self.case.of_kind.clocks.get(run.name)
            if clock is not None and clock.answers:
                self.write(run, Did.SET, at, rule="said on opening", due_at=due_at)
        self.settle_due()

    def stop_all(self, at: datetime, *, rule: str) -> None:
        """Stop every run that has not stopped."""
        for run in self.going:
            self.write(run, Did.STOP, at, rule=rule)

    def settle_due(self) -> None:
        """Set `due_at` of the case to the earliest due time of its running clocks but one that waits."""
        dues = [run.due_at for run in self.runs if run.state == State.RUNNING and run.due_at and run.name != WAITING]
        self.case.due_at = min(dues, default=None)
        self.case.told_share = 0

    def _add(self, run: ClockRun, entry: ClockEntry) -> None:
        entry.told_at = self.now
        self._entries[run.pk].append(entry)
        self.stroke.new(entry)
        clock = self.case.of_kind.clocks.get(run.name)
        if clock is not None and clock.answers:
            self._deadlines.tell(run, entry.at, self.now)

    def _id(self) -> int:
        return next(self._ids, None) or next_id(ClockRun)
