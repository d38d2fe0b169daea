"""Whose ground a point lies on."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from jingwei.planners.ground import Ground

WEST, EAST = box(120.60, 31.30, 120.61, 31.31), box(120.61, 31.30, 120.62, 31.31)
TWO = Ground({"001002": EAST, "001001": WEST})


def test_a_point_belongs_to_the_piece_around_it() -> None:
    assert (TWO.at(120.605, 31.305), TWO.at(120.615, 31.305)) == ("001001", "001002")


@pytest.mark.parametrize("lat", [31.30, 31.305, 31.31])
def test_a_point_on_the_line_between_two_belongs_to_the_lowest_code(lat: float) -> None:
    assert TWO.at(120.61, lat) == "001001"


def test_a_point_on_the_outer_edge_belongs_to_its_piece_and_one_outside_to_none() -> None:
    assert TWO.at(120.62, 31.305) == "001002"
    assert TWO.at(120.63, 31.305) is None


def test_the_nearest_piece_is_found_in_metres_and_not_beyond_them() -> None:
    assert TWO.nearest(120.6205, 31.305, within_m=50) == "001002"  # 47.5 m east of it
    assert TWO.nearest(120.6205, 31.305, within_m=45) is None
    assert TWO.nearest(120.61, 31.3101, within_m=50) == "001001"  # as near to both
    assert TWO.nearest(120.615, 31.305, within_m=50) == "001002"


def test_a_piece_that_crosses_itself_is_mended() -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    ground = Ground({"bow": bow})
    assert (ground.at(0.5, 1.0), ground.at(1.0, 1.5)) == ("bow", None)


def test_no_ground_at_all_contains_nothing() -> None:
    assert Ground({}).at(120.6, 31.3) is None
    assert Ground({}).nearest(120.6, 31.3, within_m=1000) is None


PIECES = st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(1, 4), st.integers(1, 4)).map(
    lambda place: box(place[0], place[1], place[0] + place[2], place[1] + place[3])
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=8), st.integers(0, 24), st.integers(0, 24))
def test_the_answer_is_the_lowest_code_of_all_pieces_that_cover_the_point(pieces: list[object], x: int, y: int) -> None:
    named = {f"{number:03}": piece for number, piece in enumerate(pieces)}
    point = Point(x / 2, y / 2)
    covering = [code for code, piece in named.items() if piece.covers(point)]  # type: ignore[attr-defined]
    assert Ground(named).at(point.x, point.y) == min(covering, default=None)  # type: ignore[arg-type]
