"""The frame of every measurement: a database of its own, contenders in turns, one line for each result.

A measurement is a module of this folder with a function `main(words) -> int`. In it:

    said = arguments(__doc__).parse_args(words)
    with opened(said) as bench:
        samples = bench.rounds({"plain": plain, "ours": ours})
        bench.tell(compared("intake", samples, "ours", "plain", by="rate", aim=0.45))

Contenders take turns in every round, so that whatever else the machine does meets all of them; a ratio is the
median of the rounds' ratios. Absolute times are told beside it and belong to the machine they were taken on.
"""

import argparse
import json
import logging
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Literal

import psycopg

from jingwei.cli import house

By = Literal["p50", "p99", "rate", "thrift"]
"""What is compared: the middle or the slow end of the times (less is better), or pieces a second, or pieces for a
second of processor time, of the contender's own processes and the database's together (more is better).
"""


@dataclass(frozen=True)
class Sample:
    """What one contender did in one round: milliseconds of each piece of work, and seconds of all of it."""

    times: tuple[float, ...]
    seconds: float
    own: float | None = None
    """Seconds of processor time of the contender's own processes; None where it was not taken."""
    database: float | None = None
    """Seconds of processor time of the database's processes that served it."""
    statements: int | None = None
    """How many statements one piece asks."""

    def value(self, by: By) -> float:
        """The figure that is compared."""
        match by:
            case "rate":
                return len(self.times) / self.seconds
            case "thrift":
                return len(self.times) / ((self.own or 0.0) + (self.database or 0.0))
        return percentile(self.times, 50 if by == "p50" else 99)


Contender = Callable[[], Sample]


@dataclass(frozen=True)
class Result:
    """One line: what was measured, as a multiple of what, and whether that is what was aimed for.

    `ratio` = this / baseline; `better` says which way; `n` pieces of work in all rounds; p50 to p99 in
    milliseconds, of all rounds together (None where only a count was taken).
    """

    name: str
    ratio: float
    baseline: str
    n: int
    p50: float | None
    p95: float | None
    p99: float | None
    better: Literal["less", "more"]
    aim: float | None = None
    met: bool | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def percentile(times: Sequence[float], share: int) -> float:
    """The time below which `share` per cent of them lie, between two where it falls between two."""
    if len(times) == 1:
        return times[0]
    return statistics.quantiles(times, n=100, method="inclusive")[share - 1]


def timed(work: Callable[[], object], n: int) -> Sample:
    """Do `work` `n` times, one after another."""
    times = []
    started = time.perf_counter()
    for _ in range(n):
        before = time.perf_counter()
        work()
        times.append((time.perf_counter() - before) * 1000)
    return Sample(tuple(times), time.perf_counter() - started)


def compared(
    name: str, samples: Mapping[str, Sequence[Sample]], ours: str, baseline: str, *, by: By, aim: float | None = None
) -> Result:
    """A contender beside the baseline, round by round."""
    pairs = zip(samples[ours], samples[baseline], strict=True)
    ratio = statistics.median(mine.value(by) / other.value(by) for mine, other in pairs)
    return _result(name, ratio, baseline, samples[ours], "more" if by in ("rate", "thrift") else "less", aim)


def allowed(name: str, samples: Sequence[Sample], most_ms: float) -> Result:
    """The middle time of a contender beside what it may take at most."""
    ratio = statistics.median(sample.value("p50") for sample in samples) / most_ms
    return _result(name, ratio, f"{most_ms:g} ms", samples, "less", 1.0)


def counted(name: str, found: int, of: int, what: str, aim: float = 0.0) -> Result:
    """How many of `of` were found that should not be (lost, doubled)."""
    ratio = found / of
    return Result(name, ratio, f"{of} {what}", of, None, None, None, "less", aim, ratio <= aim)


def _result(
    name: str,
    ratio: float,
    baseline: str,
    samples: Sequence[Sample],
    better: Literal["less", "more"],
    aim: float | None,
) -> Result:
    times = [t for sample in samples for t in sample.times]
    p50, p95, p99 = (round(percentile(times, share), 3) for share in (50, 95, 99))
    met = None if aim is None else (ratio >= aim if better == "more" else ratio <= aim)
    return Result(name, round(ratio, 3), baseline, len(times), p50, p95, p99, better, aim, met)


