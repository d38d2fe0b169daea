"""What a reader has been told so far of a figure's closed periods, and what must therefore be withheld of the next one.

A number is known by period, place, category *and how many it is*: a correction that leaves it as it was tells the same
number once more, and what was told of it before stays told. Whoever compares a correction with what it corrects learns
what did not change; so only what changed can still be withheld. Pure.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from jingwei.figures.withholding import Sum, solved, withheld
from jingwei.worktime import Every, Period

PARTS: dict[Every | None, Every] = {
    Every.QUARTER: Every.MONTH,
    Every.HALF_YEAR: Every.QUARTER,
    Every.YEAR: Every.HALF_YEAR,
}
"""A longer period is closed after the shorter ones of which it is made."""

Where: TypeAlias = tuple[str, str]
"""Path of the place, and category; an empty one for all of them."""
Key: TypeAlias = tuple[str, str, str, int]
"""Period, path, category, and how many."""
Numbers: TypeAlias = Mapping[Where, int]


def within(period: Period) -> list[Period]:
    """All shorter periods of which a period is made, the shortest first."""
    shorter = PARTS.get(period.every)
    parts = period.parts(shorter) if shorter else []
    return [*dict.fromkeys(one for part in parts for one in within(part)), *parts]


@dataclass(frozen=True)
class Publication:
    """The numbers of a closed period, and which of them were withheld."""

    period: Period
    numbers: Numbers
    withheld: Collection[Where] = ()


def to_withhold(
    new: Publication, before: Iterable[Publication], places: Sequence[str], least: int, *, flow: bool
) -> set[Where]:
    """Which numbers to withhold, with all that was published of the figure before. places: the paths of all places."""
    told = Told(places, flow)
    for one in before:
        told.add(one)
    shown, period = set(told.shown), str(new.period)
    told.add(new)
    keys = {(period, *where, n): where for where, n in new.numbers.items()}
    hidden = told.withheld | {key for key, where in keys.items() if where in told.kept_back[period]}
    free = keys.keys() - shown
    free -= given_away(told.sums, (hidden - shown) | free)
    chosen = withheld(told.known, told.sums, least, hidden - shown, free) if free else hidden - shown
    return {where for key, where in keys.items() if key in chosen}


class Told:
    """All publications of a figure, as one who keeps them can add them up. flow: whether periods add up to a longer."""

    def __init__(self, places: Sequence[str], flow: bool) -> None:
        self.places, self.flow = places, flow
        self.known: dict[Key, int] = {}
        self.sums: list[Sum] = []
        self.shown: set[Key] = set()
        self.withheld: set[Key] = set()
        self.kept_back: dict[str, set[Where]] = defaultdict(set)
        self._stands: dict[str, Numbers] = {}

    def add(self, one: Publication) -> None:
        """A publication, with the sums in which it stands to itself, and to the shorter periods as they then stood."""
        name = str(one.period)
        self._stands[name] = one.numbers
        self.kept_back[name] |= set(one.withheld)
        keys = {where: (name, *where, n) for where, n in one.numbers.items()}
        for where, key in keys.items():
            (self.withheld if where in one.withheld else self.shown).add(key)
        self.known |= {key: key[3] for key in keys.values()}
        adding = sums_within(keys, self.places)
        self.sums += [Sum(keys[whole], tuple(keys[part] for part in parts)) for whole, parts in adding]
        self.sums += self._sums_over(one.period, keys)

    def _sums_over(self, period: Period, keys: Mapping[Where, Key]) -> Iterator[Sum]:
        """A flow is the sum of the shorter periods; a stock at the end of it is that of the last of them."""
        shorter = PARTS.get(period.every)
        while shorter is not None:
            inside = [str(part) for part in period.parts(shorter)]
            if inside and set(inside) <= self._stands.keys():
                inside = inside if self.flow else inside[-1:]
                for where, key in keys.items():
                    if all(where in self._stands[part] for part in inside):
                        yield Sum(key, tuple((part, *where, self._stands[part][where]) for part in inside))
            shorter = PARTS.get(shorter)


def given_away(sums: Sequence[Sum], unknown: Collection[Key]) -> set[Key]:
    """The numbers that are worked out though every unknown one were withheld; to withhold them helps nobody."""
    left, found = set(unknown), set[Key]()
    while single := {inside[0] for one in sums if len(inside := [cell for cell in one.members if cell in left]) == 1}:
        left -= single
        found |= single
    return found | solved(sums, left)


def sums_within(wheres: Iterable[Where], places: Sequence[str]) -> Iterator[tuple[Where, tuple[Where, ...]]]:
    """What a reader may add up within a period: places to the one above, categories to all."""
    there = set(wheres)
    below: dict[str, list[str]] = {}
    for path in places:
        below.setdefault(path.rstrip("/").rpartition("/")[0] + "/", []).append(path)
    categories = sorted({category for _path, category in there})
    for parent, children in below.items():
        for category in categories:
            parts = tuple((child, category) for child in children if (child, category) in there)
            if (parent, category) in there and parts:
                yield (parent, category), parts
    if len(categories) > 1:
        for path in sorted({path for path, _category in there}):
            yield (path, ""), tuple((path, category) for category in categories if category)
