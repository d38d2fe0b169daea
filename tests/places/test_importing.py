"""Maps and sheets of places go in by themselves, wherever their coordinates come from, or are refused with a reason."""

import gzip
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import shapefile
from django.utils.translation import override
from pyproj import Transformer
from shapely import affinity, box, transform
from shapely.geometry import Point, Polygon, shape

from jingwei.imports import Mapping, SheetRefused
from jingwei.imports.acts import Outcome, run
from jingwei.places.coordinates import bd09_to_wgs84, gcj02_to_bd09, gcj02_to_wgs84, wgs84_to_gcj02
from jingwei.places.models import Place
from jingwei.places.queries import GroundMap, standing
from jingwei.places.reading import geojson
from jingwei.places.shapes import as_geojson, square_metres
from jingwei.planners.carve import carve, read_buildings
from jingwei.trail.actor import Actor
from people_fixtures.qingshi import Qingshi

CLERK = Actor.machine("surveyor")
MARCH = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
FOOTPRINTS = Path(__file__).parents[2] / "data" / "suzhou_buildings_3076.geojson.gz"
VILLAGE = "990302200203"
CODES = '[columns.code]\nfrom = "code"\n[columns.name]\nfrom = "name"\n[columns.geometry]\nfrom = "geometry"\n'


OLD = b'{"type": "FeatureCollection", "features": [], "crs": {"properties": {"name": "EPSG:2433"}}}'


def a_map(layer: str, system: str = "wgs84", more: str = "", columns: str = CODES) -> Mapping:
    about = f'[map]\nof = "places"\nsource = "test"\n[constants]\nlayer = "{layer}"\nsystem = "{system}"\n'
    return Mapping.parse(f"{about}{more}{columns}", "map.toml")


