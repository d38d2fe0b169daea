"""The two statements that write what is kept added up: of subjects that were touched, and of a range never counted yet.

Either reads the rows of its subjects at one moment of the database and writes parts, cells and subjects, whole or not
at all. Touched subjects are compared with the parts kept of them, and only the difference is written. Of a range
nothing is kept, so nothing is compared; its cells are added up before they are written.
"""

from collections.abc import Sequence
from datetime import datetime

from jingwei.figures.models import Cell, Part, RollUp, Subject
from jingwei.figures.rollups import (
    MOVED,
    WHOLE_TO,
    Rule,
    Sql,
    Which,
    differing,
    moved_subjects,
    subjects,
    united,
)

Rules = Sequence[tuple[RollUp, Rule]]


def of_touched(rules: Rules, ids: list[int], moments: list[datetime]) -> Sql:
    """Count some subjects again, each as of a moment, for all roll-ups there are."""
    head, params = _counted(rules, Which("= ANY(%s::bigint[])", (ids,)))
    live = [one.pk for one, _rule in rules]
    return _FOLD.format(head=head, into=_into_cells(rules), **_TABLES), (*params, ids, moments, ids, live)


def of_range(rules: Rules, first: int, last: int, at: datetime) -> Sql:
    """Count all subjects with ids from `first` to `last`, for roll-ups that hold nothing of them yet.

    Save of those that an act touched meanwhile: these were folded, whole, into the roll-ups that are being built too.
    """
    head, params = _counted(rules, Which("BETWEEN %s AND %s", (first, last)))
    live = [one.pk for one, _rule in rules]
    sql = _COUNT.format(head=head, into=_into_cells(rules), **_TABLES)
    return sql, (*params, first, last, live, first, last, at)


def _counted(rules: Rules, which: Which) -> Sql:
    """What some subjects give to each roll-up, and how they are now."""
    belongs = rules[0][1].belongs
    moved, moved_params = moved_subjects(belongs, which)
    counted, params = united(
        (f"SELECT {one.pk} AS rolled_id, p.* FROM ({sql}) AS p(subject_id, day, path, n, latest)", params)
        for one, rule in rules
        for sql, params in rule.parts(which)
    )
    subject, subject_params = subjects(belongs, which)
    names = list(differing(belongs))
    columns = ", ".join(["id", "open_to_ground", "ground", *(f"d{n}" for n in range(len(names)))])
    differs = ", ".join(f"'{name}', d{n}" for n, name in enumerate(names))
    sql = _COUNTED.format(
        moved=moved, name=MOVED, counted=counted, subject=subject, columns=columns, differs=differs
    )  # fmt: skip
    return sql, (*moved_params, *params, *subject_params)


def _into_cells(rules: Rules) -> str:
    """The part that adds `moved` to the cells: in all, by day, and by each dimension."""
    names = list(differing(rules[0][1].belongs))
    columns = [f"d{n}" for n in range(len(names))]
    chosen = " ".join(f"WHEN grouping({c}) = 0 THEN '{name}'" for c, name in zip(columns, names, strict=True))
    return _INTO_CELLS.format(
        columns=", ".join(f"coalesce(differs ->> '{name}', '') AS {c}" for c, name in zip(columns, names, strict=True)),
        sets="".join(f", (rolled_id, apart, upper, month, {column})" for column in columns),
        dimension=f"CASE {chosen} ELSE '' END" if names else "''",
        value=f"coalesce({', '.join(columns)})" if names else "NULL",
        **_TABLES,
    )


_TABLES = {
    "parts": Part._meta.db_table, "subjects": Subject._meta.db_table, "cells": Cell._meta.db_table,
    "whole_to": WHOLE_TO,
}  # fmt: skip

_COUNTED = """
{name} AS MATERIALIZED ({moved}),
counted AS MATERIALIZED ({counted}),
subjects AS MATERIALIZED (
    SELECT id, open_to_ground, ground, jsonb_build_object({differs}) AS differs FROM ({subject}) AS s({columns})
), fresh AS MATERIALIZED (
    SELECT c.rolled_id, c.subject_id, c.day, c.path, c.n, NOT (s.open_to_ground AND s.ground = c.path) AS apart
    FROM (SELECT rolled_id, subject_id, coalesce(day, '0001-01-01') AS day, path, sum(n)::integer AS n
          FROM counted GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0) c
    JOIN subjects s ON s.id = c.subject_id
)"""

