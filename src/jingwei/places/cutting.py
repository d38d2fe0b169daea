"""Cutting ground along lines that a person drew: which pieces there are, and what goes over where a border moves."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely import LineString, unary_union
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import split as along

from jingwei.places.models import Place
from jingwei.places.refusals import GroundRefused, ShapeRefused
from jingwei.places.shapes import SLIVER, as_geojson, on_the_map, square_metres

MOST_POINTS, MOST_LINES, MOST_PIECES = 2_000, 8, 12
LEFT_OVER = 0.01
"""The part of a place by which parts that were drawn elsewhere may miss it; it goes to the part beside it."""

_POINT = re.compile(r"\s*([-+]?\d{1,3}(?:\.\d{1,15})?)\s*[,，\s]\s*([-+]?\d{1,3}(?:\.\d{1,15})?)\s*[;；]?\s*", re.ASCII)


def lines_of(said: str) -> list[LineString]:
    """Lines as a form sends them: a point in each row (longitude, latitude), an empty row between two lines. Raises
    GroundRefused."""
    found = []
    for block in re.split(r"\n\s*\n", said.replace("\r", "").strip()):
        rows = [row for row in block.split("\n") if row.strip()]
        points = [_point(row) for row in rows[:MOST_POINTS]]
        if points and (len(set(points)) < 2 or len(rows) > MOST_POINTS):
            raise GroundRefused(_("A line has from two to %(most)s points.") % {"most": MOST_POINTS}, "line")
        if points:
            found.append(LineString(points))
    if not found or len(found) > MOST_LINES:
        said = _("Draw the line along which it is to be cut, on the map or as points: longitude, latitude.")
        raise GroundRefused(said, "line")
    return found


def _point(row: str) -> tuple[float, float]:
    told = _POINT.fullmatch(row)
    if told is None:
        said = _("“%(row)s” is no point. Write longitude and latitude, such as 116.12345, 36.54321.")
        raise GroundRefused(said % {"row": row.strip()[:40]}, "line")
    lon, lat = float(told[1]), float(told[2])
    on_the_map(lon, lat, lon, lat)
    return lon, lat


def pieces_of(ground: BaseGeometry, lines: Sequence[LineString]) -> list[Polygon]:
    """The pieces into which lines cut a ground, from west to east and north to south, as its parts are numbered
    (GB/T 30428.1). An end that stays within is drawn on, straight ahead. Raises GroundRefused where nothing is cut."""
    pieces = [part for part in shapely.get_parts(ground) if isinstance(part, Polygon)]
    for line in lines:
        drawn = _drawn_on(line, ground)
        try:
            cut = [piece for one in pieces for piece in along(one, drawn).geoms]
        except (ShapelyError, ValueError):
            raise GroundRefused(_("The line runs along the border itself. Draw it across the place."), "line") from None
        pieces = [piece for piece in cut if isinstance(piece, Polygon)]
    pieces = _without_slivers(pieces)
    if len(pieces) < 2:
        raise GroundRefused(_("The line does not cut the place. Draw it right across, beyond both borders."), "line")
    if len(pieces) > MOST_PIECES:
        said = _("The line cuts the place into %(many)s pieces; at most %(most)s are told apart here.")
        raise GroundRefused(said % {"many": len(pieces), "most": MOST_PIECES}, "line")
    return sorted(pieces, key=numbered_by)


def numbered_by(form: BaseGeometry) -> tuple[float, float]:
    """By what parts are numbered: from west to east, then from north to south."""
    return round(form.centroid.x, 5), -round(form.centroid.y, 5)


def _drawn_on(line: LineString, ground: BaseGeometry) -> LineString:
    """The line, with an end that lies within the ground drawn on beyond it."""
    west, south, east, north = ground.bounds
    far = 2 * max(east - west, north - south)
    points = list(line.coords)
    for end, before in ((0, 1), (-1, -2)):
        (x, y), (u, v) = points[end], points[before]
        long = max(((x - u) ** 2 + (y - v) ** 2) ** 0.5, 1e-12)
        if ground.covers(shapely.Point(x, y)):
            points[end] = x + (x - u) / long * far, y + (y - v) / long * far
    return LineString(points)


def _without_slivers(pieces: list[Polygon]) -> list[Polygon]:
    """Pieces too small for anybody to have meant them go to the one beside them."""
    small = [piece for piece in pieces if square_metres(piece) < SLIVER]
    large = [piece for piece in pieces if square_metres(piece) >= SLIVER]
    for piece in small:
        if beside := [n for n, one in enumerate(large) if one.distance(piece) < 1e-9]:
            joined = unary_union([large[beside[0]], piece])
            if isinstance(joined, Polygon):
                large[beside[0]] = joined
    return large


def joined(pieces: Sequence[BaseGeometry]) -> dict[str, Any]:
    """Several pieces as one boundary."""
    return as_geojson(unary_union(list(pieces)))


def fitted(ground: BaseGeometry, parts: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Parts that were drawn in another program, made to be exactly the ground: what is twice goes to the first, what
    is left over to the one beside it. Raises ShapeRefused where they miss it by more than a little."""
    whole = square_metres(ground)
    apart = square_metres(unary_union(list(parts)).symmetric_difference(ground))
    twice = sum(map(square_metres, parts)) - square_metres(unary_union(list(parts)))
    if apart + twice > max(SLIVER, LEFT_OVER * whole):
        said = _(
            "The parts together are not the place: %(apart)s m² are left over or lie beyond it, "
            "%(twice)s m² lie in two parts."
        )
        raise ShapeRefused(said % {"apart": round(apart), "twice": round(twice)}, "parts")
    kept: list[BaseGeometry] = []
    left = ground
    for part in parts:
        kept.append(_areas(left & part))
        left = _areas(left.difference(part))
    for piece in shapely.get_parts(left):
        nearest = min(range(len(kept)), key=lambda n: kept[n].distance(piece))
        kept[nearest] = _areas(unary_union([kept[nearest], piece]))
    return kept


