"""The ground as it stands while a map is brought in: as what a shape is known already, or the number it gets."""

from collections import Counter, defaultdict
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from shapely import STRtree
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from jingwei.places.acts.laid_by_row import ABOVE
from jingwei.places.models import Place
from jingwei.places.opening import FIRST_VILLAGE, first_town
from jingwei.places.pack import Layer, scheme_of
from jingwei.places.queries import GroundMap, standing
from jingwei.places.refusals import GroundRefused
from jingwei.places.shapes import SLIVER, square_metres

LETTERS = {
    Layer.COMPOUND: ("C", 4), Layer.BUILDING: ("B", 5), Layer.MICRO_GRID: ("W", 3), Layer.SPECIAL_GRID: ("Z", 3),
}  # fmt: skip
"""Where a county numbers for itself: what stands between the code of the place above and a place's own number, and how
many digits that has."""
SAME_GROUND = 0.05
"""The part of two footprints by which they may differ and still be of one house."""
NUMBERED_IN = {Layer.BUILDING: Layer.COMMUNITY, Layer.MICRO_GRID: Layer.GRID}
"""The place above whose number begins a place's own; else the one it lies in."""


class Standing:
    """The standing places of one layer of a county, asked by code, by name, by ground."""

    def __init__(self, county: str, layer: Layer) -> None:
        self.county, self.layer, self.scheme = county, layer, scheme_of(county, layer)
        self.places = list(standing(county, layer).select_related("parent", "grid", "compound"))
        self.by_code = {place.code: place for place in self.places}
        self.by_name: dict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            self.by_name[place.name].append(place)
        self.taken = {*Place.objects.filter(county_id=county, layer=layer).values_list("code", flat=True)}
        self._last: dict[str, int] = {}
        self._drawn_now: set[tuple[float, float, float]] = set()

    # ---- what stands already

    def named(self, name: str, above: str) -> Place | None:
        """The place of that name, in the place `above` (code or name) where that is said. Raises GroundRefused where
        several have the name."""
        found = [one for one in self.by_name.get(name, ()) if not above or _lies_in(one, above)]
        if len(found) > 1 and self.layer not in LETTERS:
            said = _("Several places are called “%(name)s”. Say the code, or in which place it lies.")
            raise GroundRefused(said % {"name": name})
        return found[0] if len(found) == 1 else None

    def on(self, form: BaseGeometry | None, name: str) -> Place | None:
        """The place whose ground is the same, or whose point, if it bears the same name."""
        if form is None:
            return None
        if isinstance(form, Point):
            return next((one for one in self.by_name.get(name, ()) if _stands_at(one, form)), None)
        for n in map(int, self._drawn.query(form, predicate="intersects")):
            other = self._forms[n]
            if form.symmetric_difference(other).area < SAME_GROUND * max(form.area, other.area):
                return self._whose[n]
        return None

    def first_time(self, form: BaseGeometry | None) -> None:
        """Raises GroundRefused for ground that an earlier row of the same file drew."""
        if form is None:
            return
        drawn = (round(form.centroid.x, 6), round(form.centroid.y, 6), round(form.area, 10))
        if drawn in self._drawn_now and form.area:
            raise GroundRefused(_("The same ground is drawn twice in this file."), "boundary")
        self._drawn_now.add(drawn)

    def unmoved(self, place: Place, boundary: dict[str, Any]) -> bool:
        """Whether a boundary is the one a place has, but for what rounding leaves."""
        if not place.boundary:
            return False
        now, was = shape(boundary), shape(place.boundary)
        return square_metres(now.symmetric_difference(was)) < min(SLIVER, SAME_GROUND * square_metres(was))

    @cached_property
    def compounds(self) -> dict[str, str]:
        """The codes of the county's compounds, by code and by name where only one bears it; needed for buildings."""
        if self.layer is not Layer.BUILDING:
            return {}
        rows = list(standing(self.county, Layer.COMPOUND).values_list("code", "name"))
        many = Counter(name for _code, name in rows)
        return {name: code for code, name in rows if many[name] == 1} | {code: code for code, _name in rows}

    @cached_property
    def _whose(self) -> list[Place]:
        return [one for one in self.places if one.boundary]

    @cached_property
    def _forms(self) -> list[BaseGeometry]:
        return [shape(one.boundary or {}) for one in self._whose]

    @cached_property
    def _drawn(self) -> STRtree:
        return STRtree(self._forms)

    # ---- what a new one is called

    def next_code(self, above: Place, name: str) -> str:
        """The next number of a place in `above`, as the county's scheme writes it."""
        first = 1
        if self.layer is Layer.TOWN:
            first = first_town(name)
        elif self.layer is Layer.COMMUNITY and name.endswith("村"):
            first = FIRST_VILLAGE
        start = f"{above.code}:{first}"
        n = self._last.get(start, first - 1) + 1
        while (code := self._code(above, n)) in self.taken:
            n += 1
        self._last[start] = n
        self.taken.add(code)
        return code

    def _code(self, above: Place, n: int) -> str:
        if not self.scheme.parts:
            letter, digits = LETTERS[self.layer]
            return f"{above.code}{letter}{n:0{digits}}"
        segments = (*above.path.split("/")[: self.scheme.under], self.scheme.number(n))
        own = dict(zip(self.scheme.path, segments, strict=True))
        sister = next(iter(self.by_code), "")
        if len(own) < len(self.scheme.parts) and not sister:
            said = _("A code of %(scheme)s is not made up here. Say it.")
            raise GroundRefused(said % {"scheme": self.scheme.title}, "code")
        like = self.scheme.read(sister) if len(own) < len(self.scheme.parts) else ()
        return "".join(own.get(at) or like[at] for at in range(len(self.scheme.parts)))


class Above:
    """In what a new place lies: as its row says, else by its point."""

    def __init__(self, county: str, layer: Layer) -> None:
        self.county, self.layer = county, layer
        self.wanted = NUMBERED_IN.get(layer, ABOVE[layer])
        self.places = {p.pk: p for p in standing(county, self.wanted).select_related("parent").defer("boundary")}

    def find(self, said: str, form: BaseGeometry | None) -> Place:
        """The place above. Raises GroundRefused where nobody can tell."""
        if said:
            those = [one for one in self.places.values() if said in (one.code, one.name)]
            if len(those) == 1:
                return those[0]
        if len(self.places) == 1:
            return next(iter(self.places.values()))
        middle = form.representative_point() if form is not None else None
        found = self._ground.at(middle.x, middle.y) if middle is not None else None
        if found is None:
            raise GroundRefused(
                _("It is not clear in which place it lies. Say its code, or the place above, or bring that in first.")
            )
        return self.places[found]

    @cached_property
    def _ground(self) -> GroundMap:
        drawn = standing(self.county, self.wanted).exclude(boundary=None).values_list("code", "pk", "boundary")
        return GroundMap([(code, pk, boundary) for code, pk, boundary in drawn if boundary])


def _stands_at(place: Place, point: Point) -> bool:
    """Whether a place's own point is this one, within a metre."""
    return place.lon is not None and place.lat is not None and point.distance(Point(place.lon, place.lat)) < 1e-5


def _lies_in(place: Place, said: str) -> bool:
    above = (place.parent, place.grid, place.compound)
    return any(one is not None and said in (one.code, one.name) for one in above)
