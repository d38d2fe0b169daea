"""By-laws of two hands at once: one wins, the other is told; the same request is one case."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from threading import Barrier, Event
from time import sleep
from typing import Any

from django.db import connection, connections, transaction
from django.utils.translation import override

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.held import hold
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.remarks import comment
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Act, Case, Hand, Standing
from jingwei.casework.needs import Evidence
from jingwei.casework.refusals import NotFromHere, Refused
from jingwei.organisations.acts.posts import end_post
from jingwei.organisations.acts.tree import merge
from jingwei.trail.actor import Actor
from jingwei.trail.models import Line

from .conftest import MONDAY, Desk

OFFICE = Actor.machine("office")


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """What came of deeds begun at one moment, each on a connection of its own; a refusal is what it came to."""
    barrier = Barrier(len(deeds))

    def do(deed: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            with override("en"):
                return deed()
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(do, deeds))


def test_of_two_who_take_the_same_step_one_wins_and_the_other_is_told_who(own_database: str, qingshi: Any) -> None:
    desk = Desk(qingshi)
    case = desk.report()
    actors = [desk.by("town_centre.dispatcher"), desk.by("county_centre.dispatcher")]
    came = together(*(lambda a=actor: take(Incident.accept, case, actor=a, at=MONDAY) for actor in actors))
    refused = [one for one in came if isinstance(one, Refused)]
    winner = Act.objects.get(case=case, step="accept")
    assert [(type(one), one.sentence) for one in refused] == [
        (NotFromHere, f"Somebody was quicker: the case now stands at «Waiting to be assigned» ({winner.title}).")
    ]
    assert Standing.objects.filter(case=case, stage="accepted").count() == 1
    assert Line.objects.filter(subject_type="case", subject_id=case.pk, verb="incident.accept").count() == 1


def test_the_same_request_sent_twice_at_once_is_one_case(own_database: str, qingshi: Any) -> None:
    desk = Desk(qingshi)
    key, clerk = uuid.uuid4(), desk.by("town_centre.clerk")
    intake = Intake(place=qingshi.place("compound", 1), title="路灯不亮", source="counter", grade="general")
    before = Case.objects.count()
    came = together(*[lambda: open_case(Incident, intake, actor=clerk, at=MONDAY, key=key)] * 4)
    assert len({case.pk for case in came}) == 1
    assert Case.objects.count() == before + 1
    assert Act.objects.filter(key=key).count() == 1


def test_the_same_step_sent_twice_at_once_is_one_act(own_database: str, qingshi: Any) -> None:
    desk = Desk(qingshi)
    case, key, dispatcher = desk.report(), uuid.uuid4(), desk.by("town_centre.dispatcher")
    came = together(*[lambda: take(Incident.accept, case, actor=dispatcher, at=MONDAY, key=key)] * 3)
    assert [one.stage for one in came] == ["accepted"] * 3
    assert Act.objects.filter(case=case, step="accept").count() == 1


def test_a_case_assigned_while_its_unit_is_merged_is_seen_by_the_unit_its_post_has_come_to(
    own_database: str, qingshi: Any
) -> None:
    """The merge holds the post; whoever assigns waits for it, and finds it in the house it has come to."""
    desk = Desk(qingshi)
    case, actor, handler = desk.report(), desk.by("town_centre.dispatcher"), qingshi.post("housing.desk")
    housing, market = qingshi.organisation("housing"), qingshi.organisation("market")
    merging, waits = Event(), Queue[int]()

    def merged() -> None:
        with transaction.atomic():
            merge(housing, market, actor=OFFICE, at=MONDAY)
            merging.set()
            waiting = waits.get(timeout=60)
            while not blocked(waiting):
                sleep(0.01)

    def assigned() -> Case:
        assert merging.wait(60)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            waits.put(cursor.fetchone()[0])
        return take(Incident.assign, case, actor=actor, at=MONDAY, evidence=Evidence(posts={"handler": handler.pk}))

    assert [one for one in together(merged, assigned) if isinstance(one, Refused)] == []
    owner = Case.objects.select_related("owner").get(pk=case.pk).owner
    assert owner is not None
    assert (owner.pk, owner.organisation_id) == (handler.pk, market.pk)
    assert Hand.objects.filter(case=case, organisation=market).exists()


def test_a_post_ends_while_its_holder_acts_on_its_case_and_both_are_done(own_database: str, qingshi: Any) -> None:
    """Who ends the post holds it and waits for the case; who holds the case writes down at which post she acted."""
    desk = Desk(qingshi)
    case, post, heir = desk.report(), qingshi.post("town_centre.dispatcher"), qingshi.post("county_centre.dispatcher")
    Case.objects.filter(pk=case.pk).update(owner=post)
    actor, holds, waits = desk.by("town_centre.dispatcher"), Event(), Queue[int]()

    def acted() -> Case:
        with transaction.atomic():
            hold(case, actor)
            holds.set()
            ending = waits.get(timeout=60)
            while not blocked(ending):
                sleep(0.01)
            return comment(case, "正在核实", actor=actor, at=MONDAY)

    def ended() -> None:
        assert holds.wait(60)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            waits.put(cursor.fetchone()[0])
        end_post(post, actor=OFFICE, at=MONDAY, successor=heir)

    assert [one for one in together(acted, ended) if isinstance(one, Refused)] == []
    assert Case.objects.get(pk=case.pk).owner_id == heir.pk
    assert list(Act.objects.filter(case=case).order_by("id").values_list("verb", "post_id"))[-2:] == [
        ("case.commented", post.pk), ("case.handed_over", None)
    ]  # fmt: skip


def blocked(pid: int) -> bool:
    """Whether a connection waits for a lock that another holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid])
        return bool(cursor.fetchone()[0])
