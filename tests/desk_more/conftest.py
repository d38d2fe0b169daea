"""What the tests of the desk's other half share: a moment, and a case taken in at the counter."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Case
from jingwei.casework.needs import Evidence
from jingwei.people.models import Person
from jingwei.trail.models import Line

WORDS = "桂花苑3号楼下水道堵了两天，请尽快疏通，电话13800006021。"


@pytest.fixture
def at() -> datetime:
    """Two days ago, so that clocks run and nothing lies in the future."""
    return timezone.now() - timedelta(days=2)


@pytest.fixture
def opened(qingshi: Any, at: datetime) -> Callable[..., Case]:
    """Opens an incident as the town's clerk does."""

    def _open(words: str = WORDS, **said: Any) -> Case:
        asker = Person.named(qingshi.county_code, "钱来件", "13800006021", purpose=Person.ASKER, ground="request")
        intake = {
            "place": qingshi.place("grid"),
            "title": words,
            "words": words,
            "source": "counter",
            "category": "property_repair",
            "grade": "general",
            "request_class": "complaint",
            "asker": asker,
            "asks_back": True,
            "with_code": True,
        } | said
        return open_case(Incident, Intake(**intake), actor=qingshi.actor("clerk"), at=at, key=uuid4())

    return _open


@pytest.fixture
def handled(qingshi: Any, opened: Callable[..., Case], at: datetime) -> Callable[..., Case]:
    """Brings an incident through assignment and handling to the call-back."""

    def _handle(words: str = WORDS, **said: Any) -> Case:
        case = opened(words, **said)
        desk = qingshi.post("housing.desk").pk
        steps = (
            (Incident.assign, "dispatcher", Evidence(posts={"handler": desk}, words={"words": "请牵头办理。"})),
            (Incident.sign_for, "housing", Evidence()),
            (Incident.report_handled, "housing", Evidence(words={"reply": "已疏通，现排水正常。"})),
            (Incident.verify, "inspector", Evidence()),
        )
        for hours, (step, who, evidence) in enumerate(steps, 1):
            case = take(step, case, actor=qingshi.actor(who), at=at + timedelta(hours=hours), evidence=evidence)
        return case

    return _handle


@pytest.fixture
def seated(qingshi: Any, client: Client) -> Callable[[str], Client]:
    """A client signed in as somebody, at her first post."""

    def _seat(username: str, path: str = "") -> Client:
        signed: Client = qingshi.sign_in(client, username, path)
        return signed

    return _seat


def lines(verb: str) -> list[dict[str, Any]]:
    """The trail's lines of a verb, oldest first."""
    return list(
        Line.objects.filter(verb=verb).order_by("id").values("actor_person", "actor_post", "subject_id", "facts")
    )


@pytest.fixture
def told() -> Callable[[str], list[dict[str, Any]]]:
    """The trail's lines of a verb."""
    return lines
