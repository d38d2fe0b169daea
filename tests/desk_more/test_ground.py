"""The ground on the desk and at the door: the list beside the map, a place's page, the public notice of a grid."""

import json

from django.test import Client
from django.urls import reverse

from jingwei.places import acts
from jingwei.places.queries import standing
from jingwei.trail.actor import Actor
from people_fixtures.qingshi import STOOD_UP, Qingshi


def test_the_list_beside_the_map_goes_from_the_post_s_ground_down_and_no_further_up(
    qingshi: Qingshi, client: Client
) -> None:
    qingshi.sign_in(client, "dispatcher")
    town, village, grid = qingshi.place("town"), qingshi.place("community", 1), qingshi.place("grid", 1)
    page = client.get(reverse("desk:map")).content.decode()
    assert [name in page for name in ("上河村", "下河村", "上河村第1网格")] == [True, True, False]
    assert "上河村第1网格" in client.get(reverse("desk:map"), {"place": village.pk}).content.decode()
    shapes = json.loads(client.get(reverse("desk:shapes"), {"place": village.pk}).content)
    assert [one["properties"]["name"] for one in shapes["features"]] == ["上河村", "上河村第1网格", "上河村第2网格"]
    answers = [client.get(reverse("desk:map"), {"place": said}).status_code for said in (town.parent_id, "x", "9" * 30)]
    assert answers == [404, 404, 404]
    houses = standing(qingshi.county_code).filter(grid=grid).count()
    assert client.get(reverse("desk:map"), {"place": grid.pk}).content.decode().count("data-place=") == houses


def test_a_place_s_page_tells_who_answers_what_is_seen_and_how_it_was(qingshi: Qingshi, client: Client) -> None:
    grid = qingshi.place("grid", 1)
    acts.rename(
        grid, "石桥网格", actor=Actor.machine("surveyor"), at=STOOD_UP.replace(month=3), basis="县发〔2026〕3号"
    )
    qingshi.sign_in(client, "dispatcher")
    page = client.get(reverse("desk:place", args=[grid.pk])).content.decode()
    for said in ("石桥网格", "上河村第1网格", "县发〔2026〕3号", "已更名", "户数按面积推算", "网格员", "尚未统计"):
        assert said in page, said
    assert f"queue=seen&amp;ground={grid.path.replace('/', '%2F')}" in page
    assert client.get(reverse("desk:place", args=[qingshi.place("county").pk])).status_code == 404


def test_the_public_notice_names_the_post_and_only_what_the_pack_publishes(qingshi: Qingshi, client: Client) -> None:
    grid = qingshi.place("grid", 1)
    page = client.get(reverse("doorstep:grid", args=[grid.qr])).content.decode()
    names = {a.person.name for post in grid.posts.all() for a in post.appointments.select_related("person")}
    assert names
    assert ("上河村第1网格" in page, "监督电话" in page, '<path class="outline__own" d="M' in page) == (
        True,
        True,
        True,
    )
    assert [name for name in names if name in page] == []
    house = standing(qingshi.county_code, "building").filter(grid=grid)[0]
    assert "上河村第1网格" in client.get(reverse("doorstep:grid", args=[house.qr])).content.decode()
    assert client.get(reverse("doorstep:grid", args=["nowhere"])).status_code == 404
    qingshi.sign_in(client, "dispatcher")
    sheet = client.get(reverse("desk:grid_notice", args=[grid.pk])).content.decode()
    assert ("<svg" in sheet, "网格公示" in sheet) == (True, True)


def test_the_administrator_changes_the_ground_once_however_often_the_form_is_sent(
    qingshi: Qingshi, client: Client
) -> None:
    grid, village = qingshi.place("grid", 1), qingshi.place("community", 2)
    address = reverse("desk:change_place", args=[grid.pk])
    qingshi.sign_in(client, "dispatcher")
    assert client.get(address).status_code == 403
    qingshi.sign_in(client, "administrator")
    assert "调整隶属" in client.get(address).content.decode()
    key = "0b5f1f4e-3a4b-4d51-9d2e-6d2b1f6a9c11"
    form = {"deed": "rename", "name": "石桥网格", "day": "2026-02-30", "key": key}
    refused = client.post(address, form)
    assert (refused.status_code, "日期请写成" in refused.content.decode()) == (422, True)
    for _press in range(2):
        assert client.post(address, {**form, "day": "2026-03-02"}).status_code == 302
    assert [c.name for c in grid.chapters.order_by("since")] == ["上河村第1网格", "石桥网格"]
    assert client.post(address, {"deed": "move", "to": village.pk, "day": "2026-03-03"}).status_code == 302
    assert grid.chapters.get(until=None).path == "990302/200/202/003/"
    assert client.post(address, {"deed": "merge", "other": "x"}).status_code == 422
