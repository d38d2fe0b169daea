"""What is so only in a process that answers requests: its connections, and the patience of its statements."""

import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connections

from jingwei.running import metrics

SPARE = 2
"""Connections beyond the slots of the gate, for those who watch the server."""

POOL_PATIENCE = 2.0
"""Seconds a request waits for a connection."""


_noted = 0.0


def serve_requests() -> None:
    """Turn this process into one that answers requests; called by `wsgi.py`, in each of them."""
    entry = connections.settings["default"]
    connections["default"].close()
    entry.update(entry_for_requests(entry))


def entry_for_requests(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Django's entry for the database with a pool as large as the gate, and with bounds on every statement.

    A pool and not a connection for each thread, since there are five times as many threads as slots. The bounds
    are for pages; the worker and the commands have none.
    """
    options = dict(entry.get("OPTIONS", {}))
    bounds = {
        "statement_timeout": settings.STATEMENT_MS,
        "lock_timeout": settings.LOCK_MS,
        "idle_in_transaction_session_timeout": settings.IDLE_MS,
    }
    said = [options.get("options", ""), *(f"-c {name}={value}" for name, value in bounds.items())]
    options["options"] = " ".join(part for part in said if part)
    options["pool"] = {
        "min_size": 1,
        "max_size": settings.GATE_SLOTS + SPARE,
        "timeout": POOL_PATIENCE,
        "max_idle": 300,
        "reconnect_timeout": 2,  # else the pool waits ever longer for a database that has long been back
    }
    return {**entry, "CONN_MAX_AGE": 0, "OPTIONS": options}


def note_pool() -> None:
    """Write down how many connections this process has, at most once a second."""
    global _noted
    if time.monotonic() - _noted >= 1:
        _noted = time.monotonic()
        for state, count in pool_numbers().items():
            metrics.POOL.labels(state).set(count)


def pool_numbers() -> Mapping[str, int]:
    """Connections of this process' pool by state; nothing where it has none."""
    if "pool" not in connections.settings["default"].get("OPTIONS", {}):
        return {}
    stats = connections["default"].pool.get_stats()  # type: ignore[attr-defined]  # of PostgreSQL's only
    size, free = stats.get("pool_size", 0), stats.get("pool_available", 0)
    return {"used": size - free, "free": free, "wanted": stats.get("requests_waiting", 0)}
