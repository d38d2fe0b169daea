"""The product's own hands: an intake and a step as a dispatcher at her desk causes them."""

from typing import Any
from uuid import uuid4

from django.db.models import Model
from django.utils import timezone

from bench.hands import Work
from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.steps import take
from jingwei.casework.needs import Evidence
from jingwei.casework.sight import sees
from jingwei.figures.models import Touched
from jingwei.strokes.stroke import Stroke
from jingwei.trail.actor import Actor

WORDS = "三单元楼道堆放杂物，影响通行，请尽快清理。"


def intake(facts: dict[str, Any], _client: int) -> Work:
    """Open an incident that came in by telephone: ground, owner, clock, standing, trail, search, notice, message."""
    actor = _dispatcher(facts)

    def work(_number: int) -> object:
        said = Intake(place=facts["place"], title=WORDS, source="hotline", words=WORDS, grade="general", with_code=True)
        return open_case(Incident, said, actor=actor, at=timezone.now(), key=uuid4())

    return work


def unmarked(facts: dict[str, Any], client: int) -> Work:
    """The same without the mark that it leaves for roll-ups, to see what that costs. Holds for the whole process."""
    Stroke.put = _without_marks  # type: ignore[assignment, method-assign]
    return intake(facts, client)


def _without_marks(stroke: Stroke, model: type[Model], **values: Any) -> None:
    if model is not Touched:
        _PUT(stroke, model, **values)


_PUT = Stroke.put


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
