"""By-laws of the sweep over clocks: each owner is told once of each clock, also where the sweep was killed."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from jingwei.casework import tasks
from jingwei.casework.models import Case
from jingwei.casework.tasks import tell_of_clocks
from jingwei.notices.models import Notice
from jingwei.outbox.models import Message

from .conftest import Desk

CLOCKS = ("last_hour", "overdue")

KILLED = """
import os, signal, sys
from datetime import datetime
import django
django.setup()
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
connections.settings["default"]["NAME"] = sys.argv[1]
from jingwei.casework import tasks
tasks.BATCH, told, left = 4, tasks.tell_many, int(sys.argv[3])
def tell_and_perhaps_die(tellings):
    global left
    told(tellings)
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
tasks.tell_many = tell_and_perhaps_die
tasks.tell_of_clocks(datetime.fromisoformat(sys.argv[2]))
"""
"""A sweep in batches of four that is killed after it told the n-th of them and before that is committed."""


def told(*events: str) -> Counter[tuple[int, str]]:
    return Counter(Notice.objects.filter(event__in=events or CLOCKS).values_list("subject_id", "event"))


def due(desk: Desk, **later: float) -> Case:
    case = desk.report()
    Case.objects.filter(pk=case.pk).update(due_at=desk.at + timedelta(**later))
    return case


def test_an_owner_hears_of_the_last_hour_once_and_of_being_late_once(desk: Desk) -> None:
    case, later = due(desk, minutes=40), due(desk, hours=3)
    for minutes in (0, 1, 41, 42):
        tell_of_clocks(desk.at + timedelta(minutes=minutes))
    assert told() == {(case.pk, "last_hour"): 1, (case.pk, "overdue"): 1}
    tell_of_clocks(desk.at + timedelta(hours=3))
    assert told()[later.pk, "overdue"] == 1


def test_what_was_late_before_anybody_looked_is_told_to_be_late_and_no_more(desk: Desk) -> None:
    case = due(desk, hours=-2)
    tell_of_clocks(desk.at)
    assert told() == {(case.pk, "overdue"): 1}


def test_another_due_time_is_another_telling(desk: Desk) -> None:
    case = due(desk, hours=-2)
    tell_of_clocks(desk.at)
    Case.objects.filter(pk=case.pk).update(due_at=desk.at + timedelta(hours=4), told_share=0)
    tell_of_clocks(desk.at + timedelta(hours=5))
    assert told() == {(case.pk, "overdue"): 2}


def test_a_batch_of_seven_costs_as_many_questions_as_one_of_two(desk: Desk) -> None:
    costs = []
    for many in (2, 7):
        for _ in range(many):
            due(desk, hours=-1)
        with CaptureQueriesContext(connection) as asked:
            tell_of_clocks(desk.at)
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_many_are_told_in_batches(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "BATCH", 3)
    cases = [due(desk, hours=-n) for n in range(7)]
    tell_of_clocks(desk.at + timedelta(seconds=1))
    assert told() == {(case.pk, "overdue"): 1 for case in cases}


def test_a_sweep_that_is_killed_loses_nothing_and_tells_nothing_twice(own_database: str, desk: Desk) -> None:
    cases = [due(desk, hours=-1) for _ in range(11)]
    connections.close_all()
    counts = []
    for nth in (1, 2, 2):
        command = [sys.executable, "-c", KILLED, own_database, desk.at.isoformat(), str(nth)]
        ended = subprocess.run(command, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}).returncode
        assert ended == -signal.SIGKILL
        counts.append(len(told()))
    assert counts == [0, 4, 8]
    patience = time.monotonic() + 30
    while len(told()) < len(cases) and time.monotonic() < patience:
        tell_of_clocks(desk.at)  # what the killed one held is passed over until the server has noticed that it is gone
        time.sleep(0.1)
    assert told() == {(case.pk, "overdue"): 1 for case in cases}
    spread = [pk for message in Message.objects.filter(topic="notice.spread") for pk in message.payload["notices"]]
    about = Notice.objects.filter(pk__in=spread, event="overdue")
    assert Counter(pk for pk in spread if pk in set(about.values_list("pk", flat=True))) == dict.fromkeys(
        Notice.objects.filter(event="overdue").values_list("pk", flat=True), 1
    )
