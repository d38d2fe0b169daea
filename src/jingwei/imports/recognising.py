"""Seeing by itself what a sheet is: which roster, where its column names stand, which column is which field."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from jingwei.imports import grids, headers, sheets
from jingwei.imports.cells import Cell, key, text_of
from jingwei.imports.headers import Header
from jingwei.imports.importers import Field
from jingwei.imports.mapping import About, Column, Value
from jingwei.imports.mapping import Mapping as Map
from jingwei.imports.pack import RostersSection, RosterWords
from jingwei.imports.readers import read_by_kind
from jingwei.imports.refusals import NoHeader, RowRefused
from jingwei.imports.rosters import Roster, rosters

SAMPLE = 6
"""Rows that are shown as they would be read."""
SEEN = 30
"""Shapes of a map that are looked at to tell what it is."""
ALIKE = 0.72
"""From which likeness of two names on one is taken for the other."""

SAME, LAST, PART, LIKE, CONTENT, KEPT, CHOSEN = "same", "last", "part", "like", "content", "kept", "chosen"
"""How a column was recognised: by its name, by the last part of it, by a part, by likeness, by what stands in it;
or as it was mended before, or just now."""
SURE = {SAME, LAST, KEPT, CHOSEN}


@dataclass(frozen=True)
class Match:
    """A field, the sheet's column it is read from ("" for none), and how that was seen."""

    field: Field
    column: str = ""
    how: str = ""

    @property
    def sure(self) -> bool:
        """Whether nobody has to look at it."""
        return self.how in SURE


@dataclass(frozen=True)
class Page:
    """One sheet of the file as it was found: its name, rows seen from the top, and whether it is hidden."""

    name: str
    rows: list[tuple[int, list[Cell]]] = field(repr=False)
    merges: list[grids.Merge] = field(repr=False)
    hidden: list[int] = field(default_factory=list, repr=False)
    unseen: bool = False
    drawn: bool = False
    """Whether it is a map: its rows have their columns' names by themselves."""
    about: str = ""
    """What the map says of itself."""


@dataclass(frozen=True)
class Recognised:
    """What a file is taken to be. `header` are the sheet's column names, as many as there are."""

    roster: Roster
    sheet: str
    row: int
    top: int
    header: tuple[str, ...]
    matches: tuple[Match, ...]
    pages: tuple[Page, ...] = field(repr=False, default=())

    @property
    def digest(self) -> str:
        """What tells this header from others: kept mappings are found by it."""
        told = "\n".join(sorted(key(name) for name in self.header))
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def missing(self) -> list[Field]:
        """Fields that are needed, for which no column was found."""
        lacking = self.roster.lacking(self.columns)
        return [m.field for m in self.matches if not m.column and (m.field.required or m.field.name in lacking)]

    @property
    def doubtful(self) -> bool:
        """Whether fewer than two columns are surely known, so that a person has to say what it is."""
        return sum(match.sure for match in self.matches) < 2

    @property
    def columns(self) -> dict[str, str]:
        """The column of each field that has one."""
        return {match.field.name: match.column for match in self.matches if match.column}

    @property
    def page(self) -> Page | None:
        """The sheet of the file that is read."""
        return next((one for one in self.pages if one.name == self.sheet), None)

    @property
    def drawn(self) -> bool:
        """Whether the file is a map."""
        return self.page is not None and self.page.drawn

    def mapping(self, words: RosterWords, whole: Mapping[str, str] | None = None) -> Map:
        """The map by which the sheet is read; `whole` is what is said of the file as such. Raises MapRefused nowhere:
        what is missing stays missing."""
        about = About(of=self.roster.name, source="roster", sheet=self.sheet, header=self.row, nothing=("/", "-", "—"))
        columns = {m.field.name: _column(m, words) for m in self.matches if m.column}
        constants: dict[str, str | bool | float] = {**(whole or {})}
        return Map(file="", text="", about=about, columns=columns, constants=constants)


