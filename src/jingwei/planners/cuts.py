"""Cutting ground and things in two, again and again, until every share has its own piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import sqrt
from random import Random
from typing import Literal

UNITS = 10_000_000  # of a degree: cuts are whole numbers, so neighbours meet exactly
LEAST = 100  # units, about a metre: no piece is narrower than this for each of its shares

Axis = Literal[0, 1]


@dataclass(frozen=True)
class Spot:
    """Something with a place (in units of a degree) and a weight."""

    name: str
    x: int
    y: int
    weight: int = 1

    def along(self, axis: Axis) -> int:
        return (self.x, self.y)[axis]


@dataclass(frozen=True)
class Box:
    """A rectangle of ground in units of a degree: west, south, east, north."""

    west: int
    south: int
    east: int
    north: int

    def edges(self, axis: Axis) -> tuple[int, int]:
        return (self.west, self.east) if axis == 0 else (self.south, self.north)

    def split(self, axis: Axis, at: int) -> tuple["Box", "Box"]:
        if axis == 0:
            return Box(self.west, self.south, at, self.north), Box(at, self.south, self.east, self.north)
        return Box(self.west, self.south, self.east, at), Box(self.west, at, self.east, self.north)

    @property
    def middle(self) -> tuple[float, float]:
        return (self.west + self.east) / 2, (self.south + self.north) / 2


@dataclass(frozen=True)
class Piece:
    """A share of the ground and the spots on it; a spot on a cut belongs to the east or north."""

    box: Box
    spots: tuple[Spot, ...]
    share: int


def cut(box: Box, spots: Sequence[Spot], shares: Sequence[int], stretch: float, chance: Random) -> list[Piece]:
    """`box` in one piece for each share, each with about its part of the weight.

    The longer side is cut first, between two spots where one can. `stretch` is the length of a degree of
    longitude beside one of latitude. The box must be `LEAST` units for each share on one of its sides.
    """
    if len(shares) == 1:
        return [Piece(box, tuple(spots), shares[0])]
    half = _half(len(shares), chance)
    first, rest = shares[:half], shares[half:]
    axis = _longer(box, stretch, sum(shares))
    at = _where(box, spots, axis, sum(first), sum(rest))
    near, far = box.split(axis, at)
    below = [spot for spot in spots if spot.along(axis) < at]
    above = [spot for spot in spots if spot.along(axis) >= at]
    return cut(near, below, first, stretch, chance) + cut(far, above, rest, stretch, chance)


def _longer(box: Box, stretch: float, shares: int) -> Axis:
    """The longer side on the ground, unless it has too few units for all its shares."""
    wide, high = box.east - box.west, box.north - box.south
    if wide * stretch >= high:
        return 0 if wide >= LEAST * shares else 1
    return 1 if high >= LEAST * shares else 0


def _where(box: Box, spots: Sequence[Spot], axis: Axis, first: int, rest: int) -> int:
    """The cut that comes nearest to giving the two sides their shares of the weight."""
    low, high = box.edges(axis)
    lowest, highest = low + LEAST * first, high - LEAST * rest
    ranked = sorted(spots, key=lambda spot: spot.along(axis))
    places = [spot.along(axis) for spot in ranked]
    before = list(accumulate((spot.weight for spot in ranked), initial=0))
    wanted = before[-1] * first / (first + rest)
    between = [
        (abs(weight - wanted), (near + far) // 2)
        for weight, (near, far) in zip(before[1:], pairwise(places), strict=False)
        if far - near >= 2 and lowest <= (near + far) // 2 <= highest
    ]
    if between and wanted:
        return min(between)[1]
    even = low + (high - low) * first // (first + rest)
    return _clear(min(max(even, lowest), highest), lowest, highest, set(places))


def _clear(at: int, lowest: int, highest: int, taken: set[int]) -> int:
    """The place nearest to `at` with no spot on it, if there is one."""
    for away in range(len(taken) + 1):
        for place in (at + away, at - away):
            if lowest <= place <= highest and place not in taken:
                return place
    return at


def group(spots: Sequence[Spot], groups: int, stretch: float, chance: Random) -> list[tuple[Spot, ...]]:
    """`spots` in exactly so many groups of neighbours, their numbers as even as whole numbers allow."""
    if groups == 1:
        return [tuple(spots)]
    first = _half(groups, chance)
    wide, high = _spread([spot.x for spot in spots]), _spread([spot.y for spot in spots])
    axis: Axis = 0 if wide * stretch >= high else 1
    ranked = sorted(spots, key=lambda spot: (spot.along(axis), spot.name))
    many = min(max(round(len(ranked) * first / groups), first), len(ranked) - (groups - first))
    return group(ranked[:many], first, stretch, chance) + group(ranked[many:], groups - first, stretch, chance)


def reading_order(middles: Sequence[tuple[float, float]], stretch: float) -> list[int]:
    """The places in `middles`, row by row from north to south, and from west to east in each row.

    The grid code numbers its grids "from west to east, from north to south" without saying what a row is:
    here there are as many rows as keep rows and columns about equally far apart.
    """
    wide, high = _spread([x for x, _ in middles]) * stretch, _spread([y for _, y in middles])
    rows = min(len(middles), max(1, round(sqrt(len(middles) * high / wide)))) if wide else len(middles)
    top = max(y for _, y in middles)

    def rank(place: int) -> tuple[int, float, float]:
        x, y = middles[place]
        row = min(rows - 1, int((top - y) / high * rows)) if high else 0
        return row, x, -y

    return sorted(range(len(middles)), key=rank)


def _half(shares: int, chance: Random) -> int:
    """Half of the shares; where they are odd, chance says which half is the larger."""
    return (shares + chance.randrange(2)) // 2


def _spread(places: Sequence[float]) -> float:
    return max(places) - min(places)
