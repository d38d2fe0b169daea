"""By-laws of maps: what they may say, and how they tell their writer what is wrong."""

from pathlib import Path

import pytest

from jingwei.imports import Field, Importer, Mapping, MapRefused, RowRefused
from jingwei.imports.sheets import Row

DATA = Path(__file__).parents[2] / "data"
ORDERS = Importer(
    name="orders",
    title="Orders",
    key="source_number",
    fields=(
        Field("source_number", "Number", required=True),
        Field("state", "State", kinds=("choice",), choices=("created", "closed")),
        Field("due_at", "Due", kinds=("moment",)),
        Field("category", "Category", kinds=("path",)),
        Field("channel", "Channel"),
    ),
    load=lambda record, passage: 0,
)
MAP = """\
[map]
of = "orders"
source = "热线"
nothing = ["[已脱敏]", "/"]

[columns.source_number]
from = "工单号"
also = ["编号"]
required = true

[columns.state]
from = "状态"
kind = "choice"
values = { "结案" = "closed", "创建" = "created" }

[columns.due_at]
from = "办结时限"
kind = "moment"
may_be_absent = true

[columns.category]
kind = "path"
levels = ["一级分类", "二级分类"]

[constants]
channel = "来电"
"""
HEADER = ("编号*", "状态", "一级分类", "二级分类", "备注")


def faults(text: str) -> list[tuple[int, str]]:
    """Line and key of every fault of a map."""
    with pytest.raises(MapRefused) as refused:
        ORDERS.accept(Mapping.parse(text, "MAP.toml"))
    assert all(fault.what and fault.write for fault in refused.value.faults)
    return [(fault.line, fault.key) for fault in refused.value.faults]


def value(*cells: str | None) -> dict[str, object]:
    mapping = Mapping.parse(MAP, "MAP.toml")
    return dict(mapping.record(Row(2, dict(zip(HEADER, cells, strict=True))), mapping.places(HEADER)))


def test_a_row_is_read_by_its_map_and_what_is_not_known_stays_unknown() -> None:
    assert value("A1", "结案", "用水", "[已脱敏]", None) == {
        "channel": "来电",
        "source_number": "A1",
        "state": "closed",
        "due_at": None,
        "category": ("用水",),
    }
    assert value("A1", "/", None, None, None)["state"] is None


@pytest.mark.parametrize(
    ("cells", "word"),
    [((None, "结案", None, None, None), "工单号"), (("A1", "存疑", None, None, None), "存疑")],
)
def test_a_row_is_refused_by_the_name_of_its_column(cells: tuple[str | None, ...], word: str) -> None:
    with pytest.raises(RowRefused) as refused:
        value(*cells)
    assert word in str(refused.value)


def test_columns_that_the_map_does_not_speak_of_are_told() -> None:
    assert Mapping.parse(MAP, "MAP.toml").unread(HEADER) == ("备注",)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('from = "状态"', "from = ", [(12, "file")]),
        ('kind = "moment"', 'kind = "date"', [(18, "columns.due_at.kind")]),
        ("may_be_absent", "may_be_abscent", [(19, "columns.due_at.may_be_abscent")]),
        ('of = "orders"', 'of = "people"', [(2, "map.of")]),
        ('of = "orders"', 'of = "orders"\nzone = "Mars"', [(3, "map.zone")]),
        ("[columns.state]", "[columns.stat]", [(11, "columns.stat")]),
        ('"created" }', '"opened" }', [(14, "columns.state.values")]),
        ('values = { "结案" = "closed", "创建" = "created" }', "", [(11, "columns.state")]),
        ('levels = ["一级分类", "二级分类"]', "", [(21, "columns.category")]),
        ('channel = "来电"', 'state = "closed"', [(26, "constants.state")]),
        ('kind = "choice"\n', "", [(11, "columns.state.kind")]),
    ],
)
def test_a_map_is_refused_by_line_and_key(old: str, new: str, expected: list[tuple[int, str]]) -> None:
    assert old in MAP
    assert faults(MAP.replace(old, new, 1)) == expected


def test_a_column_that_the_sheet_has_not_is_told_with_those_it_has() -> None:
    mapping = Mapping.parse(MAP, "MAP.toml")
    with pytest.raises(MapRefused) as refused:
        mapping.places(("工单号", "情况", "一级分类", "二级分类"))
    assert str(refused.value).startswith("MAP.toml:11: columns.state:")
    assert "情况" in str(refused.value)


def test_a_map_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MapRefused):
        Mapping.load(tmp_path / "none.toml")


@pytest.mark.parametrize("name", ["jinan12345_water_orders.map.toml", "jinan12345_export_layout.map.toml"])
def test_the_maps_that_come_along_are_sound(name: str) -> None:
    assert Mapping.load(DATA / name).about.of == "orders"
