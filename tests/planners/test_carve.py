"""Communities, grids and compounds cut from buildings: nothing twice, nothing left out."""

from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, shape

from jingwei.planners.carve import Building, CannotCarve, Carving, Ground, Tile, carve, read_buildings

REAL = Path(__file__).parents[2] / "data" / "suzhou_buildings_3076.geojson.gz"


@cache
def suzhou() -> tuple[Building, ...]:
    return tuple(read_buildings(REAL))


@cache
def county() -> Carving:
    return carve(suzhou(), communities=6, grids=50, compounds=208, seed=7)


def house(number: int, lon: float, lat: float, floors: int = 3) -> Building:
    ring = ((lon, lat), (lon + 1e-4, lat), (lon + 1e-4, lat + 1e-4), (lon, lat + 1e-4), (lon, lat))
    return Building(f"{number:05}", ring, floors, 100.0)


def units(ring: tuple[tuple[float, float], ...]) -> tuple[int, int, int, int]:
    """West, south, east and north of a tile in whole 1e-7 degrees, so that areas add up exactly."""
    longitudes, latitudes = zip(*((round(lon * 10**7), round(lat * 10**7)) for lon, lat in ring), strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def area(tile: Tile) -> int:
    west, south, east, north = units(tile.ring)
    return (east - west) * (north - south)


def overlap(one: Tile, other: Tile) -> bool:
    a, b = units(one.ring), units(other.ring)
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def prove_that_tiles_fill_the_ground(carving: Carving) -> None:
    """No gap and no overlap: tiles do not overlap, lie in their community, and their areas add up."""
    boxes = [units(community.ring) for community in carving.communities]
    whole = (max(b[2] for b in boxes) - min(b[0] for b in boxes)) * (
        max(b[3] for b in boxes) - min(b[1] for b in boxes)
    )
    assert sum(map(area, carving.communities)) == whole
    for community in carving.communities:
        own = [grid for grid in carving.grids if grid.community == community.community]
        assert sum(map(area, own)) == area(community)
        assert all(area(grid) > 0 for grid in own)
        assert not any(overlap(one, other) for one, other in combinations(own, 2))
        west, south, east, north = units(community.ring)
        for grid in own:
            box = units(grid.ring)
            assert (max(west, box[0]), max(south, box[1])) == box[:2]
            assert (min(east, box[2]), min(north, box[3])) == box[2:]


def prove_that_every_building_has_one_seat(buildings: tuple[Building, ...], carving: Carving) -> None:
    once = Counter(building.id for building in buildings)
    for layer in (carving.communities, carving.grids, carving.compounds):
        assert Counter(building for piece in layer for building in piece.buildings) == once
        assert sum(piece.households for piece in layer) == sum(b.households for b in buildings)
    assert carving.seats.keys() == once.keys()
    for grid in carving.grids:
        assert {(carving.seats[b].community, carving.seats[b].grid) for b in grid.buildings} <= {
            (grid.code[:3], grid.code)
        }
    for compound in carving.compounds:
        assert {carving.seats[building].compound for building in compound.buildings} == {compound.code}


def test_the_demo_county_has_exactly_6_communities_50_grids_and_208_compounds() -> None:
    carving = county()
    assert (len(carving.communities), len(carving.grids), len(carving.compounds)) == (6, 50, 208)
    assert sorted(Counter(grid.community for grid in carving.grids).values()) == [8, 8, 8, 8, 9, 9]


def test_each_of_3076_footprints_lies_in_exactly_one_community_grid_and_compound() -> None:
    assert len(county().seats) == 3076
    prove_that_every_building_has_one_seat(suzhou(), county())


def test_the_grids_fill_the_ground_without_gap_or_overlap() -> None:
    prove_that_tiles_fill_the_ground(county())


def test_looking_a_building_up_on_the_ground_finds_the_grid_it_was_given() -> None:
    ground = Ground({grid.code: grid.geometry for grid in county().grids})
    found = {building.id: ground.at(*building.point) for building in suzhou()}
    assert found == {building: seat.grid for building, seat in county().seats.items()}


def test_a_compound_has_its_line_around_all_its_buildings() -> None:
    outlines = {building.id: Polygon(building.ring) for building in suzhou()}
    for compound in county().compounds:
        line = shape(compound.geometry)
        assert line.is_valid
        assert line.contains(shapely.union_all([outlines[building] for building in compound.buildings]))


def test_compounds_are_about_as_large_as_each_other() -> None:
    assert {len(compound.buildings) for compound in county().compounds} <= {13, 14, 15, 16}


def test_the_same_seed_carves_the_same_county_and_another_seed_another() -> None:
    few = suzhou()[:400]
    assert carve(few, 3, 11, 20, seed=1) == carve(few, 3, 11, 20, seed=1)
    assert len({carve(few, 3, 11, 20, seed).grids for seed in range(8)}) > 1


def test_grids_are_numbered_in_rows_from_the_north_and_from_west_to_east() -> None:
    rows_and_columns = tuple(
        house(10 * row + column, 120.6 + column * 0.01, 31.3 - row * 0.01) for row in range(4) for column in range(4)
    )
    one = carve(rows_and_columns, communities=1, grids=16, compounds=16, seed=0)
    for layer in (one.grids, one.compounds):
        assert [piece.code[-3:] for piece in layer] == [f"{number:03}" for number in range(1, 17)]
        middles = [Polygon(piece.ring).centroid for piece in layer]
        assert all(middles[n].x < middles[n + 1].x for n in range(15) if n % 4 != 3)
        assert all(middles[n].y > middles[n + 4].y for n in range(12))
    assert [grid.code for grid in one.grids[:2]] == ["001001", "001002"]
    assert one.communities[0].code == "001"


def test_the_proposal_says_how_it_was_made_and_how_good_it_is() -> None:
    proposal = county().proposal
    households = sorted(grid.households for grid in county().grids)
    assert proposal.seed == 7
    assert (proposal.households_min, proposal.households_max) == (households[0], households[-1])
    assert proposal.households_median == (households[24] + households[25]) / 2
    assert proposal.grids_outside_usual == sum(not 300 <= many <= 500 for many in households)
    assert str(proposal.reasons[0]) == (
        "3076 buildings are divided into 6 communities, 50 grids and 208 compounds: the ground is cut in two "
        "where the households balance, again and again (seed 7)"
    )
    assert str(proposal.reasons[1]) == (
        "Households are an estimate from floors and footprint, one to 100 m² of floor; shops and offices are "
        "counted as if people lived there"
    )


def test_no_grid_of_the_demo_county_holds_twice_the_households_of_another() -> None:
    assert county().proposal.households_max < 2 * county().proposal.households_min


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((0, 1, 1), "A county has communities, grids and compounds: ask for at least one of each"),
        ((3, 2, 1), "3 communities cannot share 2 grids: ask for at least as many grids"),
        ((1, 1, 3), "3 compounds cannot share 2 buildings: ask for fewer compounds"),
        ((1, 1000, 1), "A code has room for 999 numbers at each level: ask for fewer"),
    ],
)
def test_numbers_that_do_not_fit_are_refused(counts: tuple[int, int, int], sentence: str) -> None:
    two = [house(1, 120.6, 31.3), house(2, 120.7, 31.3)]
    with pytest.raises(CannotCarve) as refusal:
        carve(two, *counts, seed=1)
    assert str(refusal.value) == sentence