def feature(code: str, name: str, geometry: Any, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": code, "name": name, **more}, "geometry": geometry}


def written(folder: Path, features: list[dict[str, Any]], name: str = "map.geojson") -> Path:
    file = folder / name
    text = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    file.write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    return file


def load(file: Path, mapping: Mapping) -> Outcome:
    with override("en"):
        return run(file, as_="places", mapping=mapping, actor=CLERK, at=MARCH, county="990302")


def a_village(qingshi: Qingshi, folder: Path, ground: Any, grids: list[Any]) -> None:
    """The county grown by a village on `ground`, cut into `grids`."""
    county = as_geojson(shape(qingshi.place("county").boundary) | ground)
    assert load(written(folder, [feature("990302", "青石县", county)]), a_map("county")).refused == []
    village = [feature(VILLAGE, "新河村", as_geojson(ground))]
    assert load(written(folder, village), a_map("community")).refused == []
    cut = [feature(f"{VILLAGE}{n:03}", f"新河村第{n}网格", as_geojson(grid)) for n, grid in enumerate(grids, 1)]
    assert load(written(folder, cut, "grids.geojson.gz"), a_map("grid")).refused == []


@pytest.mark.parametrize("many", [60, pytest.param(3076, marks=pytest.mark.long)])
def test_every_footprint_stands_in_exactly_one_grid_wherever_its_coordinates_come_from(
    qingshi: Qingshi, tmp_path: Path, many: int
) -> None:
    buildings = read_buildings(FOOTPRINTS)[:many]
    carved = carve(buildings, 1, max(2, many // 60), max(2, many // 60), 1)
    a_village(qingshi, tmp_path, shape(carved.communities[0].geometry), [shape(g.geometry) for g in carved.grids])
    drawn = [feature(b.id, f"{b.id}号楼", as_geojson(Polygon(b.ring)), floors=b.floors) for b in buildings]
    columns = f'{CODES}[columns.floors]\nfrom = "floors"\nkind = "number"\n'
    outcome = load(written(tmp_path, drawn), a_map("building", columns=columns))
    assert (outcome.loaded, outcome.refused) == (many, [])
    stood = {b.code: b for b in standing("990302", "building").filter(path__startswith="990302/200/203/")}
    assert len(stood) == many
    grids = {g.pk: shape(g.boundary) for g in standing("990302", "grid").filter(path__startswith="990302/200/203/")}
    held = {code: [pk for pk, form in grids.items() if form.covers(Point(b.lon, b.lat))] for code, b in stood.items()}
    assert [code for code, b in stood.items() if b.grid_id not in held[code] or len(held[code]) > 2] == []
    assert {b.households_source for b in stood.values()} == {"户数按面积推算。"}
    assert sum(b.households for b in stood.values()) > many
    bent = [{**one, "geometry": as_geojson(moved(one["geometry"], wgs84_to_gcj02))} for one in drawn]
    again = load(written(tmp_path, bent), a_map("building", "gcj02", columns=columns))
    assert (again.changed, again.refused) == (many, [])
    assert farthest(stood) < 1.0
    baidu = [{**one, "geometry": as_geojson(moved(one["geometry"], gcj02_to_bd09))} for one in bent]
    assert load(written(tmp_path, baidu), a_map("building", "bd09", columns=columns)).changed == many
    assert farthest(stood) < 1.0


def moved(geometry: Any, turn: Any) -> Any:
    import numpy as np

    return transform(shape(geometry), lambda points: np.array([turn(x, y) for x, y in points]))


def farthest(stood: dict[str, Place]) -> float:
    """Metres by which a building now lies off where it was."""
    now = {b.code: b for b in standing("990302", "building").filter(code__in=stood)}
    off = [(b.lon - now[code].lon, b.lat - now[code].lat) for code, b in stood.items()]
    return max(max(abs(lon) * 96_000, abs(lat) * 111_200) for lon, lat in off)


def test_a_shapefile_on_the_plane_of_a_survey_lands_where_the_degrees_do(qingshi: Qingshi, tmp_path: Path) -> None:
    grid = shape(qingshi.place("grid", 1).boundary)
    lon = grid.centroid.x
    plane = f"EPSG:{4534 + round((lon - 75) / 3)}"  # CGCS2000, three-degree zones by their central meridian
    turn = Transformer.from_crs("EPSG:4490", plane, always_xy=True)
    house = grid.representative_point().buffer(0.0002, cap_style="square")
    shp, dbf, shx = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, dbf=dbf, shx=shx, shapeType=shapefile.POLYGON, encoding="gb18030") as out:
        out.field("code", "C", 24)
        out.field("name", "C", 40)
        out.poly([[list(turn.transform(x, y)) for x, y in house.exterior.coords]])
        out.record("H-1", "村卫生室")
    file = tmp_path / "houses.zip"
    with zipfile.ZipFile(file, "w") as packed:
        for ending, part in (("shp", shp), ("dbf", dbf), ("shx", shx)):
            packed.writestr(f"房屋/houses.{ending}", part.getvalue())
        packed.writestr("房屋/houses.prj", turn.target_crs.to_wkt("WKT1_ESRI"))
    outcome = load(file, a_map("building", "cgcs2000"))
    assert (outcome.loaded, outcome.refused) == (1, [])
    stood = standing("990302", "building").get(code="H-1")
    assert stood.name == "村卫生室"
    assert square_metres(shape(stood.boundary).symmetric_difference(house)) < 1


def test_addresses_in_a_sheet_find_their_grid_by_their_point(qingshi: Qingshi, tmp_path: Path) -> None:
    grid = qingshi.place("grid", 2)
    inside = shape(grid.boundary).representative_point()
    bent = wgs84_to_gcj02(inside.x, inside.y)
    file = tmp_path / "addresses.csv"
    file.write_text(
        f"门牌编号,地址,经度,纬度\nA1,河边路1号,{bent[0]},{bent[1]}\nA2,河边路2号,{bent[1]},{bent[0]}\nA3,海上,140.1,30\n"
    )
    kinds = {
        "code": ("门牌编号", "text"),
        "name": ("地址", "text"),
        "lon": ("经度", "number"),
        "lat": ("纬度", "number"),
    }
    columns = "".join(f'[columns.{name}]\nfrom = "{title}"\nkind = "{kind}"\n' for name, (title, kind) in kinds.items())
    outcome = load(file, a_map("building", "gcj02", columns=columns))
    assert [(one.number, one.reason) for one in outcome.refused] == [
        (3, "Longitude and latitude are the wrong way round. Write the longitude first."),
        (4, "The coordinates 140.1, 30 are not in China. Say which system of coordinates they are in."),
    ]
    stood = standing("990302", "building").get(code="A1")
    assert stood.grid == grid
    assert abs(stood.lon - inside.x) + abs(stood.lat - inside.y) < 1e-6


def test_each_faulty_boundary_is_refused_with_what_is_wrong_in_it(qingshi: Qingshi, tmp_path: Path) -> None:
    west, south, east, north = shape(qingshi.place("grid", 1).boundary).bounds
    here = box(west, south, east, north)
    bow = {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, north], [east, south], [west, north], [west, south]]],
    }
    hole = [[x + 1, y] for x, y in here.exterior.coords]
    far = as_geojson(affinity.translate(here, 5, 0))
    inside = as_geojson(shape(qingshi.place("grid", 1).boundary).representative_point().buffer(0.0001))
    line = {"type": "LineString", "coordinates": [[west, south], [east, north]]}
    pierced = {"type": "Polygon", "coordinates": [list(here.exterior.coords), hole]}
    rows = {
        "990302200201011": (bow, "The line crosses itself, so it is not clear what lies inside."),
        "990302200201012": ({"type": "Polygon", "coordinates": []}, "Nothing is drawn."),
        "990302200201013": (pierced, "A hole lies outside"),
        "990302200201014": (line, "this is a LineString."),
        "990302200201015": (far, "of it lie outside the county."),
        "990302200201016": (inside, "It overlaps “上河村第1网格” by"),
        "99030220020101": (inside, "A code of a grid has 15 digits"),
        "990302200201000": (inside, "the digits 000 are no number of this kind: grid, from 001."),
        "990302200299001": (inside, "with the code 990302200299."),
        "990302200201017": ({"type": "Polygon", "coordinates": [[[west, "x"]]]}, "The boundary cannot be read."),
    }
    drawn = [feature(code, "试划网格", geometry) for code, (geometry, _why) in rows.items()]
    outcome = load(written(tmp_path, drawn), a_map("grid"))
    told = [one.reason for one in outcome.refused]
    assert [(want, got) for (_geometry, want), got in zip(rows.values(), told, strict=True) if want not in got] == []
    assert outcome.loaded == 0


