"""A figure on the map: the places of its table, the darker the larger their number; the table says the same."""

from collections.abc import Iterable, Mapping
from typing import Any

from jingwei.figures.asking import Asked
from jingwei.figures.declared import Figure
from jingwei.figures.telling import by_place
from jingwei.places.models import Place

PALEST, DARKEST = 0.12, 0.85
"""How much of the colour a place gets whose number is next to nothing, and the one whose number is the largest."""


def shapes_of(figure: Figure, asked: Asked) -> dict[str, Any]:
    """The places below with their numbers, as GeoJSON. One that says nothing, or nought, has no colour."""
    block = by_place(figure, asked)
    shapes = boundaries([line.key for line in block.lines], asked.place.county_id) if block else {}
    features = [
        feature(shapes[line.key], line.number, line.within, line.bar / 100, within=asked.place)
        for line in (block.lines if block else ())
        if line.key in shapes
    ]
    if asked.place.boundary:
        features.insert(0, feature(asked.place, "", "", 0, own=True))
    return {"type": "FeatureCollection", "features": features}


def boundaries(paths: Iterable[str], county_code: str) -> Mapping[str, Place]:
    """The places at these paths that have a boundary, by path."""
    found = Place.objects.filter(county_id=county_code, path__in=list(paths), rank=0, until=None)
    return {place.path: place for place in found if place.boundary}


def feature(
    place: Place, number: str, href: str, share: float, *, own: bool = False, within: Place | None = None
) -> dict[str, Any]:
    """A place as a shape. share: of the largest number; 0 is left without a colour.

    Its name on the map does not begin with that of the place it lies `within`, or grids cover one another's.
    """
    name = (str(place).removeprefix(str(within)) if within else "") or str(place)
    properties = {
        "name": f"{name} {number}".strip(), "href": href, "own": own, "at": [place.lon, place.lat],
        "shade": round(PALEST + (DARKEST - PALEST) * share, 3) if share else 0,
    }  # fmt: skip
    return {"type": "Feature", "id": place.pk, "properties": properties, "geometry": place.boundary}


def has_shapes(asked: Asked) -> bool:
    """Whether any of the places below can be drawn."""
    below = [place.pk for place in asked.places_below()]
    return Place.objects.filter(pk__in=below, boundary__isnull=False).exists()
