"""A first division of a county's ground: communities, the grids within them, and compounds of buildings."""

from collections.abc import Sequence
from math import cos, radians
from random import Random
from statistics import median

from shapely.geometry import MultiPoint, Polygon

from .buildings import M2_PER_HOUSEHOLD, BadBuilding, Building, read_buildings
from .carvings import Carving, Compound, Proposal, Seat, Tile
from .cuts import LEAST, UNITS, Box, Piece, Spot, cut, group, reading_order
from .ground import Ground
from .plane import Plane, Ring, rounded
from .reasons import CannotCarve, Reason

__all__ = [
    "BadBuilding",
    "Building",
    "CannotCarve",
    "Carving",
    "Compound",
    "Ground",
    "Proposal",
    "Reason",
    "Seat",
    "Tile",
    "carve",
    "read_buildings",
]

# Usual size of a general grid: Zhoushan regulation on grid services (舟山市网格化服务管理条例, 2023).
FEWEST_HOUSEHOLDS, MOST_HOUSEHOLDS = 300, 500
ROOM_AROUND_M = 3  # metres between the outermost walls of a compound and its line
EDGE = 2_000  # units of a degree, about 20 m: how far the ground reaches beyond the outermost outlines
MOST_NUMBERS = 999  # a code has three digits for each level

MADE = (
    "%(buildings)s buildings are divided into %(communities)s communities, %(grids)s grids and %(compounds)s "
    "compounds: the ground is cut in two where the households balance, again and again (seed %(seed)s)"
)
ESTIMATED = (
    "Households are an estimate from floors and footprint, one to %(m2)s m² of floor; shops and offices are "
    "counted as if people lived there"
)
SPREAD = "A grid holds %(least)s to %(most)s households, the middle one %(median)s"
OUTSIDE = "%(outside)s of %(grids)s grids lie outside the usual %(fewest)s to %(most)s households"
DRAWN = (
    "Boundaries are straight cuts and not surveyed; a compound is neighbouring buildings with %(metres)s m around them"
)


