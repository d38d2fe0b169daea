"""Folding: whatever acts have touched is counted again as a whole, and the difference goes into the cells.

One statement reads the rows of some subjects, compares them with the parts kept of them, and writes parts, cells and
subjects; it also takes the marks away. So a fold is whole or nothing, sees one moment, and done twice changes nothing.
An act that is written meanwhile leaves a mark that this fold did not see; its subject is folded again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from jingwei.figures.declared import Counted
from jingwei.figures.models import Cell, Part, RollUp, Subject, Touched
from jingwei.figures.rollups import (
    WHOLE_TO,
    Rule,
    Sql,
    belongings,
    differing,
    digest_of,
    kept,
    rolled_figures,
    rule_of,
    subjects,
    united,
)

SOME, MANY = 2_000, 10_000
"""Subjects of one fold, and of one when a roll-up is built: the more at once, the fewer times a cell is written."""
LOCK = 7_310_586_419
"""Of pg_advisory_xact_lock: cells are written by one fold at a time, so that none waits for another's row."""
PATIENCE = timedelta(minutes=10)
"""How long a roll-up stays after it was retired, for those who began to read it before."""


def fold(at: datetime, rounds: int = 50) -> int:
    """Fold what acts have touched, and go on building what is not ready yet; how many subjects were folded."""
    _begin_what_is_declared(at)
    folded = 0
    for _round in range(rounds):
        some = _fold_some(at) or _sweep_some(at)
        if not some:
            break
        folded += some
    _throw_away_what_is_retired(at)
    return folded


def build(at: datetime) -> int:
    """Fold until nothing is left, and everything that is declared is ready; how many subjects were folded."""
    folded = 0
    while some := fold(at):
        folded += some
    return folded


def rebuild(figures: Sequence[Counted], at: datetime) -> int:
    """Build some roll-ups from the rows, beside those that are read meanwhile, then change over; subjects folded.

    No act waits for it, and none is lost: what is written meanwhile is folded into both.
    """
    RollUp.objects.filter(figure__in=[one.full_name for one in figures], ready_at=None).delete()
    RollUp.objects.bulk_create(RollUp(figure=one.full_name, counts=digest_of(one)) for one in figures)
    return build(at)


def _begin_what_is_declared(at: datetime) -> None:
    """A roll-up for each figure that asks for one; what is counted another way now is retired."""
    found = list(RollUp.objects.filter(retired_at=None))
    if past := [one.pk for one in found if rule_of(one) is None]:
        RollUp.objects.filter(pk__in=past).update(retired_at=at)
    there = {(one.figure, one.counts) for one in found}
    wanted = [one for one in rolled_figures() if (one.full_name, digest_of(one)) not in there]
    RollUp.objects.bulk_create(RollUp(figure=one.full_name, counts=digest_of(one)) for one in wanted)


def _fold_some(at: datetime) -> int:
    marks = list(Touched.objects.order_by("pk").values_list("pk", "subject_id", "at")[:SOME])
    if not marks:
        return 0
    touched: dict[int, datetime] = {}
    for _pk, subject, when in marks:
        touched[subject] = max(when, touched.get(subject, when))
    _put(touched, [pk for pk, _subject, _at in marks], at)
    return len(touched)


def _sweep_some(at: datetime) -> int:
    """Count the next subjects into what is not ready; when none is left, it is, and takes the place of the old."""
    building = list(RollUp.objects.filter(ready_at=None, retired_at=None).order_by("swept_to"))
    belongs = belongings(rolled_figures())
    if not building or belongs is None:
        return 0
    after = building[0].swept_to
    found = belongs.model._default_manager.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    if ids := list(found[:MANY]):
        _put(dict.fromkeys(ids, at), [], at)
        RollUp.objects.filter(pk__in=[one.pk for one in building], swept_to=after).update(swept_to=ids[-1])
        return len(ids)
    for one in building:
        with transaction.atomic():
            RollUp.objects.filter(figure=one.figure, ready_at__isnull=False, retired_at=None).update(retired_at=at)
            RollUp.objects.filter(pk=one.pk).update(ready_at=at)
    return 0


def _throw_away_what_is_retired(at: datetime) -> None:
    """Some rows at a time, when nobody can be reading them any more."""
    for one in RollUp.objects.exclude(retired_at=None):
        if one.retired_at is None or abs(at - one.retired_at) < PATIENCE:
            continue
        parts = list(Part.objects.filter(rolled=one).values_list("pk", flat=True)[: 50 * SOME])
        cells = list(Cell.objects.filter(rolled=one).values_list("pk", flat=True)[: 50 * SOME])
        Part.objects.filter(pk__in=parts).delete()
        Cell.objects.filter(pk__in=cells).delete()
        if not parts and not cells:
            one.delete()


# ---- the statement


