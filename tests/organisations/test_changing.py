"""Whatever is done to organisations and posts, nothing is owed by an ended post and past days stay as they were."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.handover import follow_successors
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.steps import take
from jingwei.casework.ledger import replayed
from jingwei.casework.models import Act, Case, ClockRun, Motion, Standing
from jingwei.casework.needs import Evidence
from jingwei.organisations import owed
from jingwei.organisations.acts.answering import assign
from jingwei.organisations.acts.appointing import Appointing, appoint_each, dismiss, take_leave
from jingwei.organisations.acts.posts import create_post, end_post, hand_over
from jingwei.organisations.acts.tree import alter, dissolve, found, merge, serve
from jingwei.organisations.models import Appointment, Organisation, Post, Responsibility
from jingwei.organisations.past import organisations_on, posts_on
from jingwei.organisations.refusals import OrganisationRefused, StillOwed, Unfit
from jingwei.policy.models import County
from jingwei.trail.models import Line
from people_fixtures.qingshi import STOOD_UP, Qingshi

DAY = timedelta(days=1)


def chief(qingshi: Qingshi) -> Any:
    return qingshi.holder("county_centre.administrator")


def reported(qingshi: Qingshi, title: str = "路灯不亮", grid: int = 1) -> Case:
    """An incident of a grid, just taken in."""
    intake = Intake(place=qingshi.place("grid", grid), title=title, source="counter", words=title)
    return open_case(Incident, intake, actor=qingshi.holder("town_centre.clerk"), at=STOOD_UP)


def assigned(qingshi: Qingshi, path: str, title: str = "路灯不亮") -> Case:
    """An incident that a department has been given."""
    case = reported(qingshi, title)
    with_post = Evidence(posts={"handler": qingshi.post(path).pk})
    return take(Incident.assign, case, actor=qingshi.holder("town_centre.dispatcher"), at=STOOD_UP, evidence=with_post)


def owed_by_an_ended_post() -> list[str]:
    """Whatever somebody who has ended owes still."""
    ended = {"until__isnull": False}
    return [
        *Case.objects.filter(is_open=True, **{f"owner__{k}": v for k, v in ended.items()}).values_list(
            "number", flat=True
        ),
        *Case.objects.filter(is_open=True, **{f"lead__{k}": v for k, v in ended.items()}).values_list(
            "number", flat=True
        ),
        *[str(m.pk) for m in Motion.objects.filter(settled=None, **{f"to__{k}": v for k, v in ended.items()})],
        *[str(r.pk) for r in Responsibility.objects.filter(until=None, **{f"post__{k}": v for k, v in ended.items()})],
        *[str(c.pk) for c in Case.objects.filter(is_open=True, owner=None)],
    ]


def test_a_bureau_is_dissolved_only_when_another_takes_over_all_it_owes(qingshi: Qingshi) -> None:
    case = assigned(qingshi, "housing.desk")
    due, clocks = case.due_at, list(ClockRun.objects.filter(case=case).order_by("pk").values())
    housing, heir, at = qingshi.organisation("housing"), qingshi.post("market.desk"), STOOD_UP + DAY
    with pytest.raises(StillOwed) as refused:
        dissolve(housing, actor=chief(qingshi), at=at)
    desk = qingshi.post("housing.desk")
    assert refused.value.owing == [(desk.full_title, 1)]
    assert Organisation.objects.get(pk=housing.pk).until is None
    dissolve(housing, successors={desk.pk: heir}, actor=chief(qingshi), at=at)
    case = Case.objects.get(pk=case.pk)
    assert (case.owner, case.lead, case.due_at) == (heir, heir, due)
    assert list(ClockRun.objects.filter(case=case).order_by("pk").values()) == clocks
    assert [(s.owner_id, s.current) for s in Standing.objects.filter(case=case).order_by("pk")][-2:] == [
        (desk.pk, False),
        (heir.pk, True),
    ]
    said = Act.objects.get(case=case, verb="case.handed_over")
    assert (said.facts["before"], said.facts["to"]) == (desk.full_title, heir.full_title)
    trail = Line.objects.filter(subject_type="case", subject_id=case.pk)
    assert trail.latest("id").verb == "case.handed_over"
    assert owed_by_an_ended_post() == []
    assert not Appointment.objects.filter(post__organisation=housing, until=None).exists()
    take(Incident.sign_for, case, actor=qingshi.holder("market.desk"), at=at + timedelta(hours=1))
    assert Case.objects.get(pk=case.pk).stage == "handling"


def test_nobody_takes_over_work_that_she_cannot_do(qingshi: Qingshi) -> None:
    assigned(qingshi, "housing.desk")
    with pytest.raises(Unfit):
        hand_over(qingshi.post("housing.desk"), qingshi.post("market.signer"), actor=chief(qingshi), at=STOOD_UP + DAY)


def test_the_last_dispatcher_of_a_ground_cannot_be_ended(qingshi: Qingshi) -> None:
    with pytest.raises(OrganisationRefused):
        end_post(qingshi.post("county_centre.dispatcher"), successor=qingshi.post("town_centre.dispatcher"),
                 actor=chief(qingshi), at=STOOD_UP + DAY)  # fmt: skip


def test_two_communities_merge_and_what_was_said_before_stays_said(qingshi: Qingshi) -> None:
    at, one, two = STOOD_UP + 10 * DAY, qingshi.organisation("community_1"), qingshi.organisation("community_2")
    case = assigned(qingshi, "community_1.clerk")
    worker = qingshi.post("community_1.grid_worker_1")
    before_tree, before_posts = (
        organisations_on(qingshi.county_code, STOOD_UP.date()),
        posts_on(qingshi.county_code, STOOD_UP.date()),
    )
    titles = list(Act.objects.filter(case=case).order_by("id").values_list("title", flat=True))
    lines = list(Line.objects.order_by("id").values_list("actor_title", "place"))
    alter(two, name="新河社区居民委员会", actor=chief(qingshi), at=at)
    merge(one, two, actor=chief(qingshi), at=at + DAY)
    assert organisations_on(qingshi.county_code, STOOD_UP.date()) == before_tree
    assert posts_on(qingshi.county_code, STOOD_UP.date()) == before_posts
    after = organisations_on(qingshi.county_code, at.date() + DAY)
    assert (one.pk in after, after[two.pk].name) == (False, "新河社区居民委员会")
    assert organisations_on(qingshi.county_code, at.date())[one.pk].name == before_tree[one.pk].name
    assert list(Act.objects.filter(case=case).order_by("id").values_list("title", flat=True)) == titles
    assert list(Line.objects.order_by("id").values_list("actor_title", "place"))[: len(lines)] == lines
    moved = Post.objects.get(pk=worker.pk)
    assert (moved.organisation, moved.until, moved.appointments.filter(until=None).exists()) == (two, None, True)
    assert Organisation.objects.get(key="station_1").parent == two
    assert Case.objects.get(pk=case.pk).owner.organisation == two
    assert case.hands.filter(organisation=two).exists()
    assert owed_by_an_ended_post() == []


def test_five_levels_are_counted_and_one_branch_serves_many_grids(qingshi: Qingshi) -> None:
    county, ground, at = County.objects.get(pk=qingshi.county_code), qingshi.place("community", 1), STOOD_UP + DAY
    said: dict[str, Any] = {"actor": chief(qingshi), "at": at}
    above, made = None, []
    for kind in ("party_committee", "general_branch", "grid_branch", "party_group", "hub_household"):
        above = found(county, name=f"某{kind}", kind=kind, ground=ground, parent=above, **said)
        made.append(above)
    grids = [qingshi.place("grid", n) for n in (1, 2)]
    assert serve(made[2], [*grids, grids[0]], **said) == 2
    assert sorted(made[2].serves.values_list("place__code", flat=True)) == sorted(g.code for g in grids)
    with pytest.raises(OrganisationRefused):
        found(county, name="没有党支部的党小组", kind="party_group", ground=ground, **said)
    with pytest.raises(OrganisationRefused):
        alter(made[1], parent=made[3], **said)
    with pytest.raises(OrganisationRefused):
        dissolve(made[1], **said)


def test_a_term_leave_and_a_stand_in_each_hold_on_their_days(qingshi: Qingshi) -> None:
    at, post = STOOD_UP + DAY, qingshi.post("community_1.clerk")
    holder = post.appointments.get(until=None)
    away, back = at.date() + 2 * DAY, at.date() + 9 * DAY
    other = qingshi.post("community_2.clerk").appointments.filter(until=None)[0].person_id
    take_leave(holder, since=away, until=back, stand_in=other, actor=chief(qingshi), at=at)
    acting = Appointment.objects.get(post=post, acting=True)
    assert [acting.holds(day) for day in (away - DAY, away, back - DAY, back)] == [False, True, True, False]
    dismiss(acting, actor=chief(qingshi), at=at + 4 * DAY)
    assert Appointment.objects.get(pk=acting.pk).until == away + 2 * DAY
    with pytest.raises(OrganisationRefused):
        take_leave(holder, since=away, until=away + DAY, actor=chief(qingshi), at=at)
    with pytest.raises(OrganisationRefused):
        appoint_each([Appointing(post, other, grade="a1")], actor=chief(qingshi), at=at)


@dataclass
class Played:
    """A county that things happen to, one a day, and what was true on the days before."""

    qingshi: Qingshi
    at: datetime = STOOD_UP + DAY
    told: dict[date, tuple[Any, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chief = chief(self.qingshi)  # whatever becomes of the unit in which the post stands today

    def organisations(self) -> list[Organisation]:
        return list(Organisation.objects.filter(until=None).order_by("pk"))

    def posts(self) -> list[Post]:
        return list(Post.objects.filter(until=None).select_related("organisation", "ground").order_by("pk"))

    def play(self, name: str, a: int, b: int) -> None:
        """One deed; what is refused changes nothing."""
        orgs, posts, said = self.organisations(), self.posts(), {"actor": self.chief, "at": self.at}
        org, other, post, to = orgs[a % len(orgs)], orgs[b % len(orgs)], posts[a % len(posts)], posts[b % len(posts)]
        fit = [p for p in posts if set(p.roles) >= set(post.roles) and p.organisation_id != post.organisation_id]
        deeds = {
            "found": lambda: found(org.county, name=f"新设{a}", kind="social", ground=org.ground, parent=other, **said),
            "rename": lambda: alter(org, name=f"改名{a}", **said),
            "move": lambda: alter(org, parent=other, **said),
            "merge": lambda: merge(org, other, **said),
            "dissolve": lambda: dissolve(
                org,
                heir=other,
                successors={p.pk: _fit(p, posts, b) for p in posts if p.organisation_id == org.pk},
                **said,
            ),
            "bare": lambda: dissolve(org, **said),
            "make": lambda: create_post(org, title=f"新岗{a}", roles=["department"], **said),
            "appoint": lambda: appoint_each(
                [Appointing(post, Appointment.objects.order_by("pk")[b % 20].person_id)], **said
            ),
            "hand": lambda: hand_over(post, fit[b % len(fit)] if fit else to, **said),
            "end": lambda: end_post(post, successor=fit[b % len(fit)] if fit else to, **said),
            "assign": lambda: assign(post, [self.qingshi.place("grid", b % 4 + 1)], sort="leader", **said),
        }
        try:
            with transaction.atomic():
                deeds[name]()
        except OrganisationRefused:
            pass

    def sleep(self) -> None:
        """The day is over, and nothing that comes changes it."""
        self.told[self.at.date()] = self.remembered(self.at.date())
        self.at += DAY

    def remembered(self, day: date) -> tuple[Any, Any]:
        return organisations_on(self.qingshi.county_code, day), posts_on(self.qingshi.county_code, day)


def _fit(post: Post, posts: Sequence[Post], n: int) -> Post:
    fit = [p for p in posts if set(p.roles) >= set(post.roles) and p.organisation_id != post.organisation_id]
    return fit[n % len(fit)] if fit else posts[n % len(posts)]


DEEDS = ["found", "rename", "move", "merge", "dissolve", "bare", "make", "appoint", "hand", "end", "assign"]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    story=st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 60), st.integers(0, 60)), min_size=4, max_size=10)
)
def test_any_story_leaves_nothing_with_an_ended_post_and_the_past_as_it_was(
    qingshi: Qingshi, story: list[tuple[str, int, int]]
) -> None:
    place = transaction.savepoint()
    try:
        played = Played(qingshi)
        for path in ("housing.desk", "market.desk", "community_1.clerk"):
            assigned(qingshi, path)
        reported(qingshi)
        for name, a, b in story:
            played.play(name, a, b)
            played.sleep()
            assert owed_by_an_ended_post() == [], name
        assert {day: played.remembered(day) for day in played.told} == played.told
        assert follow_successors(played.at) == 0
        open_posts = Post.objects.filter(until=None)
        assert sum(owed.counts(open_posts).values()) >= Case.objects.filter(is_open=True).count()
        for run in ClockRun.objects.all():
            assert replayed(run).due_at == run.due_at
    finally:  # or what fails once fails ever after
        transaction.savepoint_rollback(place)
