"""Numbers for whoever watches the server: how many requests, how fast, how much waits. Nothing about a person.

Several processes answer requests. Each writes its counts into a file of its own in PROMETHEUS_MULTIPROC_DIR, and
whichever is asked adds all files up; counts outlive a process that ends, and begin anew when the server does.
Without that folder (the worker, tests) they live in memory.
"""

import os
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from jingwei.running.counting import FOLDER

REQUESTS = Counter("jingwei_requests", "Requests answered.", ["view", "method", "status"])
SECONDS = Histogram(
    "jingwei_request_seconds",
    "How long requests took.",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
STATEMENTS = Histogram(
    "jingwei_request_statements", "Statements a request sent to the database.", buckets=(0, 5, 10, 20, 40, 80, 160, 320)
)
SLOW = Counter("jingwei_slow_statements", "Statements slower than JINGWEI_SLOW_QUERY.", ["view"])
FAULTS = Counter("jingwei_faults", "Requests that ended in an error of ours.", ["view", "fault"])
TURNED_AWAY = Counter("jingwei_turned_away", "Requests answered 503.", ["why"])
LIMITS_MET = Counter("jingwei_limits_met", "Requests that met a limit of the residents' door.", ["limit"])
IN_FLIGHT = Gauge("jingwei_requests_in_flight", "Requests being answered.", multiprocess_mode="livesum")
WAITING = Gauge("jingwei_requests_waiting", "Requests waiting for a place.", multiprocess_mode="livesum")
POOL = Gauge(
    "jingwei_database_pool", "Connections of the database pools, by state.", ["state"], multiprocess_mode="livesum"
)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def method(said: str) -> str:
    """A method as a label: one of the usual, for anybody may invent others."""
    return said if said in METHODS else "other"


def collected() -> bytes:
    """What all processes counted, in the text format of Prometheus."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return generate_latest()
    _bury(Path(folder))
    registry = CollectorRegistry()
    MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _bury(folder: Path) -> None:
    """Leave out the momentary numbers of processes that have ended."""
    pids = {file.stem.rpartition("_")[2] for file in folder.glob("gauge_live*.db")}
    for pid in pids:
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists() and Path("/proc/self").exists():
            with suppress(OSError):
                mark_process_dead(int(pid), str(folder))  # type: ignore[no-untyped-call]
