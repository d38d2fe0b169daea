"""By-laws of sight: a ten-line definition in plain Python sees the same cases as the database does."""

import random

from django.db.models import Q

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.models import Case, Hand
from jingwei.casework.queries import QUEUES, queue
from jingwei.casework.sight import cases_seen_by, cases_seen_from, sees, why_seen
from jingwei.organisations.models import Post
from jingwei.trail.actor import Actor

from .conftest import Desk

ASSIGN_OR_CHECK = {"dispatcher", "arbiter", "inspector", "caller"}
WATCH = ASSIGN_OR_CHECK | {"leader", "grid_worker", "first_secretary", "committee_member"}


def seen(case: Case, post: Post, hands: set[tuple[int, int]]) -> bool:
    """Sight, as a citizen would tell it."""
    roles = set(post.roles)
    if not roles - {"administrator", "security_officer", "auditor"}:
        return False
    if (case.pk, post.organisation_id) in hands:
        return True
    watches = ASSIGN_OR_CHECK if case.tier else WATCH
    return bool(roles & watches) and case.ground_path.startswith(post.ground.path)


def some_cases(desk: Desk) -> None:
    lot = random.Random(20260302)
    units = ["housing.desk", "urban_management.desk", "power.desk", "community_1.clerk"]
    clerks = ["town_centre.clerk", "county_centre.clerk", "community_1.clerk", "community_2.clerk", "station_2.head"]
    for n in range(18):
        layer, most = lot.choice([("compound", 6), ("grid", 4), ("community", 2), ("town", 1)])
        place = desk.qingshi.place(layer, lot.randint(1, most))
        case = desk.report(by=lot.choice(clerks), place=place, confidential=lot.random() < 0.4)
        if n % 3:
            desk.assign(case, lot.choice(units))
        if n % 3 == 2:
            desk.take(Incident.give_back, case, case_lead(case))


def case_lead(case: Case) -> str:
    lead = Case.objects.get(pk=case.pk).lead
    assert lead is not None
    return f"{lead.organisation.key}.{lead.key}"


def test_what_a_post_sees_is_what_the_policy_says_read_aloud(desk: Desk) -> None:
    some_cases(desk)
    cases, hands = list(Case.objects.all()), set(Hand.objects.values_list("case_id", "organisation_id"))
    told: dict[str, int] = {}
    for post in Post.objects.select_related("organisation", "ground").filter(Q(organisation__county_id="990302")):
        expected = {case.pk for case in cases if seen(case, post, hands)}
        found = set(cases_seen_from(post).values_list("pk", flat=True))
        assert found == expected, post
        for name in QUEUES:
            assert set(queue(post, name, desk.at).values_list("pk", flat=True)) <= expected, (post, name)
        told[f"{post.organisation.key}.{post.key}"] = len(found)
        if post.front_desk or len(expected) < 3:
            assert {case.pk for case in cases if why_seen(case, post)} == expected
            actor = Actor.of_person(1, post.pk, post.title)
            assert {case.pk for case in cases if sees(actor, case.pk)} == expected
    assert told["county_centre.dispatcher"] == len(cases)
    assert (told["county_centre.administrator"], told["county_centre.auditor"], told["health.desk"]) == (0, 0, 0)
    assert 0 < told["county_leadership.leader_1"] < len(cases)


def test_a_bearer_lists_nothing_and_a_machine_sees_all(desk: Desk) -> None:
    case = desk.report()
    assert list(cases_seen_by(Actor.bearer(case.pk))) == []
    assert list(cases_seen_by(Actor.machine("sweep"))) == list(Case.objects.all())
    assert [sees(Actor.bearer(case.pk), case.pk), sees(Actor.machine("sweep"), case.pk)] == [False, True]


def test_one_case_is_seen_by_what_the_post_is_now(desk: Desk) -> None:
    """The question is kept for a post as it was; with other roles or another ground it is another question."""
    case, post = desk.report(), Post.objects.get(organisation__key="county_centre", key="dispatcher")
    actor = Actor.of_person(1, post.pk, post.title)
    assert sees(actor, case.pk)
    Post.objects.filter(pk=post.pk).update(roles=["administrator"])
    assert not sees(actor, case.pk)


def test_the_place_of_an_intake_may_be_told_by_its_id(desk: Desk) -> None:
    clerk, place = desk.by("town_centre.clerk"), desk.qingshi.place("compound", 1)
    said = [Intake(place=where, title="路灯不亮", source="counter", grade="general") for where in (place, place.pk)]
    one, other = (open_case(Incident, intake, actor=clerk, at=desk.at) for intake in said)
    assert (one.place, one.ground_path, one.owner, one.due_at) == (
        other.place, other.ground_path, other.owner, other.due_at,
    )  # fmt: skip
