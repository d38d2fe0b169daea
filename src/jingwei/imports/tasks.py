"""What the worker does for rosters: the long ones are tried and adopted here."""

from datetime import datetime
from typing import Any

from jingwei.imports.models import Handed
from jingwei.imports.trying import work
from jingwei.outbox.handlers import handler
from jingwei.trail.actor import Actor


@handler("imports.roster")
def roster(payload: dict[str, Any], *, key: str) -> None:
    """Try or adopt a roster; asked again after a crash, it begins anew, since nothing was kept."""
    handed = Handed.objects.filter(pk=payload["handed"]).first()
    if handed is None or not handed.busy:
        return
    actor = Actor.of_person(payload["person"], payload["post"], payload["title"])
    work(handed, actor=actor, at=datetime.fromisoformat(payload["at"]))
