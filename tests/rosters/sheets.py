"""Sheets as offices write them, drawn on the spot."""

import io
from collections.abc import Callable
from typing import Any

import xlsxwriter

Fill = Callable[[Any, Any], object]


def workbook(fill: Fill, name: str = "Sheet1") -> bytes:
    """A workbook with one sheet that `fill(book, page)` writes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        fill(book, book.add_worksheet(name))
    return out.getvalue()


def table(*rows: list[Any], title: str = "") -> bytes:
    """A workbook with one table, under a title merged over all of it."""

    def fill(book: Any, page: Any) -> None:
        start = 0
        if title:
            page.merge_range(0, 0, 0, max(1, len(rows[0]) - 1), title)
            start = 1
        for at, row in enumerate(rows, start):
            page.write_row(at, 0, row)

    return workbook(fill)
