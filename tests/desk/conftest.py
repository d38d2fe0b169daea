"""People at the desk of Qingshi, and the matters that come to them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone


@pytest.fixture
def report(qingshi: Any) -> Callable[..., Any]:
    """Open an incident as the counter clerk does: `report("路灯不亮", category="…")`."""
    from jingwei.affairs.incidents.kinds import Incident
    from jingwei.casework.acts.opening import Intake, open_case

    def opened(title: str, *, at: datetime | None = None, by: str = "clerk", **said: Any) -> Any:
        given: dict[str, Any] = {
            "place": qingshi.place("grid"), "source": "counter", "words": f"{title}，请尽快处理。", "grade": "general",
        }  # fmt: skip
        intake = Intake(title=title, **(given | said))
        return open_case(Incident, intake, actor=qingshi.actor(by), at=at or timezone.now())

    return opened


@pytest.fixture
def at_desk(qingshi: Any) -> Callable[[str], Client]:
    """A browser without script, signed in as one of Qingshi's people."""
    return lambda username, path="": qingshi.sign_in(Client(), username, path)
