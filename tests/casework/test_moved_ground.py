"""Cases go with the ground: whoever watches over it now sees them, and what was counted then stays where it was."""

from typing import Any

from shapely import box
from shapely.geometry import shape

from jingwei.casework.models import Case, Standing
from jingwei.casework.moved_ground import FOLLOW_UP
from jingwei.casework.sight import cases_seen_from
from jingwei.organisations.models import Post
from jingwei.outbox.models import Message
from jingwei.outbox.worker import work_once
from jingwei.places import acts
from jingwei.places.acts import Part
from jingwei.places.models import Place
from jingwei.places.queries import standing
from jingwei.places.shapes import as_geojson
from jingwei.trail.actor import Actor
from jingwei.trail.models import Line

from .conftest import Desk

SURVEYOR = Actor.machine("surveyor")


def seen_by(desk: Desk, path: str) -> set[str]:
    return set(cases_seen_from(desk.qingshi.post(path)).values_list("title", flat=True))


def halves(place: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    form = shape(place.boundary)
    west, south, east, north = form.bounds
    middle = (west + east) / 2
    return as_geojson(form & box(west, south, middle, north)), as_geojson(form & box(middle, south, east, north))


def paths(case: Case) -> tuple[str, list[str]]:
    stood = Standing.objects.filter(case=case).order_by("id").values_list("ground_path", flat=True)
    return Case.objects.get(pk=case.pk).ground_path, list(stood)


def test_a_moved_grid_takes_open_and_past_cases_along_and_figures_keep_where_they_were(desk: Desk) -> None:
    grid = desk.qingshi.place("grid", 1)
    compound = next(c for c in standing("990302", "compound") if c.grid_id == grid.pk)
    going_on = desk.report(place=compound, title="路灯不亮")
    past = desk.closed(desk.report(place=grid, title="井盖松动"))
    third = desk.qingshi.place("grid", 3)
    elsewhere = desk.report(place=third, title="别处")
    assert seen_by(desk, "community_2.first_secretary") == {"别处"}
    before, stood = paths(past)
    acts.move(grid, desk.qingshi.place("community", 2), actor=SURVEYOR, at=desk.later())
    now = Place.objects.get(pk=grid.pk).path
    assert paths(going_on) == (now, [before, now])
    assert paths(past) == (now, stood)
    assert paths(elsewhere) == (third.path, [third.path])
    assert Line.objects.get(verb="places.moved").facts["cases"] == 2
    assert seen_by(desk, "community_2.first_secretary") == {"路灯不亮", "井盖松动", "别处"}
    desk.handled(going_on)
    assert paths(going_on)[1][-1] == now


def test_a_split_grid_s_cases_go_by_their_point_else_by_their_house_else_to_the_first_part(desk: Desk) -> None:
    grid = desk.qingshi.place("grid", 3)
    west, east = halves(grid)
    inside = shape(east).representative_point()
    house = next(b for b in standing("990302", "building") if b.grid_id == grid.pk)
    by_point = desk.report(place=grid, lon=inside.x, lat=inside.y)
    by_house = desk.report(place=house)
    by_nothing = desk.report(place=grid)
    worker = Post.objects.filter(ground=grid, until=None).first()
    acts.split(grid, [Part("西", west), Part("东", east)], actor=SURVEYOR, at=desk.later())
    first, second = standing("990302", "grid").filter(name__in=["西", "东"]).order_by("code")
    assert [paths(case)[0] for case in (by_point, by_nothing)] == [second.path, first.path]
    assert paths(by_house)[0] == Place.objects.get(pk=house.pk).path
    if worker is not None:
        assert Post.objects.get(pk=worker.pk).ground == first


def test_a_piece_of_ground_takes_the_cases_on_it_to_the_neighbour(desk: Desk) -> None:
    first, second = desk.qingshi.place("grid", 1), desk.qingshi.place("grid", 2)
    west, east = halves(first)
    there, here = shape(east).representative_point(), shape(west).representative_point()
    gone = desk.report(place=first, lon=there.x, lat=there.y)
    kept = desk.report(place=first, lon=here.x, lat=here.y)
    grown = as_geojson(shape(second.boundary) | shape(east))
    acts.draw_anew({first.pk: west, second.pk: grown}, actor=SURVEYOR, at=desk.later())
    assert [paths(case)[0] for case in (gone, kept)] == [second.path, first.path]
    acts.move(second, desk.qingshi.place("community", 2), actor=SURVEYOR, at=desk.later())
    assert paths(gone)[0] == Place.objects.get(pk=second.pk).path


def test_an_intake_written_while_the_ground_moved_is_taken_along_afterwards(desk: Desk) -> None:
    grid = desk.qingshi.place("grid", 1)
    before = grid.path
    acts.move(grid, desk.qingshi.place("community", 2), actor=SURVEYOR, at=desk.later())
    late = desk.report(place=grid)
    Case.objects.filter(pk=late.pk).update(ground_path=before)  # as an intake writes it that read the path before
    message = Message.objects.get(topic=FOLLOW_UP)
    work_once(message.due_at)
    assert paths(late)[0] == Place.objects.get(pk=grid.pk).path
