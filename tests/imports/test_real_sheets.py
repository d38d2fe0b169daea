"""By-laws of reading the real sheets in `data/`, as their offices wrote them."""

from pathlib import Path
from typing import Any

import pytest

from jingwei.imports import Mapping, sheets
from jingwei.imports.sheets import Row

DATA = Path(__file__).parents[2] / "data"
WATER = DATA / "jinan12345_water_orders_structured.csv"
EXPORT = DATA / "office" / "jinan12345_export_layout_scrubbed.xls"


def rows(path: Path, **more: Any) -> list[Row]:
    with sheets.read(path, **more) as sheet:
        return list(sheet.rows)


def records(path: Path, map_name: str) -> list[dict[str, Any]]:
    mapping = Mapping.load(DATA / map_name)
    with sheets.read(path, expecting=mapping.names()) as sheet:
        places = mapping.places(sheet.header)
        assert mapping.unread(sheet.header) == ()
        return [dict(mapping.record(row, places)) for row in sheet.rows]


def test_the_water_orders_are_counted_as_their_readme_says() -> None:
    orders = records(WATER, "jinan12345_water_orders.map.toml")
    replied = [order for order in orders if order["replied_at"]]
    sent = [order for order in orders if order["dispatched_at"]]
    assert {
        "orders": len(orders),
        "replied": len(replied),
        "replied late": sum(order["replied_at"] > order["due_at"] for order in replied),
        "supervised": sum(order["supervised"] for order in orders),
        "redone": sum(order["redone"] for order in orders),
        "due before sent": sum(order["due_at"] < order["dispatched_at"] for order in sent),
        "without a time of dispatch": len(orders) - len(sent),
        "with a time of closing": sum(order["closed_at"] is not None for order in orders),
        "units": len({order["unit"] for order in orders}),
    } == {
        "orders": 4174,
        "replied": 2695,
        "replied late": 554,
        "supervised": 212,
        "redone": 176,
        "due before sent": 49,
        "without a time of dispatch": 1367,
        "with a time of closing": 0,
        "units": 22,
    }


def test_rows_are_numbered_as_excel_shows_them() -> None:
    water = rows(WATER)
    assert (water[0].number, water[0].cells["seq"]) == (2, "1")
    assert (water[-1].number, water[-1].cells["seq"]) == (4175, "4174")
    assert rows(EXPORT)[0].number == 3


def test_the_export_is_read_under_a_title_merged_over_44_columns() -> None:
    orders = records(EXPORT, "jinan12345_export_layout.map.toml")
    assert len(orders) == 332
    assert orders[0]["source_number"] == "DEMO000000000000000001"
    assert orders[0]["category"] == ("城市综合", "居民生活", "用水", "生活用水", "供水器")
    assert [order["words"] for order in orders] == [None] * 332
    assert sum(order["urgent"] for order in orders) == 76
    assert sum(order["confidential"] for order in orders) == 22
    assert sum(order["replied_at"] is not None for order in orders) == 44


def test_the_city_orders_are_read_by_the_same_map() -> None:
    export = records(EXPORT, "jinan12345_export_layout.map.toml")
    city = records(DATA / "jinan12345_city_orders_structured.csv", "jinan12345_export_layout.map.toml")
    assert [{**order, "source_number": ""} for order in city] == [{**order, "source_number": ""} for order in export]


def test_a_template_has_a_header_and_no_rows() -> None:
    with sheets.read(DATA / "office" / "jinan12345_worksheet_template.xlsx") as sheet:
        assert (len(sheet.header), sheet.header[6], list(sheet.rows)) == (50, "工单号", [])


def test_a_form_with_a_total_and_repeated_names_is_read() -> None:
    with sheets.read(DATA / "office" / "community_kitchen_waste_monthly_form.xlsx") as sheet:
        found = list(sheet.rows)
    assert (sheet.name, len(found), found[0].number) == ("Sheet2", 31, 4)
    assert sheet.header[1:7] == (
        "收运时间", "收运重量（kg）", "收运时间#2", "收运重量（kg）#2", "收运时间#3", "收运重量（kg）#3"
    )  # fmt: skip
    assert len(sheet.notes) == 1
    assert "35" in sheet.notes[0]


@pytest.mark.parametrize(
    ("file", "first", "count"),
    [
        ("bom_no_bom.csv", "姓名", 10),
        ("bom_office_bom.csv", "姓名", 10),
        ("compatibility_t01.xls", "材质*", 1),
        ("compatibility_t03.xlsx", "单据号", 1),
    ],
)
def test_sheets_of_other_programs_are_read(file: str, first: str, count: int) -> None:
    with sheets.read(DATA / "office" / file) as sheet:
        assert (sheet.header[0], len(list(sheet.rows))) == (first, count)
