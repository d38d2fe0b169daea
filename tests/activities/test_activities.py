"""Laws of activities: places are never given twice, who waits moves up, the right ones meet a duty and are counted."""

from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from people_fixtures.qingshi import CODE

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 9, 4, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MONDAY = FRIDAY - timedelta(days=4)
DUTIES = """
[[duties]]
key = "weekly_activity"
duty = "activity"
name = "每周活动"
owed_by = {organisations = "community"}
every = "week"
since = 2026-03-02

[[duties]]
key = "volunteer_day"
duty = "activity"
name = "周五志愿服务日"
owed_by = {organisations = "community"}
every = "week"
weekday = "friday"
since = 2026-03-02

[[duties]]
key = "training"
duty = "activity"
name = "每年不少于两次培训"
owed_by = {organisations = "community"}
every = "half_year"
since = 2026-01-01

[[duties]]
key = "each_trained"
duty = "training_of_each"
name = "网格员每半年一次培训"
owed_by = {role = "grid_worker"}
every = "half_year"
since = 2026-01-01
"""
SORTS = """
[[activities]]
key = "volunteers"
name = "志愿服务"
meets = ["volunteer_day"]

[[activities]]
key = "training"
name = "培训"
certificate = true
meets = ["training", "each_trained"]
"""


@pytest.fixture
def village(qingshi: Any, tmp_path: Path) -> Any:
    """Qingshi, where each village owes an activity a week, a volunteer day each Friday, and two trainings a year."""
    return qingshi.works_by(tmp_path, MONDAY - timedelta(days=60), duties=DUTIES, activities=SORTS)


def planned(qingshi: Any, sort: str = "fair", at: datetime = MONDAY, **given: Any) -> Any:
    """An activity of the village, on Friday unless said otherwise."""
    from jingwei.affairs.activities.acts import Plan, plan

    post = qingshi.post_of("community")
    begins = given.pop("begins_at", FRIDAY)
    said = {"title": "便民集市", "where": "村口", "begins_at": begins, "ends_at": begins + timedelta(hours=2)} | given
    what = Plan(sort=sort, **said)
    return plan(post.organisation, what, by=post, actor=qingshi.actor("community"), at=at, key=uuid4())


def test_places_are_given_once_and_who_waits_moves_up_in_order(qingshi: Any) -> None:
    from jingwei.affairs.activities.acts import Plan, RoomTaken, change, publish
    from jingwei.affairs.activities.models import SignUp
    from jingwei.affairs.activities.signing import SignUpClosed, Taking, by_code, code_of, sign_up, withdraw
    from jingwei.notices.models import Notice
    from jingwei.trail.models import Line

    act = {"actor": qingshi.actor("community"), "at": MONDAY}
    fair = planned(qingshi, room=5, asks_contact=True)
    he = Taking(3, "赵甲", "13800001111")
    with pytest.raises(SignUpClosed):
        sign_up(fair, he, at=MONDAY, key=uuid4())
    publish(fair, **act)
    key = uuid4()
    first = sign_up(fair, he, at=MONDAY, key=key)
    assert sign_up(fair, he, at=MONDAY, key=key) == first
    many, one, two = (sign_up(fair, Taking(n, "钱乙", "13800002222"), at=MONDAY, key=uuid4()) for n in (3, 2, 1))
    assert [row.waiting for row in (first, many, one, two)] == [False, True, False, True]
    assert (fair.taken, by_code(fair, code_of(first).lower().replace("-", " "))) == (5, first)
    smaller = Plan(sort="fair", title="集市", where="村口", begins_at=FRIDAY, ends_at=FRIDAY + timedelta(1), room=4)
    with pytest.raises(RoomTaken):
        change(fair, smaller, **act)
    withdraw(one, at=MONDAY)
    withdraw(one, at=MONDAY)
    stand = {row.pk: row.waiting for row in SignUp.objects.filter(withdrawn_at=None)}
    assert stand == {first.pk: False, many.pk: True, two.pk: False}  # three do not fit into two, the next one does
    gone = SignUp.objects.get(pk=one.pk)
    assert (gone.name, gone.telephone, by_code(fair, code_of(one))) == ("", "", None)
    told = Notice.objects.filter(post=fair.kept_by, event="place_free", subject_id=fair.pk)
    assert (told.count(), SignUp.objects.get(pk=two.pk).moved_up_at, first.moved_up_at) == (1, MONDAY, None)
    larger = Plan(
        sort="fair",
        title="集市",
        where="村口",
        begins_at=FRIDAY,
        ends_at=FRIDAY + timedelta(1),
        room=7,
        asks_contact=True,
    )
    change(fair, larger, **act)
    assert (SignUp.objects.get(pk=many.pk).waiting, told.count()) == (False, 2)
    withdraw(first, at=MONDAY)
    assert dict(fair.sign_ups.values_list("pk", "waiting"))[many.pk] is False
    with pytest.raises(SignUpClosed):
        sign_up(fair, he, at=FRIDAY, key=uuid4())
    assert Line.objects.filter(subject_type="activity", verb="activities.withdrawn").count() == 2


