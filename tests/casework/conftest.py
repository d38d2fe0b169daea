"""A desk in Qingshi: reporting a matter, assigning it, handling it, as the people there would."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from jingwei.affairs.incidents.kinds import Assistance, Incident
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.steps import take
from jingwei.casework.kinds import Step
from jingwei.casework.models import Case
from jingwei.casework.needs import Evidence
from jingwei.trail.actor import Actor

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = timedelta(hours=1)
ENOUGH = {"words": "情况属实", "reply": "已经处理"}
CHOSEN = {"return_reason": "not_our_duty", "route": "petition"}


@dataclass
class Desk:
    """Acts in Qingshi, each by whom its post is, an hour after the other."""

    qingshi: Any
    at: datetime = MONDAY

    def later(self, hours: float = 1) -> datetime:
        self.at += timedelta(hours=hours)
        return self.at

    def by(self, path: str) -> Actor:
        actor: Actor = self.qingshi.holder(path)
        return actor

    def report(self, *, by: Actor | str = "town_centre.clerk", key: UUID | None = None, **more: Any) -> Case:
        intake: dict[str, Any] = {
            "place": self.qingshi.place("compound", 1),
            "title": "院里路灯不亮",
            "source": "counter",
            "words": "院里的路灯三天不亮了。",
            "grade": "general",
            "category": "street_light",
        }
        actor = self.by(by) if isinstance(by, str) else by
        return open_case(Incident, Intake(**{**intake, **more}), actor=actor, at=self.at, key=key)

    def take(self, step: Step, case: Case, by: str | Actor, key: UUID | None = None, **evidence: Any) -> Case:
        given = Evidence(**{"words": ENOUGH, "choices": CHOSEN, **evidence})
        actor = self.by(by) if isinstance(by, str) else by
        return take(step, case.pk, actor=actor, at=self.later(), evidence=given, key=key)

    def assign(self, case: Case, to: str = "housing.desk", by: str = "town_centre.dispatcher", **more: Any) -> Case:
        return self.take(Incident.assign, case, by, posts={"handler": self.qingshi.post(to).pk}, **more)

    def handled(self, case: Case, unit: str = "housing") -> Case:
        """Assigned, signed for and reported as handled."""
        self.assign(case, f"{unit}.desk")
        self.take(Incident.sign_for, case, f"{unit}.desk")
        return self.take(Incident.report_handled, case, f"{unit}.desk")

    def closed(self, case: Case) -> Case:
        self.handled(case)
        return self.take(Incident.verify, case, "town_centre.inspector")

    def lend(self, child: Case, unit: str) -> Case:
        return self.take(Assistance.give, child, f"{unit}.desk")


@pytest.fixture
def desk(qingshi: Any) -> Iterator[Desk]:
    with override("en"):
        yield Desk(qingshi)
