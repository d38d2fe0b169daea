"""The product's own hands: an intake and a step as a dispatcher at her desk causes them."""

from typing import Any
from uuid import uuid4

from django.utils import timezone

from bench.hands import Work
from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.steps import take
from jingwei.casework.needs import Evidence
from jingwei.casework.sight import sees
from jingwei.trail.actor import Actor

WORDS = "三单元楼道堆放杂物，影响通行，请尽快清理。"


def intake(facts: dict[str, Any], _client: int) -> Work:
    """Open an incident that came in by telephone: ground, owner, clock, standing, trail, search, notice, message."""
    actor = _dispatcher(facts)

    def work(_number: int) -> object:
        said = Intake(place=facts["place"], title=WORDS, source="hotline", words=WORDS, grade="general", with_code=True)
        return open_case(Incident, said, actor=actor, at=timezone.now(), key=uuid4())

    return work


def step(facts: dict[str, Any], client: int) -> Work:
    """Assign one of this client's cases to a department, found through sight."""
    actor, assign = _dispatcher(facts), Incident.steps["assign"]
    evidence = Evidence(posts={"handler": facts["lead"]})

    def work(number: int) -> object:
        case = facts["cases"][client][number]
        if not sees(actor, case):
            raise RuntimeError(f"case {case} is not seen")
        return take(assign, case, actor=actor, at=timezone.now(), evidence=evidence, key=uuid4())

    return work


def _dispatcher(facts: dict[str, Any]) -> Actor:
    return Actor.of_person(facts["person"], facts["post"], facts["title"])