def test_activities_meet_the_duties_of_their_sort_and_are_counted(village: Any, client: Client) -> None:
    from jingwei.affairs.activities.acts import AlreadyOver, NotYet, Outcome, cancel, hold
    from jingwei.affairs.activities.duties import owed_training
    from jingwei.affairs.activities.figures import ActivityFigures
    from jingwei.duties.acts import lay_out
    from jingwei.duties.models import Turn
    from jingwei.figures.counting import Question
    from jingwei.worktime import ALL

    lay_out(CODE, at=MONDAY)
    unit, act = village.post_of("community").organisation, {"actor": village.actor("community")}

    def met() -> set[str]:
        week = Turn.objects.filter(organisation=unit, first__lte=FRIDAY.date(), last__gte=FRIDAY.date())
        return set(week.exclude(met_at=None).values_list("key", flat=True))

    fair, service = planned(village), planned(village, "volunteers", title="敬老服务")
    course = planned(village, "training", begins_at=FRIDAY - timedelta(days=30), further=(FRIDAY,))
    with pytest.raises(NotYet):
        hold(fair, Outcome(80), at=MONDAY, **act)
    after = FRIDAY + timedelta(hours=3)
    hold(fair, Outcome(80, Decimal("120.50"), "理发、义诊"), at=after, **act)
    assert met() == {"weekly_activity"}
    hold(service, Outcome(12), at=after, **act)
    assert met() == {"weekly_activity", "volunteer_day"}
    one, *others = owed_training(course)
    assert {post.organisation for post in (one, *others)} == {unit}
    assert (not owed_training(fair).exists(), len(others) > 0) == (True, True)
    hold(course, Outcome(20, trained=(one,)), at=after, **act)
    trained = set(Turn.objects.filter(key="each_trained").exclude(met_at=None).values_list("post", flat=True))
    assert (met(), trained) == ({"weekly_activity", "volunteer_day", "training", "each_trained"}, {one.pk})
    page = village.sign_in(client, "community").get(f"/desk/activities/{course.pk}/").content.decode()
    assert page.count('name="trained"') == 1 + len(others)
    hold(course, Outcome(20), at=after, **act)
    assert met() == {"weekly_activity", "volunteer_day", "training"}
    hold(fair, Outcome(81), at=after, **act)
    with pytest.raises(AlreadyOver):
        cancel(fair, "下雨", at=after, **act)
    rained = planned(village, title="露天电影")
    cancel(rained, "下雨", at=after, **act)
    with pytest.raises(AlreadyOver):
        hold(rained, Outcome(5), at=after, **act)

    county, leader = village.place("county"), village.actor("dispatcher")
    asked = (ActivityFigures.held, ActivityFigures.served)
    assert [Question(one, county, ALL, after, leader).count() for one in asked] == [3, 113]
    page = village.sign_in(client, "dispatcher").get("/desk/figures/activities.served/?period=all&place=990302/")
    assert '<b class="figure-said__number n">113</b>' in page.content.decode()


def test_who_keeps_who_reads_and_what_expires(qingshi: Any, client: Client) -> None:
    from jingwei.affairs.activities.acts import Outcome, hold, publish
    from jingwei.affairs.activities.certificates import NoCertificates, certify, verified
    from jingwei.affairs.activities.models import Certificate
    from jingwei.affairs.activities.signing import Taking, sign_up
    from jingwei.people.erasing import expire
    from jingwei.policy.models import County
    from jingwei.trail.actor import Actor

    act = {"actor": qingshi.actor("community")}
    course = planned(qingshi, "training", title="网格员培训", batch="第一批", asks_contact=True)
    publish(course, at=MONDAY, **act)
    rows = [sign_up(course, Taking(1, name, "13800001111"), at=MONDAY, key=uuid4()) for name in ("孙丙", "李丁")]
    after = FRIDAY + timedelta(days=1)
    with pytest.raises(NoCertificates):
        certify(course, [rows[0].pk], at=MONDAY, **act)
    hold(course, Outcome(2), at=after, **act)
    certify(course, [row.pk for row in rows], at=after, **act)
    certify(course, [rows[0].pk], at=after, **act)
    numbers = {one.sign_up_id: one.number for one in Certificate.objects.all()}
    sun, li = numbers[rows[0].pk], numbers[rows[1].pk]
    assert [bool(verified(*asked)) for asked in ((sun, "孙"), (f" {sun.lower()} ", "孙"), (sun, "李"), (li, "李"))] == [
        True, True, False, False,
    ]  # fmt: skip

    expire(County.objects.get(pk=CODE), actor=Actor.machine("expiry"), at=timezone.now() + timedelta(days=2000))
    names = {*Certificate.objects.values_list("name", flat=True), *course.sign_ups.values_list("name", "telephone")}
    assert names == {"", ("", "")}
    assert verified(sun, "孙") == Certificate.objects.get(number=sun)

    page = f"/desk/activities/{course.pk}/"
    answers = {}
    for who in ("community", "dispatcher", "housing", "administrator"):
        there = qingshi.sign_in(Client(), who)
        answers[who] = (there.get(page).status_code, there.get(f"{page}change/").status_code)
    assert answers == {
        "community": (200, 200), "dispatcher": (200, 403), "housing": (404, 404), "administrator": (404, 404),
    }  # fmt: skip
    assert client.get(f"/activities/{planned(qingshi).pk}/").status_code == 404  # not announced


