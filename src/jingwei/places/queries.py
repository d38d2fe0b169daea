"""Finding a place: by its code on the door, by a point, by a few words."""

import secrets
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from shapely import STRtree
from shapely.geometry import Point, shape

from jingwei.places.models import Chapter, Place

QR_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""No letter that a person confuses with a digit."""


def new_qr() -> str:
    """A fresh token for a place's QR code: ten characters, about 49 bits."""
    return "".join(secrets.choice(QR_ALPHABET) for _ in range(10))


def subtree(path: str) -> dict[str, str]:
    """The filter that holds everything at `path` and below it, as one index range on `path`."""
    return {"path__gte": path, "path__lt": path[:-1] + "0"}  # "0" follows "/" in C collation


def standing(county_code: str, layer: str = "") -> QuerySet[Place]:
    """The places of a county that stand today."""
    found = Place.objects.filter(county_id=county_code, until=None)
    return found.filter(layer=layer) if layer else found


def place_by_qr(token: str) -> Place | None:
    """The place whose QR code carries `token`, with its grid, compound and county; None if there is none.

    A code that still hangs where its place has ended leads to the place that took over.
    """
    found = Place.objects.select_related("grid", "compound", "county", "parent")
    place = found.filter(qr=token.strip().lower()).first()
    return place if place is None or place.until is None else successor_of(place)


def successor_of(place: Place) -> Place | None:
    """The standing place that took over from one that ended, by way of all between; None if there is none."""
    found = Place.objects.select_related("grid", "compound", "county", "parent")
    for _step in range(100):
        if place.until is None:
            return place
        after = found.filter(succeeds__place=place, succeeds__main=True).first()
        if after is None:
            return None
        place = after
    return None


class GroundMap:
    """The grids of one county, asked by point. Shapely's tree in process: 84 µs, the database 581 µs."""

    def __init__(self, grids: list[tuple[str, int, dict[str, Any]]]) -> None:
        grids.sort()
        self._ids = [place_id for _, place_id, _ in grids]
        self._shapes = [shape(boundary) for *_, boundary in grids]
        self._tree = STRtree(self._shapes)

    def at(self, lon: float, lat: float) -> int | None:
        """The id of the grid that holds the point; on a shared edge, the one with the lowest code."""
        hits = self._tree.query(Point(lon, lat), predicate="intersects")
        return self._ids[min(hits)] if len(hits) else None


@lru_cache(maxsize=8)
def _ground_map(county_code: str, newest: int, change: int, count: int) -> GroundMap:
    rows = standing(county_code, "grid").exclude(boundary=None).values_list("code", "id", "boundary")
    return GroundMap([(code, pk, boundary) for code, pk, boundary in rows if boundary])


def grid_at(county_code: str, lon: float, lat: float) -> Place | None:
    """The grid of the county that holds the point (WGS-84), or None outside all of them."""
    marks = standing(county_code, "grid").aggregate(newest=Max("id"), change=Max("change"), count=Count("id"))
    ground = _ground_map(county_code, marks["newest"] or 0, marks["change"] or 0, marks["count"])
    found = ground.at(lon, lat)
    return Place.objects.filter(pk=found).first() if found else None


def as_of(county_code: str, day: date, layer: str = "") -> QuerySet[Chapter]:
    """The ground of a county as it was on a day: for each place that stood, what was said of it."""
    that_day = Q(until=None) | Q(until__gt=day)
    found = Chapter.objects.filter(that_day, county_code=county_code, since__lte=day).select_related("place")
    return found.filter(layer=layer) if layer else found


def place_as_of(place: Place, day: date) -> Chapter | None:
    """What was said of a place on a day; None where it did not stand yet, or any more."""
    return as_of(place.county_id, day).filter(place=place).first()


def coded_as_of(county_code: str, layer: str, code: str, day: date) -> Chapter | None:
    """Which place had a code on a day, and what was said of it: what was grid 7 last March?"""
    return as_of(county_code, day, layer).filter(code=code).first()


def grid_at_as_of(county_code: str, lon: float, lat: float, day: date) -> Chapter | None:
    """The grid that held a point on a day."""
    rows = as_of(county_code, day, "grid").exclude(boundary=None).values_list("code", "id", "boundary")
    found = GroundMap([(code, pk, boundary) for code, pk, boundary in rows if boundary]).at(lon, lat)
    return Chapter.objects.select_related("place").get(pk=found) if found else None


def history_of(place: Place) -> list[Chapter]:
    """A place's chapters, the present one first."""
    return list(place.chapters.select_related("change", "parent").order_by("-since"))


def find(county_code: str, words: str, limit: int = 20) -> list[Place]:
    """Communities, compounds and buildings whose name holds every word of `words`; U+0000 breaks the database."""
    found = standing(county_code).exclude(layer="county")
    for word in words.replace("\x00", "").split()[:5]:
        found = found.filter(name__icontains=word)
    return list(found.select_related("grid", "parent", "compound").order_by("layer", "code")[:limit])


def ground_of(place: Place) -> Place:
    """The place on the sight path on which a matter at `place` stands: its grid, or the place itself."""
    return place.grid if place.rank and place.grid else place
