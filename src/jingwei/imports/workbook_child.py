"""Reads one workbook, or a web page under its name, in a process that may run out of memory without harming anybody.

A tiny hostile workbook can claim a million rows by sixteen thousand columns; the reader then asks for more
memory than there is and is aborted. So this file is run by itself, imports nothing of ours, and speaks in
lines of JSON: first the sheets, then merged ranges, then one line a row, last `"end"`. Cells are text,
numbers, true/false, or {"moment": …}; formulas are not computed, their last shown value is read. Rows that are
hidden are read as well, and named, since many a filter was left on.
"""

import datetime
import json
import re
import sys
import zipfile
from html.parser import HTMLParser

MEMORY, SECONDS = 300_000_000, 120
"""Bytes of address space, seconds of processor time. The largest sheet that is taken needs some 200 MB."""

HIDDEN = re.compile(rb"<row\b[^>]*?\bhidden=\"(?:1|true)\"[^>]*>")
NUMBER = re.compile(rb'\br="(\d+)"')
MOST_HIDDEN = 100_000
WIDEST = 300
"""Columns of a web page's table that are read; a span beyond is cut."""


def bound() -> None:
    """Limit this process: memory in bytes, processor time in seconds, and no file may be written."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the sizes were checked before
        return
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue


def plain(cell: object) -> object:
    """A cell as JSON can carry it."""
    if isinstance(cell, datetime.datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, datetime.date):
        return {"moment": f"{cell.isoformat()}T00:00:00"}
    if isinstance(cell, datetime.time | datetime.timedelta):
        return str(cell)
    return cell


def tell(thing: object) -> None:
    sys.stdout.write(json.dumps(thing, ensure_ascii=True) + "\n")


def hidden_rows(path: str) -> dict[str, list[int]]:
    """The numbers of hidden rows, by sheet; an old workbook does not say."""
    with open(path, "rb") as file:
        if file.read(2) != b"PK":
            return {}
    try:
        return _hidden_rows(path)
    except (KeyError, zipfile.BadZipFile, OSError, RuntimeError):
        return {}


def _hidden_rows(path: str) -> dict[str, list[int]]:
    with zipfile.ZipFile(path) as packed:
        book = packed.read("xl/workbook.xml").decode("utf-8", "replace")
        links = packed.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        parts = {}
        for tag in re.findall(r"<Relationship\b[^>]*>", links):
            said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
            parts[said.get("Id", "")] = said.get("Target", "")
        found = {}
        for tag in re.findall(r"<sheet\b[^>]*>", book):
            said = dict(re.findall(r'([\w:]+)="([^"]*)"', tag))
            part = parts.get(said.get("r:id", ""), "")
            found[said.get("name", "")] = _hidden_in(packed, "xl/" + part.removeprefix("/xl/"))
        return found


def _hidden_in(packed: zipfile.ZipFile, part: str) -> list[int]:
    rows: list[int] = []
    try:
        with packed.open(part) as file:
            left = b""
            while (piece := file.read(1 << 20)) and len(rows) < MOST_HIDDEN:
                said = left + piece
                for tag in HIDDEN.findall(said):
                    rows += [int(number) for number in NUMBER.findall(tag)[:1]]
                left = said[said.rfind(b"<") :][:4096]
    except KeyError:
        pass
    return rows


class Tables(HTMLParser):
    """The tables of a web page, row by row, with the cells that span rows and columns."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.merged: list[list[tuple[tuple[int, int], tuple[int, int]]]] = []
        self.open: list[str] | None = None
        self.span = (1, 1)
        self.taken: dict[tuple[int, int], bool] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "table":
            self.tables.append([])
            self.merged.append([])
            self.taken = {}
        elif tag == "tr" and self.tables:
            self.finish()
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.finish()
            self.open = []
            self.span = (_number(said.get("rowspan")), _number(said.get("colspan")))
        elif tag == "br" and self.open is not None:
            self.open.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self.finish()

    def handle_data(self, data: str) -> None:
        if self.open is not None:
            self.open.append(data)

    def finish(self) -> None:
        """Put the cell that is open into its row, right of what spans into it from above."""
        if self.open is None:
            return
        rows, text, self.open = self.tables[-1], "".join(self.open).strip(), None
        at, row = len(rows) - 1, rows[-1]
        while (at, len(row)) in self.taken:
            row.append("")
        down, wide = self.span
        left = len(row)
        row += [text, *[""] * (min(wide, WIDEST) - 1)][: max(0, WIDEST - left)]
        for below in range(1, min(down, 2000)):
            for column in range(left, min(left + wide, WIDEST)):
                self.taken[at + below, column] = True
        if down > 1 or wide > 1:
            self.merged[-1].append(((at, left), (at + down - 1, left + wide - 1)))


def _number(said: str | None) -> int:
    return max(1, min(int(said), 65_536)) if said and said.isdecimal() and len(said) < 7 else 1


def read_page(path: str) -> bool:
    """Tell the largest table of a web page; whether it has one."""
    with open(path, "rb") as file:
        data = file.read()
    named = re.search(rb"charset=[\"']?([\w-]+)", data[:4096])
    page = Tables()
    for encoding in ("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = data.decode(named[1].decode() if named else "gb18030", "replace")
    page.feed(text)
    page.close()
    page.finish()
    if not any(page.tables):
        return False
    at = max(range(len(page.tables)), key=lambda n: len(page.tables[n]))
    tell([""])
    tell({"sheet": "", "left": 0, "merged": page.merged[at]})
    for row in page.tables[at]:
        tell(row)
    tell("end")
    return True


def read(path: str) -> None:
    """Tell every sheet of the workbook, visible ones first."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with open(path, "rb") as file:  # trap: given the path, it would believe the name's ending
        book = CalamineWorkbook.from_filelike(file)
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    sheets.sort(key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)
    tell([sheet.name for sheet in sheets])
    hidden = hidden_rows(path)
    unseen = {sheet.name for sheet in sheets if sheet.visible != SheetVisibleEnum.Visible}
    for name in (sheet.name for sheet in sheets):
        sheet = book.get_sheet_by_name(name)
        left = sheet.start[1] if sheet.start else 0
        head = {"sheet": name, "left": left, "merged": sheet.merged_cell_ranges or []}
        tell({**head, "hidden": hidden.get(name, []), "unseen": name in unseen})
        for row in sheet.iter_rows():
            tell([plain(cell) for cell in row])
    tell("end")


def main(path: str, *, page: bool = False) -> int:
    bound()
    try:
        if not page:
            read(path)
        elif not read_page(path):
            tell({"fault": "WebPage"})
    except MemoryError:
        tell({"fault": "TooLarge"})
    except BaseException as broken:  # the reader's panics are no Exception
        tell({"fault": "Locked" if type(broken).__name__ == "PasswordError" else "NotASheet"})
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], page=sys.argv[2:] == ["page"]))
