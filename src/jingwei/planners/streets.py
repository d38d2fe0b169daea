"""Invented streets: buildings of a town that stands nowhere, for a county whose document masks its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, cos, pi, radians, sin, sqrt
from random import Random

from .buildings import Building
from .plane import METRES_PER_DEGREE, rounded

BLOCK_WIDE, BLOCK_DEEP, STREET = 190.0, 150.0, 26.0
"""Metres: a block of houses, and the street around it."""
SLAB_LONG, SLAB_DEEP = 52.0, 13.0
"""Metres: a block of flats as they stand in most towns, its long side to the south."""
ROWS, ROW = 4, 36.0
"""Rows of flats in a block, and how far one stands behind the other, in metres."""
RIVER = 150.0
"""Metres that the river takes, banks included."""


@dataclass(frozen=True)
class Town:
    """What is wanted: how many buildings, of how many floors, around which point; the seed decides the rest."""

    buildings: int
    fewest_floors: int
    most_floors: int
    lon: float
    lat: float
    seed: int


def lay_streets(town: Town) -> list[Building]:
    """The buildings of `town`, numbered from 00001: blocks along streets on both banks of a river.

    The same town is always laid the same. Nothing in it is measured; a page that shows it says so.
    """
    chance = Random(town.seed)  # noqa: S311  chance that can be repeated, not a secret
    turned = radians(chance.uniform(-18, 18))
    blocks = ceil(town.buildings / (ROWS * 2))
    wide = max(1, round(sqrt(blocks * 1.4)))
    bend, phase = chance.uniform(60, 160), chance.uniform(0, 2 * pi)
    made: list[Building] = []
    for n in range(blocks):
        row, column = divmod(n, wide)
        east, north = (column - wide / 2) * (BLOCK_WIDE + STREET), -row * (BLOCK_DEEP + STREET)
        if column >= wide // 2:
            east += RIVER
        east += bend * sin(row / 2.5 + phase)
        for left, deep in _slabs(chance):
            if len(made) == town.buildings:
                break
            made.append(_building(town, chance, len(made) + 1, east + left, north - deep, turned))
    return made


def _slabs(chance: Random) -> Iterator[tuple[float, float]]:
    """Where the houses of a block stand in it: metres from its north-western corner."""
    for row in range(ROWS):
        for side in range(2):
            yield side * (SLAB_LONG + 30) + chance.uniform(0, 12), row * ROW + chance.uniform(0, 5)


def _building(town: Town, chance: Random, number: int, east: float, north: float, turned: float) -> Building:
    long, deep = SLAB_LONG * chance.uniform(0.75, 1.15), SLAB_DEEP * chance.uniform(0.9, 1.2)
    corners = ((0, 0), (long, 0), (long, -deep), (0, -deep), (0, 0))
    stretch = cos(radians(town.lat))
    ring = []
    for x, y in corners:
        metres_east = (east + x) * cos(turned) - (north + y) * sin(turned)
        metres_north = (east + x) * sin(turned) + (north + y) * cos(turned)
        ring.append((town.lon + metres_east / METRES_PER_DEGREE / stretch, town.lat + metres_north / METRES_PER_DEGREE))
    floors = chance.randint(town.fewest_floors, town.most_floors)
    return Building(f"{number:05}", rounded(tuple(ring)), floors, long * deep)
