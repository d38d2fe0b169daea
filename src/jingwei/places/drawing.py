"""Draws a county's ground from its pack: what stands where, and what it is called."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from shapely import unary_union
from shapely.geometry import mapping, shape

from jingwei.places.codes import path_of
from jingwei.places.names import building_name, compound_name, grid_name
from jingwei.places.pack import CommunityLine, Layer, PlacesSection, TownLine
from jingwei.places.queries import GroundMap
from jingwei.planners.carve import Building, Carving, Compound, Tile, carve, read_buildings
from jingwei.planners.streets import lay_streets
from jingwei.policy import Book, Label
from jingwei.policy.county import CountySection


class NoBuildings(LookupError):
    """The building file of a pack lies in the data folder; put it there, or name one that does."""


@dataclass(frozen=True)
class Drawn:
    """A place as the pack and the planner give it; other places are named by their codes.

    Households are estimates; None where nobody estimated them.
    """

    layer: Layer
    code: str
    label: Label
    path: str
    boundary: dict[str, Any] | None
    households: int | None
    parent: str = ""
    grid: str = ""
    compound: str = ""
    point: tuple[float, float] | None = field(default=None)

    @property
    def rank(self) -> int:
        """0 on the sight path, 1 beside it."""
        return int(self.layer in (Layer.COMPOUND, Layer.BUILDING))

    @cached_property
    def middle(self) -> tuple[float, float] | None:
        """A point that surely lies within, longitude first."""
        if self.point is not None or self.boundary is None:
            return self.point
        inside = shape(self.boundary).representative_point()
        return inside.x, inside.y


def building_file(section: PlacesSection, data_folder: Path) -> Path:
    """The pack's building file; NoBuildings where there is none inside `data_folder`."""
    assert section.buildings is not None
    file = (data_folder / section.buildings.file).resolve()
    if not file.is_relative_to(data_folder.resolve()) or not file.is_file():
        raise NoBuildings(f"{section.buildings.file} is not in {data_folder}; put the building file there.")
    return file


def drawn(book: Book, data_folder: Path) -> list[Drawn]:
    """Every place of the county, those above before those below.

    The ground under the building file is carved into the counts of the pack, with its seed. Communities take
    the carved parts in the order of their codes, and belong to the town whose code theirs begins with.
    """
    section = book[PlacesSection]
    if section.streets is not None:
        return Drawing(book, lay_streets(section.streets.town())).places()
    if section.buildings is None:
        return named_only(book)
    buildings = read_buildings(building_file(section, data_folder), section.buildings.floors)
    return Drawing(book, buildings).places()


def named_only(book: Book) -> list[Drawn]:
    """The county itself, and the towns and communities its pack names, where no ground is drawn."""
    county, section = book[CountySection], book[PlacesSection]
    lines: list[tuple[Layer, str, Label, str]] = [(Layer.COUNTY, county.code, county, "")]
    lines += [(Layer.TOWN, one.code, one, county.code) for one in section.towns]
    lines += [(Layer.COMMUNITY, one.code, one, one.code[:9]) for one in section.communities]
    return [Drawn(layer, code, label, path_of(code), None, None, parent=above) for layer, code, label, above in lines]


