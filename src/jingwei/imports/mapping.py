"""A map: which column of an office's sheet is which field, and how what stands there is to be read."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from django.utils.translation import gettext as _

from jingwei.imports import readings
from jingwei.imports.cells import Cell, key, text_of
from jingwei.imports.headers import keys
from jingwei.imports.refusals import Fault, MapRefused, RowRefused
from jingwei.imports.sheets import Row

LONG = 200
"""Characters beyond which a cell is surely none of the words for nothing."""
Kind = Literal["text", "moment", "yes_no", "choice", "number", "path", "day", "count", "telephone"]
Value = str | datetime | date | bool | float | tuple[str, ...] | None


class Column(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename={"source": "from"}):
    """How one field is read. See `docs/how/import-orders.md` for every key."""

    kind: Kind = "text"
    source: str = ""
    also: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    required: bool = False
    may_be_absent: bool = False
    nothing: tuple[str, ...] = ()
    values: dict[str, str] | tuple[str, ...] = ()
    unknown: Literal["refuse", "leave"] = "refuse"
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    day: Literal["start", "end"] = "start"
    down: bool = False
    """An empty cell says what the one above it says."""

    def names(self) -> tuple[str, ...]:
        """Every column name this field may be read from."""
        return self.levels or (self.source, *self.also)

    def choices(self) -> Table[str, str]:
        """What a cell may say, and the field's value for it."""
        return self.values if isinstance(self.values, dict) else {said: said for said in self.values}


