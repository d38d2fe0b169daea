"""Takes places in from maps and sheets: a row is a place with its code, and a boundary, a point or neither."""

import json
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from shapely.geometry import shape

from jingwei.imports import Field, Importer, Passage, Record, RowRefused, register
from jingwei.places.acts.laid_by_row import Row, lay_rows
from jingwei.places.coordinates import System, to_wgs84
from jingwei.places.models import PATH_LAYERS
from jingwei.places.pack import Layer, PlacesSection, scheme_of
from jingwei.places.refusals import GroundRefused
from jingwei.places.shapes import checked, on_the_map, square_metres
from jingwei.policy.queries import book

COUNTS = ("households", "residents")
TALLEST = 200

FIELDS = (
    Field("code", gettext_lazy("Code of the place"), required=True),
    Field("layer", gettext_lazy("Sort of place"), ("choice", "text"), True, tuple(layer.value for layer in Layer)),
    Field("name", gettext_lazy("Name of the place"), required=True),
    Field("english", gettext_lazy("Name in English")),
    Field("parent", gettext_lazy("Code of the place above")),
    Field("grid", gettext_lazy("Code of its grid")),
    Field("compound", gettext_lazy("Code of its compound")),
    Field("geometry", gettext_lazy("Boundary")),
    Field("lon", gettext_lazy("Longitude"), ("number",)),
    Field("lat", gettext_lazy("Latitude"), ("number",)),
    Field("system", gettext_lazy("Coordinates"), ("choice", "text"), False, tuple(System)),
    Field("households", gettext_lazy("Households"), ("number",)),
    Field("residents", gettext_lazy("Residents"), ("number",)),
    Field("source", gettext_lazy("Where the counts come from")),
    Field("floors", gettext_lazy("Floors"), ("number",)),
)


def check(record: Record, passage: Passage) -> None:
    """Raises RowRefused for what is wrong in a row by itself: its code's digits, its boundary, its counts."""
    _row(record, passage)


def load_many(records: Sequence[Record], passage: Passage) -> list[int]:
    """Lay the rows as one change of ground; the ids of their places, in order."""
    rows = [_row(record, passage) for record in records]
    try:
        return lay_rows(passage.county, rows, actor=passage.actor, at=passage.at)
    except GroundRefused as refused:
        raise RowRefused(refused.sentence) from None


def load(record: Record, passage: Passage) -> int:
    """Lay one row."""
    return load_many([record], passage)[0]


def _row(record: Record, passage: Passage) -> Row:
    """A row as it is laid; what was found out of it once is remembered."""
    rows: dict[int, Row] = passage.memory.setdefault("rows", {})
    if record.number not in rows:
        try:
            rows[record.number] = _read(record, passage)
        except GroundRefused as refused:
            raise RowRefused(refused.sentence) from None
    return rows[record.number]


def _read(record: Record, passage: Passage) -> Row:
    said = record.values
    layer = Layer(str(said["layer"]))
    code = "".join(str(said["code"]).split())
    scheme_of(passage.county, layer).read(code)
    system = System(str(said.get("system") or System.WGS84))
    boundary, point, mended = drawn_in(said, system)
    given = {name: _count(said, name) for name in COUNTS if said.get(name) is not None}
    source = str(said.get("source") or record.source)[:120]
    counts: dict[str, Any] = dict(given)
    counts |= {f"{name}_source": source for name in given}
    if boundary and "households" not in given and said.get("floors") is not None:
        counts |= estimated(passage.county, boundary, said["floors"])
    names = {name: str(said.get(name) or "") for name in ("parent", "grid", "compound")}
    return Row(
        layer=layer, code=code, name=" ".join(str(said["name"]).split())[:80],
        english=str(said.get("english") or "")[:120],
        boundary=boundary, point=point, counts=counts, on_path=layer.value in PATH_LAYERS, mended=mended, **names,
    )  # fmt: skip


def drawn_in(said: Any, system: System) -> tuple[dict[str, Any] | None, tuple[float, float] | None, tuple[str, ...]]:
    """Boundary or point in WGS-84."""
    turn = to_wgs84(system)
    if drawn := said.get("geometry"):
        try:
            geometry = json.loads(str(drawn))
        except (ValueError, RecursionError):
            raise RowRefused(_("The boundary is no GeoJSON geometry.")) from None
        if isinstance(geometry, dict) and geometry.get("type") == "Point":
            return None, _point(geometry.get("coordinates"), turn), ()
        found = checked(geometry, turn)
        return found.boundary, None, found.mended
    lon, lat = said.get("lon"), said.get("lat")
    if lon is None and lat is None:
        return None, None, ()
    return None, _point([lon, lat], turn), ()


def _point(said: Any, turn: Any) -> tuple[float, float]:
    try:
        lon, lat = (float(number) for number in said[:2])
    except (TypeError, ValueError):
        raise RowRefused(_("A point has a longitude and a latitude.")) from None
    on_the_map(lon, lat, lon, lat)
    lon, lat = turn(lon, lat)
    return round(lon, 7), round(lat, 7)


def _count(said: Any, name: str) -> int:
    number = said[name]
    if not isinstance(number, int | float) or number < 0 or number != int(number) or number > 10_000_000:
        raise RowRefused(_("A count is a whole number; %(said)s is none.") % {"said": number})
    return int(number)


def estimated(county: str, boundary: dict[str, Any], floors: Any) -> dict[str, Any]:
    """Households reckoned from floors and footprint, which say so; none where the pack does not say how."""
    if not isinstance(floors, int | float) or not 1 <= floors <= TALLEST:
        raise RowRefused(_("A building has from 1 to %(most)s floors.") % {"most": TALLEST})
    estimate = book(county)[PlacesSection].households
    if estimate is None:
        return {}
    many = estimate.of(square_metres(shape(boundary)), int(floors))
    return {"households": many, "households_source": estimate.note.name[:120]}


PLACES = register(
    Importer("places", gettext_lazy("Places"), FIELDS, load, key="code", check=check, load_many=load_many)
)
"""Layers in one map or sheet, or one for each; those above before those below."""
