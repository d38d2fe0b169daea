"""Which numbers of a publication are withheld, so that none of the small ones can be worked out from the others.

Pure: cells with their numbers, and the sums in which they stand, in; the cells that are withheld, out. A number from
1 to below the least sample is withheld (primary); then as many others as are needed (secondary), until solving all
published sums for the withheld cells gives none of them, and no group of them that is known together is small.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

Cell: TypeAlias = Any
"""Whatever a number is known by: period, place and category."""


@dataclass(frozen=True)
class Sum:
    """A number that is the sum of others, all of which somebody may read."""

    whole: Cell
    parts: tuple[Cell, ...]

    @property
    def members(self) -> tuple[Cell, ...]:
        """All cells in it."""
        return (self.whole, *self.parts)


def withheld(
    numbers: Mapping[Cell, int],
    sums: Sequence[Sum],
    least: int,
    before: Collection[Cell] = (),
    free: Collection[Cell] = (),
) -> set[Cell]:
    """The cells to be withheld. `before`: withheld already; `free`: those that can still be withheld (none: all)."""
    free = set(free or numbers)
    hidden = set(before) | {cell for cell in free if 0 < numbers[cell] < least}
    while more := _wanting(numbers, sums, least, hidden, free):
        hidden |= more
    return hidden


def _wanting(
    numbers: Mapping[Cell, int], sums: Sequence[Sum], least: int, hidden: set[Cell], free: set[Cell]
) -> set[Cell]:
    """The next cells to be withheld, because others could be worked out; empty where nothing can."""
    more: set[Cell] = set()
    for one in sums:
        if _tells(one, numbers, least, hidden | more) and (chosen := _another(one, numbers, hidden | more, free)):
            more.add(chosen)
    if more:
        return more
    if not (known := solved(sums, hidden)):
        return set()
    near = [one for one in sums if known & set(one.members)]
    for one in (*near, *(one for one in sums if hidden & set(one.members))):
        if chosen := _another(one, numbers, hidden, free):
            return {chosen}
    return set()


def _tells(one: Sum, numbers: Mapping[Cell, int], least: int, hidden: set[Cell]) -> bool:
    """Whether a sum by itself tells a withheld cell, or several that are together fewer than the least sample."""
    inside = [cell for cell in one.members if cell in hidden]
    if not inside or len(inside) == len(one.members) == 1:
        return False
    if len(inside) == 1:
        return True
    return one.whole not in hidden and sum(numbers[cell] for cell in inside) < least


def _another(one: Sum, numbers: Mapping[Cell, int], hidden: set[Cell], free: set[Cell]) -> Cell | None:
    """The cell of a sum whose withholding costs the reader least: the smallest part above nought, then any other."""
    parts = [cell for cell in one.parts if cell in free and cell not in hidden]
    parts.sort(key=lambda cell: (numbers[cell] == 0, numbers[cell], repr(cell)))
    if parts and numbers[parts[0]]:
        return parts[0]
    if one.whole in free and one.whole not in hidden:
        return one.whole
    return parts[0] if parts else None


def solved(sums: Iterable[Sum], hidden: Collection[Cell]) -> set[Cell]:
    """The withheld cells that the sums give away: exact elimination, each published number taken as known."""
    unknown = set(hidden)
    rows: dict[Cell, dict[Cell, Fraction]] = {}
    for one in sums:
        row: dict[Cell, Fraction] = {}
        for cell, factor in ((one.whole, -1), *((part, 1) for part in one.parts)):
            if cell in unknown:
                row[cell] = row.get(cell, Fraction()) + factor
        _reduce({c: f for c, f in row.items() if f}, rows)
    return {pivot for pivot, row in rows.items() if len(row) == 1}


def _reduce(row: dict[Cell, Fraction], rows: dict[Cell, dict[Cell, Fraction]]) -> None:
    """Add an equation to those in reduced form, each kept under the one cell that stands in no other."""
    for pivot in [cell for cell in row if cell in rows]:
        _subtract(row, rows[pivot], row[pivot])
    if not row:
        return
    pivot = min(row, key=repr)
    first = row[pivot]
    row = {cell: factor / first for cell, factor in row.items()}
    for other in rows.values():
        if pivot in other:
            _subtract(other, row, other[pivot])
    rows[pivot] = row


def _subtract(row: dict[Cell, Fraction], other: Mapping[Cell, Fraction], times: Fraction) -> None:
    for cell, factor in other.items():
        left = row.get(cell, Fraction()) - times * factor
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)
