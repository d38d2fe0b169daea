"""The ground changes and what was true then can still be asked: a place is the same through another name and line."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils.translation import override
from shapely import box
from shapely.geometry import Point, shape

from jingwei.places import acts
from jingwei.places.acts import Counted, Part
from jingwei.places.models import Change, Chapter, Described, Place, Succession
from jingwei.places.queries import (
    as_of,
    coded_as_of,
    grid_at,
    grid_at_as_of,
    history_of,
    place_as_of,
    place_by_qr,
    standing,
)
from jingwei.places.refusals import CodeRefused, GroundRefused, ShapeRefused
from jingwei.places.shapes import as_geojson
from jingwei.trail.actor import Actor
from jingwei.trail.models import Line
from people_fixtures.qingshi import Qingshi

CLERK = Actor.machine("surveyor")
MARCH = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
MAY = datetime(2026, 5, 6, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
BEFORE, AFTER = date(2026, 3, 1), date(2026, 3, 2)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


def cut(place: Place) -> tuple[dict, dict]:  # type: ignore[type-arg]
    """The place's ground cut in two, west and east of its middle."""
    form = shape(place.boundary)
    west, south, east, north = form.bounds
    middle = (west + east) / 2
    return as_geojson(form & box(west, south, middle, north)), as_geojson(form & box(middle, south, east, north))


def sound(county: str) -> None:
    """What holds whatever was done to the ground."""
    places = list(standing(county).select_related("parent", "grid"))
    open_ones = {chapter.place_id: chapter for chapter in Chapter.objects.filter(until=None, county_code=county)}
    assert set(open_ones) == {place.pk for place in places}
    said = [field.attname for field in Described._meta.fields]
    assert [p.name for p in places if [getattr(open_ones[p.pk], n) != getattr(p, n) for n in said].count(True)] == []
    assert [p.name for p in places if p.grid and p.path != p.grid.path] == []
    assert [p.name for p in places if not p.rank and p.parent and not p.path.startswith(p.parent.path)] == []
    assert [p.name for p in places for above in (p.parent, p.grid) if above and above.until is not None] == []
    assert list(Chapter.objects.filter(Q(until__lte=F("since")))) == []


def test_a_renamed_place_is_the_same_one_and_was_called_otherwise_before(qingshi: Qingshi) -> None:
    grid = qingshi.place("grid", 2)
    key = uuid4()
    change = acts.rename(grid, "  石桥网格 ", "Stone Bridge", actor=CLERK, at=MARCH, basis="县发〔2026〕3号", key=key)
    assert acts.rename(grid, "石桥网格", actor=CLERK, at=MARCH, key=key) == change
    assert [(c.name, c.since, c.until) for c in history_of(grid)] == [
        ("石桥网格", AFTER, None),
        ("上河村第2网格", date(2026, 1, 5), AFTER),
    ]
    assert [place_as_of(grid, day).name for day in (BEFORE, AFTER)] == ["上河村第2网格", "石桥网格"]  # type: ignore[union-attr]
    line = Line.objects.get(verb="places.renamed")
    assert (line.facts["from"], line.facts["to"], line.facts["day"]) == ("上河村第2网格", "石桥网格", "2026-03-02")
    sound(qingshi.county_code)


def test_a_line_drawn_anew_takes_along_what_lies_on_the_piece(qingshi: Qingshi) -> None:
    first, second = qingshi.place("grid", 1), qingshi.place("grid", 2)
    west, east = cut(first)
    house = next(
        b
        for b in standing(qingshi.county_code, "building")
        if b.grid_id == first.pk and shape(east).covers(Point(b.lon, b.lat))
    )
    grown = as_geojson(shape(second.boundary) | shape(east))
    with pytest.raises(ShapeRefused, match="overlaps “上河村第1网格” by"):
        acts.draw_anew({second.pk: grown}, actor=CLERK, at=MARCH)
    acts.draw_anew({first.pk: west, second.pk: grown}, actor=CLERK, at=MARCH)
    assert grid_at(qingshi.county_code, house.lon, house.lat) == second
    was = grid_at_as_of(qingshi.county_code, house.lon, house.lat, BEFORE)
    assert was is not None
    assert was.place == first
    house.refresh_from_db()
    assert (house.grid, house.path) == (second, second.path)
    sound(qingshi.county_code)


def test_a_moved_grid_keeps_its_code_on_the_wall_and_gets_one_in_the_register(qingshi: Qingshi) -> None:
    grid, village = qingshi.place("grid", 1), qingshi.place("community", 2)
    acts.move(grid, village, actor=CLERK, at=MARCH)
    moved = place_by_qr(grid.qr)
    assert moved is not None
    assert (moved.pk, moved.code, moved.path) == (grid.pk, "990302200202003", "990302/200/202/003/")
    was = coded_as_of(qingshi.county_code, "grid", "990302200201001", BEFORE)
    assert was is not None
    assert was.place == grid
    assert coded_as_of(qingshi.county_code, "grid", "990302200201001", AFTER) is None
    sound(qingshi.county_code)
    with pytest.raises(GroundRefused, match="lies there already"):
        acts.move(moved, village, actor=CLERK, at=MAY)
    with pytest.raises(GroundRefused, match="choose one of those"):
        acts.move(moved, qingshi.place("town"), actor=CLERK, at=MAY)
    with pytest.raises(CodeRefused, match="is that of “上河村第2网格”"):
        acts.move(moved, qingshi.place("community", 1), number="002", actor=CLERK, at=MAY)


