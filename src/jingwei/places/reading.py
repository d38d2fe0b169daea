"""Maps as files: GeoJSON, plain or gzipped, and zipped Shapefiles, read row by row like any sheet.

The properties of a shape are its columns, and «geometry» is one more, as GeoJSON. What a file itself says of its
coordinates (the old `crs` of GeoJSON, a Shapefile's .prj) is undone here; whether they are bent besides, a person says.
"""

import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapefile
import shapely
from django.utils.translation import gettext as _
from shapely.geometry import mapping, shape

from jingwei.imports.cells import Cell, clean
from jingwei.imports.grids import MOST_BYTES
from jingwei.imports.readers import reads
from jingwei.imports.refusals import SheetRefused, TooLarge, TooManyColumns, TooManyRows
from jingwei.imports.sheets import MOST_COLUMNS, MOST_ROWS, Row, Sheet
from jingwei.places.coordinates import NoSystem, Turn, projected, system_name

GEOMETRY = "geometry"
MOST_UNPACKED = 60_000_000
"""Bytes of a map when unpacked; a county's hundred thousand footprints in GeoJSON are some 40 million."""
MOST_OF_ONE = 6_000_000
"""Bytes of one shape; a hundred thousand points with heights, written to the last digit, are some five million."""
MOST_INSIDE = 10_000
"""Files in a zip; a Shapefile has up to a dozen."""
PARTS = (".shp", ".dbf", ".prj", ".cpg")


class NotAMap(SheetRefused):
    """A map is GeoJSON, or a Shapefile with its parts in one zip."""


class UnknownSystem(SheetRefused):
    """What a map says of its coordinates is WGS-84 or CGCS2000, in degrees or on a plane."""

    def __init__(self, said: str) -> None:
        told = _(
            "The map says that its coordinates are in “%(said)s”, which cannot be turned into WGS-84 without loss. "
            "Export it in CGCS2000 or WGS-84."
        )
        super().__init__(told % {"said": said})


class _Collection(msgspec.Struct):
    """A GeoJSON file; its features are decoded one by one."""

    type: str
    features: list[msgspec.Raw] | None = None
    crs: dict[str, Any] | None = None


# ---- GeoJSON


@reads
def geojson(path: Path) -> Sheet | None:
    """The features of a GeoJSON file, known by its first letter; gzipped ones are unpacked within bounds."""
    with path.open("rb") as file:
        start = file.read(64)
    packed = start.startswith(b"\x1f\x8b")
    if not packed and start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
        return None
    if path.stat().st_size > MOST_BYTES:
        raise TooLarge
    try:
        collection = msgspec.json.decode(_unpacked(path, packed).lstrip(b"\xef\xbb\xbf"), type=_Collection)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OSError, EOFError, zlib.error) as broken:
        raise _no_geojson(str(broken)) from None
    if collection.type != "FeatureCollection" or collection.features is None:
        raise NotAMap(_("This is not GeoJSON. Export the map as a FeatureCollection."))
    if len(collection.features) > MOST_ROWS:
        raise TooManyRows(MOST_ROWS)
    named = collection.crs.get("properties") if collection.crs else None
    turn = _turn(str(named.get("name", ""))) if isinstance(named, dict) else None
    header: dict[str, None] = {}
    for raw in collection.features:
        header |= dict.fromkeys(_properties(raw))
        if len(header) > MOST_COLUMNS:
            raise TooManyColumns(MOST_COLUMNS)
    rows = _features(collection.features, turn)
    about = _said_of_itself(str(named.get("name", ""))) if isinstance(named, dict) else ""
    return Sheet("", (*(name for name in header if name and name != GEOMETRY), GEOMETRY), rows, about=about)


def _no_geojson(broken: str) -> NotAMap:
    if "invalid character" in broken or "invalid number" in broken:
        said = _(
            "The GeoJSON is not written to the rules (%(where)s); often a coordinate is NaN or Infinity. "
            "Export it again without empty shapes."
        )
        return NotAMap(said % {"where": broken.rpartition("(")[2].rstrip(")") or broken[:60]})
    return NotAMap(_("This is not GeoJSON. Export the map as a FeatureCollection."))


