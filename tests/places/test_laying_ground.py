"""A county's ground is laid from its pack, once, and found again by point, by code and by words."""

from collections import Counter
from pathlib import Path

import pytest
from shapely import unary_union
from shapely.geometry import shape

from jingwei.places import acts
from jingwei.places.drawing import NoBuildings, path_of
from jingwei.places.models import Place
from jingwei.places.names import FIRST, LAST, compound_name
from jingwei.places.queries import find, grid_at, ground_of, place_by_qr, standing, subtree
from jingwei.trail.actor import Actor
from jingwei.trail.models import Line
from people_fixtures.qingshi import PACK, STOOD_UP, Qingshi

SURVEYOR = Actor.machine("surveyor")


def layers(qingshi: Qingshi) -> dict[str, int]:
    return dict(Counter(standing(qingshi.county_code).values_list("layer", flat=True)))


def test_the_ground_holds_what_the_pack_counts(qingshi: Qingshi) -> None:
    assert layers(qingshi) == {
        "county": 1,
        "town": 1,
        "community": 2,
        "grid": 4,
        "compound": 6,
        "building": 60,
    }


def test_laid_again_nothing_changes(qingshi: Qingshi) -> None:
    before = list(Place.objects.order_by("id").values())
    again = acts.lay_ground(qingshi.book, actor=SURVEYOR, at=STOOD_UP, data_folder=PACK)
    assert again == 0
    assert list(Place.objects.order_by("id").values()) == before
    assert Line.objects.filter(verb="places.laid").count() == 1


def test_the_trail_says_how_much_ground_was_laid(qingshi: Qingshi) -> None:
    line = Line.objects.get(verb="places.laid")
    assert (line.place, line.facts) == ("青石县", layers(qingshi))


def test_codes_and_paths_say_where_a_grid_lies(qingshi: Qingshi) -> None:
    grids = standing(qingshi.county_code, "grid").order_by("code")
    assert [(g.code, g.path, g.name, g.english) for g in grids] == [
        ("990302200201001", "990302/200/201/001/", "上河村第1网格", "Shanghe Grid 1"),
        ("990302200201002", "990302/200/201/002/", "上河村第2网格", "Shanghe Grid 2"),
        ("990302200202001", "990302/200/202/001/", "下河村第1网格", "Xiahe Grid 1"),
        ("990302200202002", "990302/200/202/002/", "下河村第2网格", "Xiahe Grid 2"),
    ]


def test_the_path_of_a_code_is_as_long_as_the_code() -> None:
    assert [path_of(code) for code in ("990302", "990302200", "990302200201", "990302200201001")] == [
        "990302/",
        "990302/200/",
        "990302/200/201/",
        "990302/200/201/001/",
    ]


def test_every_place_on_the_path_stands_below_the_one_above_it(qingshi: Qingshi) -> None:
    below = standing(qingshi.county_code).filter(rank=0).exclude(layer="county").select_related("parent")
    assert [p.code for p in below if p.parent is None or not p.parent.covers(p.path)] == []


def test_every_building_has_a_grid_and_a_compound_and_carries_the_grid_s_path(qingshi: Qingshi) -> None:
    buildings = standing(qingshi.county_code, "building").select_related("grid", "compound", "parent")
    assert [b.code for b in buildings if b.rank != 1 or b.grid is None or b.path != b.grid.path] == []
    assert [b.code for b in buildings if b.compound is None or b.parent_id != b.compound_id] == []
    assert [
        b.code for b in buildings if not shape(b.grid.boundary).covers(shape(b.boundary).representative_point())
    ] == []


def test_a_compound_carries_the_path_of_the_grid_its_middle_stands_in(qingshi: Qingshi) -> None:
    compounds = standing(qingshi.county_code, "compound").select_related("grid")
    assert [c.path for c in compounds] == [c.grid.path for c in compounds]
    assert [c.grid for c in compounds] == [grid_at(qingshi.county_code, c.lon, c.lat) for c in compounds]


def test_grids_cover_the_county_and_do_not_overlap(qingshi: Qingshi) -> None:
    county = shape(qingshi.place("county").boundary)
    grids = [shape(g.boundary) for g in standing(qingshi.county_code, "grid")]
    assert unary_union(grids).symmetric_difference(county).area == pytest.approx(0, abs=1e-12)
    assert sum(g.area for g in grids) == pytest.approx(county.area)


def test_households_add_up_and_say_that_nobody_counted_them(qingshi: Qingshi) -> None:
    places = standing(qingshi.county_code)
    sums = {layer: sum(p.households for p in places.filter(layer=layer)) for layer in layers(qingshi)}
    assert set(sums.values()) == {qingshi.place("county").households}
    assert set(places.values_list("households_source", flat=True)) == {"户数按面积推算。"}


def test_every_place_has_a_code_on_its_door_and_is_found_by_it(qingshi: Qingshi) -> None:
    assert len(set(standing(qingshi.county_code).values_list("qr", flat=True))) == 74
    house = qingshi.place("building", 7)
    assert place_by_qr(house.qr.upper()) == house
    assert place_by_qr("2222222222") is None


def test_everything_in_a_village_is_one_range_of_paths(qingshi: Qingshi) -> None:
    village = qingshi.place("community", 1)
    inside = Place.objects.filter(**subtree(village.path))
    assert {p.path.startswith("990302/200/201/") for p in inside} == {True}
    assert inside.count() + Place.objects.filter(**subtree(qingshi.place("community", 2).path)).count() == 72


def test_a_place_is_found_by_a_few_words(qingshi: Qingshi) -> None:
    assert [p.name for p in find(qingshi.county_code, "上河村 第2")] == ["上河村第2网格"]
    assert {p.layer for p in find(qingshi.county_code, "桂花")} == {"compound", "building"}


def test_a_matter_at_a_building_stands_on_its_grid(qingshi: Qingshi) -> None:
    house, village = qingshi.place("building", 3), qingshi.place("community", 2)
    assert (ground_of(house), ground_of(village)) == (house.grid, village)


def test_a_point_outside_the_county_is_in_no_grid(qingshi: Qingshi) -> None:
    assert grid_at(qingshi.county_code, 0.0, 0.0) is None


def test_a_house_is_named_after_its_compound(qingshi: Qingshi) -> None:
    house = standing(qingshi.county_code, "building").select_related("compound").order_by("code")[0]
    assert house.name.removeprefix(house.compound.name).endswith("号楼")


def test_no_two_compounds_are_called_the_same() -> None:
    names = [compound_name(n).name for n in range(999)]
    assert len(set(names)) == 999
    assert names[len(FIRST) * len(LAST)] == "桂花苑2期"


@pytest.mark.parametrize("file", ["nowhere.geojson", "../qingshi/../../conftest.py", "/etc/hostname"])
def test_a_building_file_outside_the_data_folder_is_refused(qingshi: Qingshi, file: str, tmp_path: Path) -> None:
    from msgspec.structs import replace

    from jingwei.places.drawing import building_file
    from jingwei.places.pack import PlacesSection

    section = qingshi.book[PlacesSection]
    with pytest.raises(NoBuildings, match="put the building file there"):
        building_file(replace(section, buildings=replace(section.buildings, file=file)), PACK)
