"""Buildings as a map file gives them, and how many households they are taken to hold."""

import gzip
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import GeometryCollection, MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry

from .plane import Plane, Ring

# Estimate. A city household had 92.17 m² of floor area on average (China Population Census Yearbook 2020);
# rounded up for stairs, walls and halls, which a footprint includes.
M2_PER_HOUSEHOLD = 100.0
SMALLEST_DWELLING_M2 = 40.0  # estimate: a single floor smaller than this is a shed, a kiosk, a substation

FARTHEST_NORTH = 85.0  # the flat map has no width at the poles
TALLEST = 200
SMALLEST_OUTLINE_M2 = 0.1  # less is a slip of the pen
UNREADABLE = (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError)


class BadBuilding(ValueError):
    """A building is a closed outline on the map with a whole number of floors."""

    outline: ClassVar[str] = "Building %(id)s has no outline that encloses ground: draw it as a polygon"
    place: ClassVar[str] = "Building %(id)s is not on the map: give longitude, then latitude, in degrees (WGS-84)"
    floors: ClassVar[str] = "Building %(id)s has %(floors)s floors: give a whole number from 1 to 200"
    file: ClassVar[str] = "%(path)s is not a map of buildings: give GeoJSON, a FeatureCollection of polygons"

    def __init__(self, sentence: str, **facts: str) -> None:
        self.sentence, self.facts = sentence, facts
        super().__init__(sentence % facts)


@dataclass(frozen=True)
class Building:
    """One footprint: its outline in degrees (WGS-84), floors, and footprint area in square metres."""

    id: str
    ring: Ring
    floors: int
    area_m2: float

    @cached_property
    def point(self) -> tuple[float, float]:
        """A point that surely lies inside the outline; it decides which grid the building belongs to."""
        inside = Polygon(self.ring).representative_point()
        return inside.x, inside.y

    @cached_property
    def households(self) -> int:
        """Households, estimated: floors × footprint by `M2_PER_HOUSEHOLD`, at least one in a dwelling.

        A building counts as a dwelling from two floors or `SMALLEST_DWELLING_M2` up. Shops and offices cannot
        be told from dwellings on the map, so the estimate is high in a town centre.
        """
        if self.floors < 2 and self.area_m2 < SMALLEST_DWELLING_M2:
            return 0
        return max(1, math.floor(self.floors * self.area_m2 / M2_PER_HOUSEHOLD + 0.5))


def read_buildings(path: Path | str, floors: str = "Floor") -> list[Building]:
    """The buildings of a GeoJSON file (plain or .gz), numbered from 00001 in the order of the file.

    Outlines that are not closed or cross themselves are repaired; of a building in several parts the largest
    is its outline. `floors` names the property that counts them. What cannot be repaired is refused by number:
    BadBuilding.
    """
    features = _features(Path(path))
    return [_building(f"{number:05}", feature, floors) for number, feature in enumerate(features, start=1)]


def _features(path: Path) -> list[Mapping[str, Any]]:
    packed = path.read_bytes()
    try:
        collection = json.loads(gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed)
        features = collection["features"]
    except (ValueError, OSError, EOFError, KeyError, TypeError) as fault:
        raise BadBuilding(BadBuilding.file, path=path.name) from fault
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise BadBuilding(BadBuilding.file, path=path.name)
    return features


def _building(number: str, feature: Mapping[str, Any], floors: str) -> Building:
    outline = _outline(number, feature.get("geometry"))
    area = Plane(outline.centroid.y).flat(outline).area
    if area < SMALLEST_OUTLINE_M2:
        raise BadBuilding(BadBuilding.outline, id=number)
    ring = tuple((lon, lat) for lon, lat in outline.exterior.coords)
    return Building(number, ring, _floors(number, feature.get("properties"), floors), area)


def _floors(number: str, properties: object, said: str) -> int:
    floors = properties.get(said) if isinstance(properties, dict) else None
    if isinstance(floors, bool) or not isinstance(floors, int) or not 1 <= floors <= TALLEST:
        raise BadBuilding(BadBuilding.floors, id=number, floors=str(floors))
    return floors


def _outline(number: str, geometry: Any) -> Polygon:
    """The largest polygon that `geometry` encloses, valid, on the map, without height."""
    try:
        drawn = shapely.force_2d(shape(geometry))  # closes rings that are left open
    except UNREADABLE as fault:
        raise BadBuilding(BadBuilding.outline, id=number) from fault
    coordinates = abs(shapely.get_coordinates(drawn))
    if not (coordinates <= (180, FARTHEST_NORTH)).all():  # not-a-number fails too
        raise BadBuilding(BadBuilding.place, id=number)
    try:
        parts = _polygons(shapely.make_valid(drawn))
    except ShapelyError as fault:  # some scribbles are beyond mending: "mixed-dimension"
        raise BadBuilding(BadBuilding.outline, id=number) from fault
    if not parts:
        raise BadBuilding(BadBuilding.outline, id=number)
    return max(parts, key=lambda part: part.area)


def _polygons(geometry: BaseGeometry) -> list[Polygon]:
    if isinstance(geometry, Polygon):
        return [] if geometry.is_empty else [geometry]
    if isinstance(geometry, MultiPolygon | GeometryCollection):
        return [polygon for part in geometry.geoms for polygon in _polygons(part)]
    return []