def _put(touched: Mapping[int, datetime], marks: Sequence[int], at: datetime) -> None:
    """Fold some subjects, each as of a moment, and take the marks away that said they were touched."""
    rules = kept(at - PATIENCE)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if rules:
            sql, params = _statement(rules, list(touched), list(touched.values()))
            cursor.execute(sql, params)
        cursor.execute(f'DELETE FROM "{_MARKS}" WHERE id = ANY(%s::bigint[])', [list(marks)])


def _statement(rules: Sequence[tuple[RollUp, Rule]], ids: list[int], moments: list[datetime]) -> Sql:
    belongs = rules[0][1].belongs
    told = [(one.pk, sql) for one, rule in rules for sql in rule.parts("= ANY(%s::bigint[])", ids)]
    counted, params = united(
        (f"SELECT {pk} AS rolled_id, p.* FROM ({sql}) AS p(subject_id, day, path, n, latest)", params)
        for pk, (sql, params) in told
    )
    subject, subject_params = subjects(belongs, "= ANY(%s::bigint[])", ids)
    names = list(differing(belongs))
    columns = ", ".join(["id", "open_to_ground", "ground", *(f"d{n}" for n in range(len(names)))])
    differs = ", ".join(f"'{name}', d{n}" for n, name in enumerate(names))
    sql = _FOLD.format(
        counted=counted, subject=subject, columns=columns, differs=differs, whole_to=WHOLE_TO, parts=_PARTS,
        subjects=_SUBJECTS, cells=_CELLS,
    )  # fmt: skip
    live = [one.pk for one, _rule in rules]
    return sql, (*params, *subject_params, ids, moments, ids, live)


_PARTS, _SUBJECTS, _CELLS, _MARKS = (model._meta.db_table for model in (Part, Subject, Cell, Touched))

_FOLD = """
WITH counted AS MATERIALIZED ({counted}),
subjects AS MATERIALIZED (
    SELECT id, open_to_ground, ground, jsonb_build_object({differs}) AS differs FROM ({subject}) AS s({columns})
), moments AS (
    SELECT t.id, greatest(t.at, c.latest) AS as_of FROM unnest(%s::bigint[], %s::timestamptz[]) t(id, at)
    LEFT JOIN (SELECT subject_id, max(latest) AS latest FROM counted GROUP BY 1) c ON c.subject_id = t.id
), fresh AS MATERIALIZED (
    SELECT c.rolled_id, c.subject_id, c.day, c.path, c.n, NOT (s.open_to_ground AND s.ground = c.path) AS apart
    FROM (SELECT rolled_id, subject_id, coalesce(day, '0001-01-01') AS day, path, sum(n)::integer AS n
          FROM counted GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0) c
    JOIN subjects s ON s.id = c.subject_id
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
    SELECT rolled_id, day, path, differs, apart, sum(n) AS n FROM (
        SELECT s.rolled_id, s.day, s.path, b.differs, s.apart, -s.n AS n FROM stored s
        JOIN "{subjects}" b ON b.id = s.subject_id
        UNION ALL SELECT f.rolled_id, f.day, f.path, s.differs, f.apart, f.n FROM fresh f
        JOIN subjects s ON s.id = f.subject_id
    ) b GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0
), above AS (
    SELECT m.rolled_id, m.day, date_trunc('month', m.day::timestamp)::date AS month, m.differs, m.apart, m.n, d.depth,
        array_to_string((string_to_array(m.path, '/'))[:d.depth], '/') || '/' AS path
    FROM moved m CROSS JOIN LATERAL generate_series(1, length(m.path) - length(replace(m.path, '/', ''))) d(depth)
), cells AS (
    INSERT INTO "{cells}" (rolled_id, path, dimension, grain, day, value, apart, n)
    SELECT a.rolled_id, a.path, k.dimension, k.grain, k.day, k.value, a.apart, sum(a.n)
    FROM above a CROSS JOIN LATERAL (
        SELECT '' AS dimension, 'm' AS grain, a.month AS day, '' AS value
        UNION ALL SELECT '', 'd', a.day, '' WHERE a.depth <= {whole_to}
        UNION ALL SELECT e.key, 'm', a.month, coalesce(e.value, '') FROM jsonb_each_text(a.differs) e
            WHERE a.depth <= {whole_to}
    ) k GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(a.n) <> 0
    ON CONFLICT (rolled_id, path, dimension, grain, day, value, apart) DO UPDATE SET n = "{cells}".n + excluded.n
)
INSERT INTO "{subjects}" (id, as_of, differs)
SELECT s.id, m.as_of, s.differs FROM subjects s JOIN moments m ON m.id = s.id
ON CONFLICT (id) DO UPDATE SET as_of = greatest("{subjects}".as_of, excluded.as_of), differs = excluded.differs
"""
"""Trap: a subject's stored parts were sorted by its stored `differs`; both are changed by one statement or neither."""
