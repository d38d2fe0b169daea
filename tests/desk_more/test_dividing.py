"""By-laws of dividing a place and moving a border at the desk: drawn, looked at, done once, true before and after."""

import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from shapely.geometry import Point, shape

from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.models import Case
from jingwei.organisations.models import Post
from jingwei.places.models import Change, Place, Succession
from jingwei.places.opening import NewPlace, open_place
from jingwei.places.pack import Layer
from jingwei.places.queries import as_of, place_by_qr, standing
from jingwei.places.shapes import as_geojson
from people_fixtures.qingshi import Qingshi
from places.test_history import BEFORE, sound

pytestmark = pytest.mark.django_db
KEY = "0b5f1f4e-3a4b-4d51-9d2e-6d2b1f6a9c77"


def across(place: Place, share: float = 0.5) -> str:
    """A line from south to north through a place, at a share of its width; its ends stay within."""
    west, south, east, north = shape(place.boundary).bounds
    x, least = west + (east - west) * share, (north - south) / 4
    return f"{x:.7f}, {south + least:.7f}\n{x:.7f}, {north - least:.7f}"


def test_a_grid_is_divided_along_a_line_and_everything_goes_where_it_lies(qingshi: Qingshi, client: Client) -> None:
    from django.utils import timezone

    grid = qingshi.place("grid", 3)
    houses = list(Place.objects.filter(grid=grid, layer="building", until=None))
    intake = Intake(place=houses[0], title="路灯不亮", source="counter", grade="general", category="street_light")
    case = open_case(_incident(), intake, actor=qingshi.holder("town_centre.clerk"), at=timezone.now())
    answering = set(Post.objects.filter(ground=grid, until=None).values_list("pk", flat=True))
    address, key = reverse("desk:divide_place", args=[grid.pk]), {"key": KEY}
    qingshi.sign_in(client, "dispatcher")
    assert client.get(address).status_code == 403
    qingshi.sign_in(client, "administrator")
    assert 'data-draws="id_line"' in client.get(address).content.decode()
    for line, why in (
        ("", "请画出"),
        ("1,2,3", "不是一个点"),
        ("116,36", "两个到"),
        ("139.1, 36\n139.2, 36", "不在中国"),
    ):
        answer = client.post(address, {"step": "look", "line": line})
        assert (answer.status_code, why in answer.content.decode()) == (422, True), (line, why)

    form = {"line": across(grid), "basis": "县发〔2026〕9号"}
    looked = client.post(address, {"step": "look", **form}).content.decode()
    assert [said in looked for said in ("990302200202003", "990302200202004", "outline__part")] == [True] * 3
    assert Change.objects.filter(verb="places.split").count() == 0
    named = {**form, **key, "step": "do", "name_0": "河西网格", "name_1": "河东网格", "main": "1"}
    for _press in range(2):
        assert client.post(address, named).status_code == 302
    west, east = (standing(qingshi.county_code, "grid").get(name=name) for name in ("河西网格", "河东网格"))
    assert [(one.code, one.path) for one in (west, east)] == [
        ("990302200202003", "990302/200/202/003/"), ("990302200202004", "990302/200/202/004/"),
    ]  # fmt: skip
    assert west.lon < east.lon
    for house in Place.objects.filter(pk__in=[one.pk for one in houses]):
        assert shape(house.grid.boundary).covers(Point(house.lon, house.lat))
    assert Case.objects.get(pk=case.pk).ground_path == Place.objects.get(pk=houses[0].pk).path
    assert Case.objects.get(pk=case.pk).owner_id == case.owner_id
    assert {*Post.objects.filter(ground=east, until=None).values_list("pk", flat=True)} == answering
    assert place_by_qr(grid.qr) == east
    assert as_of(qingshi.county_code, BEFORE, "grid").get(code=grid.code).name == grid.name
    assert list(Succession.objects.filter(place=grid, main=True).values_list("successor", flat=True)) == [east.pk]
    assert Change.objects.get(verb="places.split").basis == "县发〔2026〕9号"
    sound(qingshi.county_code)
    assert client.get(address).status_code == 404


def _incident() -> Any:
    from jingwei.affairs.incidents.kinds import Incident

    return Incident


def test_what_was_never_drawn_is_divided_by_what_lies_in_it(qingshi: Qingshi, client: Client) -> None:
    from django.utils import timezone

    village, by = qingshi.place("community", 1), {"actor": qingshi.actor("administrator"), "at": timezone.now()}
    grid = open_place(NewPlace(Layer.GRID, "新网格", village), **by)
    first, second = (
        open_place(NewPlace(Layer.COMPOUND, name, village, grid=grid), **by) for name in ("东苑", "西苑")
    )  # fmt: skip
    qingshi.sign_in(client, "administrator")
    address = reverse("desk:divide_place", args=[grid.pk])
    page = client.get(address).content.decode()
    assert [f"in_{one.pk}" in page for one in (first, second)] == [True, True]
    form = {"step": "look", "many": "2", f"in_{first.pk}": "1", f"in_{second.pk}": "2"}
    assert client.post(address, form).content.decode().count("院落 1") == 2
    one = client.post(address, {**form, "step": "do", "name_0": "一网格", "name_1": "一网格"})
    assert (one.status_code, "至少拆成两部分" in one.content.decode()) == (422, True)
    assert client.post(address, {**form, "step": "do", "name_0": "一网格", "name_1": "二网格"}).status_code == 302
    assert [Place.objects.get(pk=one.pk).grid.name for one in (first, second)] == ["一网格", "二网格"]  # type: ignore[union-attr]
    sound(qingshi.county_code)


def test_a_border_between_communities_moves_with_what_stands_on_it(qingshi: Qingshi, client: Client) -> None:
    qingshi.sign_in(client, "administrator")
    pair = next(
        (one, other)
        for one in standing(qingshi.county_code, "grid").order_by("code")
        for other in standing(qingshi.county_code, "grid").exclude(parent=one.parent)
        if shape(one.boundary).intersection(shape(other.boundary)).length > 1e-4
    )
    mine, theirs = pair
    address = f"{reverse('desk:move_border', args=[mine.pk])}?beside={theirs.pk}"
    assert escape(str(theirs)) in client.get(address).content.decode()
    strip = shape(theirs.boundary) & shape(mine.boundary).buffer(0.0006)
    new = [as_geojson(shape(mine.boundary) | strip), as_geojson(shape(theirs.boundary) - strip)]
    features = [{"type": "Feature", "properties": {}, "geometry": one} for one in new]
    file = io.BytesIO(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    file.name = "新界线.geojson"
    looked = client.post(address, {"step": "look", "file": file, "system": "wgs84"})
    assert "平方米" in looked.content.decode()
    carried = looked.context["drawn"]
    before = {one.pk: shape(one.boundary).area for one in (mine, theirs, mine.parent, theirs.parent)}
    assert client.post(address, {"step": "do", "drawn": carried, "key": KEY}).status_code == 302
    now = {one.pk: shape(one.boundary).area for one in Place.objects.filter(pk__in=before)}
    grown = strip.area
    for won, lost in ((mine, theirs), (mine.parent, theirs.parent)):
        assert now[won.pk] - before[won.pk] == pytest.approx(grown, rel=0.01)
        assert before[lost.pk] - now[lost.pk] == pytest.approx(grown, rel=0.01)
    for house in standing(qingshi.county_code, "building").filter(grid__in=[mine, theirs]):
        assert shape(house.grid.boundary).buffer(1e-9).covers(Point(house.lon, house.lat))
    sound(qingshi.county_code)
    assert client.post(address, {"step": "look", "line": "x"}).status_code == 422
