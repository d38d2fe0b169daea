"""Carrying locked fields over to the newest key: in small steps, each whole, that can be broken off anywhere.

What is left to do is read from the rows themselves, so that a run that was killed is simply started again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from jingwei.people.keys import keyring
from jingwei.people.locked import COLUMNS, Column, locked_text, opened_text

BATCH = 500
"""Rows locked and rewritten in one transaction."""

Progress = Callable[[str, int, int], object]
"""Told the column, how many values are done, and of how many."""


@dataclass(frozen=True)
class Held:
    """How many values of a column are locked with which key and cipher; `plain` are not locked at all."""

    column: Column
    label: str
    values: int


PLAIN = "plain"


def held() -> list[Held]:
    """How many values each key holds, column by column."""
    found: list[Held] = []
    for column in COLUMNS:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {_label(column)} AS label, count(*) FROM {column.table} "
                f"WHERE {_filled(column)} GROUP BY 1 ORDER BY 1"
            )
            found += [Held(column, label or PLAIN, int(values)) for label, values in cursor.fetchall()]
    return found


def names_held() -> set[str]:
    """The names of the keys that some value or mark still needs."""
    names = {one.label.partition(".")[0] for one in held() if one.label != PLAIN}
    for column in (one for one in COLUMNS if one.marked):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT DISTINCT split_part({column.marked}, ':', 1) FROM {column.table} WHERE {column.marked} <> ''"
            )
            names |= {name for (name,) in cursor.fetchall()}
    return names


def faults() -> Iterator[str]:
    """Values that are not locked, and keys that some value needs and the file does not hold; for `check`."""
    ring = keyring()
    if plain := sum(one.values for one in held() if one.label == PLAIN):
        yield (
            f"{plain} 项个人信息尚未加密，运行 ./jingwei keys rewrap。 · "
            f"{plain} personal values are not locked; run ./jingwei keys rewrap."
        )
    for name in sorted(names_held() - set(dict(ring.keys + ring.finding))):
        yield (
            f"密钥文件里没有 {name}，有的个人信息打不开，请找回原来的密钥文件。 · "
            f"The key file lacks {name}, which some values need; bring back the file this database was used with."
        )


def rewrap(progress: Progress = lambda *said: None, *, batch: int = BATCH) -> int:
    """Lock every value with the newest key and mark it anew; how many were. Each batch is committed by itself."""
    return sum(_rewrap(column, progress, batch) for column in COLUMNS)


def left() -> int:
    """How many values are not locked with the newest key, or not marked with the newest key that finds."""
    return sum(_count(column, f"{_filled(column)} AND NOT {_current(column)}") for column in COLUMNS)


def _rewrap(column: Column, progress: Progress, batch: int) -> int:
    """One column, by its rows' ids. A row that is written meanwhile waits for its batch, or its batch for it."""
    waiting = _count(column, f"{_filled(column)} AND NOT {_current(column)}")
    done = 0
    for many in _batches(column, batch):
        done += many
        progress(f"{column.table}.{column.name}", done, max(waiting, done))
    return done


def _batches(column: Column, batch: int) -> Iterator[int]:
    after = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            # fmt: off
            cursor.execute(
                f"SELECT id, {column.name} FROM {column.table} "
                f"WHERE id > %s AND {_filled(column)} AND NOT {_current(column)} ORDER BY id LIMIT %s FOR UPDATE",
                [after, batch],
            )
            # fmt: on
            rows = cursor.fetchall()
            if not rows:
                return
            _write(cursor, column, rows)
        after = rows[-1][0]
        yield len(rows)


def _write(cursor: object, column: Column, rows: Sequence[tuple[int, object]]) -> None:
    kind = "bytea" if column.binary else "text"
    marks = ", told.mark" if column.marked else ""
    sets = f"{column.name} = told.value" + (f", {column.marked} = told.mark" if column.marked else "")
    values: list[object] = [[pk for pk, _value in rows]]
    again = [_again(column, value) for _pk, value in rows]
    values.append([value for value, _mark in again])
    if marks:
        values.append([mark for _value, mark in again])
    arrays = f"%s::bigint[], %s::{kind}[]" + (", %s::text[]" if marks else "")
    cursor.execute(  # type: ignore[attr-defined]
        f"UPDATE {column.table} AS row SET {sets} FROM unnest({arrays}) AS told(id, value"
        f"{', mark' if marks else ''}) WHERE row.id = told.id",
        values,
    )


def _again(column: Column, value: object) -> tuple[object, str]:
    """A value locked anew, and its mark."""
    if column.binary:
        assert isinstance(value, bytes | memoryview)
        plain = keyring().unlock(value, column.bound)
        return keyring().lock(plain, column.bound), keyring().mark(column.marks(plain), column.bound)
    return locked_text(opened_text(str(value), column.bound), column.bound), ""


def _count(column: Column, where: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {column.table} WHERE {where}")
        return int(cursor.fetchone()[0])


def _filled(column: Column) -> str:
    return f"{column.name} IS NOT NULL" + ("" if column.binary else f" AND {column.name} <> ''")


def _current(column: Column) -> str:
    """Whether a value stands under the newest keys, in SQL. Labels are letters, digits and one full stop."""
    label, finder = keyring().label, keyring().finding[-1][0]
    if column.binary:
        now = f"substring({column.name} FROM 1 FOR {len(label) + 1}) = '{label}:'::bytea"
    else:
        now = f"starts_with({column.name}, 'locked:{label}:')"
    return f"({now} AND starts_with({column.marked}, '{finder}:'))" if column.marked else f"({now})"


def _label(column: Column) -> str:
    if column.binary:
        head = f"encode(substring({column.name} FROM 1 FOR 24), 'escape')"
        return f"substring({head} FROM '^([a-z0-9]+(?:[.][a-z0-9]+)?):')"
    return f"substring({column.name} FROM '^locked:([a-z0-9]+(?:[.][a-z0-9]+)?):')"
