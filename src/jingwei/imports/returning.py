"""Giving refused rows back as a sheet, the reason beside each, to be corrected and imported again."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import xlsxwriter
from django.utils.translation import gettext as _

from jingwei.imports import grids
from jingwei.imports.acts import Outcome
from jingwei.imports.cells import LONGEST, Cell
from jingwei.imports.readers import read_by_kind
from jingwei.imports.recognising import Recognised

GEOMETRY = "geometry"
"""What the readers of maps call the column of the drawing."""
WIDE = 48
"""Width of the column with the reasons, in characters."""


def write_refused(outcome: Outcome, out: BinaryIO) -> None:
    """Write the refused rows to `out` as .xlsx, under the names their sheet had.

    All cells are written as plain values: words beginning with = + - @ stay words and never become a
    formula on the desk of whoever opens the sheet.
    """
    sheet = _Sheet(out)
    header = [*outcome.header, _("Row in the sheet"), _("Why it was refused")]
    sheet.write(0, header, sheet.bold)
    for at, refused in enumerate(outcome.refused, start=1):
        cells = [refused.cells.get(name) for name in outcome.header]
        sheet.write(at, [*cells, float(refused.number), refused.reason])
    sheet.page.freeze_panes(1, 0)
    sheet.book.close()


def write_back(path: Path, found: Recognised, refused: Sequence[tuple[int, str]], out: BinaryIO) -> None:
    """Write the refused rows to `out` in the layout of their own file: its title, its column names, its merged
    cells above; under them the rows, each with its reason in a last column."""
    sheet, reasons = _Sheet(out), dict(refused)
    with grids.grids(path) as several:
        grid = next(grid for grid in several if grid.name == found.sheet)
        at, width = 0, 0
        said: dict[tuple[int, int], Cell] = {}
        rows = list(_wanted(grid, found.row, reasons, said))
        width = max((len(cells) for number, cells in rows if number <= found.row), default=0)
        for number, cells in rows:
            head = number <= found.row
            at = number - 1 if head else at
            told = cells if head else [_down(grid, number, column, cell, said) for column, cell in enumerate(cells)]
            sheet.write(at, told, sheet.bold if head else None)
            if not head:
                sheet.page.write_string(at, width, reasons[number], sheet.red)
            at += 1
    for first, left, last, right in grid.merges:
        if last <= found.row and (first, left) in said and (first, left) != (last, right):
            sheet.page.merge_range(first - 1, left, last - 1, right, said[first, left] or "", sheet.bold)
    sheet.page.write_string(found.row - 1, width, _("Why it was refused"), sheet.bold)
    sheet.page.set_column(width, width, WIDE)
    sheet.page.freeze_panes(found.row, 0)
    sheet.book.close()


def write_features_back(path: Path, refused: Sequence[tuple[int, str]], out: BinaryIO) -> None:
    """Write the refused shapes of a map to `out` as GeoJSON, each with its reason among its properties; the
    coordinates are those of the file, in degrees."""
    reasons, sheet = dict(refused), read_by_kind(path)
    why = _("Why it was refused")
    features = []
    for row in sheet.rows if sheet is not None else ():
        if row.number in reasons:
            cells = {name: _as_json(cell) for name, cell in row.cells.items() if name != GEOMETRY}
            drawn = str(row.cells.get(GEOMETRY) or "null")
            geometry = msgspec.Raw(drawn.encode()) if _is_json(drawn) else None
            properties = {**cells, why: reasons[row.number]}
            features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    out.write(msgspec.json.encode({"type": "FeatureCollection", "features": features}))


def _is_json(said: str) -> bool:
    try:
        msgspec.json.decode(said.encode())
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _as_json(cell: Cell) -> str | float | None:
    return cell.isoformat() if isinstance(cell, datetime) else cell


def _wanted(grid: grids.Grid, header: int, reasons: dict[int, str], said: dict[tuple[int, int], Cell]) -> Any:
    """The rows down to the header, and those that were refused; `said` remembers what merged cells say."""
    corners = {(merge[0], merge[1]) for merge in grid.merges}
    for number, cells in grid.rows:
        for column, cell in enumerate(cells):
            if (number, column) in corners:
                said[number, column] = cell
        if (number <= header and any(cell is not None for cell in cells)) or number in reasons:
            yield number, cells


def _down(grid: grids.Grid, number: int, column: int, cell: Cell, said: dict[tuple[int, int], Cell]) -> Cell:
    """What a cell says, where it is merged with those above as well: its rows are torn apart here."""
    if cell is not None:
        return cell
    for first, left, last, _right in grid.merges:
        if left == column and first < number <= last:
            return said.get((first, left))
    return None


class _Sheet:
    """A new workbook with one page, in which nothing is a formula or a link."""

    def __init__(self, out: BinaryIO) -> None:
        self.book = xlsxwriter.Workbook(
            out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self.page = self.book.add_worksheet()
        self.bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter"})
        self.red = self.book.add_format({"font_color": "#b42318", "text_wrap": True})
        self.moment = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})

    def write(self, at: int, cells: Sequence[Cell], how: Any = None) -> None:
        """One row of plain values."""
        for column, cell in enumerate(cells):
            match cell:
                case datetime():
                    midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
                    self.page.write_datetime(
                        at, column, cell.replace(tzinfo=None), self.day if midnight else self.moment
                    )
                case float():
                    self.page.write_number(at, column, cell)
                case str():
                    self.page.write_string(at, column, cell[:LONGEST], how)
