"""What a division of a place, or a border that moves, would come to, before anything of it is written."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from jingwei.imports import grids
from jingwei.imports.readers import read_by_kind
from jingwei.imports.refusals import SheetRefused
from jingwei.places.acts.splitting import Part, codes_for
from jingwei.places.coordinates import System, to_wgs84
from jingwei.places.cutting import fitted, joined, lines_of, numbered_by, pieces_of
from jingwei.places.models import Place
from jingwei.places.pack import Layer, scheme_of
from jingwei.places.queries import GroundMap
from jingwei.places.reading import GEOMETRY
from jingwei.places.refusals import GroundRefused
from jingwei.places.shapes import checked, square_metres

MOST_CARRIED = 1_000_000
"""Characters of boundaries that a page carries from what is looked at to what is done."""


@dataclass(frozen=True)
class Piece:
    """One part as it would be: the code it gets, a name to begin with, its ground, what would lie in it by sort."""

    code: str
    name: str
    boundary: dict[str, Any] | None
    square_metres: int
    holds: dict[str, int]


def by_lines(place: Place, said: str) -> list[dict[str, Any]]:
    """The boundaries of the parts into which lines cut a place. Raises GroundRefused."""
    return [joined([piece]) for piece in pieces_of(_ground(place), lines_of(said))]


def by_map(place: Place, forms: Sequence[BaseGeometry]) -> list[dict[str, Any]]:
    """The boundaries of parts that were drawn in another program. Raises GroundRefused."""
    if len(forms) < 2:
        raise GroundRefused(_("The map holds one shape. Draw at least two parts."), "file")
    parts = fitted(_ground(place), sorted(forms, key=numbered_by))
    boundaries = [joined([part]) for part in parts]
    if len(json.dumps(boundaries)) > MOST_CARRIED:
        raise GroundRefused(_("The parts have too many points. Simplify them."), "file")
    return boundaries


def shapes_in(data: bytes, system: str) -> list[BaseGeometry]:
    """The shapes of a map, in WGS-84. Raises GroundRefused for what cannot be read."""
    turn = to_wgs84(System(system) if system in set(System) else System.WGS84)
    try:
        with grids.on_disk(data) as path:
            sheet = read_by_kind(path)
            if sheet is None:
                raise GroundRefused(_("This is no map. Hand in GeoJSON or a zipped Shapefile."), "file")
            drawn = [row.cells.get(GEOMETRY) for _n, row in zip(range(20), sheet.rows, strict=False)]
    except SheetRefused as no:
        raise GroundRefused(str(no), "file") from None
    return [shape(checked(_loaded(str(one or "null")), turn).boundary) for one in drawn]


def carried(said: str) -> list[BaseGeometry]:
    """The boundaries that a page carried. Raises GroundRefused."""
    told = _loaded(said) if len(said) <= 2 * MOST_CARRIED else None
    if not isinstance(told, list) or not 2 <= len(told) <= 20:
        raise GroundRefused(_("Draw the parts again."), "file")
    return [shape(checked(one).boundary) for one in told]


def _loaded(said: str) -> Any:
    try:
        return json.loads(said)
    except (ValueError, RecursionError):
        raise GroundRefused(_("The boundary is no GeoJSON geometry."), "file") from None


def pieces(place: Place, boundaries: Sequence[dict[str, Any] | None], said: dict[int, int]) -> list[Piece]:
    """The parts as they would be; `said` tells of what lies there, by id, in which part it is to lie."""
    codes = codes_for(place, len(boundaries))
    ground = GroundMap([(code, n, one) for n, (code, one) in enumerate(zip(codes, boundaries, strict=True)) if one])
    held: list[Counter[str]] = [Counter() for _one in boundaries]
    for one in lying_in(place):
        n = said.get(one.pk, said.get(one.compound_id or 0))
        if n is None and one.lon is not None and one.lat is not None:
            n = ground.at(one.lon, one.lat)
        if n is not None and n < len(held):
            held[n][one.layer] += 1
    return [
        Piece(code, _usual_name(place, code), one, round(square_metres(shape(one))) if one else 0, dict(counts))
        for code, one, counts in zip(codes, boundaries, held, strict=True)
    ]


def lying_in(place: Place) -> list[Place]:
    """What lies in a place and goes to one of its parts."""
    below = Place.objects.filter(parent=place, until=None).exclude(layer="building", compound__isnull=False)
    beside = Place.objects.filter(grid=place, until=None)
    return list((below | beside).defer("boundary").order_by("rank", "layer", "code").distinct())


def _usual_name(place: Place, code: str) -> str:
    """The name that the next grid of a community has; a community is named by somebody."""
    if place.layer != "grid" or place.parent is None:
        return ""
    number = int(scheme_of(place.county_id, Layer.GRID).segments(code)[-1])
    short = _("grid %(number)s") % {"number": number}
    return f"{place.parent.name}{short}" if place.name.startswith(place.parent.name) else short


def parts_of(drawn: Sequence[Piece], names: Sequence[str], said: dict[int, int]) -> list[Part]:
    """The parts under their names; pieces of one name are one part, under the first one's code. Raises
    GroundRefused."""
    together: dict[str, list[int]] = {}
    for n, name in enumerate(names):
        together.setdefault(" ".join(name.split()), []).append(n)
    if "" in together:
        raise GroundRefused(_("Give each part its name; parts of one name become one."), "name")
    if len(together) < 2:
        raise GroundRefused(_("A grid or a community is split, into two parts or more."), "name")
    parts = []
    for name, those in together.items():
        forms = [shape(boundary) for n in those if (boundary := drawn[n].boundary)]
        holds = frozenset(pk for pk, n in said.items() if n in those)
        parts.append(Part(name, joined(forms) if forms else None, holds=holds))
    return parts


def _ground(place: Place) -> BaseGeometry:
    if not place.boundary:
        raise GroundRefused(_("“%(name)s” has no boundary yet. Bring it in from a map first.") % {"name": place.name})
    return shape(place.boundary)
