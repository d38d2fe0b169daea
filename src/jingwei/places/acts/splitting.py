"""A place becomes several: each part is a new place, and what stood on the old one goes to the part it lies in."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely import unary_union
from shapely.geometry import shape

from jingwei.places.acts.changing import said_name
from jingwei.places.acts.moving import put_under
from jingwei.places.acts.redrawing import Redrawing, done_already
from jingwei.places.acts.settling import settle
from jingwei.places.models import Change, Place
from jingwei.places.pack import Layer, scheme_of
from jingwei.places.queries import GroundMap
from jingwei.places.refusals import GroundRefused
from jingwei.places.shapes import SLIVER, square_metres
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import verb

SPLIT = verb("places.split", gettext_lazy("split"), gettext_lazy("Split"))


@dataclass(frozen=True)
class Part:
    """One part of what is split: its name, its boundary (checked by `shapes.checked`; None where the place has none),
    its code if not the next one, and what is said by id to lie in it whatever its boundary."""

    name: str
    boundary: dict[str, Any] | None = None
    english: str = ""
    code: str = ""
    holds: frozenset[int] = frozenset()


@transaction.atomic
def split(
    place: Place, parts: Sequence[Part], *, actor: Actor, at: dt.datetime, day: dt.date | None = None,
    basis: str = "", main: int = 0, key: UUID | None = None,
) -> Change:  # fmt: skip
    """Let a grid or community end, and `parts` stand on its ground, which together are all of it.

    Grids, compounds, buildings and cases go to the part that is said to hold them, else to the one that holds their
    point; what has none, and who answered for the place, to the `main` one. The new parts' households and residents are
    not known until somebody counts them. Raises GroundRefused.
    """
    if done := done_already(key):
        return done
    drawing = Redrawing(SPLIT, place, actor=actor, at=at, day=day, basis=basis, key=key)
    place = drawing.subject
    if place.layer not in ("grid", "community") or len(parts) < 2:
        raise GroundRefused(_("A grid or a community is split, into two parts or more."))
    if place.boundary:
        _whole(place, parts)
    below = list(Place.objects.filter(parent=place, until=None, rank=0).order_by("code"))
    beside = list(Place.objects.filter(grid=place, until=None, rank=1))
    loose = list(Place.objects.filter(parent=place, grid=None, until=None, rank=1))
    founded = _found(drawing, place, parts)
    drawing.end(place, [founded[main], *(one for n, one in enumerate(founded) if n != main)])
    held = _Held(parts, founded, main)
    for one in below:
        put_under(drawing, one, held.by(one))
    for one in beside:
        settle(drawing, one, held.by(one))
    for one in loose:
        home = held.by(one)
        drawing.alter(one, parent_id=home.pk, path=home.path)
    return drawing.finish({"parts": "、".join(one.name for one in founded)[:200]})


class _Held:
    """Which part holds a place that lay in what was split."""

    def __init__(self, parts: Sequence[Part], founded: Sequence[Place], main: int) -> None:
        self.founded, self.main = founded, main
        self.said = {pk: n for n, part in enumerate(parts) for pk in part.holds}
        self.ground = GroundMap([(one.code, n, one.boundary) for n, one in enumerate(founded) if one.boundary])

    def by(self, place: Place) -> Place:
        """As it was said of it or of its compound, else by its point, else the main part."""
        n = self.said.get(place.pk, self.said.get(place.compound_id or 0))
        if n is None and place.lon is not None and place.lat is not None:
            n = self.ground.at(place.lon, place.lat)
        return self.founded[self.main if n is None else n]


def codes_for(place: Place, many: int) -> list[str]:
    """The next numbers of `many` parts of a place, as the county's scheme writes them; none that was ever given."""
    scheme = scheme_of(place.county_id, Layer(place.layer))
    assert place.parent is not None
    sisters = Place.objects.filter(parent=place.parent, layer=place.layer).values_list("code", flat=True)
    used = [int(scheme.segments(code)[-1]) for code in sisters if len(code) == scheme.digits]
    first = max(used, default=0) + 1
    return [scheme.moved(place.code, place.parent.code, scheme.number(n)) for n in range(first, first + many)]


def _found(drawing: Redrawing, place: Place, parts: Sequence[Part]) -> list[Place]:
    scheme = scheme_of(place.county_id, Layer(place.layer))
    assert place.parent is not None
    founded = []
    for next_code, part in zip(codes_for(place, len(parts)), parts, strict=True):
        code = part.code or next_code
        scheme.beneath(code, place.parent.code)
        inside = shape(part.boundary).representative_point() if part.boundary else None
        lon, lat = (inside.x, inside.y) if inside else (None, None)
        path = "".join(f"{segment}/" for segment in scheme.segments(code))
        founded.append(
            drawing.found(
                layer=place.layer, code=code, name=said_name(part.name), english=part.english[:120], path=path,
                parent=place.parent, boundary=part.boundary, lon=lon, lat=lat,
            )
        )  # fmt: skip
    return founded


def _whole(place: Place, parts: Sequence[Part]) -> None:
    """The parts are the place: nothing left over, nothing beyond it, nothing twice."""
    drawn = [part.boundary for part in parts if part.boundary]
    if len(drawn) < len(parts):
        raise GroundRefused(_("Draw each part: the place has a boundary."), "parts")
    forms, whole = [shape(boundary) for boundary in drawn], shape(place.boundary or {})
    twice = sum(square_metres(one) for one in forms) - square_metres(unary_union(forms))
    apart = square_metres(unary_union(forms).symmetric_difference(whole))
    if twice > SLIVER or apart > SLIVER:
        said = _(
            "The parts together are not the place: %(apart)s m² are left over or lie beyond it, "
            "%(twice)s m² lie in two parts."
        )
        raise GroundRefused(said % {"apart": round(apart), "twice": round(twice)}, "parts")
