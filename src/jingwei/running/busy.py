"""Which errors mean "too much at the moment" or "no room left", and not that something is wrong with us."""

import errno

from django.db import Error, InterfaceError, OperationalError

BUSY = {
    "57014": "statement took too long",
    "55P03": "waited too long for a lock",
    "25P03": "transaction stood idle",
    "25P04": "transaction took too long",
    "53300": "too many connections",
    "53200": "out of memory",
    "40P01": "waited for each other",
    "57P01": "database stops",
    "57P02": "database crashed",
    "57P03": "database starts",
}
"""SQLSTATE and what it says; PostgreSQL, appendix A. Disk full is not among them: it does not pass by itself."""

DISK_FULL = "53100"

AWAY = "database is away"


def why_busy(fault: BaseException | None) -> str:
    """In a few words why the database could not answer now; empty for any other error."""
    if not isinstance(fault, Error):
        return ""
    if state := sqlstate(fault):
        return BUSY.get(state, AWAY if state.startswith("08") else "")
    cause = fault.__cause__
    if type(cause).__name__ in ("PoolTimeout", "TooManyRequests"):
        return "all connections are in use"
    return AWAY if isinstance(fault, OperationalError | InterfaceError) else ""


def sqlstate(fault: BaseException | None) -> str:
    """The database's own name for an error, five characters; empty where it has none."""
    return getattr(fault, "sqlstate", None) or getattr(getattr(fault, "__cause__", None), "sqlstate", None) or ""


def is_full(fault: BaseException | None) -> bool:
    """Whether the disk of the database, or our own, had no room."""
    if isinstance(fault, Error):
        return sqlstate(fault) == DISK_FULL
    return isinstance(fault, OSError) and fault.errno in (errno.ENOSPC, errno.EDQUOT)
