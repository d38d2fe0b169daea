"""The hours in which an office is open on a regular working day."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import ClassVar

MICROSECOND = timedelta(microseconds=1)
WHOLE_DAY = timedelta(days=1) // MICROSECOND


class BadHours(ValueError):
    """Office hours are stretches of one day, in order, none touching or overlapping the next."""

    sentence: ClassVar[str] = "The office hours %(said)s should be stretches in order, like 08:30-12:00, 14:00-18:00"

    def __init__(self, said: str) -> None:
        self.facts = {"said": said}
        super().__init__(self.sentence % self.facts)


@dataclass(frozen=True)
class Day:
    """A regular working day: its stretches of office hours, each half-open, so noon itself is already lunch.

    A stretch may end at 00:00, which means midnight at the end of the day.
    """

    hours: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        edges = [edge for stretch in self._stretches for edge in stretch]
        if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
            raise BadHours(str(self))

    @cached_property
    def length(self) -> timedelta:
        """Working time of one day."""
        return self.worth * MICROSECOND

    @cached_property
    def closes(self) -> timedelta:
        """Close of business, from midnight."""
        return self._stretches[-1][1] * MICROSECOND

    @cached_property
    def worth(self) -> int:
        """Working time of one day, in microseconds."""
        return sum(end - start for start, end in self._stretches)

    def worked(self, clock: int) -> int:
        """Working microseconds of the day that have passed when `clock` microseconds have."""
        stretch = bisect_right(self._starts, clock) - 1
        if stretch < 0:
            return 0
        start, end = self._stretches[stretch]
        return self._before[stretch] + min(clock, end) - start

    def earliest(self, worked: int) -> int:
        """The first moment at which `worked` (more than none) has passed: a closing, never an opening."""
        stretch = bisect_left(self._before, worked) - 1
        return self._stretches[stretch][0] + worked - self._before[stretch]

    def latest(self, worked: int) -> int:
        """The last moment at which no more than `worked` (less than all) has passed: perhaps an opening."""
        stretch = bisect_right(self._before, worked) - 1
        return self._stretches[stretch][0] + worked - self._before[stretch]

    @cached_property
    def _stretches(self) -> tuple[tuple[int, int], ...]:
        return tuple((_clock(start), _clock(end) or WHOLE_DAY) for start, end in self.hours)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(start for start, _ in self._stretches)

    @cached_property
    def _before(self) -> tuple[int, ...]:
        """Working time before each stretch."""
        return tuple(
            sum(end - start for start, end in self._stretches[:earlier]) for earlier in range(len(self._stretches))
        )

    def __str__(self) -> str:
        return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in self.hours) or "(none)"


def _clock(moment: time) -> int:
    """Microseconds since midnight."""
    seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second
    return seconds * 1_000_000 + moment.microsecond
