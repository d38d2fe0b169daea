"""Laying places row by row, as maps and sheets bring them: new ones are founded, known ones drawn and named anew."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely import prepare
from shapely.geometry import Point, shape

from jingwei.places.acts.redrawing import Redrawing
from jingwei.places.acts.settling import resettle
from jingwei.places.models import Change, Place
from jingwei.places.pack import Layer, PlacesSection, scheme_of
from jingwei.places.queries import GroundMap, standing
from jingwei.places.refusals import GroundRefused
from jingwei.places.shapes import Sisters, within
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import verb

IMPORTED = verb("places.imported", gettext_lazy("bring places in"), gettext_lazy("Brought in from a map or sheet"))

APART = {Layer.TOWN, Layer.COMMUNITY, Layer.GRID, Layer.MICRO_GRID, Layer.COMPOUND}
"""Layers whose places do not overlap one another."""
ABOVE = {
    Layer.TOWN: Layer.COUNTY, Layer.COMMUNITY: Layer.TOWN, Layer.GRID: Layer.COMMUNITY,
    Layer.SPECIAL_GRID: Layer.COMMUNITY, Layer.MICRO_GRID: Layer.GRID, Layer.COMPOUND: Layer.COMMUNITY,
    Layer.BUILDING: Layer.COMPOUND,
}  # fmt: skip
"""The layer of a place's parent."""


@dataclass(frozen=True)
class Row:
    """A place as a row says it; other places are named by their codes. Its own code and boundary are checked."""

    layer: Layer
    code: str
    name: str
    english: str = ""
    parent: str = ""
    grid: str = ""
    compound: str = ""
    boundary: dict[str, Any] | None = None
    point: tuple[float, float] | None = None
    counts: dict[str, Any] = field(default_factory=dict)
    on_path: bool = True
    mended: tuple[str, ...] = ()

    @property
    def middle(self) -> tuple[float, float] | None:
        """A point that surely lies within."""
        if self.boundary is None:
            return self.point
        inside = shape(self.boundary).representative_point()
        return inside.x, inside.y


@transaction.atomic
def lay_rows(county: str, rows: Sequence[Row], *, actor: Actor, at: dt.datetime) -> list[int]:
    """Lay the rows in one change; the ids of their places in order. Raises GroundRefused, and nothing is laid."""
    drawing = Redrawing(IMPORTED, None, actor=actor, at=at, county=county)
    laying = _Laying(drawing, county, rows)
    places = [laying.lay(row) for row in rows]
    resettle(drawing, [place for place in places if place.layer == Layer.GRID])
    drawing.finish({"rows": len(rows), "mended": sum(bool(row.mended) for row in rows)})
    return [place.pk for place in places]


@dataclass(frozen=True)
class Laid:
    """What became of a row: its place, and whether that is new or says something else now."""

    place: int
    fresh: bool
    altered: bool


class _NothingNew(Exception):
    """Undoes a change that changed nothing."""


def lay_each(
    county: str, rows: Sequence[Row], *, actor: Actor, at: dt.datetime
) -> tuple[Change | None, list[Laid | GroundRefused]]:
    """Lay what can be laid of the rows in one change, and answer for each of them, in order; no change where all of
    it stands already."""
    answers: list[Laid | GroundRefused] = []
    try:
        with transaction.atomic():
            drawing = Redrawing(IMPORTED, None, actor=actor, at=at, county=county)
            laying = _Laying(drawing, county, rows)
            places = []
            for row in rows:
                try:
                    places.append(laying.lay(row))
                except GroundRefused as refused:
                    answers.append(refused)
                else:
                    answers.append(Laid(places[-1].pk, *drawing.became(places[-1])))
            if not any(isinstance(one, Laid) and (one.fresh or one.altered) for one in answers):
                raise _NothingNew
            resettle(drawing, [place for place in places if place.layer == Layer.GRID])
            change = drawing.finish({"rows": len(rows), "mended": sum(bool(row.mended) for row in rows)})
    except _NothingNew:
        return None, answers
    return change, answers