def _areas(form: BaseGeometry) -> BaseGeometry:
    """Only what has an area."""
    parts = [part for part in shapely.get_parts(form) if isinstance(part, Polygon) and part.area]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


# ---- a border that moves


@dataclass(frozen=True)
class Moved:
    """A border drawn anew: the new boundaries by place, and how many square metres went to and fro."""

    boundaries: dict[int, dict[str, Any]]
    given: int
    taken: int


def border_along(one: Place, other: Place, lines: Sequence[LineString]) -> Moved:
    """Let two neighbours meet along a line: each keeps the pieces that are mostly its own already.

    Where they lie in different communities or towns, the same ground goes over between these. Raises GroundRefused.
    """
    mine, theirs = _form(one), _form(other)
    pieces = pieces_of(unary_union([mine, theirs]), lines)
    kept = [piece for piece in pieces if (piece & mine).area >= (piece & theirs).area]
    rest = [piece for piece in pieces if piece not in kept]
    if not kept or not rest:
        said = _("All of it would go to “%(name)s”. Merge the two instead.")
        raise GroundRefused(said % {"name": (one if kept else other).name}, "line")
    return between({one: _areas(unary_union(kept)), other: _areas(unary_union(rest))}, one, other)


def border_between(one: Place, other: Place, forms: Sequence[BaseGeometry]) -> Moved:
    """Let two neighbours have the boundaries that were drawn in another program. Raises GroundRefused."""
    mine, theirs = _form(one), _form(other)
    if len(forms) != 2:
        raise GroundRefused(_("The map holds the two grids as they are to be, and nothing else."), "file")
    first, second = fitted(unary_union([mine, theirs]), forms)
    if (first & mine).area < (second & mine).area:
        first, second = second, first
    return between({one: first, other: second}, one, other)


def between(drawn: Mapping[Place, BaseGeometry], one: Place, other: Place) -> Moved:
    """The change by which two neighbours have these boundaries, with that of what they lie in."""
    given = _areas(_form(one) & drawn[other])
    taken = _areas(_form(other) & drawn[one])
    boundaries = {place.pk: as_geojson(form) for place, form in drawn.items()}
    mine, theirs = one.parent, other.parent
    while mine is not None and theirs is not None and mine.pk != theirs.pk:
        for place, lost, won in ((mine, given, taken), (theirs, taken, given)):
            if place.boundary:
                boundaries[place.pk] = as_geojson(_areas(_form(place).difference(lost).union(won)))
        mine, theirs = mine.parent, theirs.parent
    return Moved(boundaries, round(square_metres(given)), round(square_metres(taken)))


def _form(place: Place) -> BaseGeometry:
    if not place.boundary:
        raise GroundRefused(_("“%(name)s” has no boundary yet. Bring it in from a map first.") % {"name": place.name})
    return shape(place.boundary)