@dataclass
class Bench:
    """A measurement under way: its folder, its database, where its lines go."""

    folder: Path
    said: argparse.Namespace
    machine: dict[str, Any] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def say(self, words: str) -> None:
        """A line of progress, for who waits; results alone go to standard output."""
        print(f"{datetime.now(UTC):%H:%M:%S} {words}", file=sys.stderr, flush=True)

    def connect(self, *, owner: bool = False, autocommit: bool = True, name: str = "") -> psycopg.Connection[Any]:
        """A connection beside Django's, as the server's role or as the owner, to the usual database or `name`."""
        from django.conf import settings

        from jingwei.settings_from import database

        entry = database({**os.environ, "JINGWEI_AS_OWNER": "1" if owner else ""}, settings.STATE)
        names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
        asked = {names[key]: value for key, value in entry.items() if key in names and value}
        asked |= {"dbname": name} if name else {}
        return psycopg.connect(**asked, autocommit=autocommit)

    def rounds(self, contenders: Mapping[str, Contender], many: int = 0) -> dict[str, list[Sample]]:
        """Let the contenders take turns, `--rounds` times or `many`; each round begins with another of them."""
        samples: dict[str, list[Sample]] = {name: [] for name in contenders}
        names = list(contenders)
        many = many or self.said.rounds
        for n in range(many):
            for name in islice(cycle(names), n % len(names), n % len(names) + len(names)):
                sample = contenders[name]()
                samples[name].append(sample)
                self.say(
                    f"round {n + 1}/{many} {name}: {len(sample.times)} in {sample.seconds:.2f} s, "
                    f"p50 {sample.value('p50'):.2f} ms"
                )
        return samples

    def tell(self, result: Result, **facts: Any) -> Result:
        """Print the line of a result, and keep it where `--out` says."""
        line = asdict(result) | {"facts": {**result.facts, **facts}} | self.machine
        text = json.dumps(line, ensure_ascii=False)
        print(text, flush=True)
        if result.met is False:
            self.missed.append(result.name)
        if self.said.out:
            self.said.out.parent.mkdir(parents=True, exist_ok=True)
            with self.said.out.open("a") as file:
                file.write(text + "\n")
        return result


def arguments(doc: str) -> argparse.ArgumentParser:
    """What every measurement can be told; it may add its own."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", metavar="DIR", type=Path, help="keep the database there, and use it again")
    parser.add_argument("--out", metavar="FILE", type=Path, help="also add the lines to FILE (bench/results/*.jsonl)")
    parser.add_argument("--rounds", type=int, default=5, help="how often the contenders take turns (default 5)")
    return parser


@contextmanager
def opened(said: argparse.Namespace) -> Iterator[Bench]:
    """A database with the product's tables and settings runs inside this block; Django is signed in to it as
    the server's role. It is thrown away afterwards, unless `--keep` says where it stays.
    """
    os.environ.pop("DATABASE_URL", None)
    folder = Path(said.keep or tempfile.mkdtemp(prefix="jingwei-bench-"))
    house.own(folder)
    bench = Bench(folder, said)
    bench.say("opening a database of its own")
    try:
        with house.database(folder):
            house.open_house()
            house.prepare()
            bench.machine = machine(bench)
            logging.disable(logging.WARNING)  # a line for each request would stand between the results
            yield bench
            logging.disable(logging.NOTSET)
            from django.db import connections

            connections.close_all()
    finally:
        if not said.keep:
            shutil.rmtree(folder, ignore_errors=True)
    if bench.missed:
        bench.say(f"not met: {', '.join(bench.missed)}")


def machine(bench: Bench) -> dict[str, Any]:
    """What the times belong to, when they were taken, and how much else was being done just before."""
    with bench.connect() as connection:
        [version] = connection.execute("SHOW server_version").fetchone() or ("",)
    return {
        "at": datetime.now(UTC).strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "postgresql": str(version).split()[0],
        "python": platform.python_version(),
    }
