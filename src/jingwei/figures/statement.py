"""The one statement in which many questions are asked: cells, parts of what was touched or is apart, and rows."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Value
from django.db.models.expressions import RawSQL

from jingwei.figures.asks import Ask, Rolled, dimension_of, spans_of
from jingwei.figures.belonging import Eyes
from jingwei.figures.counting import Question
from jingwei.figures.days import days_of
from jingwei.figures.models import Cell, Part, Subject, Touched
from jingwei.figures.rollups import Sql, united


def asked(parts: Sequence[Sql], known: datetime | None) -> Iterator[tuple[int, int, str, Any, int]]:
    """Ask all parts at once: number of the ask, number of the period, path, value, how many."""
    if not parts:
        return
    sql, params = united(parts)
    if known is not None:
        sql, params = f"WITH {_DIRTY}\n{sql}", (known, *params)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        yield from cursor.fetchall()


_CELLS, _PARTS, _SUBJECTS, _TOUCHED = (model._meta.db_table for model in (Cell, Part, Subject, Touched))
_DIRTY = f"""
dirty AS MATERIALIZED (SELECT subject_id FROM "{_TOUCHED}" UNION SELECT id FROM "{_SUBJECTS}" WHERE as_of > %s)"""
CELL = "="
"""Before the path of a place that a number is of as a whole; others are of some ground within."""
_WANTED = """
jsonb_to_recordset(%s::jsonb) w(
    ask integer, period integer, rolled smallint, grain text, first date, last date, path text, until text,
    dimension text, chosen text[], each boolean, whole boolean
)"""
_OF_CELLS = f"""
SELECT w.ask, w.period, '{CELL}' || c.path, CASE WHEN w.each THEN c.value ELSE '' END, sum(c.n)::bigint
FROM {_WANTED} JOIN "{_CELLS}" c
    ON (c.rolled_id, c.path, c.dimension, c.grain) = (w.rolled, w.path, w.dimension, w.grain)
    AND c.day BETWEEN w.first AND w.last AND (w.chosen IS NULL OR c.value = ANY(w.chosen)) AND (w.whole OR NOT c.apart)
GROUP BY 1, 2, 3, 4"""
_OF_PARTS = f"""
SELECT w.ask, w.period, p.path, CASE WHEN w.each THEN coalesce(b.differs ->> w.dimension, '') ELSE '' END,
    sum(p.n)::bigint * {{sign}}
