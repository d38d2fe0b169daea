"""What intake and step share: a county to act in, pgbench as the baseline, and contenders of several processes."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from typing import Any

from bench.hands import spent_by
from bench.measuring import Bench, Sample, compared

PROCESSES = 2
"""As many as the web server has; each carries half of the clients in threads."""


def county(bench: Bench) -> dict[str, Any]:
    """A county of the pack stands, and what an act of its dispatcher needs."""
    from jingwei.affairs.county import set_up
    from jingwei.organisations.models import Appointment, Post
    from jingwei.places.models import Place
    from jingwei.places.queries import ground_of
    from jingwei.policy.models import County

    if not County.objects.exists():
        bench.say("setting up a county")
        set_up("weishui", lambda *_said: None)
    place = Place.objects.filter(layer="building", grid__isnull=False).select_related("grid").order_by("pk")[100]
    desks = Post.objects.filter(roles__contains=["dispatcher"], appointments__isnull=False)
    desk = min((d for d in desks if d.ground.covers(ground_of(place).path)), key=lambda d: -len(d.ground.path))
    lead = Post.objects.filter(roles__contains=["department"], front_desk=True).order_by("pk").first()
    assert lead is not None
    held = County.objects.get()
    return {
        "county": held.pk, "edition": held.edition_id, "place": place.pk, "path": ground_of(place).path,
        "post": desk.pk, "title": desk.full_title, "owner": desk.pk, "lead": lead.pk,
        "person": Appointment.objects.filter(post=desk).values_list("person_id", flat=True)[0],
    }  # fmt: skip


def several(what: str, bench: Bench, facts: Mapping[str, Any], clients: int, seconds: float) -> Sample:
    """One turn of a contender written in Python: its clients in threads of two processes."""

    def one(number: int) -> dict[str, Any]:
        share = clients // PROCESSES
        mine = {**facts, "cases": {}} if "cases" not in facts else dict(facts)
        if "cases" in facts:
            wanted = range(number * share, (number + 1) * share)
            mine["cases"] = [facts["cases"][n] if n in wanted else [] for n in range(clients)]
        done = subprocess.run(
            [sys.executable, "-c", "import sys; from bench.hands import main; sys.exit(main(sys.argv[1:]))", what,
             "--folder", str(bench.folder), "--facts", json.dumps(mine), "--clients", str(share),
             "--first", str(number * share), "--seconds", str(seconds)],
            capture_output=True, text=True, check=False, env=os.environ | {"PYTHONFAULTHANDLER": "1"},
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"ended with {done.returncode}: {done.stderr[-12000:]}")
        turn: dict[str, Any] = json.loads(done.stdout)
        return turn

    with ThreadPoolExecutor(PROCESSES) as pool:
        turns = list(pool.map(one, range(PROCESSES)))
    times = [t for turn in turns for t in turn["times"]]
    return Sample(
        tuple(times), seconds, sum(turn["own"] for turn in turns), sum(turn["database"] for turn in turns),
        max(turn["statements"] for turn in turns),
    )  # fmt: skip


def pgbench(
    script: str, bench: Bench, facts: Mapping[str, Any], clients: int, seconds: float, transactions: int = 0
) -> Sample:
    """One turn of pgbench with the statements of `script`, prepared, as the server's role; times from its own log."""
    from django.db import connection

    asked = connection.settings_dict
    with tempfile.TemporaryDirectory() as logs:
        words = [f"-D{name}={value}" for name, value in facts.items() if not isinstance(value, list)]
        length = ["-t", str(transactions)] if transactions else ["-T", str(max(1, round(seconds)))]
        server, before = _server(), getrusage(RUSAGE_CHILDREN)
        served = spent_by(server, children=True)
        began = time.perf_counter()
        done = subprocess.run(
            [str(_binary()), "-n", "-M", "prepared", "-c", str(clients), "-j", "2", *length, *words,
             "-f", str(Path(__file__).parent / script), "-l", "--log-prefix", f"{logs}/log",
             "-h", asked["HOST"], "-p", str(asked["PORT"] or 5432), "-U", asked["USER"], asked["NAME"]],
            env=os.environ | {"LD_LIBRARY_PATH": ""}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        took = time.perf_counter() - began
        if done.returncode:
            raise RuntimeError(f"ended with {done.returncode}: {done.stderr[-12000:]}")
        after = getrusage(RUSAGE_CHILDREN)
        own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        _all_gone(bench)
        served = spent_by(server, children=True) - served
        times = [int(line.split()[2]) / 1000 for log in Path(logs).iterdir() for line in log.read_text().splitlines()]
    return Sample(tuple(times), took if transactions else float(max(1, round(seconds))), own, served)


def _server() -> int:
    """The process whose children serve the connections: what those have spent is counted with it when they end."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [serving] = cursor.fetchone()
    return int(Path(f"/proc/{serving}/stat").read_text().rpartition(")")[2].split()[1])


def _all_gone(bench: Bench) -> None:
    """Wait until the servers of pgbench have ended: only then is what they spent counted with their parent."""
    left = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgbench'"
    with bench.connect(owner=True) as owner:
        while owner.execute(left).fetchone() != (0,):
            time.sleep(0.05)
    time.sleep(0.5)


def tell_beside(bench: Bench, name: str, samples: Mapping[str, Sequence[Sample]]) -> None:
    """Five lines: how many a second beside pgbench, the slow end beside it, how many beside the plain build; and
    the same by processor time, which says nearly as much on a machine that somebody else works on too.
    """
    bench.tell(compared(name, samples, "ours", "pgbench", by="rate", aim=0.45))
    bench.tell(compared(f"{name}, slowest of a hundred", samples, "ours", "pgbench", by="p99", aim=3.0))
    bench.tell(compared(f"{name}, beside a plain build", samples, "ours", "plain", by="rate", aim=4.0))
    for baseline in ("pgbench", "plain"):
        if all(sample.own is not None for sample in samples[baseline]):
            said = compared(f"{name}, by processor time, beside {baseline}", samples, "ours", baseline, by="thrift")
            theirs = {f"{name} of {baseline}": value for name, value in _each_took(samples[baseline]).items()}
            bench.tell(said, **_each_took(samples["ours"]), **theirs)


def _each_took(samples: Sequence[Sample]) -> dict[str, float | int]:
    """Milliseconds of processor time for each piece, the middle of the rounds; statements of ours."""

    def each(spent: Iterable[float | None]) -> float:
        times = [1000 * (seconds or 0.0) / len(sample.times) for seconds, sample in zip(spent, samples, strict=True)]
        return round(median(times), 2)

    told: dict[str, float | int] = {
        "own ms": each(sample.own for sample in samples),
        "database ms": each(sample.database for sample in samples),
    }
    return told | ({"statements": samples[0].statements} if samples[0].statements else {})


def _binary() -> Path:
    from jingwei.postgres.binaries import Account, programs

    return programs(Account(os.getuid(), os.getgid())) / "pgbench"
