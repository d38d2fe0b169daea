"""Opening a case, complete, beside the least that four statements of pgbench write, and beside a plain ORM build."""

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
