"""What was asked for is done once, if and only if the deed that asked for it stands."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.utils.translation import override

from jingwei.outbox import handlers as registry
from jingwei.outbox.acts import KEYS_KEPT, forget_used_keys, put, try_again
from jingwei.outbox.handlers import TakenTwice, every, handler
from jingwei.outbox.models import Message, Round
from jingwei.outbox.queries import Heap, failed_rounds, faults, stuck, unhandled, waiting
from jingwei.outbox.worker import TRIES, come_round, wait_after, work_once

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


class PostOfficeClosed(Exception):
    """Nothing goes out today."""


class Postman:
    """Handles "test.letter": writes down what he was given, and refuses while `closed`."""

    def __init__(self) -> None:
        self.carried: list[tuple[str, int]] = []
        self.closed = False

    def __call__(self, payload: dict[str, Any], *, key: str) -> None:
        put("test.receipt", {}, key=f"receipt of {key}", at=NOON, due=NOON + timedelta(days=1))
        if self.closed:
            raise PostOfficeClosed("王芳, 139 1234 5678, was not reached")
        self.carried.append((key, payload["to"]))


@pytest.fixture
def wang_lei(monkeypatch: pytest.MonkeyPatch) -> Postman:
    postman = Postman()
    monkeypatch.setitem(registry.handlers, "test.letter", postman)
    return postman


def test_a_message_is_carried_and_gone(wang_lei: Postman) -> None:
    put("test.letter", {"to": 12}, key="letter 1", at=NOON)
    assert work_once(NOON) == 1
    assert wang_lei.carried == [("letter 1", 12)]
    assert work_once(NOON) == 0
    assert not Message.objects.filter(topic="test.letter").exists()


def test_messages_are_carried_in_the_order_in_which_they_fall_due(wang_lei: Postman) -> None:
    for number, due in enumerate([NOON, NOON - MINUTE, NOON + MINUTE]):
        put("test.letter", {"to": number}, key=f"letter {number}", at=NOON - MINUTE, due=due)
    assert work_once(NOON) == 2
    assert work_once(NOON + MINUTE) == 1
    assert [to for _key, to in wang_lei.carried] == [1, 0, 2]


def test_no_more_are_taken_than_asked(wang_lei: Postman) -> None:
    for number in range(3):
        put("test.letter", {"to": number}, key=f"letter {number}", at=NOON)
    assert work_once(NOON, limit=2) == 2
    assert waiting(NOON) == 1


def test_twice_is_once_before_and_after_it_was_carried(wang_lei: Postman) -> None:
    put("test.letter", {"to": 12}, key="letter 1", at=NOON)
    put("test.letter", {"to": 13}, key="letter 1", at=NOON)
    work_once(NOON)
    put("test.letter", {"to": 14}, key="letter 1", at=NOON + MINUTE)
    assert work_once(NOON + MINUTE) == 0
    assert wang_lei.carried == [("letter 1", 12)]


def test_a_key_is_forgotten_only_when_nobody_can_mean_it_any_more(wang_lei: Postman) -> None:
    put("test.letter", {"to": 12}, key="letter 1", at=NOON)
    put("test.letter", {"to": 12}, key="letter 2", at=NOON, due=NOON + 2 * KEYS_KEPT)
    assert forget_used_keys(NOON + KEYS_KEPT) == 0
    assert forget_used_keys(NOON + KEYS_KEPT + MINUTE) == 2
    put("test.letter", {"to": 13}, key="letter 2", at=NOON + KEYS_KEPT + MINUTE)
    assert Message.objects.get(key="letter 2").payload == {"to": 12}


def test_a_deed_undone_asks_for_nothing(wang_lei: Postman) -> None:
    with transaction.atomic():
        put("test.letter", {"to": 12}, key="letter 1", at=NOON)
        transaction.set_rollback(True)
    assert work_once(NOON) == 0
    put("test.letter", {"to": 12}, key="letter 1", at=NOON)
    assert work_once(NOON) == 1


def test_a_failure_leaves_nothing_behind_but_the_errors_class_and_a_later_try(wang_lei: Postman) -> None:
    wang_lei.closed = True
    put("test.letter", {"to": 12}, key="letter 1", at=NOON)
    work_once(NOON)
    message = Message.objects.get()
    assert (message.tries, message.stuck, message.due_at) == (1, False, NOON + timedelta(seconds=10))
    assert message.fault.endswith(".PostOfficeClosed")
    wang_lei.closed = False
    assert work_once(NOON + timedelta(seconds=9)) == 0
    assert work_once(NOON + timedelta(seconds=10)) == 1
    assert wang_lei.carried == [("letter 1", 12)]


def test_a_failed_statement_of_the_handler_does_not_take_the_worker_along(
    wang_lei: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(payload: dict[str, Any], *, key: str) -> None:
        connection.cursor().execute("SELECT nothing FROM nowhere")

    monkeypatch.setitem(registry.handlers, "test.wrong", wrong)
    put("test.wrong", {}, key="wrong", at=NOON - MINUTE)
    put("test.letter", {"to": 12}, key="letter 1", at=NOON)
    assert work_once(NOON) == 2
    assert Message.objects.get(key="wrong").fault == "django.db.utils.ProgrammingError"
    assert wang_lei.carried == [("letter 1", 12)]


def test_waits_double_from_ten_seconds_to_an_hour() -> None:
    seconds = [wait_after(tries).total_seconds() for tries in (1, 2, 3, 9, 10, 1000)]
    assert seconds == [10, 20, 40, 2560, 3600, 3600]
    assert timedelta(hours=22) < sum(map(wait_after, range(1, TRIES)), timedelta()) < timedelta(hours=26)


def test_after_the_last_try_it_is_stuck_shown_and_taken_up_again_by_hand(wang_lei: Postman) -> None:
    wang_lei.closed = True
    put("test.letter", {"to": 12}, key="letter 1", at=NOON)
    at = NOON
    while not stuck():
        work_once(at)
        at += timedelta(hours=1)
    (heap,) = stuck()
    assert (heap.topic, heap.count, heap.fault.endswith(".PostOfficeClosed")) == ("test.letter", 1, True)
    assert Message.objects.get().tries == TRIES
    wang_lei.closed = False
    assert work_once(at + timedelta(days=9)) == 0
    assert try_again(at, topic="test.other") == 0
    assert try_again(at) == 1
    assert work_once(at) == 1


def test_a_topic_nobody_handles_is_kept_and_shown(wang_lei: Postman, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jingwei.outbox.queries.load", lambda: None)
    put("test.telegram", {"to": 12}, key="telegram 1", at=NOON)
    put("test.letter", {"to": 12}, key="letter 1", at=NOON + MINUTE)
    assert work_once(NOON + MINUTE) == 1
    assert unhandled(NOON + MINUTE) == [Heap("test.telegram", "", 1, NOON)]
    assert Message.objects.get(key="telegram 1").tries == 0
    with override("en"):
        assert list(faults(NOON + MINUTE)) == [
            "1 messages of topic test.telegram wait, and nobody handles that topic. They are kept."
        ]


def test_a_topic_has_one_handler(wang_lei: Postman) -> None:
    with pytest.raises(TakenTwice):
        handler("test.letter")(Postman())


class Clock:
    """Comes round every ten minutes, and strikes."""

    def __init__(self) -> None:
        self.struck: list[datetime] = []
        self.broken = False

    def __call__(self, at: datetime) -> None:
        if self.broken:
            raise PostOfficeClosed
        self.struck.append(at)


@pytest.fixture
def tower() -> Iterator[Clock]:
    others = dict(registry.rounds)
    registry.rounds.clear()
    clock = Clock()
    every(600)(clock)
    yield clock
    registry.rounds.clear()
    registry.rounds.update(others)


def test_a_task_comes_round_and_what_was_missed_is_caught_up_once(tower: Clock) -> None:
    moments = [
        NOON,
        NOON + MINUTE,
        NOON + 10 * MINUTE,
        NOON + timedelta(days=3),
        NOON + timedelta(days=3, minutes=1),
    ]
    for at in moments:
        come_round(at)
    assert tower.struck == [moments[0], moments[2], moments[3]]


def test_a_task_that_fails_is_shown_and_comes_round_again(tower: Clock) -> None:
    tower.broken = True
    come_round(NOON)
    ((_task, fault),) = failed_rounds()
    assert fault.endswith(".PostOfficeClosed")
    tower.broken = False
    come_round(NOON + 10 * MINUTE)
    assert failed_rounds() == []
    assert tower.struck == [NOON + 10 * MINUTE]
    assert Round.objects.get().ran_at == NOON + 10 * MINUTE