def _said_of_itself(system: str) -> str:
    """What is told of a map that names its system of coordinates."""
    if not system:
        return ""
    named = "WGS-84" if "CRS84" in system else system_name(system)
    return _("The file says that its coordinates are in %(system)s.") % {"system": named}


def _unpacked(path: Path, packed: bool) -> bytes:
    if not packed:
        return path.read_bytes()
    with gzip.open(path) as file:
        data = file.read(MOST_UNPACKED + 1)
    if len(data) > MOST_UNPACKED:
        raise TooLarge
    return data


class _Feature(msgspec.Struct):
    properties: dict[str, Any] | None = None
    geometry: msgspec.Raw = msgspec.Raw(b"null")


def _feature(raw: msgspec.Raw) -> _Feature | None:
    if len(bytes(raw)) > MOST_OF_ONE:
        return None
    try:
        return msgspec.json.decode(raw, type=_Feature)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _properties(raw: msgspec.Raw) -> list[str]:
    feature = _feature(raw)
    return [clean(name) for name in feature.properties or ()] if feature else []


def _features(features: list[msgspec.Raw], turn: Turn | None) -> Iterator[Row]:
    for number, raw in enumerate(features, start=1):
        feature = _feature(raw)
        if feature is None:
            why = _too_long() if len(bytes(raw)) > MOST_OF_ONE else _("This is not a feature of GeoJSON.")
            yield Row(number, {}, why)
            continue
        cells = {clean(name): _cell(value) for name, value in (feature.properties or {}).items()}
        drawn = bytes(feature.geometry).decode("utf-8", "replace")
        yield Row(number, cells | {GEOMETRY: None if drawn == "null" else _turned(drawn, turn)})


def _too_long() -> str:
    return _("The shape has too many points to be read. Simplify it.")


def _turned(drawn: str, turn: Turn | None) -> str:
    """The geometry in degrees; what cannot be read stays as it is and is refused with its row."""
    if turn is None:
        return drawn
    try:
        flat = shapely.force_2d(shape(json.loads(drawn)))
        return json.dumps(mapping(shapely.transform(flat, lambda all_: np.array([turn(x, y) for x, y in all_]))))
    except Exception:  # whatever a file may hold as its geometry
        return drawn


def _turn(said: str) -> Turn | None:
    """How coordinates are brought into degrees; None where they are. CRS84 is GeoJSON's own."""
    if not said or "CRS84" in said:
        return None
    try:
        turn = projected(said)
    except NoSystem as none:
        raise UnknownSystem(str(none)) from None
    return None if turn(1.0, 2.0) == (1.0, 2.0) else turn


def _cell(value: Any) -> Cell:
    match value:
        case None | "":
            return None
        case str():
            return clean(value) or None
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return float(value)
        case datetime():
            return value
        case date():
            return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a wall clock's
        case _:
            return clean(str(value))[:1000] or None


# ---- Shapefile


@reads
def zipped_shapefile(path: Path) -> Sheet | None:
    """The shapes of a Shapefile whose parts lie in one zip, known by the .shp among them."""
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04" or not zipfile.is_zipfile(path):
            return None  # a workbook that broke off is a zip too; whoever reads workbooks says so
    try:
        with zipfile.ZipFile(path) as packed:
            inside = packed.infolist()
            if len(inside) > MOST_INSIDE:
                raise TooLarge
            shapes = [one for one in inside if one.filename.lower().endswith(".shp")]
            if not shapes:
                _refuse_other_maps(inside)
                return None
            if len(shapes) > 1:
                raise NotAMap(_("The zip holds several Shapefiles. Put each into a zip of its own."))
            parts = _parts(packed, inside, shapes[0].filename[:-4])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error) as broken:
        if isinstance(broken, SheetRefused):
            raise
        raise NotAMap(_("The zip cannot be read. Pack the Shapefile again, without a password.")) from None
    return _shapefile(parts)


