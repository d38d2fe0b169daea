"""Laws of visits: one meets the turn of its post and place alone; what was promised is owed; words are for few."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from people_fixtures.qingshi import CODE

pytestmark = pytest.mark.django_db

DUTIES = """
[[duties]]
key = "leaders_visit"
duty = "visit"
name = "县领导走访"
owed_by = {responsible = "leaders_villages"}
every = "month"
since = 2026-01-01

[[duties]]
key = "members_visit"
duty = "visit"
name = "班子成员走访"
owed_by = {responsible = "members_grids"}
every = "quarter"
since = 2026-01-01
"""


@pytest.fixture
def county(qingshi: Any, tmp_path: Path) -> Any:
    """Qingshi, whose leaders owe each of their villages a visit a month, and committee members one a quarter."""
    from jingwei.duties.acts import lay_out

    at = timezone.now()
    qingshi.works_by(tmp_path, at, duties=DUTIES)
    lay_out(CODE, at=at)
    return qingshi


def mine(county: Any, username: str = "leader") -> Any:
    """The first responsibility of the post somebody holds."""
    return county.post_of(username).responsibilities.select_related("post__organisation", "place").order_by("pk")[0]


def this_month(to: Any) -> Any:
    """The turn of this month for a responsibility."""
    from jingwei.duties.models import Turn

    today = timezone.localdate()
    return Turn.objects.get(post=to.post, place=to.place, key="leaders_visit", first__lte=today, last__gte=today)


def state(turn: Any, today: date | None = None) -> str:
    """How the turn stands."""
    from jingwei.duties.models import Turn
    from jingwei.duties.queries import standing_on

    (one,) = standing_on(Turn.objects.filter(pk=turn.pk), today or timezone.localdate())
    return str(one.state.value)


def test_each_place_one_answers_for_is_owed_once_a_period_by_the_post_that_answers(county: Any) -> None:
    from jingwei.duties.models import Turn
    from jingwei.organisations.models import Responsibility

    today = timezone.localdate()
    owed = Turn.objects.filter(county=CODE, first__lte=today, last__gte=today).values_list("key", "post", "place")
    keys = {"县领导包村": "leaders_visit", "班子成员联系网格": "members_visit"}
    standing = Responsibility.objects.filter(post__organisation__county=CODE, until=None)
    assert sorted(owed) == sorted((keys[one.title], one.post_id, one.place_id) for one in standing)


def test_a_visit_meets_the_turn_of_its_place_until_it_is_taken_back(county: Any) -> None:
    from jingwei.affairs.visits.acts import Made, strike, visit
    from jingwei.affairs.visits.models import Visit
    from jingwei.duties.models import Turn
    from jingwei.trail.models import Line

    to, actor, key, at = mine(county), county.actor("leader"), uuid4(), timezone.now()
    turn = this_month(to)
    made = Made(to, timezone.localdate(at), asked="路灯不亮", promised="三日内回复")
    first, again = (visit(made, actor=actor, at=at, key=key) for _twice in range(2))
    assert (first.pk, Visit.objects.count(), state(turn)) == (again.pk, 1, "met")
    assert Turn.objects.exclude(met_at=None).count() == 1
    line = Line.objects.get(verb="visits.recorded")
    assert "路灯" not in str(line.facts)

    strike(first, actor=actor, at=at)
    assert (state(turn) in ("owed", "late"), Turn.objects.exclude(met_at=None).count()) == (True, 0)


def test_who_no_longer_answers_for_a_place_owes_it_no_visit(county: Any) -> None:
    from jingwei.organisations.acts.answering import relieve

    to = mine(county)
    turn = this_month(to)
    relieve(to, actor=county.actor("administrator"), at=timezone.now())
    assert state(turn, turn.last + timedelta(days=1)) == "ended"


def said(answers: Any, **given: Any) -> dict[str, Any]:
    """The form of a visit today, as a browser sends it."""
    return {"to": answers.pk, "on": timezone.localdate().isoformat(), "asked": "村口路灯不亮，电话13812345678", **given}


def test_a_leader_records_a_visit_and_the_village_owes_what_was_promised(county: Any, client: Client) -> None:
    from jingwei.affairs.visits.models import Visit
    from jingwei.casework.models import Case

    to, desk = mine(county), county.post_of("community")
    county.sign_in(client, "leader")
    listed = client.get("/desk/visits/").content.decode()
    assert (str(to.place) in listed, "还没有走访记录" in listed) == (True, True)
    assert f'value="{timezone.localdate()}"' in client.get("/desk/visits/new/").content.decode()
    key, until = str(uuid4()), (timezone.localdate() + timedelta(days=3)).isoformat()
    half = said(to, key=key, words_1="修好路灯", until_1=until)
    to_come = said(to, key=key, on=(timezone.localdate() + timedelta(days=2)).isoformat())
    for wrong, sentence in (
        (half, "每项承诺须写明事项、责任岗位和完成日期。"), (to_come, "走访日期不能晚于今天"),
        (said(to, key=key, asked=" "), "请写明群众提出的需求"), (said(to, key=key, to=10**17), "选择"),
    ):  # fmt: skip
        answer = client.post("/desk/visits/new/", wrong)
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True), wrong
    whole = half | {"owner_1": desk.pk}
    pages = {client.post("/desk/visits/new/", whole)["Location"] for _twice in range(2)}
    row, case = Visit.objects.get(), Case.objects.get(kind="visit_promise")
    assert pages == {f"/desk/visits/{row.pk}/"}
    assert (case.owner_id, case.title, case.place_id, state(this_month(to))) == (
        desk.pk,
        "修好路灯",
        to.place_id,
        "met",
    )
    page = client.get(f"/desk/visits/{row.pk}/").content.decode()
    assert ("修好路灯" in page, "13812345678" in page, "村口路灯不亮" in page) == (True, False, True)
    back = client.post(f"/desk/visits/{row.pk}/back/", {"key": key})
    assert (back.status_code, "承诺事项还在办理" in back.content.decode()) == (409, True)

    place = client.get(f"/desk/places/{to.place_id}/").content.decode()
    assert re.search(rf"县领导包村.*上次走访 {timezone.localdate()}", place)
    figure = county.sign_in(Client(), "head").get("/desk/figures/visits.made/?by=unit").content.decode()
    assert (str(to.post.organisation) in figure, county.person("leader").name in figure) == (True, False)


def test_words_of_a_visit_are_for_the_unit_the_community_and_those_who_direct_there(county: Any) -> None:
    from jingwei.affairs.visits.acts import Made, visit
    from jingwei.affairs.visits.personal import erase_words
    from jingwei.affairs.visits.sight import visits_seen_by
    from jingwei.people.erasing import Scope

    to = mine(county)
    at = timezone.now()
    row = visit(Made(to, timezone.localdate(at), "要修路"), actor=county.actor("leader"), at=at, key=uuid4())
    seen = {
        name
        for name in ("leader", "head", "dispatcher", "community", "housing", "grid", "administrator", "auditor")
        if visits_seen_by(county.post_of(name)).filter(pk=row.pk).exists()
    }
    assert to.place == county.post_of("community").ground
    assert seen == {"leader", "head", "dispatcher", "community"}  # not the worker of a single grid of it

    assert [one.pieces for one in erase_words(Scope(CODE, at, before=at))] == [1]
    row.refresh_from_db()
    assert (row.asked, list(erase_words(Scope(CODE, at, before=at)))) == ("", [])
