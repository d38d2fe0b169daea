"""The figures of incidents counted by hand: in plain Python, from every row there is, as with a pencil."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jingwei.casework.clocks import Reading, State, read
from jingwei.casework.ledger import as_entries
from jingwei.casework.models import Act, Case, ClockEntry, ClockRun, Hand, Motion, Round, Standing
from jingwei.organisations.models import Post
from jingwei.places.models import Place
from jingwei.worktime import Period

MET, UNMET = {"closed"}, {"refused", "withdrawn", "joined"}


@dataclass(frozen=True)
class Event:
    """Something that counts in a figure: the row, its case, and when it happened."""

    row: Any
    case: Case
    at: datetime | None


@dataclass(frozen=True)
class Owed:
    """When a round was due, and whether it had been answered by then; `met_at`: when, as far as it is known."""

    of: tuple[int, int]
    due_at: datetime
    met: bool
    met_at: datetime | None


class ByHand:
    """All rows, read once."""

    def __init__(self) -> None:
        self.cases = {c.pk: c for c in Case.objects.select_related("lead") if c.kind == "incident"}
        self.rounds = [r for r in Round.objects.order_by("pk") if r.case_id in self.cases]
        self.acts = [a for a in Act.objects.order_by("pk") if a.case_id in self.cases]
        self.standings = [s for s in Standing.objects.order_by("pk") if s.case_id in self.cases]
        self.motions = [m for m in Motion.objects.select_related("raised", "settled") if m.case_id in self.cases]
        self.runs = [r for r in ClockRun.objects.order_by("pk") if r.case_id in self.cases]
        self.entries: dict[int, list[ClockEntry]] = {}
        for entry in ClockEntry.objects.select_related("clock").order_by("pk"):
            self.entries.setdefault(entry.clock_id, []).append(entry)
        self.hands = set(Hand.objects.values_list("case_id", "organisation_id"))

    # ---- who sees what, and where it was

    def seen(self, case: Case, post: Post | None) -> bool:
        if post is None:
            return True
        if case.county_id != post.organisation.county_id:
            return False
        apart = {"administrator", "security_officer", "auditor"}
        if (case.pk, post.organisation_id) in self.hands and set(post.roles) - apart:
            return True
        watches = {"dispatcher", "arbiter", "inspector", "caller"}
        if not case.tier:
            watches |= {"leader", "grid_worker", "first_secretary", "committee_member"}
        return bool(set(post.roles) & watches) and case.ground_path.startswith(post.ground.path)

    def ground(self, case: Case, at: datetime | None) -> str:
        stood = [s for s in self.standings if s.case_id == case.pk]
        before = [s for s in stood if s.since is None or (at is not None and s.since <= at)]
        if before:
            return max(before, key=lambda s: (s.since is not None, s.since and s.since.timestamp(), s.pk)).ground_path
        return min(stood, key=lambda s: (s.since.timestamp() if s.since else 0, s.pk)).ground_path

    # ---- the figures

    def count(self, name: str, place: Place, period: Period, known: datetime, post: Post | None) -> set[Any]:
        """The rows that a figure counts, each as `BY` says."""
        return {
            e.row
            for e in getattr(self, name)(period.moment(known), known, period)
            if e.case.recorded_at <= known
            and e.case.county_id == place.county_id
            and self.seen(e.case, post)
            and self.ground(e.case, e.at).startswith(place.path)
        }

    def _within(self, found: list[Event], period: Period, known: datetime) -> list[Event]:
        start, end = period.start, period.end
        if start is None or end is None:
            return [e for e in found if e.at is None or e.at <= known]
        return [e for e in found if e.at is not None and start <= e.at < end and e.at <= known]

    def _rounds(self, period: Period, known: datetime, when: str, fits: Any = lambda _r: True) -> list[Event]:
        found = [Event(r.pk, self.cases[r.case_id], getattr(r, when)) for r in self.rounds if fits(r)]
        return self._within(found, period, known)

    def _acts(self, period: Period, known: datetime, fits: Any) -> list[Event]:
        return self._within([Event(a.pk, self.cases[a.case_id], a.at) for a in self.acts if fits(a)], period, known)

    def _did(self, r: Round, known: datetime, *steps: str) -> bool:
        return any(
            (a.case_id, a.round) == (r.case_id, r.number) and a.step in steps and a.at is not None and a.at <= known
            for a in self.acts
        )

    def _told(self, r: Round, known: datetime) -> bool:
        return any(a.case_id == r.case_id and a.verb == "case.taken_over" and a.at <= known for a in self.acts)

    def received(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        return self._rounds(period, known, "opened_at")

    def accepted(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        leaves = {"accepted", "assigned", "on_the_spot", "answered_at_once"}
        return self._acts(period, known, lambda a: a.from_stage == "reported" and a.to_stage in leaves)

    def refused(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        return self._rounds(period, known, "ended_at", lambda r: r.ending == "refused")

    def dispatched(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        return self._acts(period, known, lambda a: a.step == "assign")

    def returned(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        return self._acts(period, known, lambda a: a.step == "give_back")

    def closed(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        return self._rounds(period, known, "ended_at", lambda r: r.ending in MET)

    def on_the_spot(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        done = ("handle_on_the_spot", "answer")
        return self._rounds(period, known, "ended_at", lambda r: r.ending in MET and self._did(r, known, *done))

    def asked_back(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        asked = ("call_back", "unsolved")
        return self._rounds(period, known, "ended_at", lambda r: r.ending in MET and self._did(r, known, *asked))

    def solved(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        unsolved = {(a.case_id, a.round) for a in self.acts if a.step == "unsolved" and a.at <= known}
        asked = self.asked_back(_at, known, period)
        whole = {r.pk: (r.case_id, r.number) for r in self.rounds}
        return [e for e in asked if whole[e.row] not in unsolved]

    def redone(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        steps = ("not_yet", "fail", "unsolved")
        return self._rounds(
            period, known, "opened_at",
            lambda r: self._did(r, known, *steps) or (r.redone > 0 and self._told(r, known)),
        )  # fmt: skip

    def supervised(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        raised = {
            (m.case_id, m.round) for m in self.motions if m.sort == "supervision" and m.raised.at <= known
        }  # fmt: skip
        return self._rounds(
            period, known, "opened_at",
            lambda r: (r.case_id, r.number) in raised or (r.supervised and self._told(r, known)),
        )  # fmt: skip

    def extended(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        granted = {
            (m.case_id, m.round)
            for m in self.motions
            if m.sort == "extension" and m.outcome == "granted" and m.settled and m.settled.at <= known
        }
        return self._rounds(period, known, "opened_at", lambda r: (r.case_id, r.number) in granted)

    def open(self, at: datetime, known: datetime, period: Period) -> list[Event]:
        if period.start is not None and period.start > known:
            return []
        found = []
        for s in self.standings:
            case = self.cases[s.case_id]
            since = s.since or case.recorded_at
            if s.stage not in MET | UNMET and since <= at and (s.until is None or s.until > at):
                found.append(Event(s.pk, case, at))
        return found

    # ---- promises: the runs of the handling clock, and what the ledger said of them by a moment

    def _last_runs(self, known: datetime) -> list[ClockRun]:
        """The last run by then of the handling clock of each round that had not lapsed."""
        began = [r for r in self.runs if r.name == "handling" and (not r.since or r.since <= known)]
        last = {(r.case_id, r.round): r for r in began}
        return [run for key, run in last.items() if key not in self._lapsed(known)]

    def _lapsed(self, at: datetime) -> set[tuple[int, int]]:
        lapsed = [r for r in self.rounds if r.ending in UNMET and not (r.ended_at and r.ended_at > at)]
        return {(r.case_id, r.number) for r in lapsed}

    def _owed(self, at: datetime, known: datetime) -> Iterator[Owed]:
        """What the ledger said of each round's clock at `at`, as far as it was told by `known`."""
        last: dict[tuple[int, int], list[ClockEntry]] = {}
        for run in self.runs:
            told = [e for e in self.entries.get(run.pk, []) if e.told_at <= known]
            met_last = max((e.pk for e in told if e.verb == "stop"), default=0)
            told = [e for e in told if e.verb != "stop" or e.pk == met_last]  # a reply told again is told otherwise
            told = [e for e in told if not (e.at and e.at > at)]
            if run.name == "handling" and told:
                last[run.case_id, run.round] = told
        for key, told in last.items():
            reading = read(as_entries(told))
            met = reading.state is State.STOPPED and not (reading.stopped_at and reading.stopped_at > at)
            if reading.due_at and reading.state is not State.PAUSED and key not in self._lapsed(at):
                yield Owed(key, reading.due_at, met, reading.stopped_at if met else None)

    def _looking(self, known: datetime) -> set[tuple[int, int]]:
        return {
            (s.case_id, s.round)
            for s in self.standings
            if s.stage in ("reported", "accepted")
            and (s.since is None or s.since <= known)
            and (s.until is None or s.until > known)
        }

    def _answered(self, known: datetime) -> list[ClockRun]:
        looking = self._looking(known)
        return [
            run
            for run in self._last_runs(known)
            if run.stopped_at and run.stopped_at <= known and (run.case_id, run.round) not in looking
        ]

    def _runs(self, runs: list[ClockRun], when: str, period: Period, known: datetime) -> list[Event]:
        return self._within([Event(r.pk, self.cases[r.case_id], getattr(r, when)) for r in runs], period, known)

    def replied(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        return self._runs(self._answered(known), "stopped_at", period, known)

    def replied_late(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        return self._runs([r for r in self._answered(known) if r.late], "stopped_at", period, known)

    def _event(self, owed: Owed) -> Event:
        return Event((*owed.of, owed.due_at), self.cases[owed.of[0]], owed.due_at)

    def due(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        return self._within([self._event(o) for o in self._owed(known, known)], period, known)

    def done_in_time(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        broken = set(self._late(known)) | self._looking(known)
        kept = [o for o in self._owed(known, known) if o.met_at and o.met_at <= o.due_at and o.of not in broken]
        return self._within([self._event(o) for o in kept], period, known)

    def _late(self, known: datetime) -> Iterator[tuple[int, int]]:
        """The rounds in which some reply came late. That a run was stopped because of a new grade is no reply."""
        for run in self.runs:
            told = [e for e in self.entries.get(run.pk, []) if e.told_at <= known]
            said = read(as_entries(told)) if run.name == "handling" else Reading()
            if said.stopped_at and said.due_at and said.stopped_at > said.due_at and told[-1].rule != "regraded":
                yield run.case_id, run.round

    def overdue(self, at: datetime, known: datetime, period: Period) -> list[Event]:
        if period.start is not None and period.start > known:
            return []
        return [self._event(o) for o in self._owed(at, known) if o.due_at <= at and not o.met]

    def to_sign_for(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        return self._runs([runs[0] for runs in self._assignments()], "since", period, known)

    def signed_in_time(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        signed = [runs[0] for runs in self._assignments() if runs[-1].late is False and runs[-1].stopped_at <= known]
        return self._runs(signed, "since", period, known)

    def _assignments(self) -> list[list[ClockRun]]:
        """The runs of each assignment to be signed for: graded anew, it has another from the same moment on."""
        found: dict[tuple[int, int, datetime | None], list[ClockRun]] = {}
        for run in self.runs:
            if run.name == "signing":
                found.setdefault((run.case_id, run.round, run.since), []).append(run)
        return list(found.values())

    def _ratings(self, known: datetime) -> dict[tuple[int, int], int]:
        """The rating of each round as of then: the last that was given."""
        given = [a for a in self.acts if "rating" in a.facts and a.at <= known]
        return {(a.case_id, a.round): a.facts["rating"] for a in given}

    def rated(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        rated = self._ratings(known)
        return self._rounds(period, known, "ended_at", lambda r: r.ending in MET and (r.case_id, r.number) in rated)

    def satisfied(self, _at: datetime, known: datetime, period: Period) -> list[Event]:
        better = {key for key, level in self._ratings(known).items() if level >= 3}
        return self._rounds(period, known, "ended_at", lambda r: r.ending in MET and (r.case_id, r.number) in better)


BY = dict.fromkeys(("due", "done_in_time", "overdue"), ("case_id", "round", "due_at"))
"""What tells the rows of some figures apart; others are told apart by their ids."""
FIGURES = (
    "received", "accepted", "refused", "dispatched", "returned", "closed", "on_the_spot", "open", "asked_back",
    "solved", "redone", "supervised", "extended", "replied", "replied_late", "due", "done_in_time", "overdue",
    "to_sign_for", "signed_in_time", "rated", "satisfied",
)  # fmt: skip
