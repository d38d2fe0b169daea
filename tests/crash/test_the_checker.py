"""By-law of the checker: it is silent on a sound county, and names whatever is broken on purpose."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from django.utils.translation import override

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Act, Case, ClockRun, Standing
from jingwei.notices.models import Notice
from jingwei.outbox.models import Message, UsedKey
from jingwei.search.models import Entry
from jingwei.trail.sealer import seal_all

from .broken import what_is_broken
from .relay import Relay
from .writers import Acknowledged, Acted, Reported

WORDS, NUMBER = "东门路灯不亮", "QS2026000001"


def by_the_owner(statement: str) -> None:
    """What only the owner of the tables can do, and only behind the guards."""
    with psycopg.connect(
        host=connection.settings_dict["HOST"], dbname=connection.settings_dict["NAME"], user="jingwei_owner"
    ) as owner:
        owner.execute("SET session_replication_role = replica")
        owner.execute("ALTER TABLE trail_line DISABLE TRIGGER trail_refuse_change")
        owner.execute(statement.encode())
        owner.execute("ALTER TABLE trail_line ENABLE ALWAYS TRIGGER trail_refuse_change")


def twice() -> None:
    """The same report once more, as a retry that was not recognised would leave it."""
    case = Case.objects.get()
    case.pk, case.number = None, "QS2026999999"
    case.save(force_insert=True)


BREAKS: dict[str, tuple[Callable[[], object], str]] = {
    "the case goes": (
        lambda: by_the_owner("DELETE FROM casework_case"), f"{NUMBER} was acknowledged; its words stand in []",
    ),
    "the report is there twice": (lambda: twice(), f"{NUMBER} was acknowledged; its words stand in [('{NUMBER}', "),
    "the step's act goes": (
        lambda: by_the_owner("DELETE FROM casework_act WHERE step = 'accept'"),
        f"accept of {NUMBER} was acknowledged; there is []",
    ),
    "a line of the trail goes": (
        lambda: by_the_owner("DELETE FROM trail_line WHERE verb = 'incident.accept'"),
        f"accept of {NUMBER} has not one line in the trail",
    ),
    "a line of the trail is altered": (
        lambda: by_the_owner("UPDATE trail_line SET actor_title = 'x' WHERE verb = 'case.opened'"), "was altered",
    ),
    "the notice goes": (lambda: Notice.objects.all().delete(), f"{NUMBER} was announced 0 times"),
    "the clock says otherwise": (
        lambda: ClockRun.objects.update(due_at=timezone.now()), f"{NUMBER}: not so that ledgers replay",
    ),
    "the case stands where its line does not": (
        lambda: Case.objects.update(stage="handling"), f"{NUMBER}: not so that standings are one line",
    ),
    "it stands nowhere": (
        lambda: Standing.objects.filter(current=True).delete(), f"{NUMBER}: not so that standings are one line",
    ),
    "nobody owes it": (
        lambda: Case.objects.update(owner=None), f"{NUMBER}: not so that somebody owes it or nothing is owed",
    ),
    "it is not found": (lambda: Entry.objects.all().delete(), f"{NUMBER} is found 0 times in the search"),
    "an act without a line": (
        lambda: Act.objects.create(
            case=Case.objects.get(), round=1, verb="case.commented", actor_kind="machine", at=timezone.now()
        ),
        f"{NUMBER}: not so that the trail and the timeline agree",
    ),
    "a push is forgotten": (
        lambda: UsedKey.objects.create(key="notice.webhook:case:1:received:1:1", put_at=timezone.now()),
        "notice.webhook:case:1:received:1:1 is done, and the relay never heard of it",
    ),
    "a message lies under an unused key": (
        lambda: Message.objects.create(topic="x", key="x:1", payload={}, due_at=timezone.now()),
        "the message x:1 waits, and its key was never used",
    ),
}  # fmt: skip


@pytest.fixture
def told(own_database: str, qingshi: Any, tmp_path: Path) -> Any:
    """A county in which one report was acknowledged and accepted, its trail sealed."""
    key, at = uuid.uuid4(), timezone.now()
    with override_settings(STATE=tmp_path):
        yield _one_case(qingshi, at, key)


def _one_case(qingshi: Any, at: datetime, key: uuid.UUID) -> Acknowledged:
    intake = Intake(place=qingshi.place("compound", 1), title=WORDS, words=WORDS, source="counter", grade="general")
    case = open_case(Incident, intake, actor=qingshi.actor("clerk"), at=at)
    take(Incident.accept, case, actor=qingshi.actor("dispatcher"), at=at + timedelta(minutes=1), key=key)
    seal_all(at)
    return Acknowledged([Reported(WORDS, case.number)], [Acted(case.number, "accept", key)])


def test_a_sound_county_has_nothing_broken(told: Acknowledged) -> None:
    with Relay() as relay:
        assert what_is_broken(told, relay) == []


@pytest.mark.parametrize("broken", BREAKS)
def test_what_is_broken_on_purpose_is_named(told: Acknowledged, broken: str) -> None:
    break_it, sentence = BREAKS[broken]
    break_it()
    with Relay() as relay, override("en"):
        assert [found for found in what_is_broken(told, relay) if sentence in found] != []
