"""What a division of ground looks like: its tiles, its compounds, and how good it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from .plane import Ring
from .reasons import Reason


@dataclass(frozen=True)
class Tile:
    """A community, or a grid of one: a piece of ground that touches its neighbours and overlaps none."""

    community: int
    grid: int | None
    ring: Ring
    households: int
    buildings: tuple[str, ...]

    @property
    def code(self) -> str:
        """The end of the 15-digit grid code: three digits for the community, three more for the grid."""
        return f"{self.community:03}" + ("" if self.grid is None else f"{self.grid:03}")

    @property
    def geometry(self) -> dict[str, object]:
        """The boundary as GeoJSON."""
        return _geojson(self.ring)


@dataclass(frozen=True)
class Compound:
    """Neighbouring buildings with the line around them; compounds and grids cross freely."""

    number: int
    ring: Ring
    households: int
    buildings: tuple[str, ...]

    @property
    def code(self) -> str:
        """The number in three digits."""
        return f"{self.number:03}"

    @property
    def geometry(self) -> dict[str, object]:
        """The boundary as GeoJSON."""
        return _geojson(self.ring)


@dataclass(frozen=True)
class Seat:
    """Where one building belongs, by the codes of its community, grid and compound."""

    community: str
    grid: str
    compound: str


@dataclass(frozen=True)
class Proposal:
    """How good a carving is, in estimated households a grid, and how it was made."""

    seed: int
    households_min: int
    households_median: float
    households_max: int
    grids_outside_usual: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Carving:
    """Communities, grids and compounds in the order of their codes; seats by the id of the building."""

    communities: tuple[Tile, ...]
    grids: tuple[Tile, ...]
    compounds: tuple[Compound, ...]
    seats: Mapping[str, Seat]
    proposal: Proposal


def _geojson(ring: Ring) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [[list(place) for place in ring]]}
