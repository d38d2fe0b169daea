"""Boundaries as they come in, and as they are kept: on the map, whole, without crossing themselves, in WGS-84."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely import STRtree
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from jingwei.places.coordinates import as_it_is
from jingwei.places.models import Place
from jingwei.places.refusals import ShapeRefused
from jingwei.planners.plane import Plane

DIGITS = 7
"""Of a degree, as kept: a centimetre."""
SLIVER = 1.0
"""Square metres: what two surveys of one line leave between them."""
SHARE = 0.001
"""Of a boundary's own area: more than this of it in a neighbour or abroad is no sliver."""
MOST_POINTS = 100_000
CHINA = (73.0, 3.0, 136.0, 54.0)
"""West, south, east, north; outside, longitude and latitude are most likely the wrong way round."""
UNREADABLE = (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError)


@dataclass(frozen=True)
class Checked:
    """A boundary as it is kept, and what was mended in it, in sentences."""

    boundary: dict[str, Any]
    mended: tuple[str, ...] = ()


def checked(geometry: object, turn: Callable[[float, float], tuple[float, float]] | None = None) -> Checked:
    """A polygon or several, as GeoJSON or a shape, turned into WGS-84 by `turn` and mended.

    Raises ShapeRefused: nothing drawn, no area, not on the map, axes the wrong way round, a hole outside its ring,
    a line that crosses itself so that it is not clear what is inside.
    """
    drawn: BaseGeometry = _drawn(geometry)
    mended = []
    if drawn.has_z:
        drawn = shapely.force_2d(drawn)
        mended.append(_("Heights were left out."))
    if turn is not None and turn is not as_it_is:
        drawn = shapely.transform(drawn, lambda points: np.array([turn(x, y) for x, y in points]))
    on_the_map(*drawn.bounds)
    if shapely.get_num_coordinates(drawn) > MANY and _scrawled(_polygons(drawn)):
        raise _crosses_itself()
    if not drawn.is_valid:
        drawn = _mended(_polygons(drawn))
        mended.append(_("The line touched or crossed itself and was mended."))
    kept = shapely.set_precision(drawn, 10**-DIGITS)
    if kept.is_empty or square_metres(kept) < SLIVER:
        raise ShapeRefused(_("The boundary encloses no ground."), "boundary")
    return Checked(as_geojson(kept), tuple(mended))


def _drawn(geometry: object) -> Polygon | MultiPolygon:
    try:
        drawn = geometry if isinstance(geometry, BaseGeometry) else shape(_closed(geometry))
        points = shapely.get_num_coordinates(drawn)
        finite = bool(np.isfinite(shapely.get_coordinates(drawn)).all())
    except UNREADABLE:
        raise ShapeRefused(_("The boundary cannot be read. Draw it as a polygon."), "boundary") from None
    if points == 0:
        raise ShapeRefused(_("Nothing is drawn."), "boundary")
    if not isinstance(drawn, Polygon | MultiPolygon):
        said = _("A boundary is a polygon; this is a %(kind)s.")
        raise ShapeRefused(said % {"kind": drawn.geom_type}, "boundary")
    if points > MOST_POINTS:
        said = _("The boundary has %(many)s points. Simplify it to %(most)s or fewer.")
        raise ShapeRefused(said % {"many": points, "most": MOST_POINTS}, "boundary")
    if not finite:
        raise ShapeRefused(_("The boundary holds a coordinate that is no number."), "boundary")
    return drawn


def _closed(geometry: Any) -> Any:
    """GeoJSON as somebody wrote it: rings that were left open are closed."""
    if not isinstance(geometry, dict):
        raise TypeError
    if geometry["type"] == "Polygon":
        return {"type": "Polygon", "coordinates": [_ring(ring) for ring in geometry["coordinates"]]}
    if geometry["type"] == "MultiPolygon":
        parts = [[_ring(ring) for ring in part] for part in geometry["coordinates"]]
        return {"type": "MultiPolygon", "coordinates": parts}
    return geometry


def _ring(ring: list[Any]) -> list[Any]:
    return [*ring, ring[0]] if ring and ring[0] != ring[-1] else ring


