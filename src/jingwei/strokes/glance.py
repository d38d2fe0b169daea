"""A glance: rows of several tables, asked for in one question whose words are written once.

Deciding an act needs a few rows of many tables. Asked one by one through the ORM they cost ten times what the
act itself costs; so they are told together, as JSON, and become the same rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from django.db import connection, models

from jingwei.strokes.rows import row_of


@dataclass(frozen=True)
class Rows:
    """Rows of one table `t`. `where` is SQL with the question's parameters as %(name)s, each of them cast."""

    model: type[models.Model]
    where: str
    without: tuple[str, ...] = ()
    """Columns that are not told, because they are large and not needed."""


@dataclass(frozen=True)
class Value:
    """One value: an SQL expression that makes JSON."""

    sql: str


class Seen(dict[str, list[Any]]):
    """What a glance saw, by the name of its part; rows of a table in the order asked for."""

    def by_id(self, part: str) -> dict[Any, Any]:
        """The rows of a part, by their id."""
        return {row.pk: row for row in self[part]}

    def one(self, part: str) -> Any:
        """The one row or value of a part; None if there is none."""
        return self[part][0] if self[part] else None


class Glance:
    """Several parts asked in one question; `first` is a WITH clause that all of them may use."""

    def __init__(self, first: str = "", **parts: Rows | Value) -> None:
        self._first, self._parts, self._sql = first, parts, ""

    def __call__(self, **said: Any) -> Seen:
        """Ask. All parts are answered as of one moment."""
        seen = Seen({name: [] for name in self._parts})
        with connection.cursor() as cursor:
            cursor.execute(self._sql or self._written(), said)
            for name, told in cursor.fetchall():
                part, value = self._parts[name], _decoded(told)
                seen[name].append(row_of(part.model, value) if isinstance(part, Rows) else value)
        return seen

    def _written(self) -> str:
        self._sql = self._first + "\nUNION ALL\n".join(_part(name, part) for name, part in self._parts.items())
        return self._sql


def _part(name: str, part: Rows | Value) -> str:
    if isinstance(part, Value):
        return f"SELECT '{name}', ({part.sql})::text"
    if not part.without:
        return f"(SELECT '{name}', row_to_json(t)::text FROM {_table(part)} t WHERE {part.where})"
    return (
        f"SELECT '{name}', row_to_json(x)::text FROM (SELECT {_told(part)} FROM {_table(part)} t WHERE {part.where}) x"
    )


def _told(part: Rows) -> str:
    fields: Iterable[Any] = part.model._meta.concrete_fields
    return ", ".join(f't."{field.column}"' for field in fields if field.attname not in part.without)


def _table(part: Rows) -> str:
    return f'"{part.model._meta.db_table}"'


def _decoded(told: str | None) -> Any:
    return None if told is None else _JSON.decode(told)


_JSON: Final = msgspec.json.Decoder()
