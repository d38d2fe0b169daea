"""Where a point really is: the coordinates of Chinese maps, and how each is turned into WGS-84.

CGCS2000 (EPSG:4490) and WGS-84 differ by a few centimetres and are taken for one. GCJ-02 (Amap, Tencent) is WGS-84
bent by a published formula that has no inverse of its own, so the way back is found by iteration; BD-09 (Baidu) is
GCJ-02 bent once more. What a plane survey (CGCS2000 in three-degree zones, EPSG:4513 and on) gave, PROJ turns back.
"""

import math
import re
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

Point = tuple[float, float]
"""Longitude first, in degrees."""
Turn = Callable[[float, float], Point]


class System(StrEnum):
    """How a file's coordinates are to be read; nothing in the numbers tells the bent ones from the true ones."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


TITLES = {
    System.WGS84: _("WGS-84 (GPS, BeiDou)"),
    System.CGCS2000: _("CGCS2000 (surveys, Tianditu)"),
    System.GCJ02: _("GCJ-02 (Amap, Tencent Maps)"),
    System.BD09: _("BD-09 (Baidu Maps)"),
}

_AXIS, _FLATTENING = 6378245.0, 0.00669342162296594323  # Krasovsky 1940, on which GCJ-02 is reckoned
_BAIDU = math.pi * 3000.0 / 180.0
EXACT = 1e-9
"""Degrees; a tenth of a millimetre."""


def to_wgs84(system: System) -> Turn:
    """How a point of a system is turned into WGS-84."""
    return {System.GCJ02: gcj02_to_wgs84, System.BD09: bd09_to_wgs84}.get(system, as_it_is)


def as_it_is(lon: float, lat: float) -> Point:
    """The point of a system that is taken for WGS-84."""
    return lon, lat


def in_china(lon: float, lat: float) -> bool:
    """Whether GCJ-02 bends a point at all: within the frame round the mainland."""
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """The bending that online maps of China apply."""
    if not in_china(lon, lat):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    waves = 20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (waves + 20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (waves + 20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    slant = math.radians(lat)
    bulge = 1.0 - _FLATTENING * math.sin(slant) ** 2
    metre_north = _AXIS * (1.0 - _FLATTENING) / (bulge * math.sqrt(bulge)) * math.pi / 180.0
    metre_east = _AXIS / math.sqrt(bulge) * math.cos(slant) * math.pi / 180.0
    return lon + east / metre_east, lat + north / metre_north


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    """The point that the bending brings to this one, found by going back by what it is off; a few rounds do."""
    true = lon, lat
    for _round in range(30):
        bent = wgs84_to_gcj02(*true)
        off = bent[0] - lon, bent[1] - lat
        if max(map(abs, off)) < EXACT:
            break
        true = true[0] - off[0], true[1] - off[1]
    return true


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    """Baidu's further bending."""
    far = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BAIDU)
    turn = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BAIDU)
    return far * math.cos(turn) + 0.0065, far * math.sin(turn) + 0.006


def bd09_to_wgs84(lon: float, lat: float) -> Point:
    """Back through both bendings."""
    true = lon - 0.0065, lat - 0.006
    for _round in range(30):
        bent = gcj02_to_bd09(*true)
        off = bent[0] - lon, bent[1] - lat
        if max(map(abs, off)) < EXACT:
            break
        true = true[0] - off[0], true[1] - off[1]
    return gcj02_to_wgs84(*true)


KNOWN = ("WGS 84", "WGS84", "WGS 1984", "CGCS2000", "CHINA 2000", "CHINA GEODETIC COORDINATE SYSTEM 2000")
"""Names under which PROJ and ArcGIS know the two systems that are taken for one."""


class NoSystem(ValueError):
    """A file's own statement of its coordinates is one that PROJ knows."""


WRITTEN = re.compile(
    r"(?:urn:ogc:def:crs:)?EPSG:[:\d.]{1,20}|(?:PROJ|GEOG|GEOD|COMPD_|COMPOUND|BOUND)[A-Z]*CRS\[.+|"
    r"(?:PROJ|GEOG|COMPD_)CS\[.+", re.ASCII | re.DOTALL,
)  # fmt: skip
"""A code of EPSG, or the text of a .prj; what else PROJ might take for a system (a file, an address) is none here."""
LONGEST = 20_000


def system_name(said: str) -> str:
    """What a system is called that a file says its coordinates are in. Raises NoSystem."""
    return _system(said)[0]


@lru_cache(maxsize=16)
def _system(said: str) -> tuple[str, Any]:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if len(said) > LONGEST or WRITTEN.fullmatch(said) is None:
        raise NoSystem(said[:60])
    try:
        system = CRS.from_user_input(said)
    except CRSError:
        raise NoSystem(said[:60]) from None
    return system.name, system


@lru_cache(maxsize=16)
def projected(said: str) -> Turn:
    """How points are turned that a file says are in `said`: an EPSG code ("EPSG:4549") or the text of a .prj file.

    Raises NoSystem. The grid of a datum shift is never fetched: old systems (Beijing 1954, Xi'an 1980) are refused,
    for they are off by tens of metres without their own county's parameters.
    """
    from pyproj import Transformer

    system = _system(said)[1]
    datum = (system.geodetic_crs.name if system.geodetic_crs else "").upper().replace("_", " ")
    if not any(known in datum for known in KNOWN):
        raise NoSystem(system.name)
    if system.is_geographic:
        return as_it_is
    turn = Transformer.from_crs(system, system.geodetic_crs, always_xy=True)
    return lambda east, north: turn.transform(east, north)