def on_the_map(west: float, south: float, east: float, north: float) -> None:
    """Raises ShapeRefused for what is not in China, with a word on axes that were changed round."""
    if CHINA[0] <= west and east <= CHINA[2] and CHINA[1] <= south and north <= CHINA[3]:
        return
    if CHINA[0] <= south and north <= CHINA[2] and CHINA[1] <= west and east <= CHINA[3]:
        raise ShapeRefused(_("Longitude and latitude are the wrong way round. Write the longitude first."), "boundary")
    said = _("The coordinates %(lon)s, %(lat)s are not in China. Say which system of coordinates they are in.")
    raise ShapeRefused(said % {"lon": f"{west:.6g}", "lat": f"{south:.6g}"}, "boundary")


def _polygons(drawn: BaseGeometry) -> Polygon | MultiPolygon:
    assert isinstance(drawn, Polygon | MultiPolygon)
    return drawn


MANY, ROUNDED = 2_000, 1e-12
"""Points beyond which a line is first looked over for that, since even asking whether it is valid takes long; and the
degrees (a tenth of a micrometre) below which a point lies on a line."""
_Points = np.ndarray[Any, np.dtype[np.float64]]
TRIED, CROSSINGS = 50, 200
"""How many pieces of a line are looked at, and how many crossings of all are still a slip that may be mended: a line
that crosses itself everywhere (n points, n² crossings) would keep the machine busy for hours."""