OTHER_MAPS = (".dbf", ".shx", ".geojson", ".json", ".kml", ".gdb", ".gdbtable", ".dwg", ".tab", ".gpkg")


def _refuse_other_maps(inside: list[zipfile.ZipInfo]) -> None:
    """Raises NotAMap for a zip that holds a map, but none that is read here."""
    if any(one.filename.lower().endswith(OTHER_MAPS) for one in inside):
        raise NotAMap(
            _("The zip holds no whole Shapefile. Pack .shp, .dbf and .prj together, or hand in GeoJSON without a zip.")
        )


def _parts(packed: zipfile.ZipFile, inside: list[zipfile.ZipInfo], stem: str) -> dict[str, io.BytesIO]:
    wanted = {f"{stem}{ending}".lower(): ending for ending in PARTS}
    parts, left = {}, MOST_UNPACKED
    for one in inside:
        if (ending := wanted.get(one.filename.lower())) is not None:
            with packed.open(one) as file:
                data = file.read(left + 1)  # what the table of contents says may be a lie
            left -= len(data)
            if left < 0:
                raise TooLarge
            parts[ending] = io.BytesIO(data)
    if ".dbf" not in parts:
        raise NotAMap(_("The Shapefile is not whole: the .dbf is missing. Pack .shp, .dbf and .prj together."))
    return parts


def _shapefile(parts: dict[str, io.BytesIO]) -> Sheet:
    said = parts[".prj"].getvalue().decode("utf-8", "replace").strip("\x00 \r\n") if ".prj" in parts else ""
    turn = _turn(said)
    if _longest(parts[".shp"].getvalue()) > MOST_OF_ONE:
        raise NotAMap(_too_long())
    try:
        reader = shapefile.Reader(
            shp=parts[".shp"], dbf=parts[".dbf"], encoding=_encoding(parts), encodingErrors="replace"
        )
        names = [clean(field[0]) for field in reader.fields if field[0] != "DeletionFlag"]
        many = len(reader)
    except Exception:  # the reader meets whatever a file may hold
        raise NotAMap(_("The Shapefile cannot be read. Export it again.")) from None
    if many > MOST_ROWS:
        raise TooManyRows(MOST_ROWS)
    header = (*(name for name in names if name != GEOMETRY), GEOMETRY)
    return Sheet("", header, _shapes(reader, names, many, turn), about=_said_of_itself(said))


def _longest(data: bytes) -> int:
    """The bytes of the longest shape, as each says of itself before it."""
    at, longest = 100, 0
    while at + 8 <= len(data):
        (words,) = struct.unpack_from(">i", data, at + 4)
        longest, at = max(longest, 2 * words), at + 8 + 2 * max(0, words)
    return longest


def _encoding(parts: dict[str, io.BytesIO]) -> str:
    """As the .cpg says; without one, UTF-8 where all of the table is, else GB 18030."""
    said = parts[".cpg"].getvalue().decode("ascii", "ignore").strip().lower() if ".cpg" in parts else ""
    known = {
        "utf-8": "utf-8",
        "utf8": "utf-8",
        "65001": "utf-8",
        "gbk": "gb18030",
        "936": "gb18030",
        "gb2312": "gb18030",
    }
    if said:
        return known.get(said.removeprefix("cp"), "gb18030")
    try:
        parts[".dbf"].getvalue().decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _shapes(reader: Any, names: list[str], many: int, turn: Turn | None) -> Iterator[Row]:
    for number in range(1, many + 1):
        try:
            drawn = reader.shape(number - 1).__geo_interface__
            cells = dict(zip(names, map(_cell, reader.record(number - 1)), strict=False))
        except Exception:  # the reader meets whatever a file may hold
            yield Row(number, {}, _("This shape cannot be read."))
            continue
        yield Row(number, cells | {GEOMETRY: _turned(json.dumps(drawn), turn)})
