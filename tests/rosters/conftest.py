"""What several tests of rosters hand in."""

from typing import Any

import pytest

from rosters.sheets import workbook


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