def _scrawled(drawn: Polygon | MultiPolygon) -> bool:
    """Whether a line crosses itself so often that nobody slipped; reckoned from some of its pieces."""
    ends = shapely.get_coordinates(drawn)
    start, end = ends[:-1], ends[1:]
    some = range(0, len(start), max(1, len(start) // TRIED))
    hits = sum(_crossed(start[n], end[n], start, end) for n in some)
    return hits * len(start) / len(some) / 2 > CROSSINGS


def _crossed(p: _Points, q: _Points, start: _Points, end: _Points) -> int:
    """How many of the pieces from `start` to `end` the piece from `p` to `q` crosses."""

    def side(a: _Points, b: _Points, c: _Points) -> _Points:
        """How far `c` lies left of the line through `a` and `b`, in degrees; what only rounding tells is 0."""
        ahead, aside = b - a, c - a
        area = ahead[..., 0] * aside[..., 1] - ahead[..., 1] * aside[..., 0]
        far: _Points = area / np.maximum(np.hypot(ahead[..., 0], ahead[..., 1]), 1e-15)
        return np.where(np.abs(far) < ROUNDED, 0.0, far)

    apart = (side(p, q, start) * side(p, q, end) < 0) & (side(start, end, p) * side(start, end, q) < 0)
    return int(np.count_nonzero(apart))


def _crosses_itself() -> ShapeRefused:
    return ShapeRefused(
        _("The line crosses itself, so it is not clear what lies inside. Draw it so that it goes round once."),
        "boundary",
    )


def _mended(drawn: Polygon | MultiPolygon) -> BaseGeometry:
    if _scrawled(drawn):
        raise _crosses_itself()
    for part in drawn.geoms if isinstance(drawn, MultiPolygon) else [drawn]:
        outer = Polygon(part.exterior)
        if outer.is_valid and any(not outer.covers(Polygon(hole)) for hole in part.interiors):
            raise ShapeRefused(_("A hole lies outside the boundary, or across it."), "boundary")
    try:
        valid = shapely.make_valid(drawn, method="structure", keep_collapsed=False)
    except ShapelyError:
        valid = Polygon()
    filled, signed = square_metres(valid), _signed(drawn)
    if valid.is_empty or abs(filled - signed) > max(SLIVER, SHARE * filled):
        raise _crosses_itself()
    return valid


def _signed(drawn: Polygon | MultiPolygon) -> float:
    """The area as the rings go round, in square metres: what a figure of eight encloses counts once with each sign."""
    flat = Plane(drawn.centroid.y if not drawn.centroid.is_empty else drawn.bounds[1]).flat
    parts = drawn.geoms if isinstance(drawn, MultiPolygon) else [drawn]
    return sum(
        abs(_round(flat(shapely.LinearRing(part.exterior)))) - sum(abs(_round(flat(hole))) for hole in part.interiors)
        for part in parts
    )


def _round(ring: BaseGeometry) -> float:
    points = shapely.get_coordinates(ring)
    x, y = points[:, 0] - points[0, 0], points[:, 1] - points[0, 1]
    return float(((x[:-1] * y[1:]) - (x[1:] * y[:-1])).sum() / 2)


def square_metres(form: BaseGeometry) -> float:
    """The area of a shape in degrees, in square metres; of lines and points none."""
    if form.is_empty or form.area == 0:
        return 0.0
    return float(Plane(form.centroid.y).flat(form).area)


def as_geojson(form: BaseGeometry) -> dict[str, Any]:
    """A shape as it is kept: polygons whose outer ring goes left about (RFC 7946), lists throughout."""
    parts = [part for part in shapely.get_parts(form) if isinstance(part, Polygon)]
    if isinstance(form, Polygon | MultiPolygon):
        turned = [orient(part) for part in parts]
        form = turned[0] if len(turned) == 1 else MultiPolygon(turned)
    kept: dict[str, Any] = json.loads(json.dumps(mapping(form)))
    return kept


class Sisters:
    """The boundaries of a layer beside which a new one is laid; one that is drawn anew is laid beside itself."""

    def __init__(self, places: Iterable[tuple[int, str, Any]]) -> None:
        rows = [(pk, name, shape(boundary)) for pk, name, boundary in places if boundary]
        self._ids, self._names = [pk for pk, *_rest in rows], [name for _pk, name, _form in rows]
        self._shapes = [form for *_rest, form in rows]
        self._tree = STRtree(self._shapes)
        self._later: dict[int, tuple[str, BaseGeometry]] = {}

    def beside(self, pk: int | None, form: BaseGeometry) -> None:
        """Raises ShapeRefused, with the area, where a boundary overlaps that of a sister by more than a sliver."""
        near = {self._ids[n]: (self._names[n], self._shapes[n]) for n in self._tree.query(form, predicate="intersects")}
        near |= self._later
        near.pop(pk or 0, None)
        mine = square_metres(form)
        for name, other in near.values():
            area = square_metres(form.intersection(other))
            if area > max(SLIVER, SHARE * min(mine, square_metres(other))):
                said = _("It overlaps “%(name)s” by %(area)s m². Draw the line between them once.")
                raise ShapeRefused(said % {"name": name, "area": f"{area:,.0f}"}, "boundary")

    def keep(self, pk: int, name: str, form: BaseGeometry) -> None:
        """Remember a boundary that was laid since."""
        self._later[pk] = (name, form)


def sisters_of(county_code: str, layer: str) -> Sisters:
    """The standing places of a layer, as sisters."""
    found = Place.objects.filter(county_id=county_code, layer=layer, until=None).exclude(boundary=None)
    return Sisters(found.values_list("pk", "name", "boundary"))


def without_overlap(place: Place, boundary: dict[str, Any], being_drawn: Mapping[int, Any]) -> None:
    """Raises ShapeRefused where a boundary overlaps a sister's, as it is or as it is being drawn in the same act."""
    sisters = Place.objects.filter(county_id=place.county_id, layer=place.layer, until=None).exclude(boundary=None)
    rows = [(pk, name, being_drawn.get(pk, old)) for pk, name, old in sisters.values_list("pk", "name", "boundary")]
    Sisters(rows).beside(place.pk, shape(boundary))


def within(form: BaseGeometry, county: BaseGeometry) -> None:
    """Raises ShapeRefused, with the area, where a shape lies outside the county's boundary."""
    if county.covers(form):
        return
    outside = square_metres(form.difference(county))
    if outside > max(SLIVER, SHARE * square_metres(form)):
        said = _("%(area)s m² of it lie outside the county.")
        raise ShapeRefused(said % {"area": f"{outside:,.0f}"}, "boundary")
