"""A stroke: the rows of one act, gathered while it is decided and written in one statement."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import msgspec
import psycopg._queries
from django.db import connection, models

from jingwei.strokes.rows import as_put, as_told


@dataclass(frozen=True)
class Clause:
    """A part of a stroke that is more than rows of a table: one or several statements, the later of the earlier.

    The first has one parameter, `%s::jsonb`: the list of all that was said of this clause. `{0}`, `{1}` … in a
    later one stand for what an earlier one returned; so each ends in RETURNING.
    """

    name: str
    statements: tuple[str, ...]
    counts: int = 0
    """Which statement's rows are counted."""


class Stroke:
    """What one act writes: new rows, changed rows, and clauses of other rooms. Nothing is written before `write`."""

    def __init__(self) -> None:
        self._new: dict[int, tuple[models.Model, bool]] = {}
        self._put: dict[_Insert, list[dict[str, Any]]] = defaultdict(list)
        self._changed: dict[tuple[type[models.Model], Any], tuple[models.Model, set[str]]] = {}
        self._said: dict[Clause, list[Any]] = defaultdict(list)

    def new(self, row: models.Model, *, unless_there: bool = False) -> None:
        """A row to be inserted. Without an id the database gives it one, which is not told back."""
        self._new[id(row)] = (row, unless_there)

    def put(self, model: type[models.Model], *, unless_there: bool = False, **values: Any) -> None:
        """As `new`, for a row that nobody reads again: `values` by names as stored (`owner_id`), defaults for the
        rest. No object is made, which would cost more than all else of the row.
        """
        with_id = model._meta.pk.attname in values
        self._put[_Insert(model, with_id, unless_there)].append(as_put(model, values))

    def changed(self, row: models.Model, *fields: str) -> None:
        """A row to be updated in `fields` (names as stored: `owner_id`), or in all of them; as it is at `write`."""
        if id(row) not in self._new:
            names = set(fields) or {field.attname for field in row._meta.concrete_fields if not field.primary_key}
            _row, before = self._changed.setdefault((type(row), row.pk), (row, set()))
            before |= names

    def say(self, clause: Clause, told: object) -> None:
        """Something for a clause: JSON that its first statement reads."""
        self._said[clause].append(told)

    def write(self) -> dict[str, int]:
        """Write all of it in one statement, and begin anew; how many rows of each clause count."""
        shape, said = self._shape()
        if not shape:
            return {}
        sql, counted = _statement(shape)
        with connection.cursor() as cursor:
            cursor.execute(sql, [_JSON.encode(told).decode() for told in said])
            counts = cursor.fetchone()
        for row, _unless in self._new.values():
            row._state.adding, row._state.db = False, "default"
        self.__init__()  # type: ignore[misc]
        return dict(zip(counted, counts, strict=True)) if counted else {}

    def _shape(self) -> "tuple[tuple[_Part, ...], list[Any]]":
        """Of what parts the stroke is made, and what is told to each; two strokes of one shape share a statement."""
        parts: dict[_Part, list[Any]] = defaultdict(list)
        for (model, _pk), (row, fields) in self._changed.items():
            names = tuple(sorted(fields))
            parts[_Change(model, names)].append(as_told(row, names))
        for row, unless_there in self._new.values():
            insert = _Insert(type(row), row.pk is not None, unless_there)
            parts[insert].append(as_told(row))
        for insert, rows in self._put.items():
            parts[insert].extend(rows)
        for clause, told in self._said.items():
            parts[clause].extend(told)
        return tuple(parts), list(parts.values())


def next_id(model: type[models.Model]) -> int:
    """The id that the next row of a table will have, taken before it is written."""
    return next_ids(model, 1)[0]


def next_ids(model: type[models.Model], many: int) -> list[int]:
    """The ids of the next rows of a table, taken before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, many],
        )
        return [int(pk) for (pk,) in cursor.fetchall()]


@dataclass(frozen=True)
class _Change:
    model: type[models.Model]
    fields: tuple[str, ...]


@dataclass(frozen=True)
class _Insert:
    model: type[models.Model]
    with_id: bool
    unless_there: bool


_Part = _Change | _Insert | Clause


@lru_cache(maxsize=512)
def _statement(shape: tuple[_Part, ...]) -> tuple[str, tuple[str, ...]]:
    """The statement for a shape, and the names of the clauses that it counts."""
    written: list[str] = []
    counted: dict[str, str] = {}
    changes: dict[type[models.Model], str] = {}
    for at, part in enumerate(shape):
        if isinstance(part, Clause):
            names = [f"c{at}_{n}" for n in range(len(part.statements))]
            written += [f"{name} AS ({sql.format(*names)})" for name, sql in zip(names, part.statements, strict=True)]
            counted[part.name] = names[part.counts]
        elif isinstance(part, _Change):
            changes[part.model] = f"u{at}"
            written.append(f"u{at} AS ({_update(part)})")
        else:
            written.append(f"i{at} AS ({_insert(part, changes.get(part.model))})")
    counts = ", ".join(f"(SELECT count(*) FROM {name})" for name in counted.values())
    return f"WITH {', '.join(written)} SELECT {counts or 1}", tuple(counted)


def _update(part: _Change) -> str:
    table, pk = part.model._meta.db_table, part.model._meta.pk.column
    sets = ", ".join(
        f'"{field.column}" = r."{field.column}"'
        for field in part.model._meta.concrete_fields
        if field.attname in part.fields
    )
    rows = f'jsonb_populate_recordset(NULL::"{table}", %s::jsonb) r'
    return f'UPDATE "{table}" t SET {sets} FROM {rows} WHERE t."{pk}" = r."{pk}" RETURNING 1'


def _insert(part: _Insert, after: str | None) -> str:
    """Trap: the statements of one WITH run in no given order, and what stands in one place only (a unique index
    over the current rows) must be closed before it is opened; so an insert waits for the changes of its table."""
    fields: Iterable[Any] = part.model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields if part.with_id or not field.primary_key)
    table = part.model._meta.db_table
    waits = f" WHERE (SELECT count(*) FROM {after}) >= 0" if after else ""
    conflict = " ON CONFLICT DO NOTHING" if part.unless_there else ""
    rows = f'jsonb_populate_recordset(NULL::"{table}", %s::jsonb)'
    return f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM {rows}{waits}{conflict} RETURNING 1'


_JSON: Final = msgspec.json.Encoder()

psycopg._queries.MAX_CACHED_STATEMENT_LENGTH = 1 << 14
"""Trap: psycopg reads a statement of more than 4,096 characters anew each time; a stroke's has 6,000, and reading it
took 0.2 ms of each act.
"""
