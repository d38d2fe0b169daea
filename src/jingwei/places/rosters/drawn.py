"""Maps and tables of addresses: each shape or point is a place, known again by its code, its name or its ground."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from jingwei.imports.importers import Field, Passage, Record
from jingwei.imports.refusals import RowRefused
from jingwei.imports.rosters import Progress, Roster, StandsInTheWay, What, Whole, Wrote, roster
from jingwei.places.acts.laid_by_row import Laid, Row, lay_each
from jingwei.places.coordinates import TITLES, System
from jingwei.places.importing import drawn_in, estimated
from jingwei.places.models import PATH_LAYERS, Change, Chapter, Place
from jingwei.places.pack import Layer, PlacesSection, scheme_of
from jingwei.places.refusals import GroundRefused
from jingwei.places.rosters.guesses import guess
from jingwei.places.rosters.standing import Above, Standing
from jingwei.policy.models import County
from jingwei.policy.queries import book

LAYER, SYSTEM = "usual_layer", "system"
TOGETHER = 2000
"""Rows that are laid as one change of the ground."""
GEOMETRY_MOST = 6_000_000

FIELDS = (
    Field("geometry", gettext_lazy("Boundary"), most=GEOMETRY_MOST),
    Field("code", gettext_lazy("Code of the place"), most=24),
    Field("name", gettext_lazy("Name of the place")),
    Field(
        "layer",
        gettext_lazy("Sort of place, one by one"),
        kinds=("choice",),
        choices=tuple(layer.value for layer in Layer),
    ),
    Field("above", gettext_lazy("Place above: code or name")),
    Field("lon", gettext_lazy("Longitude"), kinds=("number",)),
    Field("lat", gettext_lazy("Latitude"), kinds=("number",)),
    Field("households", gettext_lazy("Households"), kinds=("count",)),
    Field("residents", gettext_lazy("Residents"), kinds=("count",)),
    Field("floors", gettext_lazy("Floors"), kinds=("number",)),
)


@dataclass
class _One:
    """A row on its way to the ground: as it was read, then what became of it."""

    at: int
    record: Record
    layer: Layer
    boundary: dict[str, Any] | None
    point: tuple[float, float] | None
    answer: Wrote | RowRefused | None = None

    @property
    def form(self) -> BaseGeometry | None:
        if self.boundary is not None:
            return shape(self.boundary)
        return Point(self.point) if self.point is not None else None

    def said(self, name: str) -> str:
        """The words of a field; empty where there are none."""
        return " ".join(str(self.record.values.get(name) or "").split())


def write_all(records: Sequence[Record], passage: Passage, progress: Progress) -> list[Wrote | RowRefused]:
    """Lay all rows, those above before those below, so that one file may hold several layers."""
    answers: dict[int, Wrote | RowRefused] = {}
    ones: list[_One] = []
    for at, record in enumerate(records):
        try:
            ones.append(_read(at, record))
        except RowRefused as refused:
            answers[at] = refused
    for layer in Layer:
        mine = [one for one in ones if one.layer is layer]
        for start in range(0, len(mine), TOGETHER):
            some = mine[start : start + TOGETHER]
            _lay(some, layer, passage)
            answers |= {one.at: one.answer for one in some if one.answer is not None}
            progress(len(answers), len(records))
    return [answers[at] for at in range(len(records))]


def write(record: Record, passage: Passage) -> Wrote:
    """Lay one row."""
    [answer] = write_all([record], passage, lambda done, of: None)
    if isinstance(answer, RowRefused):
        raise answer
    return answer


def _read(at: int, record: Record) -> _One:
    values = record.values
    layer = str(values.get("layer") or values.get(LAYER) or "")
    if layer not in set(Layer):
        raise RowRefused(_("It is not said what sort of place this is. Choose it for the whole file."))
    try:
        boundary, point, _mended = drawn_in(values, System(str(values.get(SYSTEM) or System.WGS84)))
    except GroundRefused as refused:
        raise RowRefused(refused.sentence) from None
    if boundary is None and point is None:
        raise RowRefused(_("Nothing is drawn, and there is no longitude and latitude."))
    return _One(at, record, Layer(layer), boundary, point)


def outline(record: Record) -> dict[str, Any] | None:
    """What a row looks like on the map: its boundary, or its point, in WGS-84. Raises RowRefused."""
    one = _read(0, record)
    if one.boundary is not None:
        return one.boundary
    return {"type": "Point", "coordinates": list(one.point or ())}


# ---- laying


def _lay(ones: Sequence[_One], layer: Layer, passage: Passage) -> None:
    there = Standing(passage.county, layer)
    above = Above(passage.county, layer) if layer is not Layer.COUNTY else None
    rows: list[tuple[_One, Row]] = []
    for one in ones:
        try:
            rows.append((one, _as_row(one, there, above, passage)))
        except GroundRefused as refused:
            one.answer = RowRefused(refused.sentence)
        except RowRefused as refused:
            one.answer = refused
    laid = [row for _one, row in rows]
    change, answers = lay_each(passage.county, laid, actor=passage.actor, at=passage.at)
    made = (("change", change.pk),) if change else ()
    for one, answer in zip((one for one, _row in rows), answers, strict=True):
        if isinstance(answer, GroundRefused):
            one.answer = RowRefused(answer.sentence)
            continue
        one.answer = _wrote(answer, made)
        made = () if answer.fresh or answer.altered else made


def _wrote(laid: Laid, made: tuple[tuple[str, int], ...]) -> Wrote:
    if laid.fresh:
        return Wrote(What.NEW, (*made, ("place", laid.place)))
    return Wrote(What.CHANGED, made) if laid.altered else Wrote(What.SAME)


def _as_row(one: _One, there: Standing, above: Above | None, passage: Passage) -> Row:
    known = _known(one, there)
    name, boundary, point = one.said("name"), one.boundary, one.point
    if known is not None:
        if boundary and there.unmoved(known, boundary):
            boundary = known.boundary
        if point and known.boundary:
            point = None  # a point beside a boundary that is there already says less
        code, name = known.code, name or known.name
    else:
        there.first_time(one.form)
        code = one.said("code").replace(" ", "")
        if not code or not name:
            code, name = _numbered(one, there, above, passage)
    there.scheme.read(code)
    parent = ""
    if there.layer is Layer.SPECIAL_GRID and above is not None:
        parent = known.parent.code if known and known.parent else above.find(one.said("above"), one.form).code
    return Row(
        layer=there.layer, code=code, name=name, boundary=boundary, point=point, counts=_counts(one, passage),
        on_path=there.layer.value in PATH_LAYERS, parent=parent, compound=there.compounds.get(one.said("above"), ""),
    )  # fmt: skip


def _known(one: _One, there: Standing) -> Place | None:
    """The place that a row speaks of: by its code, its name, or the ground it stands on."""
    code, name, above = one.said("code").replace(" ", ""), one.said("name"), one.said("above")
    if there.layer is Layer.COUNTY:
        return next(iter(there.places), None)
    if code:
        if (found := there.by_code.get(code)) is not None:
            return found
        same = there.named(name, above) if name and there.layer.value in PATH_LAYERS else None
        if same is not None:
            said = _("“%(name)s” has the code %(there)s; the row says %(code)s. Correct the row.")
            raise GroundRefused(said % {"name": same.name, "there": same.code, "code": code}, "code")
        return None
    if (found := there.on(one.form, name)) is not None:
        return found
    return there.named(name, above) if name and there.layer.value in PATH_LAYERS else None


def _numbered(one: _One, there: Standing, above: Above | None, passage: Passage) -> tuple[str, str]:
    """Code and name of a new place that has not both of its own."""
    code, name = one.said("code").replace(" ", ""), one.said("name")
    if above is None:
        return passage.county, name or County.objects.get(pk=passage.county).name
    if there.layer in (Layer.COUNTY, Layer.TOWN, Layer.COMMUNITY) and not name:
        raise GroundRefused(_("A town or community needs its name. Say which column holds it."), "name")
    home = above.find(one.said("above"), one.form)
    code = code or there.next_code(home, name)
    return code, name or _usual_name(home, there.layer, code, passage)


def _usual_name(home: Place, layer: Layer, code: str, passage: Passage) -> str:
    """A name for ground that nobody has named: the place above, and its number."""
    number = int("".join(mark for mark in code[-5:] if mark.isdigit()) or 0)
    words = book(passage.county)[PlacesSection].layers[layer]
    pattern = {
        Layer.GRID: _("%(above)s grid %(number)s"),
        Layer.BUILDING: _("%(above)s building %(number)s"),
        Layer.COMPOUND: _("%(above)s compound %(number)s"),
    }.get(layer, _("%(above)s %(sort)s %(number)s"))
    if layer is Layer.GRID:
        number = int(scheme_of(passage.county, layer).segments(code)[-1])
    return (pattern % {"above": home.name, "number": number, "sort": words})[:80]


def _counts(one: _One, passage: Passage) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name in ("households", "residents"):
        counted = one.record.values.get(name)
        if isinstance(counted, float):
            said |= {name: int(counted), f"{name}_source": _("the map handed in")}
    floors = one.record.values.get("floors")
    if one.boundary and "households" not in said and isinstance(floors, float) and floors:
        said |= estimated(passage.county, one.boundary, floors)
    return said


# ---- taking back


def unmake_all(things: Sequence[tuple[str, int]], passage: Passage) -> None:
    """Take back the places of a run, as if they had never been, and the changes that laid them, where nothing else
    rests on these. Raises StandsInTheWay for a place that was changed since, or on which something stands."""
    pks = [pk for kind, pk in things if kind == "place"]
    changes = [pk for kind, pk in things if kind == "change"]
    mine = Place.objects.filter(pk__in=pks)
    refuse = (
        (mine.exclude(change__in=changes), _("“%(name)s” was changed since by another act.")),
        (mine.filter(organisations__isnull=False), _("Organisations or posts stand on “%(name)s”.")),
        (mine.filter(posts__isnull=False), _("Organisations or posts stand on “%(name)s”.")),
        (mine.filter(responsibilities__isnull=False), _("Organisations or posts stand on “%(name)s”.")),
        (mine.filter(turns__isnull=False), _("Of “%(name)s” there are records by now, of what is owed or done.")),
        (mine.filter(place_children__in=Place.objects.exclude(pk__in=pks)), _("Other places lie in “%(name)s”.")),
        (mine.filter(place_within_grid__in=Place.objects.exclude(pk__in=pks)), _("Other places lie in “%(name)s”.")),
    )
    for found, said in refuse:
        if (one := found.first()) is not None:
            raise StandsInTheWay(said % {"name": one})
    Chapter.objects.filter(place__in=pks).delete()
    mine.update(parent=None, grid=None, compound=None)
    mine.delete()
    Change.objects.filter(pk__in=changes, chapters=None, successions=None).exclude(
        pk__in=Place.objects.filter(change__in=changes).values("change")
    ).delete()


def unmake(kind: str, pk: int, passage: Passage) -> None:
    """Take back one thing of a run."""
    unmake_all([(kind, pk)], passage)


# ---- what is said of the whole file


def _sorts(county: str) -> list[tuple[str, str]]:
    words = book(county)[PlacesSection].layers
    return [(layer.value, str(words[layer])) for layer in Layer]


DRAWN = roster(
    Roster(
        name="drawn",
        title=gettext_lazy("Places on a map"),
        hint=gettext_lazy(
            "GeoJSON, a zipped Shapefile, or a table of addresses with longitude and latitude: a shape or a row is one "
            "place, whether county, community, grid, compound or building."
        ),
        fields=FIELDS,
        known_by=("layer", "code"),
        alone="code",
        one_of=(("geometry",), ("lon", "lat")),
        whole=(
            Whole(LAYER, gettext_lazy("Sort of place"), _sorts),
            Whole(SYSTEM, gettext_lazy("Coordinates"), lambda _county: [(one, str(TITLES[one])) for one in System]),
        ),
        guess=guess,
        write=write,
        write_all=write_all,
        unmake=unmake,
        unmake_all=unmake_all,
        outline=outline,
        order=15,
    )
)