FROM {{parts}} JOIN "{_SUBJECTS}" b ON b.id = p.subject_id
WHERE (w.chosen IS NULL OR coalesce(b.differs ->> w.dimension, '') = ANY(w.chosen)) AND {{which}}
GROUP BY 1, 2, 3, 4"""
_WITHIN = "p.rolled_id = w.rolled AND p.day BETWEEN w.first AND w.last AND p.path >= w.path AND p.path < w.until"
_HELD = f"""dirty d CROSS JOIN LATERAL (SELECT * FROM "{_PARTS}" WHERE subject_id = d.subject_id OFFSET 0) p
JOIN {_WANTED} ON {_WITHIN} AND (w.whole OR NOT p.apart)"""
_APART = f"""{_WANTED} CROSS JOIN LATERAL (SELECT * FROM "{_PARTS}" p WHERE p.apart AND {_WITHIN} OFFSET 0) p"""
"""Trap: the planner knows neither how many subjects were touched nor which parts are wanted; left to choose, it reads
every part there is. So it is told to go from the few to their parts.
"""
_CLEAN = "NOT EXISTS (SELECT FROM dirty d WHERE d.subject_id = p.subject_id)"


def statements(asks: Sequence[Ask], rolled: Mapping[int, Rolled]) -> list[Sql]:
    """All parts of the statement."""
    found = [part for n, ask in enumerate(asks) for part in _rows(n, ask, touched=n in rolled)]
    if not rolled:
        return found
    of_cells = [line for n, how in rolled.items() for line in _cells_wanted(n, asks[n], how)]
    found.append((_OF_CELLS, (_json(of_cells),)))
    found.append((_OF_PARTS.format(sign=-1, parts=_HELD, which="true"), (_json(_parts_wanted(asks, rolled)),)))
    some = {n: how for n, how in rolled.items() if how.eyes is Eyes.NOT_APART}
    if some:
        seen, params = _seen(asks[min(some)].question)
        sql = _OF_PARTS.format(sign=1, parts=_APART, which=f"{_CLEAN} AND {seen}")
        found.append((sql, (_json(_parts_wanted(asks, some)), *params)))
    return found


def _cells_wanted(n: int, ask: Ask, how: Rolled) -> Iterator[dict[str, Any]]:
    """Which cells make up an ask."""
    for period, span in spans_of(ask) or ():
        for path in [p.path for p in ask.places] or [ask.question.place.path]:
            yield _wanted(n, ask, how) | {
                "period": period, "path": path, "grain": span.grain, "first": span.first, "last": span.last,
            }  # fmt: skip


def _parts_wanted(asks: Sequence[Ask], rolled: Mapping[int, Rolled]) -> list[dict[str, Any]]:
    """Which parts belong to each ask."""
    found = []
    for n, how in rolled.items():
        path = asks[n].question.place.path
        around = {"path": path, "until": path[:-1] + "0"}
        for period, one in enumerate(asks[n].periods):
            if (days := days_of(asks[n].question, one)) is not None:
                wanted = _wanted(n, asks[n], how)
                found.append(wanted | around | {"period": period, "first": days[0], "last": days[1]})
    return found


def _wanted(n: int, ask: Ask, how: Rolled) -> dict[str, Any]:
    question = ask.question
    picked = question.picked.items()
    chosen = [each for _name, value in picked for each in (value, *question.below.get(value, ()))] or None
    dimension = dimension_of(ask) or ""
    return {
        "ask": n, "rolled": how.pk, "whole": how.eyes is Eyes.ALL, "dimension": dimension, "chosen": chosen,
        "each": ask.by is not None,
    }  # fmt: skip


def _json(lines: Iterable[Mapping[str, Any]]) -> str:
    return json.dumps(list(lines), default=str)


def _seen(question: Question) -> Sql:
    """The condition that a part's subject is seen by whoever asks."""
    belongs = question.figure.on.belongs
    assert belongs is not None
    assert question.reader is not None
    try:
        sql, params = belongs.seen(question.reader).values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "false", ()
    return f"p.subject_id IN ({sql})", tuple(params)


def _rows(n: int, ask: Ask, *, touched: bool) -> list[Sql]:
    """An ask counted from its rows: from all of them, or from those of the subjects that were touched."""
    question = ask.question
    name, rows = question.around_by_ground(ask.periods) if ask.places else ("", question.around(ask.periods))
    if touched:
        field: Any = question.figure.on.rows._meta.get_field(question.figure.on.belongs.path)  # type: ignore[union-attr]
        of_one = f'"{question.figure.on.rows._meta.db_table}"."{field.column}" = d.subject_id'
        rows = rows.filter(RawSQL(of_one, [], output_field=BooleanField()))  # noqa: S611  (names of our own models)
    rows = rows.annotate(path_=F(name) if ask.places else Value(""), value_=F(ask.by.path) if ask.by else Value(""))
    grouped = rows.order_by().values("path_", "value_").annotate(**question.measures(ask.periods))
    try:
        sql, params = grouped.query.sql_with_params()
    except EmptyResultSet:
        return []
    numbers = ", ".join(f"({i}, t.p{i})" for i in range(len(ask.periods)))
    each = f"""SELECT {n}, v.period, t.path_::text, t.value_::text, sum(v.n)::bigint
        FROM {"dirty d CROSS JOIN LATERAL" if touched else ""} ({sql}) t
        CROSS JOIN LATERAL (VALUES {numbers}) v(period, n) WHERE v.n <> 0 GROUP BY 1, 2, 3, 4"""
    return [(each, tuple(params))]
