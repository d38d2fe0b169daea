"""By-laws of refusing: a sheet that means harm comes to nothing, with a sentence that says what to do."""

import io
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.imports import sheets
from jingwei.imports.refusals import (
    CellTooLong,
    Locked,
    NoHeader,
    NoSuchSheet,
    NotASheet,
    SheetRefused,
    TooLarge,
    TooManyColumns,
    TooManyRows,
    WebPage,
)
from jingwei.imports.sheets import Row

OFFICE = Path(__file__).parents[2] / "data" / "office"
HEADER = ["工单号", "问题描述", "接收时间"]


def read(data: bytes, **more: Any) -> list[Row]:
    with sheets.read(io.BytesIO(data), "表.xlsx", **more) as sheet:
        return list(sheet.rows)


def told(data: bytes) -> tuple[list[list[Any]], list[str]]:
    with sheets.read(io.BytesIO(data), "表.xlsx") as sheet:
        return [list(row.cells.values()) for row in sheet.rows], sheet.notes


def workbook(fill: Callable[[Any, Any], object]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("工单"))
    return out.getvalue()


def with_part(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """A workbook with one part inside it rewritten."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            text = old.read(part)
            new.writestr(part, change(text.decode()).encode() if part == name else text)
    return out.getvalue()


def plain(_book: Any, page: Any) -> None:
    page.write_row(0, 0, HEADER)
    page.write_row(1, 0, ["A1", "漏水", "2020-11-27"])


PAGE = "xl/worksheets/sheet1.xml"


def test_a_sheet_that_claims_a_million_rows_by_sixteen_thousand_columns_is_refused() -> None:
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    with pytest.raises(TooLarge):
        read(with_part(workbook(plain), PAGE, lambda page: page.replace("</sheetData>", far)))


def test_a_zip_bomb_is_refused_by_its_table_of_contents() -> None:
    bomb = "<!-- " + " " * 210_000_000
    with pytest.raises(TooLarge):
        read(with_part(workbook(plain), PAGE, lambda page: page + bomb))


def test_outside_entities_are_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    declared = f'<!DOCTYPE x [<!ENTITY leak SYSTEM "{secret.as_uri()}">]>'

    def change(text: str) -> str:
        return text.replace("<sst", f"{declared}<sst").replace("漏水", "&leak;")

    try:
        said = repr(told(with_part(workbook(plain), "xl/sharedStrings.xml", change)))
    except SheetRefused as refused:
        said = str(refused)
    assert "the secret" not in said


def test_entities_that_swell_come_to_nothing() -> None:
    laughs = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )

    def change(text: str) -> str:
        return text.replace("<sst", f"<!DOCTYPE x [{laughs}]><sst").replace("漏水", "&i;")

    try:
        said = repr(told(with_part(workbook(plain), "xl/sharedStrings.xml", change)))
    except SheetRefused as refused:
        said = str(refused)
    assert len(said) < 10_000


def renamed(data: bytes) -> bytes:
    """An old workbook whose stream is called as in one that Excel has encrypted."""
    old, new = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    at = data.index(old)
    length = (len(new) + 2).to_bytes(2, "little")
    return data[:at] + new + data[at + len(new) : at + 64] + length + data[at + 66 :]


def with_file_pass(data: bytes) -> bytes:
    """An old workbook whose second record says that a password follows."""
    at = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    return data[:at] + b"\x2f\x00" + data[at + 2 :]


@pytest.mark.parametrize("lock", [renamed, with_file_pass])
def test_a_sheet_under_a_password_is_refused(lock: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Locked):
        read(lock((OFFICE / "compatibility_t01.xls").read_bytes()))


@pytest.mark.parametrize("data", [b"<html><p>nothing", b"\xef\xbb\xbf <?xml version='1.0'?>", b"MIME-Version: 1.0\n"])
def test_a_web_page_under_the_name_of_a_sheet_is_refused(data: bytes) -> None:
    with pytest.raises(WebPage):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"PK\x03\x04junk",
        b"\xd0\xcf\x11\xe0" + b"0" * 600,
        b"%PDF\0\0",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
    ],
)
def test_what_is_no_sheet_is_refused(data: bytes) -> None:
    with pytest.raises(NotASheet):
        read(data)


@pytest.mark.parametrize("part", [0.2, 0.5, 0.95])
@pytest.mark.parametrize("file", ["compatibility_t03.xlsx", "jinan12345_export_layout_scrubbed.xls"])
def test_half_a_workbook_is_refused_or_read_but_never_breaks_off(file: str, part: float) -> None:
    data = (OFFICE / file).read_bytes()
    with pytest.raises(SheetRefused):
        read(data[: int(len(data) * part)])


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_workbook_is_read_or_refused_and_breaks_nothing(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray((OFFICE / chance.choice(["compatibility_t01.xls", "compatibility_t03.xlsx"])).read_bytes())
    for _ in range(40):
        data[chance.randrange(len(data))] = chance.randrange(256)
    with suppress(SheetRefused):
        read(bytes(data))


def test_limits_of_rows_columns_cells_and_bytes() -> None:
    with pytest.raises(TooManyRows):
        read(b"a,b\n" + b"1,2\n" * 100_001)
    with pytest.raises(TooManyColumns):
        read(",".join(f"c{at}" for at in range(300)).encode())
    with pytest.raises(CellTooLong):
        read(b'a,b\n1,"' + b"x" * 200_000)
    with pytest.raises(TooLarge):
        read(b"a,b\n" + b"x" * 20_000_001)
    (row,) = read(b"a,b\n1," + b"x" * 40_000)
    assert "32767" in row.fault


def test_empty_rows_cost_nothing_and_keep_the_numbers_true() -> None:
    def fill(book: Any, page: Any) -> None:
        plain(book, page)
        grey = book.add_format({"bg_color": "gray"})
        for row in range(2, 65_000):
            page.write_blank(row, 0, None, grey)
        page.write_row(65_000, 0, ["A2", "停水", "2020-11-28"])

    assert [row.number for row in read(workbook(fill))] == [2, 65_001]
    assert [row.number for row in read("工单号,b\nA1,1\n".encode() + b",\n" * 65_000 + b"A2,2\n")] == [
        2,
        65_003,
    ]


def test_formulas_are_not_computed() -> None:
    def fill(book: Any, page: Any) -> None:
        plain(book, page)
        page.write_formula(1, 1, '=HYPERLINK("http://example.org","x")', None, "as last shown")

    assert read(workbook(fill))[0].cells["问题描述"] == "as last shown"


def test_hidden_sheets_come_last_and_one_can_be_named() -> None:
    def fill(book: Any, page: Any) -> None:
        page.hide()
        page.write_row(0, 0, ["秘密", "列"])
        page.write_row(1, 0, ["a", "b"])
        shown = book.add_worksheet("明细")
        shown.activate()
        shown.set_first_sheet()
        plain(book, shown)

    assert list(read(workbook(fill))[0].cells) == HEADER
    assert list(read(workbook(fill), sheet="工单")[0].cells) == ["秘密", "列"]
    with pytest.raises(NoSuchSheet) as refused:
        read(workbook(fill), sheet="别的")
    assert "明细" in str(refused.value)


def test_group_names_stand_before_the_names_below_them() -> None:
    def fill(book: Any, page: Any) -> None:
        page.merge_range(0, 0, 0, 4, "某区工单统计表")
        page.merge_range(1, 0, 2, 0, "序号")
        page.merge_range(1, 1, 1, 2, "派单")
        page.merge_range(1, 3, 1, 4, "回单")
        page.write_row(2, 1, ["时间", "部门", "时间", "部门"])
        page.write_row(3, 0, [1, "2020/1/2", "甲", "2020/1/3", "乙"])

    assert [(row.number, row.cells) for row in read(workbook(fill))] == [
        (
            4,
            {
                "序号": 1.0,
                "派单/时间": "2020/1/2",
                "派单/部门": "甲",
                "回单/时间": "2020/1/3",
                "回单/部门": "乙",
            },
        )
    ]


def test_remarks_totals_and_repeated_names_are_left_out_with_a_word() -> None:
    table = "表一,,\n工单号,问题,时间\nA1,漏水,1\n小计,,1\n工单号,问题,时间\nA2,停水,2\n"
    text = table + "\n注：数据截至月底,,\n填表人：甲,,\n"
    found, notes = told(text.encode())
    assert [row[0] for row in found] == ["A1", "A2"]
    assert ["4" in notes[0], "5" in notes[1], "8" in notes[2], "9" in notes[3], len(notes)] == [True] * 4 + [4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_is_read_in_the_encodings_of_offices(encoding: str, mark: str) -> None:
    text = f"工单号{mark}问题\nA1{mark}㙍里漏水\n"
    assert [row.cells for row in read(text.encode(encoding))] == [{"工单号": "A1", "问题": "㙍里漏水"}]


def test_a_row_of_text_that_has_shifted_is_told() -> None:
    (row,) = read("工单号,问题\nA1,漏水,很急\n".encode())
    assert row.fault


def test_a_sheet_without_names_is_refused() -> None:
    with pytest.raises(NoHeader):
        read(b"1,2\n3,4\n")


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**40), 2**40), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=30), st.just("=1+1"), st.just("@SUM(A1)"), st.just("#N/A"), st.just("\x00\x1b\u202e"),
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)), st.dates(), st.times(),  # noqa: DTZ001
    st.timedeltas(timedelta(0), timedelta(9)),
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6))
def test_cells_of_any_kind_are_read(rows: list[list[Any]]) -> None:
    def fill(book: Any, page: Any) -> None:
        page.write_row(0, 0, HEADER)
        dates = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for at, cells in enumerate(rows, 1):
            for column, cell in enumerate(cells):
                write = page.write_string if isinstance(cell, str) else page.write
                write(at, column, cell, dates if not isinstance(cell, str | int | float | None) else None)

    for row in read(workbook(fill)):
        assert list(row.cells) == HEADER
        assert 2 <= row.number <= len(rows) + 1
        assert all(isinstance(cell, str | float | datetime | None) for cell in row.cells.values())
