"""A place's boundary as a small drawing: paths of an SVG, without a map below it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shapely import unary_union
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry

from jingwei.planners.plane import Plane

WIDE, HIGH, EDGE = 320, 240, 8


@dataclass(frozen=True)
class Outline:
    """A drawing of `WIDE` by `HIGH`: the place's own path, and those of what lies in it."""

    own: str
    inside: tuple[str, ...]
    metres: int
    """How wide the drawing is on the ground."""


def outline_of(boundary: dict[str, Any] | None, inside: Iterable[dict[str, Any] | None] = ()) -> Outline | None:
    """The drawing of a boundary; None where there is none."""
    if not boundary:
        return None
    own = shape(boundary)
    flat = Plane(own.centroid.y).flat
    west, south, east, north = flat(own).bounds
    scale = min((WIDE - 2 * EDGE) / max(east - west, 1), (HIGH - 2 * EDGE) / max(north - south, 1))
    left = (WIDE - (east - west) * scale) / 2
    top = (HIGH - (north - south) * scale) / 2

    def path(form: BaseGeometry) -> str:
        rings = [ring for part in _parts(flat(form)) for ring in (part.exterior, *part.interiors)]
        return "".join(
            "M"
            + "L".join(f"{(x - west) * scale + left:.1f} {(north - y) * scale + top:.1f}" for x, y in ring.coords)
            + "Z"
            for ring in rings
        )

    drawn = unary_union([shape(one) for one in inside if one]) & own
    return Outline(path(own), (path(drawn),) if not drawn.is_empty else (), round(WIDE / scale))


def _parts(form: BaseGeometry) -> list[Polygon]:
    if isinstance(form, Polygon):
        return [form]
    return list(form.geoms) if isinstance(form, MultiPolygon) else []
