"""The figures of activities: how many were held, and how many people they served."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.activities.models import Activity
from jingwei.affairs.activities.pack import ActivitiesSection
from jingwei.affairs.activities.sight import activities_seen_by, seen_of
from jingwei.figures.declared import About, Dimension, Figures, Flow, Sight, Told
from jingwei.looks.moments import when
from jingwei.organisations.models import Organisation, Post
from jingwei.policy.books import Book

STATIONS = _("County document: activities held and people served by stations and communities")
UNIT_OF_COUNT, PEOPLE = _("activities"), _("people served")


def _told(rows: Sequence[Model], post: Post, at: datetime) -> list[Told]:
    wanted = [row.pk for row in rows]
    seen = activities_seen_by(post).select_related("organisation").in_bulk(wanted)
    return [
        Told(one.title, str(one.organisation), (when(one.begins_at, at),), reverse("desk:activity", args=[one.pk]))
        for pk in wanted
        if (one := seen.get(pk)) is not None
    ]


def _sorts(of: Book, _values: Iterable[Any]) -> Mapping[Any, str]:
    return {line.key: str(line) for line in of[ActivitiesSection].activities}


def _units(_of: Book, values: Iterable[Any]) -> Mapping[Any, str]:
    found = Organisation.objects.filter(pk__in=[v for v in values if v]).order_by("ground__path", "key")
    return {unit.pk: str(unit) for unit in found}


ACTIVITIES = About(
    Activity, "county_id", "ground_path", Sight(seen_of, _told), known="recorded_at",
    by=(Dimension("sort", _("Sort"), "sort", _sorts), Dimension("unit", _("Unit"), "organisation_id", _units)),
)  # fmt: skip


def was_held(at: datetime) -> Q:
    """Activities of which it was written down by `at` that they were held."""
    return Q(held_at__lte=at, cancelled_at=None)


class ActivityFigures(Figures, name="activities", about=ACTIVITIES):
    """What was done with residents, and for how many of them."""

    title = _("Activities")

    held = Flow(
        _("Activities held"), _("Activities that were held, by the moment they began; a course counts once."),
        STATIONS, when="begins_at", unit=UNIT_OF_COUNT, rows=was_held,
        leaves_out=_("Planned ones of which nobody recorded that they were held, and those called off."),
    )  # fmt: skip
    served = Flow(
        _("People served"), _("People served by activities that were held; whoever comes to two counts twice."),
        STATIONS, when="begins_at", unit=PEOPLE, rows=was_held, adds="served",
    )  # fmt: skip
