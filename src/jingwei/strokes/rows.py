"""A row of a table as plain JSON, and back: what is asked and written in one go travels so."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models.base import ModelState
from django.db.models.expressions import DatabaseDefault

M = TypeVar("M", bound=models.Model)
Reader = Callable[[Any], Any]


def as_told(row: models.Model, fields: Iterable[str] | None = None) -> dict[str, Any]:
    """A row's columns and values, for `jsonb_populate_recordset`; of `fields` only, and always with its id."""
    wanted = None if fields is None else {*fields, row._meta.pk.attname}
    told: dict[str, Any] = {}
    for name, column, prepared in _columns(type(row)):
        if wanted is None or name in wanted:
            value = getattr(row, name)
            if isinstance(value, DatabaseDefault):
                value = value.expression.value  # type: ignore[attr-defined]
            told[column] = _stored(value, prepared)
    return told


def as_put(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns and values of a new row of `model` that no object stands for: `values` by names as stored
    (`owner_id`), the model's defaults for the rest. Raises TypeError for a name that the model does not have.
    """
    blank, names = _blank(model)
    told = dict(blank)
    for name, value in values.items():
        if name not in names:
            raise TypeError(f"{model.__name__} stores nothing under the name {name!r}.")
        column, prepared = names[name]
        told[column] = _stored(value, prepared)
    return told


def row_of(model: type[M], told: Mapping[str, Any]) -> M:
    """The row that PostgreSQL told as JSON; columns it did not tell are fetched when they are asked for."""
    row = model.__new__(model)
    values = row.__dict__  # a fifth of what a step cost went into `Model.__init__`, which does this and asks more
    for name, column, read in _readers(model):
        if column in told:
            value = told[column]
            values[name] = value if value is None or read is None else read(value)
    row._state = ModelState()
    row._state.adding, row._state.db = False, "default"
    return row


@lru_cache(maxsize=256)
def _blank(model: type[models.Model]) -> tuple[dict[str, Any], dict[str, tuple[str, Reader | None]]]:
    """The columns of a row of which nothing is said; and the column of each name, and how its values are prepared."""
    blank = as_told(model())
    names = {name: (column, prepared) for name, column, prepared in _columns(model)}
    return blank, names


@lru_cache(maxsize=256)
def _columns(model: type[models.Model]) -> tuple[tuple[str, str, Reader | None], ...]:
    """Name, column, and how a field of our own prepares its values; Django's own need no more than JSON does."""
    return tuple(
        (field.attname, str(field.column), None if _of_django(field) else field.get_prep_value)
        for field in model._meta.concrete_fields
    )


def _of_django(field: "models.Field[Any, Any]") -> bool:
    return type(field).__module__.startswith("django.")


@lru_cache(maxsize=256)
def _readers(model: type[models.Model]) -> tuple[tuple[str, str, Reader | None], ...]:
    return tuple((field.attname, str(field.column), _reader(field)) for field in model._meta.concrete_fields)


def _reader(field: "models.Field[Any, Any]") -> Reader | None:
    if not _of_django(field) and hasattr(field, "from_db_value"):
        return lambda told: field.from_db_value(told, None, None)
    match field.target_field if isinstance(field, models.ForeignKey) else field:
        case models.DateTimeField():
            return _moment
        case models.DateField():
            return dt.date.fromisoformat
        case models.UUIDField():
            return UUID
        case models.BinaryField():
            return lambda told: bytes.fromhex(told[2:])
    return None


def _moment(told: str) -> dt.datetime:
    return dt.datetime.fromisoformat(told).astimezone(dt.UTC)


def _stored(value: Any, prepared: Reader | None) -> Any:
    value = value if prepared is None else prepared(value)
    return "\\x" + bytes(value).hex() if isinstance(value, bytes | memoryview) else value
