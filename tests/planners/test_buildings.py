"""Buildings as a map file gives them, hostile ones included."""

import gzip
import json
import math
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon

from jingwei.planners.carve import BadBuilding, Building, read_buildings

STEP = 0.0001  # a square of about 11 m × 9.5 m at 31° north
SQUARE = [
    [120.6, 31.3],
    [120.6 + STEP, 31.3],
    [120.6 + STEP, 31.3 + STEP],
    [120.6, 31.3 + STEP],
    [120.6, 31.3],
]
REAL = Path(__file__).parents[2] / "data" / "suzhou_buildings_3076.geojson.gz"


def feature(coordinates: Any, floors: Any = 3, kind: str = "Polygon") -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"Floor": floors}, "geometry": geometry}


def written(folder: Path, *features: Any) -> Path:
    path = folder / "buildings.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_the_real_file_holds_3076_buildings_numbered_in_its_order() -> None:
    buildings = read_buildings(REAL)
    assert len(buildings) == 3076
    assert [building.id for building in buildings[:2]] == ["00001", "00002"]
    assert all(Polygon(building.ring).is_valid for building in buildings)
    assert all(Polygon(building.ring).contains(Point(building.point)) for building in buildings)


def test_a_footprint_is_measured_in_square_metres_where_it_lies(tmp_path: Path) -> None:
    (building,) = read_buildings(written(tmp_path, feature([SQUARE])))
    side = 6_371_008.8 * math.radians(STEP)
    assert building.area_m2 == pytest.approx(side * side * math.cos(math.radians(31.3 + STEP / 2)), rel=1e-6)


def test_a_packed_file_and_a_plain_one_read_the_same(tmp_path: Path) -> None:
    plain = written(tmp_path, feature([SQUARE]))
    packed = tmp_path / "buildings.geojson.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_buildings(packed) == read_buildings(plain)


def test_an_outline_left_open_is_closed(tmp_path: Path) -> None:
    (open_one,) = read_buildings(written(tmp_path, feature([SQUARE[:-1]])))
    (closed_one,) = read_buildings(written(tmp_path, feature([SQUARE])))
    assert open_one == closed_one


def test_an_outline_that_crosses_itself_keeps_its_largest_part(tmp_path: Path) -> None:
    bow = [[120.6, 31.3], [120.602, 31.302], [120.602, 31.3], [120.6, 31.301], [120.6, 31.3]]
    (building,) = read_buildings(written(tmp_path, feature([bow])))
    assert Polygon(building.ring).is_valid
    assert len(building.ring) == 4  # one triangle of the two, closed


def test_of_a_building_in_two_parts_the_larger_is_its_outline(tmp_path: Path) -> None:
    small = [[lon + 0.001, lat] for lon, lat in ([0, 0], [STEP / 4, 0], [0, STEP / 4], [0, 0])]
    small = [[120.6 + lon, 31.3 + lat] for lon, lat in small]
    (both,) = read_buildings(written(tmp_path, feature([[small], [SQUARE]], kind="MultiPolygon")))
    (alone,) = read_buildings(written(tmp_path, feature([SQUARE])))
    assert both.area_m2 == alone.area_m2


def test_height_above_ground_is_left_out(tmp_path: Path) -> None:
    (building,) = read_buildings(written(tmp_path, feature([[[*place, 12.5] for place in SQUARE]])))
    assert building.ring == read_buildings(written(tmp_path, feature([SQUARE])))[0].ring


@pytest.mark.parametrize(
    "broken",
    [
        feature([]),
        feature([[[120.6, 31.3], [120.7, 31.3]]]),
        feature([[[120.6, 31.3]] * 5]),
        feature([[[120.6, 31.3], [120.7, 31.3], [120.8, 31.3], [120.6, 31.3]]]),
        feature([[[float("nan"), 31.3], *SQUARE[1:]]]),
        feature("here"),
        feature([["a", "b"], ["c", "d"], ["e", "f"]]),
        feature([120.6, 31.3], kind="Point"),
        {"type": "Feature", "properties": {"Floor": 1}},
        {"type": "Feature", "properties": {"Floor": 1}, "geometry": None},
        {"type": "Feature", "properties": {"Floor": 1}, "geometry": {"type": "Donut"}},
    ],
)
def test_an_outline_that_encloses_nothing_is_refused_by_number(tmp_path: Path, broken: Any) -> None:
    with pytest.raises(BadBuilding) as refusal:
        read_buildings(written(tmp_path, feature([SQUARE]), broken))
    assert str(refusal.value) == "Building 00002 has no outline that encloses ground: draw it as a polygon"


@pytest.mark.parametrize("lon", [999.0, -180.1])
def test_an_outline_off_the_map_is_refused_by_number(tmp_path: Path, lon: float) -> None:
    with pytest.raises(BadBuilding, match="Building 00001 is not on the map: give longitude, then latitude"):
        read_buildings(written(tmp_path, feature([[[lon, 31.3], *SQUARE[1:-1], [lon, 31.3]]])))


@pytest.mark.parametrize("floors", [None, 0, -1, 2.5, "3", True, 201])
def test_floors_that_are_no_whole_number_are_refused(tmp_path: Path, floors: Any) -> None:
    with pytest.raises(BadBuilding, match=f"Building 00001 has {floors} floors: give a whole number"):
        read_buildings(written(tmp_path, feature([SQUARE], floors=floors)))


@pytest.mark.parametrize("said", [b"", b"[]", b"{}", b'{"features": [1]}', b"\x1f\x8bnot really packed"])
def test_a_file_that_is_no_map_is_refused_by_name(tmp_path: Path, said: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(said)
    with pytest.raises(BadBuilding, match=r"letter\.txt is not a map of buildings: give GeoJSON"):
        read_buildings(path)


@pytest.mark.parametrize(
    ("floors", "area", "households"),
    [(1, 39.9, 0), (1, 40.0, 1), (2, 10.0, 1), (3, 150.0, 5), (6, 300.0, 18), (1, 149.9, 1), (1, 150.0, 2)],
)
def test_households_are_floors_by_footprint_and_at_least_one_in_a_dwelling(
    floors: int, area: float, households: int
) -> None:
    assert Building("1", (), floors, area).households == households


BEYOND_MENDING = [
    (-1.0, 1.0),
    (0.0, -1.4e-66),
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, 0.0),
    (1.0, 1.0),
    (-2.0, 0.0),
    (0.0, 1.0),
]


@settings(deadline=None)
@example(ring=[*BEYOND_MENDING, (0.0, -1.1754943508222875e-38)])
@given(ring=st.lists(st.tuples(st.floats(-180, 180), st.floats(-85, 85)), min_size=3, max_size=9))
def test_any_scribble_is_mended_or_refused(tmp_path_factory: pytest.TempPathFactory, ring: Any) -> None:
    path = written(tmp_path_factory.getbasetemp(), feature([ring]))
    with suppress(BadBuilding):
        (building,) = read_buildings(path)
        assert Polygon(building.ring).is_valid
        assert Polygon(building.ring).intersects(Point(building.point))
