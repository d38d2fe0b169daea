"""Places become one, or stop being: what stood on them goes on, with the one that took over."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely import unary_union
from shapely.geometry import shape

from jingwei.places.acts.changing import said_name
from jingwei.places.acts.moving import put_under
from jingwei.places.acts.redrawing import Redrawing, done_already
from jingwei.places.models import Change, Place
from jingwei.places.refusals import GroundRefused
from jingwei.places.shapes import as_geojson
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import verb

MERGED = verb("places.merged", gettext_lazy("merge"), gettext_lazy("Merged"))
DISSOLVED = verb("places.dissolved", gettext_lazy("dissolve"), gettext_lazy("Dissolved"))


@transaction.atomic
def merge(
    into: Place, others: Sequence[Place], *, actor: Actor, at: dt.datetime, day: dt.date | None = None,
    name: str = "", basis: str = "", key: UUID | None = None,
) -> Change:  # fmt: skip
    """Let `others` become part of `into`, a place of their layer, which may take another name; they end.

    What lay in them lies in it: grids of merged communities under new codes, compounds and buildings, cases. The
    boundary is that of all together, and households and residents are added up where all are known.
    """
    if done := done_already(key):
        return done
    drawing = Redrawing(MERGED, into, actor=actor, at=at, day=day, basis=basis, key=key)
    into, others = drawing.subject, [drawing.standing(one.pk) for one in others if one.pk != into.pk]
    if not others:
        raise GroundRefused(_("Choose what is to be merged into it."), "others")
    if into.layer == "county" or {one.layer for one in others} != {into.layer}:
        raise GroundRefused(_("Only places of one sort are merged: grids with grids, communities with communities."))
    names = [one.name for one in others]
    whole = [one.boundary for one in (into, *others) if one.boundary]
    if len(whole) == len(others) + 1:
        joined = unary_union([shape(one) for one in whole])
        inside = joined.representative_point()
        drawing.alter(into, boundary=as_geojson(joined), lon=inside.x, lat=inside.y)
    for said in ("households", "residents"):
        counts = [getattr(one, said) for one in (into, *others)]
        drawing.alter(into, **{said: None if None in counts else sum(counts)})
    for other in others:
        hand_over(drawing, other, into)
        drawing.end(other, [into])
    if name.strip():
        drawing.alter(into, name=said_name(name))
    return drawing.finish({"merged": "、".join(names)[:200], "into": into.name})


@transaction.atomic
def dissolve(
    place: Place, *, actor: Actor, at: dt.datetime, day: dt.date | None = None, basis: str = "",
    successor: Place | None = None, key: UUID | None = None,
) -> Change:  # fmt: skip
    """Let a place end. What stood on it goes to `successor`, or to what it lay in; nothing may lie below it any more.

    Raises GroundRefused for a county, and where grids or communities still lie in it and no successor is named.
    """
    if done := done_already(key):
        return done
    drawing = Redrawing(DISSOLVED, place, actor=actor, at=at, day=day, basis=basis, key=key)
    place = drawing.subject
    heir = drawing.standing(successor.pk) if successor else None
    if place.layer == "county":
        raise GroundRefused(_("A county is not dissolved here."))
    if heir is not None and (heir.layer != place.layer or heir.pk == place.pk):
        raise GroundRefused(_("Its successor is another place of the same sort."), "successor")
    if heir is None and Place.objects.filter(parent=place, until=None, rank=0).exists():
        raise GroundRefused(_("Other places still lie in it. Move them first, or name its successor."), "successor")
    hand_over(drawing, place, heir)
    drawing.end(place, [heir] if heir else [])
    return drawing.finish({"to": heir.name if heir else None})


def hand_over(drawing: Redrawing, place: Place, to: Place | None) -> None:
    """Give all that lies in a place to another of its layer; without one, to nobody but the place above."""
    for below in Place.objects.filter(parent=place, until=None, rank=0).order_by("code"):
        assert to is not None
        put_under(drawing, below, to)
    for beside in Place.objects.filter(grid=place, until=None, rank=1):
        if to is not None:
            above = {"compound": to.parent_id, "micro_grid": to.pk}.get(beside.layer, beside.parent_id)
            drawing.alter(beside, grid_id=to.pk, path=to.path, parent_id=above)
        elif place.parent is not None:
            drawing.alter(beside, grid_id=None, path=place.parent.path)
    for child in Place.objects.filter(compound=place, until=None):
        if to is not None:
            drawing.alter(child, compound_id=to.pk, parent_id=to.pk)
        else:
            drawing.alter(child, compound_id=None, parent_id=place.parent_id)
    if place.layer == "community":
        for beside in Place.objects.filter(parent=place, until=None, layer__in=("compound", "special_grid")):
            special = {"path": to.path} if to is not None and beside.layer == "special_grid" else {}
            drawing.alter(beside, parent_id=to.pk if to else place.parent_id, **special)
