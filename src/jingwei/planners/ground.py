"""Whose ground a point lies on."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import shapely
from shapely import STRtree
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from .plane import Plane


class Ground:
    """Pieces of ground by code, ready to be asked which of them a point lies on.

    A piece is GeoJSON or a shapely geometry in degrees (WGS-84); one that crosses itself is mended first. A
    point on the line between pieces belongs to the lowest code, so that it always belongs to exactly one.
    """

    def __init__(self, pieces: Mapping[str, dict[str, Any] | BaseGeometry]) -> None:
        self._codes = sorted(pieces)  # ascending, so that the lowest index is the lowest code
        self._pieces = [shapely.make_valid(shape(pieces[code])) for code in self._codes]
        self._tree = STRtree(self._pieces)

    def at(self, lon: float, lat: float) -> str | None:
        """The code of the piece that contains the point, its edge included; None outside all of them."""
        found = self._tree.query(Point(lon, lat), predicate="intersects")
        return self._codes[min(found)] if len(found) else None

    def nearest(self, lon: float, lat: float, within_m: float) -> str | None:
        """The piece that contains the point, or else the nearest one not farther than `within_m` metres."""
        here = self.at(lon, lat)
        if here is not None or not self._codes:
            return here
        found = self._flat_tree.query_nearest(self._plane.flat(Point(lon, lat)), max_distance=within_m)
        return self._codes[min(found)] if len(found) else None

    @cached_property
    def _plane(self) -> Plane:
        _, south, _, north = shapely.total_bounds(self._pieces)
        return Plane(float(south + north) / 2)

    @cached_property
    def _flat_tree(self) -> STRtree:
        return STRtree([self._plane.flat(piece) for piece in self._pieces])
