"""The figures of visits: how many were made, by unit, by sort of responsibility and by place; never by person."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.visits.models import Visit
from jingwei.affairs.visits.sight import seen_of, visits_seen_by
from jingwei.duties.pages.wording import day
from jingwei.figures.declared import About, Dimension, Figures, Flow, Sight, Told
from jingwei.organisations.models import Organisation, Post
from jingwei.policy.books import Book

ASSIGNED = _("County document: leaders, units and legal workers assigned to communities, grids and compounds")


def _told(rows: Sequence[Model], post: Post, _at: datetime) -> list[Told]:
    wanted = [row.pk for row in rows]
    seen = visits_seen_by(post).select_related("organisation", "place").in_bulk(wanted)
    return [
        Told(
            str(one.place),
            str(one.organisation),
            (day(timezone.localdate(one.visited_at)),),
            reverse("desk:visit", args=[pk]),
        )
        for pk in wanted
        if (one := seen.get(pk)) is not None
    ]


def _sorts(_of: Book, values: Iterable[Any]) -> Mapping[Any, str]:
    return {value: value for value in sorted(value for value in values if value)}


def _units(_of: Book, values: Iterable[Any]) -> Mapping[Any, str]:
    found = Organisation.objects.filter(pk__in=[v for v in values if v]).order_by("ground__path", "key")
    return {unit.pk: str(unit) for unit in found}


VISITS = About(
    Visit, "county_id", "ground_path", Sight(seen_of, _told), known="recorded_at",
    by=(
        Dimension("unit", _("Unit"), "organisation_id", _units),
        Dimension("sort", _("Sort"), "sort", _sorts),
    ),
)  # fmt: skip


def _made(at: datetime) -> Q:
    """Visits that were not taken back by `at`."""
    return Q(struck_at=None) | Q(struck_at__gt=at)


class VisitFigures(Figures, name="visits", about=VISITS):
    """How often those who answer for a place were there."""

    title = _("Visits")

    made = Flow(
        _("Visits made"), _("Visits to places by posts that answer for them, by the day they were made."),
        ASSIGNED, when="visited_at", unit=_("visits"), rows=_made, leaves_out=_("Visits that were taken back."),
    )  # fmt: skip
