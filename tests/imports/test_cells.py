"""By-laws of reading single cells."""

from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.imports import readings
from jingwei.imports.cells import Cell, NoMoment, clean, key, moment_of, text_of
from jingwei.imports.refusals import RowRefused

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2020-11-27 16:19:53", "2020-11-27 16:19:53"),
        ("2020/12/4 0:00:00", "2020-12-04 00:00:00"),
        ("2020/12/4", "2020-12-04 00:00:00"),
        ("2020.1.2 3:04", "2020-01-02 03:04:00"),
        ("2020年11月27日", "2020-11-27 00:00:00"),
        ("2020年11月27日 16时19分", "2020-11-27 16:19:00"),
        ("2020年11月27日16时19分53秒", "2020-11-27 16:19:53"),
        ("2020年1月2日 下午3:04", "2020-01-02 15:04:00"),
        ("2020-01-02 12:30 AM", "2020-01-02 00:30:00"),
        ("2020/11/27 星期五 16:19", "2020-11-27 16:19:00"),
        ("２０２０－１１－２７　１６：１９", "2020-11-27 16:19:00"),
        ("2020-11-27 24:00", "2020-11-28 00:00:00"),
        ("20201127", "2020-11-27 00:00:00"),
        ("20201127161953", "2020-11-27 16:19:53"),
        (20201127.0, "2020-11-27 00:00:00"),
        (44162.0, "2020-11-27 00:00:00"),
        (44162.5, "2020-11-27 12:00:00"),
        ("44162.680474537", "2020-11-27 16:19:53"),
        (datetime(2020, 11, 27, 16, 19, 53), "2020-11-27 16:19:53"),  # noqa: DTZ001
    ],
)
def test_a_moment_is_understood_in_the_manners_of_offices(said: Cell, meant: str) -> None:
    assert moment_of(said).isoformat(sep=" ") == meant


def test_a_moment_that_names_its_zone_keeps_it() -> None:
    assert moment_of("2020-11-27T16:19:53+08:00") == datetime(2020, 11, 27, 16, 19, 53, tzinfo=SHANGHAI)
    assert moment_of("2020-11-27T08:19:53Z") == datetime(2020, 11, 27, 16, 19, 53, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "said",
    ["20/11/27", "11月27日", "2020-13-01", "2020-02-30", "2020-11-27 25:00", "昨天", "2020", "-1", 1e300, 3.0,
     float("nan"), float("inf"), "2020-11-27 下午0:10", "99999999"],
)  # fmt: skip
def test_what_is_not_surely_a_moment_is_none(said: Cell) -> None:
    with pytest.raises(NoMoment):
        moment_of(said)


@given(st.datetimes(min_value=datetime(1901, 1, 1), max_value=datetime(2199, 1, 1)))  # noqa: DTZ001
def test_a_written_moment_reads_as_itself(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert moment_of(whole.isoformat(sep=" ")) == whole


@given(st.one_of(st.text(), st.floats(), st.datetimes()))
def test_any_cell_is_x_with_a_sentence(cell: Cell) -> None:
    for read in (
        lambda: readings.text("列", cell),
        lambda: readings.moment("列", cell, SHANGHAI, day_ends=True),
        lambda: readings.yes_no("列", cell, (), ()),
        lambda: readings.choice("列", cell, {"甲": "a"}, leave=False),
        lambda: readings.number("列", cell),
    ):
        with suppress(RowRefused):
            read()


def test_a_term_that_names_a_day_ends_with_it() -> None:
    meant = readings.moment("办结时限", "2020/12/4 0:00:00", SHANGHAI, day_ends=True)
    assert meant == datetime(2020, 12, 4, 23, 59, 59, tzinfo=SHANGHAI)
    assert readings.moment("办结时限", "2020/12/4 9:30", SHANGHAI, day_ends=True).hour == 9


def test_invisible_marks_are_dropped_and_lines_kept() -> None:
    assert clean("\ufeff 水\u200b管\x00\x07\u202e漏\n水\u3000") == "水管漏\n水"


def test_names_of_columns_are_compared_without_blanks_and_marks_of_duty() -> None:
    assert {key(name) for name in ("工单号", " 工 单\n号*", "＊工单号", "工单号（必填）", "工单号(选填)")} == {"工单号"}


def test_a_whole_number_reads_without_a_decimal_point() -> None:
    assert (text_of(7.0), text_of(0.5), text_of(None)) == ("7", "0.5", "")


@pytest.mark.parametrize("said", [2.0201127162014e19, "2.02011E+19", "1E+15"])
def test_a_number_that_excel_rounded_is_refused_where_every_digit_counts(said: Cell) -> None:
    with pytest.raises(RowRefused) as refused:
        readings.text("工单号", said)
    assert "工单号" in str(refused.value)
