"""Many workers, a worker killed, a database restarted: each message is done exactly once."""

import json
import logging
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection, transaction

from jingwei.outbox import handlers as registry
from jingwei.outbox.acts import put
from jingwei.outbox.handlers import every
from jingwei.outbox.models import Message, Round, UsedKey
from jingwei.outbox.worker import come_round, work_forever, work_once

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PATIENCE = 60
"""Seconds a busy machine may need."""

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture(autouse=True)
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own handlers and no round of any room."""
    monkeypatch.setattr("jingwei.outbox.worker.load", lambda: None)
    monkeypatch.setattr("jingwei.outbox.worker.rounds", {})


def stamp(payload: dict[str, Any], *, key: str) -> None:
    """Leave a mark in the database, one for each time it is called."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_round (task, ran_at) VALUES (%s || gen_random_uuid()::text, now())",
            [f"{key} "],
        )


def stamps() -> Counter[str]:
    """How often each message left its mark."""
    return Counter(task.split()[0] for task in Round.objects.values_list("task", flat=True))


def ask_for(number: int) -> list[str]:
    """So many messages for `stamp`, each in its own transaction; their keys."""
    keys = [f"stamp-{n}" for n in range(number)]
    for key in keys:
        put("test.stamp", {"text": key}, key=key, at=NOON)
    return keys


def in_threads(number: int, work: Any) -> None:
    """Run `work` in so many threads at once, and raise what any of them raised."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def until(reached: Any) -> None:
    """Wait until `reached()`."""
    patience = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < patience, "waited in vain"
        time.sleep(0.02)


def test_eight_workers_do_five_hundred_messages_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.handlers, "test.stamp", stamp)
    keys = ask_for(500)
    in_threads(8, lambda: [None for _ in iter(lambda: work_once(NOON), 0)])
    assert stamps() == Counter(keys)
    assert not Message.objects.exists()


def test_two_clerks_asking_for_the_same_at_once_ask_once() -> None:
    in_threads(8, lambda: [put("test.stamp", {}, key=f"same-{n}", at=NOON) for n in range(20)])
    assert Message.objects.count() == 20


def test_one_who_asks_while_another_might_still_take_it_back_waits_and_then_asks() -> None:
    asked, undo = threading.Event(), threading.Event()

    def hesitant() -> None:
        with transaction.atomic():
            put("test.stamp", {"by": "hesitant"}, key="same", at=NOON)
            asked.set()
            undo.wait(10)
            transaction.set_rollback(True)
        connection.close()

    thread = threading.Thread(target=hesitant)
    thread.start()
    asked.wait(10)
    threading.Timer(0.2, undo.set).start()
    put("test.stamp", {"by": "resolute"}, key="same", at=NOON)
    thread.join()
    assert Message.objects.get().payload == {"by": "resolute"}
    assert UsedKey.objects.count() == 1


WORKER = """
import json, sys, threading, time
import django
django.setup()
from django.db import connection, connections
connections.settings["default"].update(json.loads(sys.argv[1]))
from jingwei.outbox import worker
from jingwei.outbox.handlers import handler

@handler("test.stamp")
def stamp(payload, *, key):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_round (task, ran_at)"
            " VALUES (%s || ' ' || gen_random_uuid()::text, now())",
            [key],
        )
    time.sleep(0.01)

worker.load = lambda: None
worker.rounds.clear()
worker.work_forever(threading.Event())
"""


def a_worker() -> subprocess.Popen[bytes]:
    """A worker in a process of its own, on this test's database."""
    where = {name: connection.settings_dict[name] for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")}
    roots = os.pathsep.join([*sys.path, str(Path(__file__).parents[1])])
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(WORKER), json.dumps(where)],
        env=os.environ | {"PYTHONPATH": roots, "JINGWEI_LOG": "ERROR"},
    )


def test_a_worker_killed_in_the_middle_loses_nothing_and_does_nothing_twice() -> None:
    keys = ask_for(300)
    for part in (50, 150):
        worker = a_worker()
        try:
            until(lambda part=part: Round.objects.count() >= part)  # type: ignore[misc]
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        assert Message.objects.exists(), "it was killed too late to show anything"
    worker = a_worker()
    try:
        until(lambda: not Message.objects.exists())
    finally:
        worker.kill()
        worker.wait()
    assert stamps() == Counter(keys)


def test_a_worker_outlives_the_database_going_away_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its connection is cut while it handles a message, and new ones are refused for two seconds and a
    half.
    """
    cut = threading.Event()

    def slow(payload: dict[str, Any], *, key: str) -> None:
        stamp(payload, key=key)
        if not cut.is_set():
            cut.set()
            time.sleep(0.5)

    monkeypatch.setitem(registry.handlers, "test.stamp", slow)
    keys = ask_for(5)
    stop = threading.Event()
    thread = threading.Thread(target=work_forever, args=(stop,))
    ours = connection.settings_dict
    name = ours["NAME"]
    connection.close()
    with (
        caplog.at_level(logging.WARNING, logger="jingwei.outbox.worker"),
        psycopg.connect(
            host=ours["HOST"],
            port=ours["PORT"] or None,
            dbname="postgres",
            user="jingwei_owner",
            autocommit=True,
        ) as owner,
    ):
        thread.start()
        assert cut.wait(PATIENCE)
        close_the_doors(owner, name, closed=True)
        time.sleep(2.5)
        close_the_doors(owner, name, closed=False)
        until(lambda: not Message.objects.exists())
        until(lambda: len(caplog.messages) >= 2)
        stop.set()
        thread.join()
    assert stamps() == Counter(keys)
    assert [said.split(" (")[0] for said in caplog.messages] == [
        "The database is away",
        "The database is back; work goes on.",
    ]


def close_the_doors(owner: psycopg.Connection[Any], name: str, *, closed: bool) -> None:
    """Let nobody into database `name`, and put out who is in it; or open it again."""
    owner.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS {not closed}'.encode())
    if closed:
        owner.execute("SET ROLE jingwei_server")
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        owner.execute("RESET ROLE")


def test_a_stopped_worker_stops_within_a_second() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=work_forever, args=(stop,))
    thread.start()
    time.sleep(0.2)
    told = time.monotonic()
    stop.set()
    thread.join()
    assert time.monotonic() - told < 1


def test_of_two_workers_one_runs_each_round(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[datetime] = []
    together = threading.Barrier(4)

    def slow(at: datetime) -> None:
        ran.append(at)
        time.sleep(0.3)

    before = dict(registry.rounds)
    every(60)(slow)
    ours = {name: task for name, task in registry.rounds.items() if name not in before}
    for name in ours:
        del registry.rounds[name]
    monkeypatch.setattr("jingwei.outbox.worker.rounds", ours)

    def work() -> None:
        together.wait()
        for seconds in (0, 1, 2):
            come_round(NOON + timedelta(seconds=seconds))

    in_threads(4, work)
    assert ran == [NOON]