def test_heights_open_rings_and_touching_lines_are_mended(qingshi: Qingshi, tmp_path: Path) -> None:
    middle = shape(qingshi.place("grid", 1).boundary).representative_point()
    x, y, d = middle.x, middle.y, 0.0001
    ring = [[x, y, 5.0], [x + d, y, 5.0], [x + d, y, 5.0], [x + d, y + d, 5.0], [x, y + d, 5.0]]
    drawn = [feature("K-1", "门房", {"type": "Polygon", "coordinates": [ring]})]
    assert load(written(tmp_path, drawn), a_map("building")).refused == []
    stood = standing("990302", "building").get(code="K-1")
    assert square_metres(shape(stood.boundary).symmetric_difference(box(x, y, x + d, y + d))) < 1
    assert shape(stood.boundary).is_valid


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.geojson", b'{"type": "Feature"}', "Export the map as a FeatureCollection"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', "Export the map as a FeatureCollection"),
        ("b.geojson.gz", gzip.compress(b" " * 70_000_000, mtime=0), "too large"),
        ("c.geojson", OLD, "Beijing 1954"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_map_is_refused_with_a_sentence(
    tmp_path: Path, name: str, content: bytes, why: str, db: None
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SheetRefused, match=why):
        load(tmp_path / name, a_map("grid"))


def test_a_zip_bomb_of_a_shapefile_is_refused(tmp_path: Path, db: None) -> None:
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.shp", b"\0" * 70_000_000)
        packed.writestr("a.dbf", b"")
    with pytest.raises(SheetRefused, match="too large"):
        load(file, a_map("grid"))


def test_the_map_of_grids_answers_as_the_boundaries_do(qingshi: Qingshi) -> None:
    rows = [(g.code, g.pk, g.boundary) for g in standing("990302", "grid")]
    ground = GroundMap(rows)
    assert [ground.at(*shape(boundary).representative_point().coords[0]) for _code, _pk, boundary in rows] == [
        pk for _code, pk, _boundary in rows
    ]


def test_control_points_of_the_published_formula_come_out() -> None:
    """Of the library eviltransform: Shanghai, Shenzhen and Beijing, and one of Baidu's."""
    published = [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ]
    for true, bent in published:
        assert wgs84_to_gcj02(*true) == pytest.approx(bent, abs=1e-6)
        assert gcj02_to_wgs84(*bent) == pytest.approx(true, abs=1e-6)
    assert bd09_to_wgs84(120.019809, 29.199786) == pytest.approx(
        (120.00877901149691, 29.196131605295484), abs=1e-4
    )  # it goes back roughly
    assert gcj02_to_bd09(*wgs84_to_gcj02(*bd09_to_wgs84(120.019809, 29.199786))) == pytest.approx(
        (120.019809, 29.199786), abs=1e-8
    )
    assert wgs84_to_gcj02(-0.1, 51.5) == (-0.1, 51.5)


@pytest.mark.parametrize("inside", ['"features": [' + "[" * 200_000, '"features": ' + '{"a":' * 200_000])
def test_a_map_that_is_nested_without_end_is_refused_in_a_sentence(tmp_path: Path, inside: str) -> None:
    file = tmp_path / "deep.geojson"
    file.write_text('{"type": "FeatureCollection", ' + inside)
    with pytest.raises(SheetRefused):
        geojson(file)
    broken = bytearray(gzip.compress(b'{"type": "FeatureCollection", "features": []}' * 50))
    broken[14:30] = bytes(16)
    file.write_bytes(broken)
    with pytest.raises(SheetRefused):
        geojson(file)