_INTO_CELLS = """
added AS (
    SELECT rolled_id, apart, coalesce(path, upper) AS path, coalesce(month, day) AS day,
        CASE WHEN day IS NULL THEN 'm' ELSE 'd' END AS grain, {dimension} AS dimension, coalesce({value}, '') AS value,
        sum(n) AS n
    FROM (
        SELECT rolled_id, apart, path, day, date_trunc('month', day::timestamp)::date AS month, n, {columns},
            array_to_string((string_to_array(path, '/'))[:least(length(path) - length(replace(path, '/', '')),
                {whole_to})], '/') || '/' AS upper
        FROM moved) m
    GROUP BY GROUPING SETS ((rolled_id, apart, path, month), (rolled_id, apart, upper, day){sets})
), cells AS (
    INSERT INTO "{cells}" (rolled_id, path, dimension, grain, day, value, apart, n)
    SELECT a.rolled_id, array_to_string((string_to_array(a.path, '/'))[:d.depth], '/') || '/', a.dimension, a.grain,
        a.day, a.value, a.apart, sum(a.n)
    FROM added a CROSS JOIN LATERAL generate_series(1, length(a.path) - length(replace(a.path, '/', ''))) d(depth)
    GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(a.n) <> 0 ORDER BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT (rolled_id, path, dimension, grain, day, value, apart) DO UPDATE SET n = "{cells}".n + excluded.n
)"""
"""Added up on the ground itself first, which leaves few rows to be added up on every ground above it; written in the
order of their index, whose pages are then each touched once."""

_FOLD = """
WITH {head}, moments AS (
    SELECT t.id, greatest(t.at, c.latest) AS as_of FROM unnest(%s::bigint[], %s::timestamptz[]) t(id, at)
    LEFT JOIN (SELECT subject_id, max(latest) AS latest FROM counted GROUP BY 1) c ON c.subject_id = t.id
), stored AS MATERIALIZED (
    SELECT * FROM "{parts}" WHERE subject_id = ANY(%s::bigint[]) AND rolled_id = ANY(%s::smallint[])
), gone AS (
    DELETE FROM "{parts}" p USING stored s WHERE p.id = s.id AND NOT EXISTS (
        SELECT FROM fresh f WHERE (f.rolled_id, f.subject_id, f.day, f.path, f.n, f.apart)
            = (s.rolled_id, s.subject_id, s.day, s.path, s.n, s.apart))
), come AS (
    INSERT INTO "{parts}" (rolled_id, subject_id, day, path, n, apart)
    SELECT * FROM fresh f WHERE NOT EXISTS (
        SELECT FROM stored s WHERE (f.rolled_id, f.subject_id, f.day, f.path, f.n, f.apart)
            = (s.rolled_id, s.subject_id, s.day, s.path, s.n, s.apart))
), moved AS (
    SELECT s.rolled_id, s.day, s.path, b.differs, s.apart, -s.n AS n FROM stored s
    JOIN "{subjects}" b ON b.id = s.subject_id
    UNION ALL SELECT f.rolled_id, f.day, f.path, s.differs, f.apart, f.n FROM fresh f
    JOIN subjects s ON s.id = f.subject_id
), {into}
INSERT INTO "{subjects}" (id, as_of, differs)
SELECT s.id, m.as_of, s.differs FROM subjects s JOIN moments m ON m.id = s.id
ON CONFLICT (id) DO UPDATE SET as_of = greatest("{subjects}".as_of, excluded.as_of), differs = excluded.differs
"""
"""Trap: a subject's stored parts were sorted by its stored `differs`; both are changed by one statement or neither."""

_COUNT = """
WITH {head}, folded AS MATERIALIZED (
    SELECT DISTINCT rolled_id, subject_id FROM "{parts}"
    WHERE subject_id BETWEEN %s AND %s AND rolled_id = ANY(%s::smallint[])
), new AS MATERIALIZED (
    SELECT * FROM fresh f WHERE NOT EXISTS (
        SELECT FROM folded d WHERE (d.rolled_id, d.subject_id) = (f.rolled_id, f.subject_id))
), sorted AS (
    SELECT s.id, coalesce(b.differs, s.differs) AS differs FROM subjects s
    LEFT JOIN "{subjects}" b ON b.id = s.id AND b.id BETWEEN %s AND %s
), come AS (
    INSERT INTO "{parts}" (rolled_id, subject_id, day, path, n, apart) SELECT * FROM new ORDER BY subject_id
), moved AS (
    SELECT f.rolled_id, f.day, f.path, s.differs, f.apart, f.n FROM new f JOIN sorted s ON s.id = f.subject_id
), {into}
INSERT INTO "{subjects}" (id, as_of, differs)
SELECT s.id, greatest(%s, c.latest), s.differs FROM subjects s
LEFT JOIN (SELECT subject_id, max(latest) AS latest FROM counted GROUP BY 1) c ON c.subject_id = s.id
ON CONFLICT (id) DO UPDATE SET as_of = greatest("{subjects}".as_of, excluded.as_of)
"""
"""Trap: parts are taken out again by the `differs` stored of their subject; where some are stored, it is these that
count here too, though an act whose mark waits has changed them since.
"""