def _column(match: Match, words: RosterWords) -> Column:
    one, values = match.field, words.values.get(match.field.name, {})
    said = {word: value for value in one.choices for word in (value, *values.get(value, ()))}
    return Column(kind=one.kinds[0], source=match.column, required=one.required, values=said, down=one.down)


def recognise(
    path: Path,
    section: RostersSection,
    *,
    roster: str = "",
    sheet: str = "",
    row: int = 0,
    name: str = "",
) -> Recognised:
    """What the file is: the roster, sheet and header row that fit best, or those a person chose among them.

    `name` is the file's, a hint like the title above the table. Raises SheetRefused.
    """
    pages = tuple(_pages(path))
    asked = [one for one in rosters() if not roster or one.name == roster]
    best, most = None, -1e9
    for page in pages:
        if sheet and page.name and page.name != sheet:
            continue
        for one in asked:
            found = _tried(one, page, section.words(one.name), row)
            if found is None or (not roster and one.lacking(found.columns)):
                continue
            score = _score(found, page, section.words(one.name), name) - (2 if page.unseen else 0)
            if score > most:
                best, most = found, score
    if best is None:
        raise NoHeader
    return Recognised(best.roster, best.sheet, best.row, best.top, best.header, best.matches, pages)


def _pages(path: Path) -> Iterator[Page]:
    if (sheet := read_by_kind(path)) is not None:
        rows = [(row.number, [row.cells.get(name) for name in sheet.header]) for row in islice(sheet.rows, SEEN)]
        yield Page(sheet.name, [(0, list(sheet.header)), *rows], [], drawn=True, about=sheet.about)
        return
    with grids.grids(path) as found:
        for grid in found:
            written = ((number, cells) for number, cells in grid.rows if any(cell is not None for cell in cells))
            yield Page(grid.name, list(islice(written, headers.SEARCHED)), grid.merges, grid.hidden, grid.unseen)


def _tried(one: Roster, page: Page, words: RosterWords, row: int) -> Recognised | None:
    if page.drawn and one.outline is None:
        return None
    names = [name for each in one.fields for name in _names(each, words)]
    header = _of_map(page) if page.drawn else _of_sheet(page, names, row)
    if header is None:
        return None
    told = tuple(filter(None, header.names))
    matches = tuple(_matches(one, told, words, _below(page, header)))
    return Recognised(one, page.name, header.row, header.top, told, matches)


def _of_sheet(page: Page, names: Sequence[str], row: int) -> Header | None:
    found = headers.find(page.rows, page.merges, () if row else names, at=row)
    return found or headers.find(page.rows, page.merges)


def _of_map(page: Page) -> Header:
    """The names of a map's columns; they stand in no row of their own."""
    return Header(tuple(text_of(name) for name in page.rows[0][1]), 1, 0, 0)


def _names(each: Field, words: RosterWords) -> tuple[str, ...]:
    return words.columns.get(each.name) or (str(each.title),)


def _below(page: Page, header: Header) -> dict[str, list[str]]:
    """What stands in each column under the header, as far as was seen."""
    told: dict[str, list[str]] = {}
    for _number, cells in page.rows[header.until :]:
        for name, cell in zip(header.names, cells, strict=False):
            if name and cell is not None:
                told.setdefault(name, []).append(text_of(cell))
    return told


def _matches(one: Roster, header: Sequence[str], words: RosterWords, below: Mapping[str, list[str]]) -> Iterator[Match]:
    """A column for each field: sure names first, so that no guess takes a column from its owner."""
    taken: dict[str, tuple[str, str]] = {}
    free = list(header)
    for how in (SAME, LAST, PART, LIKE, CONTENT):
        for each in one.fields:
            if each.name in taken:
                continue
            hit = next((name for name in free if _fits(how, each, name, words, below)), None)
            if hit is not None:
                taken[each.name] = (hit, how)
                free.remove(hit)
    for each in one.fields:
        column, how = taken.get(each.name, ("", ""))
        yield Match(each, column, how)


