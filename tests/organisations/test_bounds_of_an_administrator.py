"""An administrator acts on her own ground, and never gives herself, or a post of her own, a sight of cases."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import gettext

from jingwei.imports import handing, keeping, trying
from jingwei.imports.models import Handed
from jingwei.organisations.acts.appointing import appoint, take_leave
from jingwei.organisations.acts.posts import alter_post, create_post, hand_over
from jingwei.organisations.acts.tree import merge
from jingwei.organisations.models import Appointment, Organisation, Post, Served
from jingwei.organisations.refusals import OrganisationRefused
from jingwei.trail.actor import Actor
from organisations.test_changing import chief
from organisations.test_pages import BASE, Desk
from people_fixtures.qingshi import Qingshi
from rosters.sheets import table


def of_the_town(qingshi: Qingshi) -> Desk:
    """The administrator of one town, who holds no other post."""
    town = qingshi.place("town", 1)
    centre = qingshi.organisation("town_centre")
    said: dict[str, Any] = {"actor": chief(qingshi), "at": timezone.now()}
    seat = create_post(centre, title="镇系统管理员", roles=["administrator"], ground=town, key="keeper", **said)
    clerk = qingshi.person("clerk")
    Appointment.objects.filter(person=clerk).update(until=timezone.localdate())
    appoint([(seat, clerk.pk)], **said)
    return Desk(qingshi, "clerk", "town_centre.keeper")


def standing() -> tuple[Any, ...]:
    """Everything of organisations that a form could change."""
    posts = Post.objects.order_by("pk").values_list("pk", "organisation_id", "ground_id", "until")
    homes = Organisation.objects.order_by("pk").values_list("pk", "parent_id", "ground_id", "until")
    return [*posts], [*homes], Served.objects.count()


def test_an_administrator_of_a_town_reaches_no_further_than_her_town(qingshi: Qingshi) -> None:
    desk = of_the_town(qingshi)
    own, county = qingshi.organisation("community_1"), qingshi.place("county", 1)
    bureau, front = qingshi.organisation("housing"), qingshi.post("housing.desk")
    assert own.ground.path.startswith(qingshi.place("town", 1).path)
    assert bureau.ground == county
    worker = qingshi.post("community_1.grid_worker_1")
    before = standing()
    tries: list[tuple[str, int, str, dict[str, Any]]] = [
        ("organisation", own.pk, "post", {"called": "管理员", "roles": ["administrator"], "ground": f"#{county.pk}"}),
        ("organisation", own.pk, "post", {"called": "派遣", "roles": ["dispatcher"], "ground": county.name}),
        ("organisation", own.pk, "found", {"called": "某公司", "sort": "property", "ground": f"#{county.pk}"}),
        ("organisation", own.pk, "serve", {"place": f"#{county.pk}"}),
        ("organisation", own.pk, "move", {"parent": f"#{bureau.pk}"}),
        ("organisation", own.pk, "merge", {"into": f"#{bureau.pk}"}),
        ("organisation", own.pk, "dissolve", {"heir": f"#{bureau.pk}"}),
        ("post", worker.pk, "hand_over", {"to": f"#{front.pk}"}),
        ("post", worker.pk, "end", {"to": f"#{front.pk}"}),
        ("post", worker.pk, "assign", {"place": f"#{county.pk}", "sort": "informant"}),
    ]
    assert [desk.do(*where, **said) for *where, said in tries] == [422] * len(tries)
    assert standing() == before
    page = desk.reads(f"/organisation/{own.pk}/")
    assert (f"#{own.pk} " in page, f"#{front.pk} {front.full_title}" in page) == (True, False)
    assert desk.client.get(f"{BASE}/organisation/{bureau.pk}/").content.decode().count("/do/") == 0


def test_an_administrator_gives_no_work_to_herself_by_any_way_round(qingshi: Qingshi) -> None:
    at, me = timezone.now(), chief(qingshi)
    said: dict[str, Any] = {"actor": me, "at": at}
    sister = Actor.of_person(qingshi.person("dispatcher").pk, qingshi.post("town_centre.dispatcher").pk, "另一位")
    seat = create_post(qingshi.organisation("community_1"), title="兼职", roles=["clerk"], **said)
    with pytest.raises(OrganisationRefused):
        appoint([(seat, me.person_id or 0)], **said)
    appoint([(seat, me.person_id or 0)], actor=sister, at=at)
    post = qingshi.post("town_centre.dispatcher")
    holder = post.appointments.filter(until=None)[0]
    days = {"since": timezone.localdate(), "until": timezone.localdate() + timedelta(days=3)}
    with pytest.raises(OrganisationRefused):
        take_leave(holder, stand_in=me.person_id, **days, **said)
    with pytest.raises(OrganisationRefused):
        hand_over(post, seat, **said)
    with pytest.raises(OrganisationRefused):
        merge(qingshi.organisation("community_1"), qingshi.organisation("housing"), **said)
    with pytest.raises(OrganisationRefused):
        alter_post(qingshi.post("county_centre.administrator"), roles=["dispatcher"], **said)
    assert Appointment.objects.filter(person=me.person_id, until=None, post__roles__overlap=["dispatcher"]).count() == 0


def _refused(qingshi: Qingshi, sheet: bytes, name: str) -> list[str]:
    """Why the rows of a roster that the administrator hands in are refused, all of them."""
    me, at = chief(qingshi), timezone.now()
    handed = handing.take(sheet, name, county=qingshi.county_code, ground=f"{qingshi.county_code}/", actor=me, at=at)
    trying.ask(handed, adopt=False, key="k", actor=me, at=at)
    tried = Handed.objects.get(pk=handed.pk)
    assert tried.counts["new"] == tried.counts["changed"] == 0, tried.counts
    return [why for _number, why in keeping.refused_of(tried)]


def test_a_roster_is_no_way_round_either(qingshi: Qingshi) -> None:
    me, seat = qingshi.person("administrator"), qingshi.post("county_centre.administrator")
    other, more = qingshi.post("town_centre.dispatcher"), qingshi.organisation("community_1")
    sister = Actor.of_person(qingshi.person("dispatcher").pk, other.pk, "另一位")
    mine = create_post(more, title="兼职", roles=["clerk"], actor=chief(qingshi), at=timezone.now())
    appoint([(mine, me.pk)], actor=sister, at=timezone.now())
    me.renumber("13900010001")
    me.save()
    head = ["单位名称", "岗位", "岗位职责"]
    for post in (seat, mine):
        sheet = table(head, [post.organisation.name, post.title, "派单"])
        assert len(_refused(qingshi, sheet, "机构岗位.xlsx")) == 1
    home = [other.organisation.name, other.title]
    sheet = table(["姓名", "手机号码", "单位名称", "岗位"], [me.name, "13900010001", *home])
    why = gettext("Nobody appoints herself; another administrator does.")
    assert _refused(qingshi, sheet, "任职人员名册.xlsx") == [why]