def carve(buildings: Sequence[Building], communities: int, grids: int, compounds: int, seed: int) -> Carving:
    """Carve the ground under `buildings` into exactly so many parts; the same seed gives the same carving.

    Ground is cut in two along its longer side, again and again, where the estimated households balance. The
    seed decides which half takes the odd one, so another seed gives another carving to compare. CannotCarve
    where the numbers do not fit.
    """
    _check(buildings, communities, grids, compounds)
    box, stretch = _ground_under(buildings, grids)
    spots = [_spot(building) for building in buildings]
    chance = Random(seed)  # noqa: S311  chance that can be repeated, not a secret
    shares = [grids // communities + (number < grids % communities) for number in range(communities)]
    chance.shuffle(shares)
    large = _numbered(cut(box, spots, shares, stretch, chance), stretch)
    small = [_numbered(_grids(community, stretch, chance), stretch) for community in large]
    groups = group(spots, compounds, stretch, chance)
    return _carving(buildings, large, small, _compounds(buildings, groups, stretch), seed)


def _check(buildings: Sequence[Building], communities: int, grids: int, compounds: int) -> None:
    """Refuse numbers that do not fit each other or the code."""
    if not buildings:
        raise CannotCarve(CannotCarve.nothing)
    seen: set[str] = set()
    for building in buildings:
        if building.id in seen:
            raise CannotCarve(CannotCarve.twice, id=building.id)
        seen.add(building.id)
    if min(communities, grids, compounds) < 1:
        raise CannotCarve(CannotCarve.none)
    if max(communities, -(-grids // communities), compounds) > MOST_NUMBERS:
        raise CannotCarve(CannotCarve.too_many, most=MOST_NUMBERS)
    if communities > grids:
        raise CannotCarve(CannotCarve.too_many_communities, communities=communities, grids=grids)
    if compounds > len(buildings):
        raise CannotCarve(CannotCarve.too_many_compounds, compounds=compounds, buildings=len(buildings))


def _ground_under(buildings: Sequence[Building], grids: int) -> tuple[Box, float]:
    """The rectangle around all outlines, with room for so many grids; and the stretch of its longitudes."""
    longitudes = [round(lon * UNITS) for building in buildings for lon, _ in building.ring]
    latitudes = [round(lat * UNITS) for building in buildings for _, lat in building.ring]
    edge = max(EDGE, LEAST * grids)
    box = Box(min(longitudes) - edge, min(latitudes) - edge, max(longitudes) + edge, max(latitudes) + edge)
    return box, cos(radians(box.middle[1] / UNITS))


def _spot(building: Building) -> Spot:
    lon, lat = building.point
    return Spot(building.id, round(lon * UNITS), round(lat * UNITS), building.households)


def _grids(community: Piece, stretch: float, chance: Random) -> list[Piece]:
    return cut(community.box, community.spots, [1] * community.share, stretch, chance)


def _numbered(pieces: Sequence[Piece], stretch: float) -> list[Piece]:
    """The pieces in the order of their numbers."""
    return [pieces[place] for place in reading_order([piece.box.middle for piece in pieces], stretch)]


def _carving(
    buildings: Sequence[Building],
    large: Sequence[Piece],
    small: Sequence[Sequence[Piece]],
    compounds: Sequence[Compound],
    seed: int,
) -> Carving:
    communities = [_tile(piece, number, None) for number, piece in enumerate(large, start=1)]
    grids = [
        _tile(piece, community, number)
        for community, pieces in enumerate(small, start=1)
        for number, piece in enumerate(pieces, start=1)
    ]
    grid_of = {building: grid.code for grid in grids for building in grid.buildings}
    compound_of = {building: compound.code for compound in compounds for building in compound.buildings}
    seats = {
        building.id: Seat(grid_of[building.id][:3], grid_of[building.id], compound_of[building.id])
        for building in buildings
    }
    proposal = _proposal(len(buildings), len(communities), grids, len(compounds), seed)
    return Carving(tuple(communities), tuple(grids), tuple(compounds), seats, proposal)


def _tile(piece: Piece, community: int, grid: int | None) -> Tile:
    box = piece.box
    corners = (
        (box.west, box.south),
        (box.east, box.south),
        (box.east, box.north),
        (box.west, box.north),
        (box.west, box.south),
    )
    ring = rounded(tuple((x / UNITS, y / UNITS) for x, y in corners))
    households = sum(spot.weight for spot in piece.spots)
    return Tile(community, grid, ring, households, tuple(spot.name for spot in piece.spots))


def _compounds(buildings: Sequence[Building], groups: Sequence[Sequence[Spot]], stretch: float) -> list[Compound]:
    outlines = {building.id: building.ring for building in buildings}
    middles = [
        (sum(spot.x for spot in spots) / len(spots), sum(spot.y for spot in spots) / len(spots)) for spots in groups
    ]
    drawn = []
    for number, place in enumerate(reading_order(middles, stretch), start=1):
        names = tuple(spot.name for spot in groups[place])
        ring = _line_around([outlines[name] for name in names])
        drawn.append(Compound(number, ring, sum(spot.weight for spot in groups[place]), names))
    return drawn


def _line_around(outlines: Sequence[Ring]) -> Ring:
    """The tightest outline without dents around all of `outlines`, `ROOM_AROUND_M` off the walls."""
    corners = MultiPoint([place for outline in outlines for place in outline])
    plane = Plane(corners.centroid.y)
    line = plane.degrees(plane.flat(corners).convex_hull.buffer(ROOM_AROUND_M, quad_segs=2)).normalize()
    assert isinstance(line, Polygon)
    return rounded(tuple((lon, lat) for lon, lat in reversed(line.exterior.coords)))


def _proposal(buildings: int, communities: int, grids: Sequence[Tile], compounds: int, seed: int) -> Proposal:
    households = [grid.households for grid in grids]
    least, middle, most = min(households), median(households), max(households)
    outside = sum(not FEWEST_HOUSEHOLDS <= many <= MOST_HOUSEHOLDS for many in households)
    reasons = (
        Reason(
            MADE,
            {
                "buildings": buildings,
                "communities": communities,
                "grids": len(grids),
                "compounds": compounds,
                "seed": seed,
            },
        ),
        Reason(ESTIMATED, {"m2": round(M2_PER_HOUSEHOLD)}),
        Reason(SPREAD, {"least": least, "median": round(middle), "most": most}),
        Reason(
            OUTSIDE,
            {"outside": outside, "grids": len(grids), "fewest": FEWEST_HOUSEHOLDS, "most": MOST_HOUSEHOLDS},
        ),
        Reason(DRAWN, {"metres": ROOM_AROUND_M}),
    )
    return Proposal(seed, least, middle, most, outside, reasons)