def test_photographs_are_kept_by_choice_and_shown_to_residents_where_nobody_is_recognisable(
    qingshi: Any, client: Client, settings: Settings, tmp_path: Path
) -> None:
    from jingwei.affairs.activities.acts import Outcome, hold, publish
    from jingwei.affairs.activities.models import Photograph
    from jingwei.affairs.activities.personal import erase_photographs
    from jingwei.files.acts import make_waiting_ready
    from jingwei.files.models import Blob
    from jingwei.people.erasing import Scope
    from jingwei.trail.models import Line

    settings.FILES_ROOT = tmp_path / "files"
    fair, act = planned(qingshi), {"actor": qingshi.actor("community"), "at": MONDAY}
    publish(fair, **act)
    hold(fair, Outcome(40), **act | {"at": FRIDAY + timedelta(days=1)})
    qingshi.sign_in(client, "community")
    page, door = reverse("desk:activity", args=[fair.pk]), reverse("doorstep:activity", args=[fair.pk])
    assert "不添加" in client.get(page).content.decode()
    into = reverse("desk:add_photographs", args=[fair.pk])

    def given(colour: str, **ticked: str) -> int:
        photographs = SimpleUploadedFile("a.jpg", jpeg(colour), "image/jpeg")
        return client.post(into, {"key": str(uuid4()), "photographs": photographs, **ticked}).status_code

    assert (client.post(into, {"key": str(uuid4())}).status_code, given("tomato", public="1")) == (422, 422)
    assert not Photograph.objects.exists()
    assert (given("tomato"), given("teal", public="1", nobody="1")) == (302, 302)
    make_waiting_ready(timezone.now())
    inside, outside = Photograph.objects.order_by("pk")
    pictures = [reverse("doorstep:activity_photograph", args=[one.pk, "thumb"]) for one in (inside, outside)]
    beheld = [reverse("doorstep:activity_beheld", args=[one.pk]) for one in (inside, outside)]
    anybody = Client()
    assert [got(anybody, one) for one in (*pictures, *beheld)] == [404, 200, 404, 200]
    assert [got(client, one) for one in (*pictures, *beheld)] == [200, 200, 200, 200]
    shown = [(one in anybody.get(door).content.decode(), one in client.get(page).content.decode()) for one in pictures]
    assert shown == [(False, True), (True, True)]

    def done(one: Photograph, name: str, **said: str) -> int:
        return client.post(
            reverse("desk:do_photograph", args=[one.pk, name]), {"key": str(uuid4()), **said}
        ).status_code

    assert [done(inside, "show"), done(inside, "show", nobody="1"), done(outside, "hide")] == [422, 302, 302]
    assert [got(anybody, one) for one in pictures] == [200, 404]
    assert (done(outside, "remove"), Blob.objects.count()) == (302, 1)
    stranger = Client()
    qingshi.sign_in(stranger, "housing")
    assert stranger.post(into, {"key": str(uuid4())}).status_code == 404
    assert stranger.post(reverse("desk:do_photograph", args=[inside.pk, "remove"])).status_code == 404
    scope = Scope(county_code=CODE, at=timezone.now(), before=timezone.now() - timedelta(days=1))
    assert erase_photographs(scope) == []
    gone = erase_photographs(Scope(county_code=CODE, at=timezone.now(), before=timezone.now()))
    assert ([one.subject for one in gone], Blob.objects.count()) == ([("photograph", inside.pk)], 0)
    told = Line.objects.filter(subject_type="activity", verb__startswith="activities.photograph")
    assert [line.verb.partition(".")[2] for line in told.order_by("pk")] == [
        "photographs_added", "photographs_added", "photograph_shown", "photograph_shown", "photograph_hidden",
        "photograph_removed",
    ]  # fmt: skip


def got(client: Client, address: str) -> int:
    """How an address answers; its file is closed again."""
    answer = client.get(address)
    for close in answer._resource_closers:  # its own `close` would end the test's transaction
        close()
    return answer.status_code


def jpeg(colour: str) -> bytes:
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()