class About(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """`[map]`: what is imported, from whose system, and where in the file it stands."""

    of: str
    source: str
    sheet: str = ""
    header: int = 0
    """The row with the columns' names, as Excel counts; 0: it is looked for."""
    zone: str = "Asia/Shanghai"
    nothing: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()


class _Document(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    map: About
    columns: dict[str, dict[str, object]]
    constants: dict[str, str | bool | float] = {}


class Mapping(msgspec.Struct, frozen=True):
    """A map as loaded from `file`; its columns were checked against each other, not yet against a sheet."""

    file: str
    text: str
    about: About
    columns: dict[str, Column]
    constants: dict[str, str | bool | float]

    @classmethod
    def load(cls, path: Path | str) -> "Mapping":
        """Read a map; raises MapRefused with every fault: file, line, key, what is wrong, what to write."""
        path = Path(path)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            what, write = _("The map cannot be read."), _("Give the path of a TOML file in UTF-8.")
            raise MapRefused([Fault(str(path), 0, "file", what, write)]) from None
        return cls.parse(text, path.name)

    @classmethod
    def parse(cls, text: str, file: str) -> "Mapping":
        """As `load`, from text; `file` is the name told in faults."""
        try:
            document = msgspec.convert(tomllib.loads(text), _Document)
        except tomllib.TOMLDecodeError as broken:
            raise MapRefused([_not_toml(file, broken)]) from None
        except msgspec.ValidationError as broken:
            raise MapRefused([_not_a_map(file, text, broken)]) from None
        columns, faults = {}, []
        for name, said in document.columns.items():
            try:
                columns[name] = msgspec.convert(said, Column)
            except msgspec.ValidationError as broken:
                faults.append(_not_a_map(file, text, broken, f"columns.{name}"))
        mapping = cls(file, text, document.map, columns, document.constants)
        if faults := [*faults, *mapping._faults()]:
            raise MapRefused(faults)
        return mapping

    def fault(self, where: str, what: str, write: str) -> Fault:
        """A fault at key `where`, with the line on which that key stands."""
        return Fault(self.file, _line(self.text, where), where, what, write)

    def names(self) -> tuple[str, ...]:
        """Every column name the map speaks of; they tell the header from its surroundings."""
        return tuple(name for column in self.columns.values() for name in column.names())

    def _faults(self) -> Iterator[Fault]:
        try:
            ZoneInfo(self.about.zone)
        except (ZoneInfoNotFoundError, ValueError):
            yield self.fault("map.zone", _("There is no such time zone."), 'zone = "Asia/Shanghai"')
        for name, column in self.columns.items():
            at = f"columns.{name}"
            if column.kind == "path" and not column.levels:
                yield self.fault(at, _("A path is read from several columns."), 'levels = ["一级分类", "二级分类"]')
            if column.kind != "path" and not column.source:
                yield self.fault(at, _("It is not said which column it is read from."), 'from = "工单号"')
            if column.kind == "choice" and not column.values:
                yield self.fault(at, _("A choice needs its values."), 'values = { "结案" = "closed" }')
            if name in self.constants:
                yield self.fault(
                    f"constants.{name}",
                    _("It has a column as well."),
                    _("Keep one of the two and delete the other."),
                )

    # ---- against a sheet

    def places(self, header: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """For each field the sheet's own names of its columns; raises MapRefused where one is missing."""
        there: dict[str, str] = {}
        for name in reversed(header):
            there |= dict.fromkeys(keys(name), name)
        there |= {key(name): name for name in header}
        found: dict[str, tuple[str, ...]] = {}
        faults = []
        for name, column in self.columns.items():
            hits = tuple(there[key(wanted)] for wanted in column.names() if key(wanted) in there)
            found[name] = hits if column.kind == "path" else hits[:1]
            if not hits and not column.may_be_absent:
                what = _("The sheet has no column “%(column)s”; it has: %(there)s.") % {
                    "column": " / ".join(column.names()),
                    "there": "、".join(header[:60]),
                }
                write = _("Write the sheet's own name after “from”, or may_be_absent = true.")
                faults.append(self.fault(f"columns.{name}", what, write))
        if faults:
            raise MapRefused(faults)
        return found

    def unread(self, header: Sequence[str]) -> tuple[str, ...]:
        """The sheet's columns that the map neither reads nor knowingly ignores."""
        known = {key(name) for name in (*self.names(), *self.about.ignored)}
        return tuple(name for name in header if not keys(name) & known)

    def record(self, row: Row, places: Table[str, tuple[str, ...]]) -> dict[str, Value]:
        """The row's fields, None where unknown. Raises RowRefused naming the column and what it says."""
        if row.fault:
            raise RowRefused(row.fault)
        values: dict[str, Value] = dict(self.constants)
        for name, column in self.columns.items():
            values[name] = self._value(column, row, places[name])
            if column.required and values[name] is None:
                said = _("“%(column)s” is empty; it is needed.") % {"column": column.names()[0]}
                raise RowRefused(said)
        return values

    def carry(self, row: Row, places: Table[str, tuple[str, ...]], above: dict[str, Cell]) -> Row:
        """The row with its empty cells filled from `above`, where the column is said to run down.

        Columns run down in the order of the map, from the outermost group: a new town ends its communities.
        """
        cells, fresh = dict(row.cells), False
        for name in (name for name, column in self.columns.items() if column.down and places[name]):
            where = places[name][0]
            if (said := cells.get(where)) is not None:
                fresh = fresh or above.get(where) != said
                above[where] = said
            elif fresh:
                above.pop(where, None)
            else:
                cells[where] = above.get(where)
        return replace(row, cells=cells)

    def _value(self, column: Column, row: Row, names: tuple[str, ...]) -> Value:
        known = [(name, cell) for name in names if (cell := self._known(column, row.cells.get(name))) is not None]
        if column.kind == "path":
            return tuple(readings.text(name, cell) for name, cell in known) or None
        if not known:
            return None
        name, cell = known[0]
        match column.kind:
            case "moment":
                return readings.moment(name, cell, ZoneInfo(self.about.zone), day_ends=column.day == "end")
            case "yes_no":
                return readings.yes_no(name, cell, column.yes, column.no)
            case "choice":
                return readings.choice(name, cell, column.choices(), leave=column.unknown == "leave")
            case "number":
                return readings.number(name, cell)
            case "day":
                return readings.day(name, cell)
            case "count":
                return readings.count(name, cell)
            case "telephone":
                return readings.telephone(name, cell)
            case _:
                return readings.text(name, cell)

    def _known(self, column: Column, cell: Cell) -> Cell:
        if isinstance(cell, str) and len(cell) > LONG:
            return cell  # a drawing, which no word stands for, is not worth remembering under its key
        nothing = {key(said) for said in (*self.about.nothing, *column.nothing, "")}
        return None if key(text_of(cell)) in nothing else cell


# ---- faults of the file itself


def _not_toml(file: str, broken: tomllib.TOMLDecodeError) -> Fault:
    found = re.search(r"line (\d+)", str(broken))
    what = _("This is not TOML: %(why)s.") % {"why": str(broken).rstrip(".")}
    return Fault(file, int(found[1]) if found else 0, "file", what, _("Correct that line."))


def _not_a_map(file: str, text: str, broken: msgspec.ValidationError, table: str = "") -> Fault:
    why, _at, path = str(broken).partition(" - at ")
    parts = [table, path.strip("`").removeprefix("$").replace("[...]", "").strip(".")]
    if named := re.search(r"field `([^`]+)`", why):
        parts.append(named[1])
    where = ".".join(filter(None, parts)) or "map"
    write = _("See docs/how/import-orders.md for the keys a map may have.")
    return Fault(file, _line(text, where), where, f"{why}.", write)


def _line(text: str, where: str) -> int:
    """The line of the map on which key `where` (like "columns.state.kind") stands; 0 if nowhere."""
    *table, last = where.split(".")
    inside, header_line = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[\s*([^\]]+?)\s*\]", line):
            inside = head[1].replace('"', "")
            if inside == where:
                return number
            header_line = number if inside == ".".join(table) else header_line
        elif inside == ".".join(table) and re.match(rf'\s*"?{re.escape(last)}"?\s*=', line):
            return number
    return header_line
