"""By-law of the reader and the recogniser: whatever is handed in comes to rows or to a sentence, within its bounds."""

import io
import json
import os
import random
import resource
import socket
import subprocess
import sys
import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import shapefile
import xlsxwriter
from django.utils.translation import gettext

from jingwei.imports import recognising, sheets, workbook_child
from jingwei.imports.importers import Record
from jingwei.imports.pack import RostersSection
from jingwei.imports.refusals import NotASheet, RowRefused, SheetRefused, WebPage
from jingwei.policy import load
from jingwei.policy.folders import shelf

OFFICE = Path(__file__).parents[2] / "data" / "office"
BOUND = 300_000_000
WORDS = (
    "镇街",
    "社区（村）",
    "网格",
    "户数",
    "姓名",
    "电话",
    "机构名称",
    "岗位",
    "合计",
    "注：",
    "",
    "=1+1",
    "\x00\u202e",
)
AS_IT_IS = ("PK", "<html", "\ufeff", "a,b\n", "<table><tr><td>", "\t", '"')


@pytest.fixture(scope="module")
def section() -> RostersSection:
    """The words of a county that says nothing of its own."""
    return load(shelf() / "weishui")[RostersSection]


def cell(chance: random.Random) -> Any:
    """A cell of any kind."""
    return chance.choice(
        (None, True, chance.randrange(-(10**9), 10**9), chance.random() * 1e20, chance.choice(WORDS), date(2025, 3, 1),
         datetime(2025, 3, 1, 8), time(8), "字" * chance.randrange(200), "１２０户", 45717)  # noqa: DTZ001
    )  # fmt: skip


