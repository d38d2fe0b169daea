"""What a map is taken to be before a person has said it: which sort of places, in which coordinates, and why."""

import math
from collections.abc import Iterator, Sequence
from statistics import median

from django.utils.translation import gettext as _
from shapely import prepare
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from jingwei.imports.cells import key
from jingwei.imports.importers import Record
from jingwei.imports.refusals import RowRefused
from jingwei.imports.rosters import Guessed, Seen
from jingwei.places.coordinates import System, to_wgs84
from jingwei.places.importing import drawn_in
from jingwei.places.pack import Layer, PlacesSection, scheme_of
from jingwei.places.queries import standing
from jingwei.places.refusals import GroundRefused
from jingwei.places.shapes import square_metres
from jingwei.policy.queries import book

Where = tuple[float, float]
TRIED = (System.WGS84, System.GCJ02, System.BD09)
NEAR = 30.0
"""Metres between a place and the same place in the file; bent coordinates are off by hundreds."""
FAR = 3.0
"""How many times farther off the second best is, so that the best is sure."""
HOUSE, GRID = 15_000, 2_000_000
"""Square metres up to which ground is likely a house, and up to which it is likely a grid."""

WORDS = {
    Layer.BUILDING: ("楼栋", "楼幢", "建筑", "房屋", "building", "门牌", "地址"),
    Layer.MICRO_GRID: ("微网格", "micro"),
    Layer.SPECIAL_GRID: ("专属网格",),
    Layer.GRID: ("网格", "grid"),
    Layer.COMPOUND: ("小区", "院落", "compound"),
    Layer.COMMUNITY: ("社区", "村界", "行政村", "community", "village"),
    Layer.TOWN: ("街道", "乡镇", "镇界", "town"),
    Layer.COUNTY: ("县界", "区界", "县域", "county"),
}
"""Words in a file's name or title, the likeliest sort first."""
BENT = {
    System.GCJ02: ("gcj", "高德", "腾讯", "火星", "amap"),
    System.BD09: ("bd09", "bd-09", "百度", "baidu"),
    System.CGCS2000: ("cgcs", "2000", "天地图"),
}


def guess(seen: Seen) -> dict[str, Guessed]:
    """The sort of places and the system of coordinates, each with its reason."""
    layer = _layer(seen)
    return {"usual_layer": layer, "system": _system(seen, Layer(layer[0]))}


# ---- what sort of places


def _layer(seen: Seen) -> Guessed:
    codes = {len(str(one.values.get("code") or "")) for one in seen.records} - {0}
    if len(codes) == 1:
        found = [one for one in PATH if scheme_of(seen.county, one).digits == next(iter(codes))]
        if found:
            words = book(seen.county)[PlacesSection].layers[found[0]]
            said = _("by its codes: those of a %(sort)s have %(digits)s digits")
            return found[0], said % {"sort": words, "digits": next(iter(codes))}
    told = key(seen.told)
    for layer, words_ in WORDS.items():
        if any(key(word) in told for word in words_):
            return layer, _("by the name of the file")
    if "floors" in seen.columns:
        return Layer.BUILDING, _("by its columns: it counts floors")
    areas = [square_metres(form) for form in _forms(seen.records) if form.area]
    if not areas:
        return Layer.BUILDING, _("because it holds points; please look")
    middle = median(areas)
    layer = Layer.BUILDING if middle < HOUSE else Layer.GRID if middle < GRID else Layer.COMMUNITY
    return layer, _("by the size of its shapes; please look")


PATH = (Layer.COUNTY, Layer.TOWN, Layer.COMMUNITY, Layer.GRID, Layer.BUILDING)


# ---- in which coordinates


def _system(seen: Seen, layer: Layer) -> Guessed:
    return _beside_the_same(seen, layer) or _within_the_county(seen) or _in_words(seen)


def _beside_the_same(seen: Seen, layer: Layer) -> Guessed | None:
    """By places that stand already and are in the file too: under which system they lie nearest to where they are."""
    stood = {
        said: (lon, lat)
        for code, name, lon, lat in standing(seen.county, layer).values_list("code", "name", "lon", "lat")
        for said in (code, name)
        if lon is not None and lat is not None
    }
    known = [one for one in seen.records if _said(one) in stood]
    pairs = [(middle, stood[_said(one)]) for one in known if (middle := _middle(one)) is not None]
    if not pairs:
        return None
    off = {one: median(_metres(to_wgs84(one)(*middle), where) for middle, where in pairs) for one in TRIED}
    best, second = sorted(TRIED, key=lambda one: off[one])[:2]
    if off[best] > NEAR or off[second] < FAR * max(off[best], 1.0):
        return None
    said = _("%(many)s places that stand here already lie %(best)s m off when it is read so, %(other)s m otherwise")
    return best, said % {"many": len(pairs), "best": f"{max(off[best], 0.1):.1f}", "other": f"{off[second]:.0f}"}


def _within_the_county(seen: Seen) -> Guessed | None:
    """By the county's own line: under which system nothing lies beyond it, where under others something does."""
    edge = standing(seen.county, "county").exclude(boundary=None).values_list("boundary", flat=True).first()
    if edge is None:
        return None
    county = shape(edge)
    prepare(county)
    middles = [one for record in seen.records if (one := _middle(record)) is not None]
    outside = {s: sum(not county.covers(Point(to_wgs84(s)(*one))) for one in middles) for s in TRIED}
    best = min(TRIED, key=lambda one: outside[one])
    if best == System.WGS84 or outside[best]:
        return None
    said = _("read so, all of them lie in the county; read as WGS-84, %(many)s lie outside")
    return best, said % {"many": outside[System.WGS84]}


def _in_words(seen: Seen) -> Guessed:
    told = key(f"{seen.told} {' '.join(seen.header)}")
    for system, words in BENT.items():
        if any(word in told for word in words):
            return system, _("by the name of the file; please look")
    if seen.about:
        system = System.CGCS2000 if "2000" in seen.about else System.WGS84
        return system, _("as the file says of itself; maps taken from Amap or Tencent say so too, and are GCJ-02")
    said = _("the file does not say; whatever was taken from Amap or Tencent is GCJ-02, from Baidu BD-09: please look")
    return System.WGS84, said


def _said(record: Record) -> str:
    return str(record.values.get("code") or record.values.get("name") or "")


def _forms(records: Sequence[Record]) -> Iterator[BaseGeometry]:
    """What the records draw, in the numbers of their file."""
    for record in records:
        try:
            boundary, point, _mended = drawn_in(record.values, System.WGS84)
        except (GroundRefused, RowRefused):
            continue
        if boundary is not None:
            yield shape(boundary)
        elif point is not None:
            yield Point(point)


def _middle(record: Record) -> Where | None:
    for form in _forms([record]):
        inside = form.representative_point()
        return inside.x, inside.y
    return None


def _metres(one: Where, other: Where) -> float:
    east = (one[0] - other[0]) * math.cos(math.radians(one[1]))
    return 111_200 * math.hypot(east, one[1] - other[1])
