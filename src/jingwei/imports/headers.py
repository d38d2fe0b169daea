"""Where the names of the columns stand: under a title, in one row or in several with merged groups."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from jingwei.imports.cells import Cell, key, looks_written, title
from jingwei.imports.grids import Merge

SEARCHED = 30
"""How many rows from the top are searched for the names."""

Rows = Sequence[tuple[int, list[Cell]]]


@dataclass(frozen=True)
class Header:
    """The names, one a column ("" where there is none), and how many of the searched rows they end at.

    `top` and `row`: the first and the last of its rows, as Excel counts.
    """

    names: tuple[str, ...]
    until: int
    top: int
    row: int


def find(rows: Rows, merges: Sequence[Merge], expecting: Collection[str] = (), *, at: int = 0) -> Header | None:
    """The header among the first rows of a sheet, or None.

    With the names a map expects: the row, or rows, with most of them. Without: the first row that fills
    three fifths of the widest one and is mostly words. A person may say `at` which row it stands.
    """
    if at:
        return _at(rows, merges, expecting, at)
    if expecting:
        return _expected(rows, merges, {key(name) for name in expecting})
    widest = max((_filled(cells) for _, cells in rows), default=0)
    for n, (_number, cells) in enumerate(rows):
        filled = _filled(cells)
        written = sum(looks_written(cell) for cell in cells)
        if filled and filled >= 0.6 * widest and written >= 0.7 * filled:
            return _block(rows, merges, n)
    return None


def _at(rows: Rows, merges: Sequence[Merge], expecting: Collection[str], at: int) -> Header | None:
    """The header that begins or ends at a row: the one a person pointed at, unless another has more of the names."""
    blocks = [(number, _block(rows, merges, n)) for n, (number, _cells) in enumerate(rows)]
    pointed = [block for number, block in blocks if number == at]
    those = [*pointed, *(block for _number, block in blocks if block.row == at)]
    wanted = {*expecting}
    return max(those, key=lambda block: len(wanted & {*block.names}), default=None)


def _expected(rows: Rows, merges: Sequence[Merge], wanted: set[str]) -> Header | None:
    best, most = None, 0
    for at in range(len(rows)):
        header = _block(rows, merges, at)
        found = len(wanted & {part for name in header.names for part in keys(name)})
        if found > most:
            best, most = header, found
    return best if most >= min(2, len(wanted)) else None


def keys(name: str) -> set[str]:
    """The ways a map may name a column: whole, or by its last part where groups stand above."""
    return {key(name), key(name.rpartition("/")[2])}


def _filled(cells: Sequence[Cell]) -> int:
    return sum(cell is not None for cell in cells)


def _block(rows: Rows, merges: Sequence[Merge], at: int) -> Header:
    """The header that has row `at` in it: group rows above it, and rows below that its merges reach."""
    top = bottom = at
    while top and _groups(merges, *rows[top - 1]):
        top -= 1
    number = rows[at][0]
    reach = max((last for first, _l, last, _r in merges if first == number), default=number)
    if reach == number and _groups(merges, *rows[at]):
        reach = number + 1
    while bottom + 1 < len(rows) and rows[bottom + 1][0] <= reach:
        bottom += 1
    width = max(len(cells) for _, cells in rows[top : bottom + 1])
    names = (_name(rows[top : bottom + 1], merges, column) for column in range(width))
    return Header(_distinct(names), bottom + 1, rows[top][0], rows[bottom][0])


def _groups(merges: Sequence[Merge], number: int, cells: list[Cell]) -> bool:
    """Whether a row names groups of columns: merged sideways, and not one title over everything."""
    sideways = [merge for merge in merges if merge[0] == merge[2] == number and merge[3] > merge[1]]
    return bool(sideways) and _filled(cells) > 1


def _name(rows: Rows, merges: Sequence[Merge], column: int) -> str:
    parts: list[str] = []
    for number, cells in rows:
        source = column
        for first, left, last, right in merges:
            if first <= number <= last and left <= column <= right:
                source = left
        part = title(cells[source]) if source < len(cells) else ""
        if part and part not in parts:
            parts.append(part)
    return "/".join(parts)


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """The same name a second time becomes `name#2`."""
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name] += 1
        told.append(f"{name}#{seen[name]}" if name and seen[name] > 1 else name)
    return tuple(told)