def workbook(chance: random.Random) -> bytes:
    """A workbook of a few sheets with cells, merges, formulas, hidden rows and far corners at random."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        for _sheet in range(chance.randrange(1, 3)):
            page = book.add_worksheet()
            for row in range(chance.randrange(1, 25)):
                for column in range(chance.randrange(1, 9)):
                    said = cell(chance)
                    if isinstance(said, str):
                        page.write_string(row, column, said)
                    else:
                        page.write(row, column, said, dates)
            for _merge in range(chance.randrange(3)):
                with suppress(xlsxwriter.exceptions.OverlappingRange):
                    top, left = chance.randrange(8), chance.randrange(6)
                    down, wide = top + chance.randrange(1, 9), left + chance.randrange(3)
                    page.merge_range(top, left, down, wide, chance.choice(WORDS))
            page.write_formula(30, 0, "=SUM(A1:A9)", None, "7")
            page.write_formula(31, 0, '=HYPERLINK("http://192.0.2.1/")')
            page.set_row(chance.randrange(9), None, None, {"hidden": True})
    return out.getvalue()


NUMBERS = (110.0, 110.001, 35.0, 35.001, -1e308, 1e308, 0.0, "NaN", None, "x", [[]], 1e-320)


def drawing(chance: random.Random) -> Any:
    """A geometry of any kind, mostly none."""
    points = [[chance.choice(NUMBERS) for _n in range(chance.randrange(4))] for _p in range(chance.randrange(9))]
    kind = chance.choice(("Polygon", "MultiPolygon", "Point", "LineString", "GeometryCollection", "", None))
    return chance.choice((None, 7, {"type": kind, "coordinates": chance.choice((points, [points], [[points]]))}))


def amap(chance: random.Random) -> bytes:
    """GeoJSON, or the parts of a Shapefile in a zip, at random, some with bytes changed."""
    names = ("名称", "code", "层数", "geometry", "\x00", "经度")
    features = [
        {"type": "Feature", "geometry": drawing(chance),
         "properties": chance.choice((None, [], {chance.choice(names): str(cell(chance)) for _n in range(4)}))}
        for _feature in range(chance.randrange(12))
    ]  # fmt: skip
    crs = chance.choice((None, {"properties": {"name": chance.choice(("EPSG:4490", "EPSG:4549", "/etc/passwd", "x"))}}))
    text = json.dumps({"type": "FeatureCollection", "features": features, "crs": crs}).encode()
    if chance.random() < 0.5:
        parts = {end: io.BytesIO() for end in ("shp", "shx", "dbf")}
        with shapefile.Writer(**parts, shapeType=shapefile.POLYGON) as out:
            out.field("mc", "C", 40)
            for _shape in range(chance.randrange(1, 5)):
                out.poly([[[110 + chance.random(), 35 + chance.random()] for _n in range(chance.randrange(3, 9))]])
                out.record(str(cell(chance))[:9])
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w") as packed:
            for end, part in parts.items():
                data = bytearray(part.getvalue())
                for _byte in range(chance.choice((0, 0, 4, 40))):
                    data[chance.randrange(len(data))] = chance.randrange(256)
                packed.writestr(f"../a.{end}", bytes(data))
            packed.writestr("../a.prj", chance.choice(("", "GEOGCS[", "PROJCS[" * 3000, "http://192.0.2.1/")))
        return zipped.getvalue()
    return text[: chance.choice((None, None, chance.randrange(len(text))))]


def damaged(chance: random.Random) -> bytes:
    """A workbook with bytes changed, cut off, or something else under its name."""
    data = bytearray(workbook(chance))
    for _byte in range(chance.randrange(30)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    cut = bytes(data[: chance.randrange(len(data))])
    text = chance.choice(AS_IT_IS) + "".join(chance.choice(WORDS) + chance.choice(",\n\t") for _n in range(40))
    return chance.choice((bytes(data), cut, text.encode(chance.choice(("utf-8", "gb18030", "utf-16")), "replace")))


def taken(data: bytes, path: Path, section: RostersSection) -> None:
    """What the desk does with a file before anything is written: it comes to rows or to a sentence."""
    path.write_bytes(data)
    try:
        found = recognising.recognise(path, section)
        recognising.sample(path, found, section.words(found.roster.name))
        mapping = found.mapping(section.words(found.roster.name), {"usual_layer": "building", "system": "gcj02"})
        with sheets.read(path, sheet=found.sheet, header=found.row, expecting=mapping.names()) as sheet:
            places, above = mapping.places(sheet.header), {}
            for row in sheet.rows:
                with suppress(RowRefused):
                    values = mapping.record(mapping.carry(row, places, above), places)
                    if found.roster.outline is not None:
                        found.roster.outline(Record(row.number, "roster", values))
    except SheetRefused:
        return  # each has its sentence


@pytest.fixture
def nothing_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere fails the test."""

    def refuse(*said: object) -> None:
        raise AssertionError(f"a request went out: {said[1:]}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.usefixtures("nothing_leaves")
def test_whatever_is_handed_in_comes_to_rows_or_to_a_sentence(
    seed: int, tmp_path: Path, section: RostersSection
) -> None:
    chance = random.Random(seed)
    for make in (workbook, damaged, damaged, amap, amap, amap):
        taken(make(chance), tmp_path / "表.xls", section)


@pytest.mark.long
@pytest.mark.usefixtures("nothing_leaves")
def test_many_more_come_to_rows_or_to_a_sentence(tmp_path: Path, section: RostersSection) -> None:
    for seed in range(400):
        chance = random.Random(f"long {seed}")
        taken(chance.choice((workbook, damaged, amap))(chance), tmp_path / "表.xlsx", section)


def test_the_reader_of_the_largest_sheet_stays_under_its_bound(tmp_path: Path) -> None:
    file = tmp_path / "large.xlsx"
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        page = book.add_worksheet()
        for row in range(65_000):
            page.write_row(row, 0, ["网格", "泉东社区", row] if row < 20_000 else [None])
        page.write_row(65_001, 0, ["末行", "字" * 32_000])
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    said = subprocess.run(
        [sys.executable, "-I", workbook_child.__file__, str(file)], capture_output=True, env={}, check=True
    )
    assert said.stdout.rstrip().endswith(b'"end"')
    assert workbook_child.MEMORY == BOUND
    assert max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) * 1024 < max(BOUND, before * 1024 + 1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with limits")
def test_a_cell_of_ten_megabytes_is_refused_with_a_sentence(tmp_path: Path, section: RostersSection) -> None:
    taken(("社区,网格\n泉东社区," + "字" * 3_400_000).encode(), tmp_path / "表.csv", section)
    page = "<html><table><tr><td>社区<td>网格<tr><td>泉东<td>" + "x" * 10_000_000 + "</table>"
    taken(page.encode(), tmp_path / "表.xls", section)


def test_a_web_page_under_the_name_of_a_sheet_is_read_where_it_is_a_table(tmp_path: Path) -> None:
    page = (
        "<html><head><meta charset=gbk></head><body><table><tr><th colspan=3>网格清册</th></tr>"
        "<tr><th>社区</th><th>网格</th><th>户数</th></tr>"
        "<tr><td rowspan=2>泉东社区</td><td>第一网格</td><td>320</td></tr><tr><td>第二&amp;网格</td><td>410</td></tr>"
    )
    file = tmp_path / "表.xls"
    for encoding in ("gb18030", "utf-8", "utf-16"):
        file.write_bytes(page.encode(encoding))
        with sheets.read(file, expecting=("社区", "网格", "户数")) as sheet:
            rows = [list(row.cells.values()) for row in sheet.rows]
        assert rows == [["泉东社区", "第一网格", "320"], ["泉东社区", "第二&网格", "410"]]
    file.write_text("<html><p>没有表</p>")
    with pytest.raises(WebPage):
        recognising.recognise(file, RostersSection())


def test_an_old_workbook_under_a_new_name_is_known_by_its_content(tmp_path: Path, section: RostersSection) -> None:
    old = OFFICE / "compatibility_t01.xls"
    renamed = tmp_path / "表.xlsx"
    renamed.write_bytes(old.read_bytes())
    found = recognising.recognise(renamed, section)
    assert found.header[0] == "材质*"
    renamed.write_bytes(old.read_bytes()[:9000])
    with pytest.raises(NotASheet):
        recognising.recognise(renamed, section)


@pytest.mark.parametrize("name", sorted(path.name for path in OFFICE.glob("[bcj]*")))
def test_an_office_s_file_that_is_no_roster_is_read_and_said_to_be_doubtful(name: str, section: RostersSection) -> None:
    found = recognising.recognise(OFFICE / name, section, name=name)
    assert found.header
    assert found.doubtful
    assert recognising.remarks(found)[0] == gettext(
        "It is not clear which roster this is. Choose it, and look at each column."
    )