def _fits(how: str, each: Field, name: str, words: RosterWords, below: Mapping[str, list[str]]) -> bool:
    known = [key(said) for said in _names(each, words)]
    whole, last = key(name), key(name.rpartition("/")[2])
    match how:
        case "same":
            return whole in known
        case "last":
            return last in known
        case "part":
            return any(len(said) >= 2 and (said in last or (len(last) >= 2 and last in said)) for said in known)
        case "like":
            return any(SequenceMatcher(None, said, last).ratio() >= ALIKE for said in known if len(said) >= 3)
        case _:
            return each.kinds[0] == "telephone" and _telephones(below.get(name, []))


def _telephones(said: Sequence[str]) -> bool:
    return len(said) >= 2 and all(re.fullmatch(r"1\d{10}", one, re.ASCII) for one in said)


def _score(found: Recognised, page: Page, words: RosterWords, name: str) -> float:
    """How well a roster fits: needed columns first, then others, then how much of the sheet is understood."""
    points = sum(
        (2.0 if m.sure else 0.6) if m.field.required else (1.0 if m.sure else 0.3) for m in found.matches if m.column
    )
    points -= 3 * len(found.missing)
    points += 2 * len(found.columns) / max(1, len(found.header))
    above = " ".join(text_of(c) for number, cells in page.rows if number < found.top for c in cells if c is not None)
    told = key(f"{name} {page.name} {above}")
    return points + (4 if any(key(title) in told for title in words.titles) else 0)


# ---- as a person mends it


def mended(found: Recognised, said: Mapping[str, str], how: str = CHOSEN) -> Recognised:
    """The same with the columns that a person chose, field by field; "" for none. Unknown names count as none."""
    matches = []
    for match in found.matches:
        column = said.get(match.field.name, match.column)
        column = column if column in found.header else ""
        kept = match.how if column == match.column else how
        matches.append(Match(match.field, column, kept if column else ""))
    return Recognised(found.roster, found.sheet, found.row, found.top, found.header, tuple(matches), found.pages)


def sample(
    path: Path, found: Recognised, words: RosterWords, whole: Mapping[str, str] | None = None, *, most: int = SAMPLE
) -> list[tuple[int, dict[str, Value], str]]:
    """The first rows as they would be read: number, values by field, or why the row would be refused."""
    mapping, told = found.mapping(words, whole), []
    with sheets.read(path, sheet=found.sheet, header=found.row, expecting=mapping.names()) as sheet:
        places, above = mapping.places(sheet.header), dict[str, Cell]()
        for row in islice(sheet.rows, most):
            try:
                told.append((row.number, mapping.record(mapping.carry(row, places, above), places), ""))
            except RowRefused as refused:
                told.append((row.number, {}, str(refused)))
    return told


def remarks(found: Recognised) -> list[str]:
    """What whoever brings the sheet in should know of it: hidden rows, hidden sheets, other sheets."""
    told = []
    if found.doubtful:
        told.append(_("It is not clear which roster this is. Choose it, and look at each column."))
    page = found.page
    if page is not None and page.about:
        told.append(page.about)
    if page is not None and page.unseen:
        told.append(_("This sheet is hidden in the workbook."))
    if page is not None and page.hidden:
        shown = "、".join(map(str, page.hidden[:10])) + ("…" if len(page.hidden) > 10 else "")
        said = _("%(many)s rows are hidden in the sheet and are read as well: %(rows)s.")
        told.append(said % {"many": len(page.hidden), "rows": shown})
    others = [one.name for one in found.pages if one.name != found.sheet and one.rows]
    if others:
        told.append(_("Other sheets of the file are not read now: %(names)s.") % {"names": "、".join(others[:12])})
    return told
