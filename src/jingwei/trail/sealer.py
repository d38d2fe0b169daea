"""The sealer: binds settled lines into a chain, and writes the chain's head outside the database.

A line is settled when no line with a lower id can still appear. Ids are drawn before transactions end, so
the sealer waits: it notes the last id drawn, then draws a transaction number; once every transaction of this
database older than that number has ended, all ids up to the noted one are settled
(`docs/decisions/lines-are-sealed-by-id.md`).
"""

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from jingwei.trail.models import Seal as SealRow

LOG = "trail-heads.log"
TAIL = 4096
"""Bytes at the log's end in which its last whole line is certainly found."""


@dataclass(frozen=True)
class Seal:
    """A seal just made over `lines` lines, `id_from` ≤ id < `id_below`; `head` in hexadecimal."""

    id: int
    sealed_at: datetime
    id_from: int
    id_below: int
    lines: int
    head: str


def seal(at: datetime) -> Seal | None:
    """Seal the next settled lines (at most 5000); None where there are none, or another sealer is at it.

    Call it outside any transaction. When it returns, the head is on the disk in `STATE/trail-heads.log`.
    """
    _move_horizon()
    _move_horizon()  # alone in a quiet house, what was noted a moment ago is settled already
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        if not _alone(cursor):
            return None
        cursor.execute(
            "INSERT INTO trail_seal (sealed_at) VALUES (%s)"
            " RETURNING id, sealed_at, id_from, id_below, lines, encode(head, 'hex')",
            [at],
        )
        row = cursor.fetchone()
        transaction.on_commit(export)
    return Seal(*row) if row else None


def seal_all(at: datetime) -> int:
    """Seal batch after batch until nothing settled is left; the number of lines sealed."""
    lines = 0
    while made := seal(at):
        lines += made.lines
    return lines


def log_file() -> Path:
    """Where the heads are written outside the database; copy it to a place this machine cannot write to."""
    return Path(settings.STATE) / LOG


def export() -> None:
    """Append to the log the head of every seal it does not have yet, also after a crash in between."""
    path = log_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o640), "r+b") as log:
        fcntl.flock(log, fcntl.LOCK_EX)
        last = _last_logged(log)
        for row in SealRow.objects.filter(id__gt=last).order_by("id").iterator():
            log.write(f"{row.id} {bytes(row.head).hex()} {row.lines} {row.sealed_at.isoformat()}\n".encode())
        log.flush()
        os.fsync(log.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def logged() -> Iterator[tuple[int, str]]:
    """Number and head (hexadecimal) of every seal in the log, as written; nothing without a log."""
    try:
        with open(log_file(), encoding="ascii", errors="replace") as log:
            for line in log:
                number, head, *_ = [*line.split(), "", ""]
                if line.endswith("\n"):
                    yield (int(number) if number.isdecimal() else 0), head
    except FileNotFoundError:
        return


def _last_logged(log: BinaryIO) -> int:
    """The number on the log's last line. Cuts off a line torn by a crash; leaves the log at its end."""
    end = log.seek(0, os.SEEK_END)
    log.seek(max(0, end - TAIL))
    tail = log.read()
    whole = tail[: tail.rfind(b"\n") + 1]
    log.truncate(log.seek(end - len(tail) + len(whole)))
    lines = whole.splitlines()
    return int(lines[-1].split()[0]) if lines else 0


def _move_horizon() -> None:
    """Call settled what has become so, and note how far to look next time.

    The order of the two statements matters: the last id first, then a transaction number drawn after it. A
    number in the future means a copy restored into another database server, where the old transactions are
    all gone.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        if not _alone(cursor):
            return
        cursor.execute("SELECT last_value + is_called::int FROM trail_line_id_seq")
        (below,) = cursor.fetchone()
        cursor.execute(MOVE, [below])


MOVE = """
WITH now AS (SELECT pg_current_xact_id()::text::bigint AS tx),
oldest AS (
    SELECT min(now.tx - ((now.tx - one.backend_xid::text::bigint + 2147483648) %% 4294967296 - 2147483648)) AS tx
    FROM now, pg_stat_activity one
    WHERE one.datname = current_database() AND one.backend_xid IS NOT NULL)
UPDATE trail_horizon SET safe_below = next_below, next_below = %s, next_tx = now.tx
FROM now, oldest
WHERE next_tx < coalesce(oldest.tx, now.tx) OR next_tx > now.tx
"""
"""Only this database's transactions write its lines; a snapshot's xmin would wait for the whole server's.

`backend_xid` is the low half of a number that lies within half its range of today's; the sum restores the whole.
"""


def _alone(cursor: CursorWrapper) -> bool:
    """Whether this is the only sealer, from now to the end of the transaction."""
    cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('jingwei trail seal', 0))")
    (got,) = cursor.fetchone()
    return bool(got)
