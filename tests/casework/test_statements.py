"""An act takes as many statements as it must: however much hangs on it, it is written in one."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.models import Act, Case, Standing
from jingwei.trail.models import Line

from .conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(qingshi: Any) -> Desk:
    return Desk(qingshi)


def test_a_case_is_opened_with_one_question_and_one_statement(desk: Desk) -> None:
    desk.report()
    clerk, place = desk.by("town_centre.clerk"), desk.qingshi.place("compound", 1)
    intake = Intake(place=place, title="路灯不亮", source="counter", words="三天不亮了。", grade="general")
    with CaptureQueriesContext(connection) as asked:
        case = open_case(Incident, intake, actor=clerk, at=desk.at, key=uuid4())
    statements = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert [sql.count("INSERT INTO") > 5 for sql in statements] == [False, True]
    assert (Act.objects.filter(case=case).count(), Standing.objects.filter(case=case).count()) == (1, 1)


def test_a_step_is_taken_with_one_statement_that_writes(desk: Desk) -> None:
    first, second = desk.report(), desk.report()
    desk.assign(first)
    with CaptureQueriesContext(connection) as asked:
        desk.assign(second)
    assert len([q for q in asked if "INSERT" in q["sql"] or 'UPDATE "' in q["sql"]]) == 1
    assert Line.objects.filter(subject_type="case", subject_id=second.pk, verb="incident.assign").count() == 1


def test_an_act_whose_moment_lies_before_the_standing_began_still_stands(desk: Desk) -> None:
    """Two servers' clocks differ by a moment, or one was set back: nothing that was pressed is lost."""
    case = desk.report()
    desk.at = desk.at.replace(hour=7)
    moved = desk.assign(case)
    before, now = Standing.objects.filter(case=case).order_by("id")
    assert (before.since, before.until) == (before.since, before.since)
    assert (now.since, now.stage, moved.stage) == (before.since, "assigned", "assigned")


def test_who_waited_for_the_lock_reads_the_case_as_it_is_now(desk: Desk) -> None:
    """The case in hand is as old as the page; what decides is asked after the lock."""
    case = desk.report()
    stale = Case.objects.get(pk=case.pk)
    desk.assign(case, "housing.desk")
    moved = desk.take(Incident.sign_for, stale, "housing.desk")
    assert moved.lead == desk.qingshi.post("housing.desk")
