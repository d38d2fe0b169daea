"""Many hands at once: one contender's clients, spread over processes as the web server spreads them.

Run by `acting.py`, once for each turn; prints as JSON the milliseconds of every piece of work, the processor time
that this process and its connections' servers took for them, and how many statements one piece asks.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

from jingwei.cli import house

Work = Callable[[int], object]
"""One piece of work, by its number among all those this client does."""


def main(words: list[str]) -> int:
    """Open the house that is there, take the place of some clients, and tell how long each piece took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["intake", "unmarked", "step", "plain_intake", "plain_step"])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--facts", required=True)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seconds", type=float, required=True)
    said = parser.parse_args(words)
    os.environ.update(JINGWEI_STATE=str(said.folder), DJANGO_SETTINGS_MODULE="jingwei.settings")
    house.open_house()
    facts = json.loads(said.facts)
    print(json.dumps(asdict(_together(_maker(said.what), facts, said.clients, said.first, said.seconds))))
    return 0


@dataclass
class Turn:
    """What the clients of one process did in one turn: milliseconds of each piece; seconds of processor time."""

    times: list[float]
    own: float
    database: float
    statements: int


def _maker(what: str) -> Callable[[dict[str, Any], int], Work]:
    if what.startswith("plain"):
        from bench.plain import hands as plain

        return plain.intake if what == "plain_intake" else plain.step
    from bench import ours

    return {"intake": ours.intake, "unmarked": ours.unmarked, "step": ours.step}[what]


def _together(
    make: Callable[[dict[str, Any], int], Work], facts: dict[str, Any], clients: int, first: int, seconds: float
) -> Turn:
    """All clients warm up, wait for one another, and work until the time is over."""
    times: list[list[float]] = [[] for _ in range(clients)]
    spent, asked = [0.0] * clients, [0] * clients
    ready = Barrier(clients + 1)

    def client(number: int) -> None:
        from django.db import connection

        work = make(facts, first + number)
        for n in range(WARM - 1):
            work(n)
        asked[number] = _statements(partial(work, WARM - 1))
        server = connection.connection.info.backend_pid
        spent[number] = -spent_by(server)
        ready.wait()
        n, until = WARM, time.perf_counter() + seconds
        while (before := time.perf_counter()) < until:
            work(n)
            times[number].append((time.perf_counter() - before) * 1000)
            n += 1
        spent[number] += spent_by(server)
        connection.close()

    threads = [Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    print("ready", file=sys.stderr, flush=True)
    ready.wait()
    began = time.process_time()
    for thread in threads:
        thread.join()
    own = time.process_time() - began
    return Turn([one for mine in times for one in mine], own, sum(spent), max(asked))


def _statements(work: Callable[[], object]) -> int:
    """How many statements a piece of work asks, those that begin and end a transaction not counted."""
    from django.db import connection

    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    return len(asked)


def spent_by(pid: int, *, children: bool = False) -> float:
    """Seconds of processor time of a process, or of its children that have ended; 0 where Linux does not tell."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    user, system = told[13:15] if children else told[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


WARM = 12
"""Pieces of work before the clock runs: every statement is prepared by then."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
