"""Where compounds and buildings belong after a change: in the grid that holds their point."""

from collections.abc import Collection

from jingwei.places.acts.redrawing import Redrawing
from jingwei.places.models import Place
from jingwei.places.queries import GroundMap, standing


def resettle(drawing: Redrawing, grids: Collection[Place]) -> None:
    """Bring every place beside the path into the one of `grids` that holds its point; others stay where they are.

    A place that no grid holds stays in the grid it belonged to: it is never without one.
    """
    drawn = {grid.pk: grid for grid in grids if grid.boundary and grid.until is None}
    if not drawn:
        return
    ground = GroundMap([(grid.code, pk, grid.boundary) for pk, grid in drawn.items() if grid.boundary])
    beside = (
        standing(drawing.change.county_id)
        .filter(rank=1)
        .exclude(lon=None)
        .exclude(layer="special_grid")
        .defer("boundary")
    )
    for place in beside:
        grid = drawn.get(ground.at(place.lon or 0, place.lat or 0) or 0)
        if grid is not None:
            settle(drawing, place, grid)


def settle(drawing: Redrawing, place: Place, grid: Place) -> None:
    """Let a place beside the path belong to a grid; a compound's community is its parent."""
    above = {"compound": grid.parent_id, "micro_grid": grid.pk}.get(place.layer, place.parent_id)
    drawing.alter(place, grid_id=grid.pk, path=grid.path, parent_id=above)
