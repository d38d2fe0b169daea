"""Opening a case, complete, beside the least that four statements of pgbench write, and beside a plain ORM build."""

from bench.acting import county, pgbench, several
from bench.measuring import arguments, compared, opened


def main(words: list[str]) -> int:
    """Measure with each number of clients; two lines against pgbench, one against the plain build."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--clients", type=int, nargs="+", default=[8, 32])
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each turn lasts")
    said = parser.parse_args(words)
    with opened(said) as bench:
        facts = county(bench)
        for clients in said.clients:
            samples = bench.rounds(
                {
                    "pgbench": lambda c=clients: pgbench("baseline.sql", bench, facts, c, said.seconds),
                    "ours": lambda c=clients: several("intake", bench, facts, c, said.seconds),
                    "plain": lambda c=clients: several("plain_intake", bench, facts, c, said.seconds),
                }
            )
            name = f"intake, {clients} clients"
            bench.tell(compared(name, samples, "ours", "pgbench", by="rate", aim=0.45))
            bench.tell(compared(f"{name}, slowest of a hundred", samples, "ours", "pgbench", by="p99", aim=3.0))
            bench.tell(compared(f"{name}, plain", samples, "ours", "plain", by="rate", aim=4.0))
    return 0
