"""Laying a county's ground: every place of its pack, once."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from jingwei.places.acts.chapters import open_chapters
from jingwei.places.drawing import Drawn, drawn
from jingwei.places.models import Change, Place
from jingwei.places.pack import Layer, PlacesSection
from jingwei.places.queries import new_qr
from jingwei.policy import Book
from jingwei.policy.county import CountySection
from jingwei.policy.models import County
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb

LAID = verb("places.laid", _("lay the ground"), _("laid the ground"))

Progress = Callable[..., object]
"""Called with what is being done, how much is done, and of how much."""

Known = dict[tuple[str, str], Place]


@transaction.atomic
def lay_ground(
    book: Book, *, actor: Actor, at: datetime, data_folder: Path, progress: Progress = lambda *said: None
) -> int:
    """Keep every place the pack draws on the building file in `data_folder`; how many were new.

    A county whose ground is laid keeps it as it is: grids are changed by acts of their own, never by laying
    them again. Raises County.DoesNotExist where the county has adopted no pack, NoBuildings without the file.
    """
    county = County.objects.select_for_update(no_key=True).get(pk=book[CountySection].code)
    if Place.objects.filter(county=county).exists():
        return 0
    places = drawn(book, data_folder)
    change = Change.objects.create(county=county, verb=LAID.name, day=localdate(at), at=at)
    estimate = book[PlacesSection].households
    source = str(estimate.note.name) if estimate else ""
    known: Known = {}
    tokens = _tokens(len(places))
    for layer in Layer:
        of_layer = [one for one in places if one.layer is layer]
        rows = [_row(one, known, tokens.pop(), source, change) for one in of_layer]
        for row in Place.objects.bulk_create(rows, batch_size=1000):
            known[row.layer, row.code] = row
        open_chapters(change, rows)
        progress(str(book[PlacesSection].layers[layer]), len(known), len(places))
    facts = {layer.value: many for layer in Layer if (many := sum(one.layer is layer for one in places))}
    record(actor, LAID, at=at, subject=("county", int(county.code)), place=county.name, facts=facts)
    return len(places)


def _row(one: Drawn, known: Known, qr: str, source: str, change: Change) -> Place:
    lon, lat = one.middle or (None, None)
    return Place(
        county_id=change.county_id,
        change=change,
        layer=one.layer.value,
        code=one.code,
        name=one.label.name,
        english=one.label.english,
        path=one.path,
        rank=one.rank,
        parent=_above(one, known),
        grid=known.get((Layer.GRID, one.grid)),
        compound=known.get((Layer.COMPOUND, one.compound)),
        boundary=one.boundary,
        lon=lon,
        lat=lat,
        households=one.households,
        households_source=source[:120],
        qr=qr,
        since=change.day,
    )


ABOVE = {
    Layer.TOWN: Layer.COUNTY,
    Layer.COMMUNITY: Layer.TOWN,
    Layer.GRID: Layer.COMMUNITY,
    Layer.COMPOUND: Layer.COMMUNITY,
    Layer.BUILDING: Layer.COMPOUND,
}
"""The layer of a place's parent: what one names to say where it is."""


def _above(one: Drawn, known: Known) -> Place | None:
    return known.get((ABOVE[one.layer], one.parent)) if one.layer in ABOVE else None


def _tokens(many: int) -> list[str]:
    tokens: set[str] = set()
    while len(tokens) < many:
        tokens |= set(_fresh(many - len(tokens)))
    return list(tokens)


def _fresh(many: int) -> Iterable[str]:
    return (new_qr() for _number in range(many))