class _Laying:
    """What is known of the county's ground while rows are laid on it."""

    def __init__(self, drawing: Redrawing, county: str, rows: Sequence[Row]) -> None:
        self.drawing, self.county = drawing, county
        codes = {code for row in rows for code in (row.code, row.parent, row.grid, row.compound, *_prefixes(row.code))}
        found = standing(county).filter(code__in=codes).select_related("parent", "grid")
        self.known = {(place.layer, place.code): place for place in found}
        drawn = {row.code: row.boundary for row in rows if row.boundary}
        layers = {row.layer for row in rows} & APART
        self.sisters = {layer: self._sisters(layer, drawn) for layer in layers}
        edge = standing(county, "county").values_list("boundary", flat=True).first()
        self.edge = shape(edge) if edge else None
        if self.edge is not None:
            prepare(self.edge)
        self.grids = self._by_point("grid") if any(not row.on_path for row in rows) else None
        self.compounds = self._by_point("compound") if any(row.layer is Layer.BUILDING for row in rows) else None

    def lay(self, row: Row) -> Place:
        """Lay one row."""
        before = self.known.get((row.layer, row.code))
        said = self._said(row)
        self._fits(row)
        if before is not None:
            self.drawing.alter(before, **{name: value for name, value in said.items() if value not in (None, "")})
            return before
        place = self.drawing.found(
            layer=row.layer.value, code=row.code, rank=int(not row.on_path), checked=True, **said
        )
        self.known[row.layer, row.code] = place
        return place

    def _said(self, row: Row) -> dict[str, Any]:
        lon, lat = row.middle or (None, None)
        said: dict[str, Any] = {
            "name": row.name, "english": row.english, "boundary": row.boundary, "lon": lon, "lat": lat, **row.counts,
        }  # fmt: skip
        if row.on_path:
            path = "".join(f"{part}/" for part in scheme_of(self.county, row.layer).segments(row.code))
            return said | {"path": path, "parent_id": self._above(row)}
        return said | self._beside(row)

    def _above(self, row: Row) -> int | None:
        """The place above on the sight path: the one named, else the one whose code begins this one's."""
        if row.layer is Layer.COUNTY:
            if row.code != self.county:
                raise GroundRefused(_("The code of this county is %(code)s.") % {"code": self.county})
            return None
        scheme, layer = scheme_of(self.county, row.layer), ABOVE[row.layer]
        code = row.parent or "".join(scheme.segments(row.code)[: scheme.under])
        scheme.beneath(row.code, code)
        return self._named(layer, code).pk

    def _beside(self, row: Row) -> dict[str, Any]:
        """What a place beside the path points to: its grid and compound, as named, else where its point lies."""
        scheme = scheme_of(self.county, row.layer)
        if row.layer is Layer.SPECIAL_GRID:
            community = self._named(Layer.COMMUNITY, row.parent or "".join(scheme.segments(row.code)[: scheme.under]))
            scheme.beneath(row.code, community.code)
            return {"parent_id": community.pk, "path": community.path}
        grid = self._grid(row)
        compound = self._compound(row)
        scheme.beneath(row.code, "".join(grid.path.split("/")[:3]))
        above = {Layer.COMPOUND: grid.parent_id, Layer.MICRO_GRID: grid.pk}.get(row.layer, compound or grid.parent_id)
        return {"grid_id": grid.pk, "path": grid.path, "parent_id": above, "compound_id": compound}

    def _grid(self, row: Row) -> Place:
        if row.grid:
            return self._named(Layer.GRID, row.grid)
        if row.middle is None:
            raise GroundRefused(_("Give its boundary, its point, or the code of its grid."))
        assert self.grids is not None
        found = self.grids.at(*row.middle)
        if found is None:
            raise GroundRefused(_("No grid holds it. Bring the grids in first, or check its coordinates."))
        return Place.objects.get(pk=found) if found not in self._seen else self._seen[found]

    def _compound(self, row: Row) -> int | None:
        if row.layer is not Layer.BUILDING:
            return None
        if row.compound:
            return self._named(Layer.COMPOUND, row.compound).pk
        assert self.compounds is not None
        return self.compounds.at(*row.middle) if row.middle else None

    def _named(self, layer: Layer, code: str) -> Place:
        found = self.known.get((layer, code))
        if found is None:
            said = _("There is no %(layer)s with the code %(code)s. Bring in those above before those below.")
            raise GroundRefused(said % {"layer": self._word(layer), "code": code})
        return found

    def _word(self, layer: Layer) -> str:
        return str(book(self.county)[PlacesSection].layers[layer])

    def _fits(self, row: Row) -> None:
        """Raises ShapeRefused for a boundary or point that lies abroad, or on a sister's ground."""
        if (row.boundary is None and row.point is None) or row.layer is Layer.COUNTY:
            return
        form = shape(row.boundary) if row.boundary else Point(row.point or ())
        if self.edge is not None:
            if row.boundary is None and not self.edge.covers(form):
                raise GroundRefused(_("The point lies outside the county."))
            within(form, self.edge)
        if row.boundary and row.layer in self.sisters:
            before = self.known.get((row.layer, row.code))
            self.sisters[row.layer].beside(before.pk if before else None, form)
            if before is None:
                self.sisters[row.layer].keep(-len(self.known) - 1, row.name, form)

    def _sisters(self, layer: Layer, drawn: dict[str, dict[str, Any]]) -> Sisters:
        found = standing(self.county, layer).exclude(boundary=None).values_list("pk", "code", "name", "boundary")
        return Sisters((pk, name, drawn.get(code, boundary)) for pk, code, name, boundary in found)

    def _by_point(self, layer: str) -> GroundMap:
        found = standing(self.county, layer).exclude(boundary=None)
        rows = found.values_list("code", "id", "boundary")
        self._seen = getattr(self, "_seen", {})
        if layer == "grid":
            self._seen = {place.pk: place for place in found.defer("boundary")}
        return GroundMap([(code, pk, boundary) for code, pk, boundary in rows if boundary])


def _prefixes(code: str) -> tuple[str, ...]:
    """Codes of the places that a code may lie in: of county, town and community, also behind CJ/T 349's six digits."""
    own = code[6:] if len(code) == 20 else code
    return own[:6], own[:9], own[:12]
