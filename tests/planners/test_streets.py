"""By-laws of invented streets: as many houses as asked for, the same each time, none standing in another."""

from dataclasses import replace

from shapely.geometry import Polygon
from shapely.strtree import STRtree

from jingwei.planners.streets import Town, lay_streets

MEIXI = Town(buildings=173, fewest_floors=5, most_floors=11, lon=104.7, lat=38.6, seed=7)


def test_a_town_is_laid_the_same_each_time_and_another_seed_lays_another() -> None:
    laid = lay_streets(MEIXI)
    assert laid == lay_streets(MEIXI)
    assert laid != lay_streets(replace(MEIXI, seed=8))
    assert [house.id for house in laid] == [f"{n:05}" for n in range(1, 174)]
    assert {house.floors for house in laid} == set(range(5, 12))


def test_no_house_stands_in_another() -> None:
    for seed in range(12):
        houses = [Polygon(house.ring) for house in lay_streets(replace(MEIXI, seed=seed))]
        pairs = STRtree(houses).query(houses, predicate="intersects").T
        assert [(a, b) for a, b in pairs if a < b] == []
