"""Opening a case, complete, beside the least that four statements of pgbench write, and beside a plain ORM build.

What stands between an intake and pgbench, in processor time taken on two cores that others used too: pgbench writes 4
rows for 0.9 ms, an intake 13 rows (case, round, act, words, hand, standing, clock, its entry, trail line, search
entry, notice, used key, message) for 4.3 ms. Of these the database takes 2.2: half for the rows and their indexes, 30 %
for 21 foreign keys, 20 % for durability. Python takes 2.1: a fifth for sending two statements through Django and
psycopg, a third for making the rows and their JSON, the rest for the clock, the owner, the notice, and for cutting,
covering and locking the words. A ratio of 0.45 allows 2 ms for both together; the rows alone, without keys and
durability, take the database 0.9. So it takes fewer rows, not quicker ones, to come there. The slowest of a hundred
wait for the disk (WalSync, WALWrite), and from 32 clients on also for pages that several write to (BufferContent).
"""

from functools import partial

from bench.acting import county, pgbench, several, tell_beside
from bench.measuring import arguments, opened


def main(words: list[str]) -> int:
    """Measure with each number of clients; two lines against pgbench, one against the plain build."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--clients", type=int, nargs="+", default=[8, 32])
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each turn lasts")
    said = parser.parse_args(words)
    with opened(said) as bench:
        facts = county(bench)
        for clients in said.clients:
            contenders = {
                "pgbench": partial(pgbench, "baseline.sql", bench, facts, clients, said.seconds),
                "ours": partial(several, "intake", bench, facts, clients, said.seconds),
                "plain": partial(several, "plain_intake", bench, facts, clients, said.seconds),
            }
            tell_beside(bench, f"intake, {clients} clients", bench.rounds(contenders))
    return 0