def test_merged_villages_are_one_and_their_grids_lie_in_it(qingshi: Qingshi) -> None:
    upper, lower = qingshi.place("community", 1), qingshi.place("community", 2)
    acts.merge(upper, [lower], name="两河村", actor=CLERK, at=MARCH)
    assert [g.code for g in standing(qingshi.county_code, "grid").order_by("code")] == [
        f"990302200201{n:03}" for n in range(1, 5)
    ]
    gone = Place.objects.get(pk=lower.pk)
    assert (gone.until, Succession.objects.get().successor.name) == (AFTER, "两河村")
    assert [c.name for c in as_of(qingshi.county_code, BEFORE, "community").order_by("code")] == ["上河村", "下河村"]
    assert [c.name for c in as_of(qingshi.county_code, AFTER, "community")] == ["两河村"]
    assert place_by_qr(lower.qr) == upper
    sound(qingshi.county_code)
    with pytest.raises(GroundRefused, match="does not stand any more"):
        acts.rename(lower, "下河村", actor=CLERK, at=MAY)


def test_a_split_grid_ends_and_its_houses_go_to_the_part_they_stand_in(qingshi: Qingshi) -> None:
    grid = qingshi.place("grid", 3)
    west, east = cut(grid)
    with pytest.raises(GroundRefused, match="m² are left over"):
        acts.split(grid, [Part("西", west), Part("西", west)], actor=CLERK, at=MARCH)
    houses = Place.objects.filter(grid=grid, layer="building")
    expected = Counter("东" if shape(east).covers(Point(b.lon, b.lat)) else "西" for b in houses)
    acts.split(grid, [Part("西", west), Part("东", east)], actor=CLERK, at=MARCH)
    parts = [heir.successor for heir in Succession.objects.filter(place=grid).order_by("-main")]
    assert [(p.name, p.code, p.households) for p in parts] == [
        ("西", "990302200202003", None),
        ("东", "990302200202004", None),
    ]
    assert Counter(b.grid.name for b in standing(qingshi.county_code, "building").filter(grid__in=parts)) == expected
    sound(qingshi.county_code)


def test_a_village_with_grids_in_it_is_dissolved_only_in_favour_of_another(qingshi: Qingshi) -> None:
    upper, lower = qingshi.place("community", 1), qingshi.place("community", 2)
    with pytest.raises(GroundRefused, match="Move them first"):
        acts.dissolve(lower, actor=CLERK, at=MARCH)
    acts.dissolve(qingshi.place("grid", 4), actor=CLERK, at=MARCH)
    assert {b.path for b in standing(qingshi.county_code).filter(rank=1, grid=None)} == {lower.path}
    acts.dissolve(lower, successor=upper, actor=CLERK, at=MAY)
    assert [c.code for c in standing(qingshi.county_code, "community")] == [upper.code]
    sound(qingshi.county_code)


def test_counts_keep_who_said_them_and_what_was_said_before(qingshi: Qingshi) -> None:
    grid = qingshi.place("grid", 1)
    with pytest.raises(GroundRefused, match="where the number comes from"):
        acts.count({grid.pk: Counted(residents=900)}, actor=CLERK, at=MARCH)
    acts.count({grid.pk: Counted(310, "网格入户核实", 900, "公安户籍系统")}, actor=CLERK, at=MARCH)
    assert [(c.households, c.households_source, c.residents) for c in history_of(grid)] == [
        (310, "网格入户核实", 900),
        (grid.households, "户数按面积推算。", None),
    ]


def test_a_change_is_dated_neither_ahead_nor_before_what_is_written(qingshi: Qingshi) -> None:
    grid = qingshi.place("grid", 1)
    acts.rename(grid, "石桥网格", actor=CLERK, at=MARCH)
    with pytest.raises(GroundRefused, match="not before 2026-03-02"):
        acts.rename(grid, "石桥", actor=CLERK, at=MAY, day=BEFORE)
    with pytest.raises(GroundRefused, match="or later"):
        acts.rename(grid, "石桥", actor=CLERK, at=MARCH, day=MARCH.date() + timedelta(days=1))
    acts.rename(grid, "石桥第一网格", actor=CLERK, at=MARCH)
    assert [c.name for c in history_of(grid)] == ["石桥第一网格", "上河村第1网格"]
    assert Change.objects.filter(subject=grid).count() == 2


def test_at_one_day_a_code_stands_once(qingshi: Qingshi) -> None:
    grid, other = qingshi.place("grid", 1), qingshi.place("grid", 2)
    Chapter.objects.filter(place=other, until=None).update(code=grid.code)
    with (
        pytest.raises(IntegrityError, match="place_code_once_a_day"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS place_code_once_a_day IMMEDIATE")
    Chapter.objects.filter(place=other, until=None).update(code=other.code)
