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


class _Frame:
    """Where metres on the ground lie in the drawing."""

    def __init__(self, whole: BaseGeometry) -> None:
        self.flat = Plane(whole.centroid.y).flat
        self.west, south, east, self.north = self.flat(whole).bounds
        wide, high = max(east - self.west, 1), max(self.north - south, 1)
        self.scale = min((WIDE - 2 * EDGE) / wide, (HIGH - 2 * EDGE) / high)
        self.left, self.top = (WIDE - wide * self.scale) / 2, (HIGH - high * self.scale) / 2

    def path(self, form: BaseGeometry) -> str:
        """A shape in degrees as a path of the drawing."""
        rings = [ring for part in _parts(self.flat(form)) for ring in (part.exterior, *part.interiors)]
        return "".join(f"M{'L'.join(f'{self._x(x):.1f} {self._y(y):.1f}' for x, y in ring.coords)}Z" for ring in rings)

    def middle(self, form: BaseGeometry) -> tuple[int, int]:
        """A point of the drawing that surely lies within a shape."""
        inside = self.flat(form).representative_point()
        return round(self._x(inside.x)), round(self._y(inside.y))

    def _x(self, east: float) -> float:
        return (east - self.west) * self.scale + self.left

    def _y(self, north: float) -> float:
        return (self.north - north) * self.scale + self.top


def outline_of(boundary: dict[str, Any] | None, inside: Iterable[dict[str, Any] | None] = ()) -> Outline | None:
    """The drawing of a boundary; None where there is none."""
    if not boundary:
        return None
    own = shape(boundary)
    frame = _Frame(own)
    drawn = unary_union([shape(one) for one in inside if one]) & own
    within = (frame.path(drawn),) if not drawn.is_empty else ()
    return Outline(frame.path(own), within, round(WIDE / frame.scale))


@dataclass(frozen=True)
class Beside:
    """One of several drawings in a frame: its path, and where its number stands."""

    path: str
    x: int
    y: int


def side_by_side(boundaries: Iterable[dict[str, Any]]) -> tuple[Beside, ...]:
    """The drawings of several places in one frame; none where nothing is drawn."""
    forms = [shape(one) for one in boundaries]
    if not forms:
        return ()
    frame = _Frame(unary_union(forms))
    return tuple(Beside(frame.path(form), *frame.middle(form)) for form in forms)


def _parts(form: BaseGeometry) -> list[Polygon]:
    if isinstance(form, Polygon):
        return [form]
    return list(form.geoms) if isinstance(form, MultiPolygon) else []
