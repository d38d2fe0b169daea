"""Bringing in the sheets that offices keep: read as they are, mapped, tried first, and never loaded twice."""

from jingwei.imports.importers import (
    Field,
    Importer,
    NoSuchImporter,
    Passage,
    Record,
    importer,
    register,
    registered,
)
from jingwei.imports.mapping import Mapping, Value
from jingwei.imports.refusals import MapRefused, RowRefused, SheetRefused

__all__ = [
    "Field",
    "Importer",
    "MapRefused",
    "Mapping",
    "NoSuchImporter",
    "Passage",
    "Record",
    "RowRefused",
    "SheetRefused",
    "Value",
    "importer",
    "register",
    "registered",
]
