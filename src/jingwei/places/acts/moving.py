"""A place comes to lie in another: with everything below it, under a code of the new place above."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.places.acts.redrawing import Redrawing, done_already
from jingwei.places.models import PATH_LAYERS, Change, Place
from jingwei.places.pack import Layer, scheme_of
from jingwei.places.queries import standing
from jingwei.places.refusals import GroundRefused
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import verb

MOVED = verb("places.moved", gettext_lazy("put under another place"), gettext_lazy("Put under another place"))


@transaction.atomic
def move(
    place: Place, to: Place, *, actor: Actor, at: dt.datetime, day: dt.date | None = None, basis: str = "",
    number: str = "", key: UUID | None = None,
) -> Change:  # fmt: skip
    """Let a community lie in another town, or a grid in another community, with all that lies in it.

    It remains the same place, with its QR code, posts and cases; its code is rewritten, with its own number where
    that is free, else with `number` or the next one. Raises GroundRefused.
    """
    if done := done_already(key):
        return done
    drawing = Redrawing(MOVED, place, actor=actor, at=at, day=day, basis=basis, key=key)
    place, to = drawing.subject, drawing.standing(to.pk)
    if place.rank or place.layer == "county" or to.layer != PATH_LAYERS[PATH_LAYERS.index(place.layer) - 1]:
        raise GroundRefused(_("A grid lies in a community, a community in a town; choose one of those."), "to")
    if to.pk == place.parent_id:
        raise GroundRefused(_("It lies there already."), "to")
    if to.county_id != place.county_id:
        raise GroundRefused(_("It lies in another county; let it end here and lay it there."), "to")
    before = place.code
    put_under(drawing, place, to, number)
    return drawing.finish({"from": before, "to": place.code})


def put_under(drawing: Redrawing, place: Place, to: Place, number: str = "") -> None:
    """Rewrite code and path of a place and of all below it, as part of a greater change."""
    scheme = scheme_of(place.county_id, Layer(place.layer))
    code = scheme.moved(place.code, to.code, number)
    taken = set(standing(place.county_id, place.layer).exclude(pk=place.pk).values_list("code", flat=True))
    taken -= {each.code for each in drawing.ended()}
    taken |= {each.code for each in drawing.altered() if each.layer == place.layer and each.pk != place.pk}
    n = 0
    while code in taken:
        if number:
            drawing.free(place.layer, code, but=[place.pk])
        n += 1
        code = scheme.moved(place.code, to.code, scheme.number(n))
    below = list(Place.objects.filter(parent=place, until=None, rank=0).order_by("code"))
    beside = list(Place.objects.filter(grid=place, until=None, rank=1))
    special = list(Place.objects.filter(parent=place, until=None, layer="special_grid"))
    path = "".join(f"{part}/" for part in scheme.segments(code))
    drawing.alter(place, code=code, path=path, parent_id=to.pk)
    for one in below:
        put_under(drawing, one, place)
    for one in special:
        drawing.alter(one, path=path)
    for one in beside:
        above = to.pk if one.layer == "compound" else one.parent_id
        drawing.alter(one, path=path, parent_id=above)
