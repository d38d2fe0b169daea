"""The deadlines of a round as they stood: what its answering clock said, cut by when that was and when it was known."""

from collections.abc import Iterable
from datetime import datetime

from jingwei.casework.clocks import State
from jingwei.casework.models import ClockRun, Deadline
from jingwei.strokes.stroke import Stroke


class Deadlines:
    """What is known today of the deadlines of a round; a new word of the clock is told with `tell`.

    Nothing that was known is unsaid: what happened when it is told ends what stood; what is told later than it
    happened ends what was known, and says anew how it stood before.
    """

    def __init__(self, known: Iterable[Deadline], stroke: Stroke) -> None:
        self._known, self._stroke = list(known), stroke

    def tell(self, run: ClockRun, at: datetime | None, now: datetime) -> None:
        """Tell at `now` what a run says from `at` on (None: nobody knows since when), after its last entry."""
        if run.state != State.STOPPED:
            self._tell(run, at, now, stopped=False)
            return
        met = any(one.stopped and one.until is None and self._of(one, run) for one in self._known)
        if met and run.stopped_at is not None:  # it is told anew when it was due, or when it was met
            self._tell(run, run.since, now, stopped=False)
        self._tell(run, run.stopped_at, now, stopped=True)

    def _tell(self, run: ClockRun, at: datetime | None, now: datetime, *, stopped: bool) -> None:
        for one in self._known:
            self._end(one, run, at, now)
        self._known = [one for one in self._known if one.untold_at is None]
        if run.due_at is not None and run.state != State.PAUSED:
            self._add(Deadline(
                case_id=run.case_id, round=run.round, clock=run.name, due_at=run.due_at, stopped=stopped, at=at,
                told_at=now,
            ))  # fmt: skip

    @staticmethod
    def _of(one: Deadline, run: ClockRun) -> bool:
        return (one.clock, one.round) == (run.name, run.round)

    def _end(self, one: Deadline, run: ClockRun, at: datetime | None, now: datetime) -> None:
        """End what stands at `at`, or is known of a time after it."""
        if not self._of(one, run):
            return
        if at is not None and one.until is not None and one.until <= at:
            return
        if at is None or (one.at is not None and one.at >= at):
            one.untold_at = now
        elif at >= now or one.told_at >= now:
            one.until = at
        else:
            one.untold_at = now
            self._add(Deadline(
                case_id=one.case_id, round=one.round, clock=one.clock, due_at=one.due_at, stopped=one.stopped,
                at=one.at, until=at, told_at=now,
            ))  # fmt: skip
        self._stroke.changed(one, "until", "untold_at")

    def _add(self, one: Deadline) -> None:
        self._known = [*self._known, one]
        self._stroke.new(one)
