"""What a reader has been told so far of a figure's closed periods, and what must therefore be withheld of the next one.

A number is known by period, place, category *and how often it has changed*: a correction that leaves it as it was
tells the same number once more, and what was told of it before stays told. Whoever compares a correction with what it
corrects learns what did not change; so only what changed can still be withheld. One that changes back is a new one all
the same: nothing tells that it did. Pure.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from jingwei.figures.withholding import Sum, solved, withheld
from jingwei.worktime import MONTHS, Every, Period

PARTS: dict[Every | None, Every] = {
    Every.QUARTER: Every.MONTH,
    Every.HALF_YEAR: Every.QUARTER,
    Every.YEAR: Every.HALF_YEAR,
}
"""A longer period is closed after the shorter ones of which it is made."""

Where: TypeAlias = tuple[str, str]
"""Path of the place, and category; an empty one for all of them."""
Key: TypeAlias = tuple[str, str, str, int]
"""Period, path, category, and how often it has changed."""
Numbers: TypeAlias = Mapping[Where, int]


def within(period: Period) -> list[Period]:
    """All shorter periods of which a period is made, the shortest first."""
    shorter = PARTS.get(period.every)
    parts = period.parts(shorter) if shorter else []
    return [*dict.fromkeys(one for part in parts for one in within(part)), *parts]


def closed_with(period: Period, closed: Collection[Period]) -> list[Period]:
    """What is closed whenever a period is: the longest closed one that holds it, and all within that; shortest first.

    Closed one by one, a month that was corrected and the quarter that was not, or was later, tell their difference.
    """
    holding = [one for one in closed if one.every in MONTHS and one.first <= period.first and period.last <= one.last]
    longest = max([period, *holding], key=lambda one: MONTHS[one.every] if one.every else 0)
    return [*within(longest), longest]


@dataclass(frozen=True)
class Publication:
    """The numbers of a closed period, and which of them were withheld."""

    period: Period
    numbers: Numbers
    withheld: Collection[Where] = ()


def to_withhold(
    new: Sequence[Publication], before: Iterable[Publication], places: Sequence[str], least: int, *, flow: bool
) -> list[set[Where]]:
    """Which numbers of each of several new publications to withhold, with all that was published of the figure before.

    They are decided together: what a month shows may be what tells a small number of its quarter. To withhold all that
    changed is always enough, so long as whatever adds up with it is published with it. places: the paths of all places.
    """
    told = Told(places, flow)
    for one in before:
        told.add(one)
    shown = set(told.shown)
    keyed = [told.add(one) for one in new]
    kept = {key for one, keys in zip(new, keyed, strict=True) for key in told.kept_back(one.period, keys)}
    hidden = (told.withheld | kept) - shown
    free = {key for keys in keyed for key in keys.values()} - shown
    free -= given_away(told.sums, hidden | free)
    chosen = withheld(told.known, told.sums, least, hidden, free) if free else hidden
    return [{where for where, key in keys.items() if key in chosen} for keys in keyed]


class Told:
    """All publications of a figure, as one who keeps them can add them up. flow: whether periods add up to a longer."""

    def __init__(self, places: Sequence[str], flow: bool) -> None:
        self.places, self.flow = places, flow
        self.known: dict[Key, int] = {}
        self.sums: list[Sum] = []
        self.shown: set[Key] = set()
        self.withheld: set[Key] = set()
        self._kept: dict[str, set[Where]] = defaultdict(set)
        self._stands: dict[str, dict[Where, Key]] = defaultdict(dict)

    def add(self, one: Publication) -> Mapping[Where, Key]:
        """A publication, with the sums in which it stands to itself, and to the shorter periods as they then stood.

        Gives by what each of its numbers is known from now on.
        """
        name = str(one.period)
        keys = {where: self._key(name, where, n) for where, n in one.numbers.items()}
        self._stands[name] = keys
        self._kept[name] |= set(one.withheld)
        for where, key in keys.items():
            (self.withheld if where in one.withheld else self.shown).add(key)
            self.known[key] = one.numbers[where]
        adding = sums_within(keys, self.places)
        self.sums += [Sum(keys[whole], tuple(keys[part] for part in parts)) for whole, parts in adding]
        self.sums += self._sums_over(one.period, keys)
        return keys

    def kept_back(self, period: Period, keys: Mapping[Where, Key]) -> set[Key]:
        """What was withheld of a period once, however many it is now."""
        return {key for where, key in keys.items() if where in self._kept[str(period)]}

    def _key(self, period: str, where: Where, n: int) -> Key:
        before = self._stands[period].get(where)
        if before is None:
            return (period, *where, 0)
        return before if self.known[before] == n else (period, *where, before[-1] + 1)

    def _sums_over(self, period: Period, keys: Mapping[Where, Key]) -> Iterator[Sum]:
        """A flow is the sum of the shorter periods; a stock at the end of it is that of the last of them."""
        shorter = PARTS.get(period.every)
        while shorter is not None:
            inside = [str(part) for part in period.parts(shorter)]
            if inside and set(inside) <= self._stands.keys():
                inside = inside if self.flow else inside[-1:]
                for where, key in keys.items():
                    if all(where in self._stands[part] for part in inside):
                        yield Sum(key, tuple(self._stands[part][where] for part in inside))
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
