"""Reads one Excel workbook in a process of its own, which may run out of memory without harming anybody.

A tiny hostile workbook can claim a million rows by sixteen thousand columns; the reader then asks for more
memory than there is and is aborted. So this file is run by itself, imports nothing of ours, and speaks in
lines of JSON: first the sheets, then merged ranges, then one line a row, last `"end"`. Cells are text,
numbers, true/false, or {"moment": …}; formulas are not computed, their last shown value is read.
"""

import datetime
import json
import sys

MEMORY, SECONDS = 1_500_000_000, 120


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


def read(path: str) -> None:
    """Tell every sheet of the workbook, visible ones first."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with open(path, "rb") as file:  # trap: given the path, it would believe the name's ending
        book = CalamineWorkbook.from_filelike(file)
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    sheets.sort(key=lambda sheet: sheet.visible != SheetVisibleEnum.Visible)
    tell([sheet.name for sheet in sheets])
    for name in (sheet.name for sheet in sheets):
        sheet = book.get_sheet_by_name(name)
        left = sheet.start[1] if sheet.start else 0
        tell({"sheet": name, "left": left, "merged": sheet.merged_cell_ranges or []})
        for row in sheet.iter_rows():
            tell([plain(cell) for cell in row])
    tell("end")


def main(path: str) -> int:
    bound()
    try:
        read(path)
    except MemoryError:
        tell({"fault": "TooLarge"})
    except BaseException as broken:  # the reader's panics are no Exception
        tell({"fault": "Locked" if type(broken).__name__ == "PasswordError" else "NotASheet"})
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
