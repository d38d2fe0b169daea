"""Which pieces of ground went from one redrawn grid to another: what happened on a piece goes with it."""

from collections.abc import Iterable, Mapping
from typing import Any

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from jingwei.places.models import Place

Pieces = tuple[tuple[BaseGeometry, str], ...]


def pieces_lost(redrawn: Iterable[Place], before: Mapping[int, Any]) -> dict[int, Pieces]:
    """For each redrawn grid the pieces it lost to others redrawn in the same change, and their paths now."""
    grids = [place for place in redrawn if place.layer == "grid" and place.boundary]
    now = {grid.pk: shape(grid.boundary or {}) for grid in grids}
    lost: dict[int, Pieces] = {}
    for grid in grids:
        if not before.get(grid.pk) or before[grid.pk] == grid.boundary:
            continue
        gone = shape(before[grid.pk]).difference(now[grid.pk])
        pieces = ((gone.intersection(now[other.pk]), other.path) for other in grids if other.pk != grid.pk)
        if kept := tuple((piece, path) for piece, path in pieces if piece.area):
            lost[grid.pk] = kept
    return lost