class Drawing:
    """One county's ground on the drawing board."""

    def __init__(self, book: Book, buildings: list[Building]) -> None:
        self.section = book[PlacesSection]
        self.county = book[CountySection]
        self.buildings = {building.id: building for building in buildings}
        counts, carving = self.section.counts, self.section.carve
        assert counts is not None
        assert carving is not None
        self.carving: Carving = carve(buildings, counts.communities, counts.grids, counts.compounds, carving.seed)
        self.lines = sorted(self.section.communities, key=lambda line: line.code)
        self.names = {compound.code: compound_name(n) for n, compound in enumerate(self.carving.compounds)}
        self.map = GroundMap([(tile.code, n, tile.geometry) for n, tile in enumerate(self.carving.grids)])

    def places(self) -> list[Drawn]:
        """All places, from above."""
        towns = sorted(self.section.towns, key=lambda line: line.code)
        return [
            self._county(),
            *(self._town(town) for town in towns),
            *(self._community(tile) for tile in self.carving.communities),
            *(self._grid(tile) for tile in self.carving.grids),
            *(self._compound(compound) for compound in self.carving.compounds),
            *(one for compound in self.carving.compounds for one in self._buildings(compound)),
        ]

    def homes(self, buildings: Iterable[str]) -> int:
        """Households in these buildings, by the pack's estimate."""
        estimate = self.section.households
        assert estimate is not None
        return sum(estimate.of(b.area_m2, b.floors) for b in (self.buildings[one] for one in buildings))

    def line(self, tile: Tile) -> CommunityLine:
        """The pack's community that stands on this tile, or above this grid."""
        return self.lines[tile.community - 1]

    def grid_code(self, tile: Tile) -> str:
        """The community's twelve digits and three for the grid, numbered west to east, north to south."""
        return f"{self.line(tile).code}{tile.grid:03}"

    def _county(self) -> Drawn:
        code = self.county.code
        return Drawn(
            Layer.COUNTY,
            code,
            self.county,
            path_of(code),
            _around(self.carving.communities),
            self.homes(self.buildings),
        )

    def _town(self, town: TownLine) -> Drawn:
        tiles = [tile for tile in self.carving.communities if self.line(tile).code.startswith(town.code)]
        homes = sum(self.homes(tile.buildings) for tile in tiles)
        return Drawn(Layer.TOWN, town.code, town, path_of(town.code), _around(tiles), homes, parent=self.county.code)

    def _community(self, tile: Tile) -> Drawn:
        line = self.line(tile)
        homes = self.homes(tile.buildings)
        return Drawn(Layer.COMMUNITY, line.code, line, path_of(line.code), tile.geometry, homes, parent=line.code[:9])

    def _grid(self, tile: Tile) -> Drawn:
        line, code = self.line(tile), self.grid_code(tile)
        label = grid_name(line, tile.grid or 0)
        return Drawn(
            Layer.GRID,
            code,
            label,
            path_of(code),
            tile.geometry,
            self.homes(tile.buildings),
            parent=line.code,
        )

    def _compound(self, compound: Compound) -> Drawn:
        inside = shape(compound.geometry).representative_point()
        # A compound's middle lies between its buildings, so it never falls outside all the grids.
        grid = self.grid_code(self.carving.grids[self.map.at(inside.x, inside.y) or 0])
        return Drawn(
            Layer.COMPOUND,
            compound.code,
            self.names[compound.code],
            path_of(grid),
            compound.geometry,
            self.homes(compound.buildings),
            parent=grid[:12],
            grid=grid,
            point=(inside.x, inside.y),
        )

    def _buildings(self, compound: Compound) -> Iterable[Drawn]:
        for number, one in enumerate(sorted(compound.buildings), start=1):
            seat, building = self.carving.seats[one], self.buildings[one]
            grid = f"{self.lines[int(seat.community) - 1].code}{seat.grid[3:]}"
            yield Drawn(
                Layer.BUILDING,
                one,
                building_name(self.names[compound.code], number),
                path_of(grid),
                {"type": "Polygon", "coordinates": [[list(corner) for corner in building.ring]]},
                self.homes([one]),
                parent=compound.code,
                grid=grid,
                compound=compound.code,
                point=building.point,
            )


def _around(tiles: Iterable[Tile]) -> dict[str, Any] | None:
    whole = unary_union([shape(tile.geometry) for tile in tiles])
    if whole.is_empty:
        return None
    return {"type": whole.geom_type, "coordinates": _lists(mapping(whole)["coordinates"])}


def _lists(coordinates: Any) -> Any:
    return [_lists(part) for part in coordinates] if isinstance(coordinates, list | tuple) else coordinates
