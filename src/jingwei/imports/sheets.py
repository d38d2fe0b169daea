"""Reading a sheet as an office wrote it: title above, notes below, dates in every manner, and all that."""

import re
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from jingwei.imports import grids, headers
from jingwei.imports.cells import LONGEST, Cell
from jingwei.imports.grids import Grid, Merge
from jingwei.imports.readers import read_by_kind
from jingwei.imports.refusals import CellTooLong, NoHeader, NoSuchSheet, TooLarge, TooManyColumns, TooManyRows

MOST_ROWS, MOST_COLUMNS = 100_000, 256

_TOTAL = re.compile(r".{0,12}(合\s*计|总\s*计|小\s*计|共\s*计)[:：]?")
_REMARK = re.compile(
    r"\s*(注|备注|说明|填表说明|填报说明|制表|填表|填报|审核|审批|单位负责人|负责人|联系人|联系电话|统计人|经办人|"
    r"日期|打印|导出|共\s*\d+\s*条)"
)


@dataclass(frozen=True)
class Row:
    """One row of the table: `number` as Excel shows it, cells by column; `fault` says why it is unfit."""

    number: int
    cells: dict[str, Cell]
    fault: str = ""


@dataclass
class Sheet:
    """A table. `rows` is read once; `notes`, sentences on what was left out, is complete when it has been."""

    name: str
    header: tuple[str, ...]
    rows: Iterator[Row]
    row: int = 0
    """Where the names of the columns stand, as Excel counts; the last row of several."""
    notes: list[str] = field(default_factory=list)
    about: str = ""
    """What a file that is no sheet says of itself, such as the system of its coordinates."""


def read(
    source: Path | str | BinaryIO, name: str = "", *, sheet: str = "", header: int = 0, expecting: Collection[str] = ()
) -> AbstractContextManager[Sheet]:
    """The table in a file, to be used as `with read(…) as sheet`; raises SheetRefused.

    `sheet` names one of a workbook's sheets; otherwise the first with a header is taken, hidden ones last.
    `expecting` are column names that tell the header from its surroundings, `header` the row in which a
    person found them. `name` is only shown.
    """
    return _read(source, name, sheet, header, expecting)


@contextmanager
def _read(
    source: Path | str | BinaryIO, name: str, wanted: str, header: int, expecting: Collection[str]
) -> Generator[Sheet]:
    with _path(source) as path:
        if (sheet := read_by_kind(path)) is not None:
            sheet.name = sheet.name or name or path.name
            yield sheet
            return
        with _grids(path, name, wanted, header, expecting) as sheet:
            yield sheet


@contextmanager
def _grids(path: Path, name: str, wanted: str, header: int, expecting: Collection[str]) -> Generator[Sheet]:
    with grids.grids(path) as found:
        there: list[str] = []
        for grid in found:
            there.append(grid.name)
            if wanted and grid.name and grid.name != wanted:
                continue
            sheet = _table(grid, header, expecting)
            if sheet is not None:
                sheet.name = grid.name or name or path.name
                yield sheet
                return
        if wanted and there != [""] and wanted not in there:
            raise NoSuchSheet(wanted, there)
        raise NoHeader


def _path(source: Path | str | BinaryIO) -> AbstractContextManager[Path]:
    if isinstance(source, Path | str):
        return nullcontext(Path(source))
    data = source.read(grids.MOST_BYTES + 1)
    if len(data) > grids.MOST_BYTES:
        raise TooLarge
    return grids.on_disk(data)


def _table(grid: Grid, at: int, expecting: Collection[str]) -> Sheet | None:
    written = ((number, cells) for number, cells in grid.rows if any(cell is not None for cell in cells))
    first = list(islice(written, headers.SEARCHED))
    header = headers.find(first, grid.merges, expecting, at=at)
    if header is None:
        return None
    names = header.names
    if len(names) > MOST_COLUMNS and any(names[MOST_COLUMNS:]):
        raise TooManyColumns(MOST_COLUMNS)
    notes: list[str] = []
    body = chain(first[header.until :], written)
    rows = _rows(_filled_down(body, grid.merges), names, notes, text=not grid.name)
    return Sheet(grid.name, tuple(filter(None, names)), rows, header.row, notes)


def _filled_down(
    body: Iterator[tuple[int, list[Cell]]], merges: Sequence[Merge]
) -> Iterator[tuple[int, list[Cell], list[Cell]]]:
    """Each row as it stands, and with what a cell merged over several rows says in each of them."""
    down = sorted((merge for merge in merges if merge[2] > merge[0]), reverse=True)
    running: list[tuple[Merge, Cell]] = []
    for number, cells in body:
        running = [(merge, said) for merge, said in running if merge[2] >= number]
        while down and down[-1][0] <= number:
            merge = down.pop()
            if merge[2] >= number and merge[1] < len(cells):
                running.append((merge, cells[merge[1]] if merge[0] == number else None))
        filled = cells
        for (_first, column, _last, _right), said in running:
            if said is not None and column < len(cells) and cells[column] is None:
                filled = list(cells) if filled is cells else filled
                filled[column] = said
        yield number, cells, filled


def _rows(
    body: Iterator[tuple[int, list[Cell], list[Cell]]], names: tuple[str, ...], notes: list[str], *, text: bool
) -> Iterator[Row]:
    """The table's own rows; what is not one of them is left out with a word in `notes`."""
    wide = sum(map(bool, names))
    before, count = 0, 0
    for number, cells, filled in body:
        gap, before = bool(before) and number > before + 1, number
        if why := _not_a_row(cells, names, wide, gap):
            notes.append(_("Row %(row)s was left out: %(why)s.") % {"row": number, "why": why})
            continue
        count += 1
        if count > MOST_ROWS:
            raise TooManyRows(MOST_ROWS)
        told = {name: cell for name, cell in zip(names, _padded(filled, len(names)), strict=False) if name}
        too_long = any(isinstance(cell, str) and len(cell) > LONGEST for cell in cells)
        fault = str(CellTooLong(number, LONGEST)) if too_long else _shifted(cells, names) if text else ""
        yield Row(number, told, fault)


def _not_a_row(cells: list[Cell], names: tuple[str, ...], wide: int, gap: bool) -> str:
    """Why a row is not one of the table's, or "": a total, the header again, or a remark under the table."""
    filled = [cell for cell in cells if cell is not None]
    first = filled[0] if isinstance(filled[0], str) else ""
    if _TOTAL.fullmatch(first):
        return _("it is a total")
    if len(filled) > 1 and filled == [name for name in names if name]:
        return _("it repeats the column names")
    alone = wide > 2 and len(filled) <= max(1, wide // 4)
    if alone and first and (_REMARK.match(first) or (gap and len(filled) == 1)):
        return _("it is a remark, not part of the table")
    return ""


def _padded(cells: list[Cell], width: int) -> list[Cell]:
    return cells + [None] * (width - len(cells))


def _shifted(cells: list[Cell], names: tuple[str, ...]) -> str:
    """A row of text with more cells than columns has shifted: a comma stands unquoted in one of them."""
    if any(cell is not None for cell in cells[len(names) :]):
        return _("The row has more cells than the table has columns; put texts with commas in quotation marks.")
    return ""
