"""Sheets as offices write them, drawn on the spot."""

import io
from collections.abc import Callable
from typing import Any

import pytest
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


@pytest.fixture
def grid_list() -> bytes:
    """A list of grids with two header rows, groups merged down, totals between, and notes below."""

    def fill(book: Any, page: Any) -> None:
        page.merge_range(0, 0, 0, 5, "青石县2026年网格划分一览表")
        page.merge_range(1, 0, 1, 5, "填报单位：新桥镇")
        for column, name in enumerate(["序号", "所属街道（乡镇）", "所属村（社区）"]):
            page.merge_range(2, column, 3, column, name)
        page.merge_range(2, 3, 2, 5, "网格情况")
        page.write_row(3, 3, ["网格名称", "住户数", "备注"])
        page.merge_range(4, 0, 5, 0, 1)
        page.merge_range(4, 1, 8, 1, "新桥镇")
        page.merge_range(4, 2, 5, 2, "桥头社区")
        page.write_row(4, 3, ["桥头社区第一网格", "３２０户"])
        page.write_row(5, 3, ["桥头社区第二网格", 415])
        page.write_row(6, 2, ["桥头社区小计", "", 735])
        page.write_row(7, 2, ["河湾村", "河湾村第一网格", "0.03万户"])
        page.write_row(8, 2, ["河湾村", "河湾村第二网格", "不详"])
        page.write_row(9, 0, ["合计", "", "", 4, 1035])
        page.write_row(11, 0, ["注：户数为2025年底数。"])

    return workbook(fill)
