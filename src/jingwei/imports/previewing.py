"""What a map that was handed in looks like, before anything of it is written."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from jingwei.imports import handing, keeping, sheets
from jingwei.imports.cells import Cell
from jingwei.imports.importers import Record
from jingwei.imports.models import Handed
from jingwei.imports.refusals import RowRefused

MOST_DRAWN = 4000
"""Shapes that are drawn; a browser shows them without waiting."""
MOST_BYTES = 4_000_000
"""Of all drawn shapes as they stand in the file."""


@dataclass(frozen=True)
class Shown:
    """A shape of the file: its number, what it is called, its outline (GeoJSON, WGS-84; None where it cannot be
    drawn), and why it is refused."""

    number: int
    words: str
    outline: dict[str, Any] | None
    why: str = ""


@dataclass(frozen=True)
class Drawn:
    """The shapes that are drawn, how many these are, and of how many."""

    shown: tuple[Shown, ...]
    many: int
    of: int


def drawn(handed: Handed, path: Path) -> Drawn:
    """The shapes of a file as it is read now; those that a trial refused say why. Raises SheetRefused, MapRefused."""
    found = handing.seen(handed, path)
    mapping = found.mapping(handing.words_of(handed.county_id, found.roster.name), handing.whole_of(handed))
    refused = dict(keeping.refused_of(handed)) if handed.counts else {}
    shown: list[Shown] = []
    with sheets.read(path, sheet=found.sheet, header=found.row, expecting=mapping.names()) as sheet:
        places, above, left = mapping.places(sheet.header), dict[str, Cell](), MOST_BYTES
        for row in islice(sheet.rows, MOST_DRAWN):
            left -= len(str(row.cells))
            if left < 0:
                break
            try:
                values = mapping.record(mapping.carry(row, places, above), places)
                outline = found.roster.outline(Record(row.number, "roster", values)) if found.roster.outline else None
            except RowRefused as no:
                shown.append(Shown(row.number, "", None, str(no)))
                continue
            words = next((str(values[name]) for name in ("name", "code") if values.get(name)), "")
            shown.append(Shown(row.number, words[:80], outline, refused.get(row.number, "")))
        of = len(shown) + sum(1 for _row in sheet.rows) if left >= 0 else handed.of
    return Drawn(tuple(shown), len(shown), max(of, len(shown)))
