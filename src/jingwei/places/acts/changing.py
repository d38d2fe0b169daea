"""What alters a place without touching its neighbours' names or codes: its boundary, its name, its counts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry import shape

from jingwei.places.acts.redrawing import Redrawing, done_already
from jingwei.places.acts.settling import resettle
from jingwei.places.models import Change, Place
from jingwei.places.refusals import GroundRefused
from jingwei.places.shapes import without_overlap
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import verb

DRAWN = verb("places.drawn_anew", gettext_lazy("draw anew"), gettext_lazy("Boundary drawn anew"))
RENAMED = verb("places.renamed", gettext_lazy("rename"), gettext_lazy("Renamed"))
COUNTED = verb("places.counted", gettext_lazy("write down who lives there"), gettext_lazy("Counted anew"))


@transaction.atomic
def draw_anew(
    boundaries: Mapping[int, dict[str, Any]], *, actor: Actor, at: dt.datetime, day: dt.date | None = None,
    basis: str = "", key: UUID | None = None,
) -> Change:  # fmt: skip
    """Give places, by id, other boundaries (checked by `shapes.checked`), neighbours in one act.

    Compounds and buildings come into the grid their point now lies in, and cases go with the piece of ground they
    lie on. Raises GroundRefused where one would overlap a place of its layer beside it.
    """
    if done := done_already(key):
        return done
    places = list(Place.objects.filter(pk__in=boundaries).order_by("path"))
    if not places:
        raise GroundRefused(_("Nothing was drawn."))
    drawing = Redrawing(DRAWN, places[0], actor=actor, at=at, day=day, basis=basis, key=key)
    places = [drawing.standing(one.pk) for one in places]
    for place in places:
        without_overlap(place, boundaries[place.pk], being_drawn=boundaries)
        inside = shape(boundaries[place.pk]).representative_point()
        drawing.alter(place, boundary=boundaries[place.pk], lon=inside.x, lat=inside.y)
    resettle(drawing, [place for place in places if place.layer == "grid"])
    return drawing.finish()


@transaction.atomic
def rename(
    place: Place, name: str, english: str = "", *, actor: Actor, at: dt.datetime, day: dt.date | None = None,
    basis: str = "", key: UUID | None = None,
) -> Change:  # fmt: skip
    """Give a place another name from the day on."""
    if done := done_already(key):
        return done
    drawing = Redrawing(RENAMED, place, actor=actor, at=at, day=day, basis=basis, key=key)
    before = drawing.subject.name
    drawing.alter(drawing.subject, name=said_name(name), english=english.strip()[:120])
    return drawing.finish({"from": before[:80], "to": drawing.subject.name})


@dataclass(frozen=True)
class Counted:
    """How many live in a place, and who says so; None is not known."""

    households: int | None = None
    households_source: str = ""
    residents: int | None = None
    residents_source: str = ""


@transaction.atomic
def count(
    counts: Mapping[int, Counted], *, actor: Actor, at: dt.datetime, day: dt.date | None = None, key: UUID | None = None
) -> Change:
    """Write down how many live in places, by id. Raises GroundRefused for a count without its source."""
    if done := done_already(key):
        return done
    places = list(Place.objects.filter(pk__in=counts).order_by("path"))
    drawing = Redrawing(COUNTED, places[0], actor=actor, at=at, day=day, key=key)
    for place in places:
        said = counts[place.pk]
        for many, source in ((said.households, said.households_source), (said.residents, said.residents_source)):
            if many is not None and not source.strip():
                raise GroundRefused(_("Say where the number comes from."), "source")
        known = {name: value for name, value in vars(said).items() if value not in (None, "")}
        drawing.alter(place, **known)
    return drawing.finish()


def said_name(name: str) -> str:
    """A place's name as it is kept; GroundRefused where there is none, or it is longer than 80 characters."""
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise GroundRefused(_("Give a name of at most 80 characters."), "name")
    return name
