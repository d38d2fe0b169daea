"""By-laws of orders: a team takes one up of its own accord, nobody's no is counted, and a bad rating is put right."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from jingwei.affairs.orders.kinds import Order
from jingwei.affairs.problems.kinds import Problem
from jingwei.casework.acts import residents
from jingwei.casework.acts.opening import Intake, case_code, open_case
from jingwei.casework.acts.steps import take
from jingwei.casework.kinds import Step
from jingwei.casework.models import Act, Case
from jingwei.casework.needs import Evidence, Wanting
from jingwei.casework.pages.asking import DOOR
from jingwei.casework.queries import case_seen
from jingwei.casework.refusals import NotYours, Refused
from jingwei.casework.tasks import go_on_after_waiting
from jingwei.trail.actor import Actor
from people_fixtures.units import two_teams

AT = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class Story:
    """An order on the desk of the first village, and two teams."""

    def __init__(self, qingshi: Any) -> None:
        self.qingshi, (self.mend, self.errand) = qingshi, two_teams(qingshi)
        intake = Intake(
            place=qingshi.place("community"), title="电风扇不转", source="resident_web", words="电风扇不转",
            category="appliances", where="三号楼", with_code=True,
        )  # fmt: skip
        self.case = open_case(Order, intake, actor=DOOR, at=AT)
        self.village = qingshi.holder("community_1.clerk")
        self.teams = {post.pk: qingshi.holder(f"{post.organisation.key}.desk") for post in (self.mend, self.errand)}

    def does(self, step: Step, who: Any, hours: float = 1, **evidence: Any) -> Case:
        """Take a step; `who` is a post of a team, or an actor."""
        actor = self.teams[who.pk] if hasattr(who, "pk") else who
        at = AT + timedelta(hours=hours)
        self.case = take(step, self.case, actor=actor, at=at, evidence=Evidence(**evidence))
        return self.case

    def sees(self, post: Any) -> bool:
        """Whether a team sees the order."""
        return case_seen(self.teams[post.pk], self.case.number) is not None

    def served(self) -> Case:
        """Sent to the team that mends, and done by it."""
        self.does(Order.send, self.village, posts={"team": self.mend.pk})
        self.does(Order.take_up, self.mend)
        self.does(Order.report_served, self.mend, words={"reply": "换了电容。"})
        if self.case.stage == "asking":
            self.does(Order.it_was_done, self.qingshi.actor("caller"))
        return self.case


@pytest.fixture
def story(qingshi: Any) -> Story:
    return Story(qingshi)


def test_one_of_two_teams_passes_by_without_a_word_and_the_other_takes_it_up(story: Story) -> None:
    village = story.qingshi.post("community_1.clerk")
    assert story.case.owner == village
    story.does(Order.offer, story.village, offered=(story.mend.pk, story.errand.pk))
    assert (story.case.lead, story.case.owner, story.case.due_at) == (
        None,
        story.qingshi.post("community_1.clerk"),
        None,
    )
    story.does(Order.pass_by, story.mend)
    assert (story.case.stage, story.sees(story.mend), story.sees(story.errand)) == ("offered", False, True)
    with pytest.raises(NotYours):
        story.does(Order.take_up, story.mend)
    story.does(Order.take_up, story.errand, words={"reply": "下午三点到。"})
    assert (story.case.stage, story.case.lead, story.case.owner) == ("taken", story.errand, story.errand)
    assert (story.case.returned, story.case.redone) == (0, 0)
    assert story.case.acts.get(step="pass_by").public is False
    listed = story.qingshi.sign_in(Client(), "urban", "team_errand.desk").get("/desk/offered/", follow=True)
    assert "<h1>待认领点单</h1>" in listed.content.decode()


def test_the_last_no_and_the_end_of_the_time_bring_it_back_to_the_village(story: Story) -> None:
    village = story.qingshi.post("community_1.clerk")
    story.does(Order.send, story.village, posts={"team": story.mend.pk})
    assert (story.case.owner, story.case.lead) == (story.mend, story.mend)
    story.does(Order.pass_by, story.mend)
    assert (story.case.stage, story.case.owner, story.case.lead) == ("ordered", village, None)
    story.does(Order.offer, story.village, offered=(story.mend.pk, story.errand.pk))
    go_on_after_waiting(AT + timedelta(hours=3))
    assert Case.objects.get(pk=story.case.pk).stage == "offered"
    go_on_after_waiting(AT + timedelta(days=2))
    story.case.refresh_from_db()
    assert (story.case.stage, story.case.owner) == ("ordered", village)
    assert [story.sees(post) for post in (story.mend, story.errand)] == [False, False]
    assert story.case.due_at is not None
    late = [run for run in story.case.clocks.all() if run.name == "handling"]
    assert late == []  # no promise was made, so none is broken


def test_only_a_team_of_that_ground_is_chosen(story: Story) -> None:
    from jingwei.organisations.models import Post

    with pytest.raises(Wanting):
        story.does(Order.send, story.village, posts={"team": story.qingshi.post("housing.desk").pk})
    Post.objects.filter(pk=story.mend.pk).update(ground=story.qingshi.place("community", 2))
    with pytest.raises(Wanting):
        story.does(Order.offer, story.village, offered=(story.mend.pk, story.errand.pk))
    assert story.case.acts.count() == 1


def test_she_alone_rates_and_a_bad_rating_opens_a_rectification_that_waits_for_nobody(story: Story) -> None:
    case = story.served()
    assert (case.stage, case.rating) == ("served", None)
    for actor in (story.village, story.teams[story.mend.pk], story.qingshi.actor("caller")):
        with pytest.raises(Refused):
            residents.rate(case, 5, actor=actor, at=AT)
    her = Actor.bearer(case.pk)
    key, at = uuid4(), AT + timedelta(days=1)
    for _twice in range(2):
        case = residents.rate(case, 1, "又坏了。", actor=her, at=at, key=key)
    problem = Case.objects.get(kind=Problem.name)
    village = story.qingshi.post("community_1.clerk")
    assert (problem.parent, problem.owner, problem.opened_by_id) == (case, village, village.organisation_id)
    assert (problem.source, problem.title, problem.statements.count()) == ("bad_rating", "差评整改：电风扇不转", 0)
    assert [act.verb for act in case.acts.order_by("-id")[:2]] == ["case.rectified", "case.rated"]

    with pytest.raises(NotYours):  # whoever directs does not take back what a resident's rating opened
        residents.withdraw(problem, actor=story.qingshi.actor("dispatcher"), at=at)
    residents.reopen(case, "请再来看看。", actor=her, at=at)
    story.case.refresh_from_db()
    assert story.served().is_open is False  # while it is being put right
    take(
        Problem.strike_off,
        problem,
        actor=story.qingshi.actor("leader"),
        at=at,
        evidence=Evidence(words={"words": "已说明"}),
    )
    told = Act.objects.filter(case=story.case, verb="case.righted").get()
    assert (told.public, told.facts["rectified"]) == (True, problem.number)
    residents.reopen(problem, "还要再看。", actor=story.qingshi.actor("dispatcher"), at=at)


def test_a_good_rating_opens_nothing(story: Story) -> None:
    residents.rate(story.served(), 3, actor=Actor.bearer(story.case.pk), at=AT + timedelta(days=1))
    assert Case.objects.filter(kind=Problem.name).count() == 0


def test_the_door_offers_services_where_a_team_stands_and_asks_how_to_find_her(qingshi: Any, client: Client) -> None:
    address = f"/order/?county={qingshi.county_code}"
    assert "还没有组建服务队" in client.get(address).content.decode()
    assert "/order/" not in client.get("/").content.decode()
    two_teams(qingshi)
    assert "/order/" in client.get("/").content.decode()
    community = qingshi.place("community")
    sent = {"category": "appliances", "community": community.code, "key": str(uuid4()), "record": "open", "whole": "1"}
    answer = client.post(address, sent)
    assert (answer.status_code, "请写上门地址" in answer.content.decode()) == (422, True)
    answer = client.post(address, sent | {"where": "三号楼"}, follow=True)
    case = Case.objects.get(kind="order")
    assert case_code(case.pk) in answer.content.decode()
    assert (case.title, case.category, case.owner) == (
        f"修理家电 · {community}",
        "appliances",
        qingshi.post("community_1.clerk"),
    )
