"""What is laid before a meeting: figures, what is late on its ground, what became of the last resolutions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from jingwei.accounts.sitting import Sitting
from jingwei.affairs.meetings.models import Meeting
from jingwei.affairs.meetings.pack import MeetingLine
from jingwei.casework.models import Case
from jingwei.casework.queries import queue
from jingwei.casework.sight import cases_seen_by
from jingwei.figures.asking import Asked
from jingwei.figures.declared import figure_named
from jingwei.figures.telling import page_of, said
from jingwei.places.models import PATH_LAYERS
from jingwei.worktime import Period

MOST = 10
"""Late cases that an agenda names; the list has the others."""


@dataclass(frozen=True)
class Agenda:
    """What a meeting looks at. `figures`: name, title, number and address of each, as they stood."""

    figures: list[dict[str, Any]]
    late: list[Case]
    many_late: int
    many_open: int
    last: Meeting | None
    resolutions: list[Case]
    points: tuple[str, ...]


def agenda(sort: MeetingLine, sitting: Sitting, at: datetime, about: Period | None = None) -> Agenda:
    """What is laid before a meeting of a sort that the sitting's unit holds, or before its report `about` a period."""
    unit = sitting.post.organisation
    held = Meeting.objects.filter(organisation=unit, sort=sort.key, struck_at=None)
    last = held.order_by("-held_at", "-pk").first()
    resolved = (
        last.resolutions.filter(pk__in=cases_seen_by(sitting.actor).values("pk")) if last else Case.objects.none()
    )
    late = queue(sitting.post, "late", at).order_by("due_at", "pk")
    return Agenda(
        figures=_figures(sort, sitting, at, about),
        late=list(late.select_related("place", "owner__organisation")[:MOST]),
        many_late=late.count(),
        many_open=queue(sitting.post, "ours", at).count(),
        last=last,
        resolutions=list(
            resolved.select_related("owner__organisation", "lead__organisation").order_by("resolved__number")
        ),
        points=sort.agenda,
    )


def _figures(sort: MeetingLine, sitting: Sitting, at: datetime, about: Period | None) -> list[dict[str, Any]]:
    ground = sitting.post.organisation.ground
    if ground.layer not in PATH_LAYERS:
        return []
    period = about or Period.of(sort.over, timezone.localdate(at) - timedelta(days=1))
    asked = Asked(sitting.actor, sitting.post, ground, period, at, pinned=True)
    told = []
    for name in sort.figures:
        if (figure := figure_named(name)) is not None:
            number = said(asked.ask(figure, [period])[0])
            told.append({"name": name, "title": str(figure.title), "number": number, "page": page_of(figure, asked)})
    return told
