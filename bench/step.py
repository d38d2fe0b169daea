"""Assigning a case, complete, beside the least that statements of pgbench write, and beside a plain ORM build.

What stands between a step and pgbench, in processor time taken on two cores that others used too: 4.7 ms against 0.9,
half Python, half the database. It takes five statements: the post, whether it sees the case, the lock, what decides
(22 rows of 11 tables, as of after the lock), and all that is written; pgbench is told all of it beforehand.
"""

from functools import partial
from typing import Any
from uuid import uuid4

from bench.acting import county, pgbench, several, tell_beside
from bench.measuring import Bench, Contender, Sample, arguments, opened

EACH = 3000
"""Cases made ready for each client and turn; more than any of them gets through."""


def main(words: list[str]) -> int:
    """Measure with each number of clients."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--clients", type=int, nargs="+", default=[8, 32])
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each turn lasts")
    said = parser.parse_args(words)
    with opened(said) as bench:
        facts = county(bench)
        for clients in said.clients:

            def turn(what: str, c: int = clients) -> Sample:
                return several(what, bench, facts | {"cases": _waiting(bench, facts, c)}, c, said.seconds)

            def base(c: int = clients) -> Sample:
                first = _waiting(bench, facts, c)[0][0]
                least = {**facts, "first": first, "each": _each(c), "turn": 0}
                return pgbench("baseline_step.sql", bench, least, c, said.seconds, transactions=_each(c))

            contenders: dict[str, Contender] = {
                "pgbench": base,
                "ours": partial(turn, "step"),
                "plain": partial(turn, "plain_step"),
            }
            tell_beside(bench, f"step, {clients} clients", bench.rounds(contenders))
    return 0


def _each(clients: int) -> int:
    return EACH * 8 // clients


def _waiting(bench: Bench, facts: dict[str, Any], clients: int) -> list[list[int]]:
    """Cases at the dispatcher's desk, copied from one that was opened properly, with all its rows."""
    from django.db import connection

    from bench.ours import intake
    from jingwei.casework.models import Case
    from jingwei.strokes.stroke import next_ids

    each = _each(clients)
    model: Any = intake(facts, 0)(0)
    many = each * clients
    with connection.cursor() as cursor:
        first = next_ids(Case, many)[0]
        cursor.execute(_copies(), {"model": model.pk, "first": first, "many": many, "mark": uuid4().hex[:8]})
    with bench.connect(owner=True) as owner:  # a table that grew tenfold unseen is asked by the plans of a small one
        owner.execute("ANALYZE " + ", ".join(model._meta.db_table for model in _copied()))
    return [list(range(first + n * each, first + (n + 1) * each)) for n in range(clients)]


def _copied() -> list[type[Any]]:
    from jingwei.casework.models import Case, ClockEntry, ClockRun, Deadline, Hand, Round, Standing

    return [Case, Round, Standing, Hand, ClockRun, ClockEntry, Deadline]


def _copies() -> str:
    """Copies of one case under new ids, with what a step changes: standing, clock, its entries, hands."""
    from jingwei.casework.models import Case, ClockEntry, ClockRun, Deadline, Hand, Round, Standing

    ids = "SELECT n, %(first)s::bigint + n AS id FROM generate_series(0, %(many)s::int - 1) AS n"
    parts = [
        f"made AS ({ids})",
        _copy(Case, "t.id = %(model)s", id="m.id", number="'C' || %(mark)s || m.n", code_mark="''"),
    ]
    parts += [_copy(table, "t.case_id = %(model)s", case_id="m.id") for table in (Round, Standing, Hand, Deadline)]
    parts += [
        _copy(ClockRun, "t.case_id = %(model)s", id="nextval(pg_get_serial_sequence('casework_clockrun', 'id'))",
              case_id="m.id", returning="id, case_id"),
        _copy(ClockEntry, "t.clock_id IN (SELECT id FROM casework_clockrun WHERE case_id = %(model)s)",
              clock_id="r.id", source="i_casework_clockrun r"),
    ]  # fmt: skip
    return f"WITH {', '.join(parts)} SELECT 1"


def _copy(model: Any, where: str, *, returning: str = "1", source: str = "made m", **changed: str) -> str:
    own_id = "id" in changed
    columns = [f.column for f in model._meta.concrete_fields if own_id or not f.primary_key]
    values = ", ".join(changed.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    return (
        f"i_{table} AS (INSERT INTO {table} ({names}) SELECT {values} FROM {source}, {table} t WHERE {where} "
        f"RETURNING {returning})"
    )
