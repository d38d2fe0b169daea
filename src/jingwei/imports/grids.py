"""A file's bare cells, row by row, whatever kind of sheet it is; what is inside decides, not the name."""

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from jingwei.imports import refusals, workbook_child
from jingwei.imports.cells import LONGEST, Cell, clean
from jingwei.imports.refusals import CellTooLong, Locked, NotASheet, SheetRefused, TooLarge, WebPage

MOST_BYTES = 20_000_000
MOST_UNPACKED = 200_000_000
"""Bytes inside a packed workbook; a real one of 20,000 rows by 44 columns holds some 60 million."""

Merge = tuple[int, int, int, int]
"""A merged range: first row, first column, last row, last column; rows as a person counts, columns from 0."""


@dataclass
class Grid:
    """One sheet: its name ("" for a file of text), merged ranges, rows `(number, cells)` to be read once."""

    name: str
    rows: Iterator[tuple[int, list[Cell]]]
    merges: list[Merge] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    """Rows that are hidden in it, as a person counts; read all the same."""
    unseen: bool = False
    """Whether the sheet itself is hidden."""


@contextmanager
def grids(path: Path) -> Generator[Iterator[Grid]]:
    """The sheets of a file, each to be read before the next is asked for; raises SheetRefused."""
    if path.stat().st_size > MOST_BYTES:
        raise TooLarge
    with path.open("rb") as file:
        start = file.read(4096)
    page = False
    if start.startswith(b"PK\x03\x04"):
        _check_packed(path)
    elif start.startswith(b"\xd0\xcf\x11\xe0"):
        _check_open(path.read_bytes())
    elif _is_page(start):
        page = True
    else:
        yield iter([_csv_grid(path)])
        return
    with _child(path, page=page) as lines:
        yield _book_grids(lines)


@contextmanager
def on_disk(data: bytes) -> Generator[Path]:
    """Bytes under a temporary name, gone afterwards."""
    handle, name = tempfile.mkstemp(prefix="sheet-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


# ---- packed and old workbooks


def _check_packed(path: Path) -> None:
    """Refuse a bomb by what its table of contents says; one that lies meets the child's limit of memory."""
    try:
        with zipfile.ZipFile(path) as packed:
            inside = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise NotASheet from None
    if sum(part.file_size for part in inside) > MOST_UNPACKED or len(inside) > 10_000:
        raise TooLarge


def _check_open(data: bytes) -> None:
    """Refuse a password by name: the reader only says that it knows no such format."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Locked
    first = data.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")  # the workbook's first record, 20 bytes long
    if data[first + 20 : first + 22] == b"\x86\x00":  # recommended as read-only; the next one tells
        first += 4
    if first != -1 and data[first + 20 : first + 22] == b"\x2f\x00":
        raise Locked


@contextmanager
def _child(path: Path, *, page: bool = False) -> Generator[Iterator[Any]]:
    """Run the reader in its own process (isolated mode, empty environment) and hand on what it says."""
    command = [sys.executable, "-I", workbook_child.__file__, str(path.resolve()), *(["page"] if page else [])]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
    ) as child:
        try:
            yield _said(child)
        finally:
            child.kill()


def _said(child: subprocess.Popen[bytes]) -> Iterator[Any]:
    assert child.stdout is not None
    for line in child.stdout:
        try:
            thing = json.loads(line)
        except ValueError:  # the child was stopped in the middle of a line
            break
        if thing == "end":
            return
        if isinstance(thing, dict) and "fault" in thing:
            fault: type[SheetRefused] = getattr(refusals, thing["fault"])
            raise fault()
        yield thing
    raise TooLarge  # it broke off without a word: stopped by its limits


def _book_grids(lines: Iterator[Any]) -> Iterator[Grid]:
    next(lines, None)  # the sheets' names
    head: dict[str, Any] | None = next(lines, None)
    while head is not None:
        after: list[dict[str, Any]] = []
        left = head["left"]
        merges = [(a + 1, b - left, c + 1, d - left) for (a, b), (c, d) in head["merged"]]
        hidden, unseen = head.get("hidden", []), head.get("unseen", False)
        grid = Grid(head["sheet"], _book_rows(lines, after), merges, hidden, unseen)
        yield grid
        for _rest in grid.rows:
            pass
        head = after[0] if after else None


def _book_rows(lines: Iterator[Any], after: list[dict[str, Any]]) -> Iterator[tuple[int, list[Cell]]]:
    for number, line in enumerate(lines, start=1):
        if isinstance(line, dict):
            after.append(line)
            return
        yield number, [_cell(said) for said in line]


def _cell(said: Any) -> Cell:
    match said:
        case str():
            return clean(said) or None
        case bool():
            return "TRUE" if said else "FALSE"
        case int() | float():
            return float(said)
        case {"moment": moment}:
            return datetime.fromisoformat(moment)
        case _:
            return None


def _is_page(start: bytes) -> bool:
    """Whether a file begins as a web page does, which many systems hand out under the name of a sheet."""
    encoding = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    said = start.decode(encoding, "ignore").lstrip().lower()
    return said.startswith(("<html", "<!doctype html", "<table", "<meta", "<head", "<div", "<style", "<body"))


# ---- text


def _csv_grid(path: Path) -> Grid:
    text = _decoded(path.read_bytes())
    start = text.lstrip()[:15].lower()
    if start.startswith(("<?xml", "mime-version:")):
        raise WebPage
    if not start:
        raise NotASheet
    return Grid("", _csv_rows(text))


def _decoded(data: bytes) -> str:
    """Text in the encodings that offices write: UTF-8 with and without mark, GB 18030, Excel's UTF-16."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in data and not marked:
        raise NotASheet
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotASheet


def _csv_rows(text: str) -> Iterator[tuple[int, list[Cell]]]:
    lines = text[:20_000].splitlines()[:20]
    delimiter = max(",\t;", key=lambda mark: sum(line.count(mark) for line in lines))
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            yield number, [clean(cell) or None for cell in cells]
    except csv.Error:
        raise CellTooLong(number + 1, LONGEST) from None