def test_no_buildings_or_one_building_twice_is_refused() -> None:
    with pytest.raises(CannotCarve, match="There are no buildings to carve"):
        carve([], 1, 1, 1, seed=1)
    with pytest.raises(CannotCarve, match="The building 00001 is there twice"):
        carve([house(1, 120.6, 31.3), house(1, 120.7, 31.3)], 1, 1, 1, seed=1)


PLACES = st.tuples(
    st.one_of(st.floats(120.5, 120.7), st.sampled_from([120.6, 120.6 + 1e-7, 120.6 + 2e-7])),
    st.one_of(st.floats(31.2, 31.4), st.sampled_from([31.3, 31.3 + 1e-7])),
)


@st.composite
def towns(draw: st.DrawFn) -> tuple[tuple[Building, ...], int, int, int]:
    """Any buildings, many in one place among them, and numbers that fit."""
    places = draw(st.lists(st.tuples(PLACES, st.integers(1, 30)), min_size=1, max_size=40))
    buildings = tuple(house(n, *place, floors) for n, (place, floors) in enumerate(places))
    communities = draw(st.integers(1, 7))
    grids = draw(st.integers(communities, 60))
    return buildings, communities, grids, draw(st.integers(1, len(buildings)))


@settings(max_examples=60, deadline=None)
@given(towns(), st.integers(0, 2**32))
def test_any_town_is_carved_into_exactly_the_parts_asked_for(
    town: tuple[tuple[Building, ...], int, int, int], seed: int
) -> None:
    buildings, communities, grids, compounds = town
    carving = carve(buildings, communities, grids, compounds, seed)
    assert (len(carving.communities), len(carving.grids)) == (communities, grids)
    assert len(carving.compounds) == compounds
    assert len({grid.code for grid in carving.grids}) == grids
    prove_that_tiles_fill_the_ground(carving)
    prove_that_every_building_has_one_seat(buildings, carving)
    ground = Ground({grid.code: grid.geometry for grid in carving.grids})
    assert all(ground.at(*b.point) == carving.seats[b.id].grid for b in buildings)
