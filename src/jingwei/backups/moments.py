"""One moment of a running county, held still while it is copied: its rows, its counts, its photographs' names.

Others go on writing meanwhile. The moment is a transaction that only reads; `pg_dump` is let into the same one by
its snapshot, so database, counts and list of photographs agree to the row.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from jingwei.backups.manifest import CountyName, Head
from jingwei.backups.refusals import BackupRefused
from jingwei.files import shelf

LEFT_OUT = ("django_session", "accounts_session")
"""Tables whose rows a backup leaves behind: with a session's key, who finds the file sits down at somebody's desk."""

TRIES = 20

TABLES = """
SELECT c.relname FROM pg_class AS c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname
"""

WAITING = "SELECT sha256 FROM files_blob WHERE ready_at IS NULL AND fault = '' ORDER BY sha256"
READY = "SELECT sha256 FROM files_blob WHERE ready_at IS NOT NULL ORDER BY sha256"


class Moved(Exception):
    """A photograph was made ready between the moment and our look at the folder; the next moment will do."""


@dataclass
class Moment:
    """A county held still. `waiting` are originals under a name of our own; `ready` lists digests, one a line."""

    connection: "psycopg.Connection[Any]"
    snapshot: str
    at: datetime
    waiting: dict[str, Path | None]
    ready: IO[bytes]

    def tables(self, progress: Callable[[str], object] = lambda table: None) -> dict[str, int]:
        """How many rows each table has."""
        return counted(self.connection, progress)

    def left_out(self) -> tuple[str, ...]:
        """Those of the tables left out that this version has."""
        there = {table for (table,) in self.connection.execute(TABLES)}
        return tuple(table for table in LEFT_OUT if table in there)

    def counties(self) -> tuple[CountyName, ...]:
        rows = self.connection.execute("SELECT code, name, english, edition_id FROM policy_county ORDER BY code")
        return tuple(CountyName(*(str(part or "") for part in row)) for row in rows)

    def migrations(self) -> dict[str, tuple[str, ...]]:
        return migrations(self.connection)

    def postgresql(self) -> str:
        """The server's version, as it says it."""
        return self.connection.info.parameter_status("server_version") or ""

    def trail(self) -> Head:
        return head(self.connection)

    def photographs(self) -> int:
        """How many files of photographs the moment names: each ready one is two pictures."""
        line = len(f"{'0' * 64}\n")
        return len(self.waiting) + 2 * (os.fstat(self.ready.fileno()).st_size // line)

    def let_go(self) -> None:
        """End the transaction; what was read of the moment stays."""
        self.connection.close()


@contextmanager
def held(parameters: dict[str, str]) -> Iterator[Moment]:
    """A moment of the database that `parameters` name (psycopg's), held inside this block."""
    for left in range(TRIES, 0, -1):
        moment = _begun(parameters)
        try:
            _take_photographs(moment)
            break
        except Moved:
            _end(moment)
            if left == 1:
                raise BackupRefused(
                    "照片正在不断处理，没能取得一致的时刻，请稍后再试。\n"
                    "Photographs are being made ready too fast to hold still; try again in a while."
                ) from None
        except BaseException:
            _end(moment)
            raise
    try:
        yield moment
    finally:
        _end(moment)


def _begun(parameters: dict[str, str]) -> Moment:
    connection = psycopg.connect(**parameters, autocommit=False)  # type: ignore[arg-type]
    try:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot(), transaction_timestamp()").fetchone()
        if row is None or connection.execute("SELECT to_regclass('public.policy_county')").fetchone() == (None,):
            raise BackupRefused(
                "这里还没有建县，没有可备份的内容。请用 --data 指明文件夹。\n"
                "There is no county here to back up. Say with --data which folder holds it."
            )
        return Moment(connection, row[0], row[1], {}, tempfile.TemporaryFile())
    except BaseException:
        connection.close()
        raise


def _take_photographs(moment: Moment) -> None:
    """List the photographs of the moment, and keep the originals still waiting from being taken away.

    The worker replaces an original by the pictures made from it. A second name (a hard link) holds the original
    for us; one already replaced belongs to a later moment than ours.
    """
    for (sha256,) in moment.connection.execute(WAITING):
        moment.waiting[sha256] = _second_name(sha256)
    with moment.connection.cursor() as cursor, cursor.copy(f"COPY ({READY}) TO STDOUT".encode()) as rows:
        for piece in rows:
            moment.ready.write(piece)
    moment.ready.seek(0)


def _second_name(sha256: str) -> Path | None:
    """Another name for an original; None for one that is lost. Raises Moved."""
    original = shelf.place(sha256, "original")
    beside = shelf.root() / "incoming" / f"backup-{os.getpid()}-{sha256}"
    try:
        beside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            os.link(original, beside)
        return beside
    except FileNotFoundError:
        if shelf.place(sha256, "full").exists():
            raise Moved from None
        return None


def _end(moment: Moment) -> None:
    moment.let_go()
    moment.ready.close()
    for path in filter(None, moment.waiting.values()):
        path.unlink(missing_ok=True)


def counted(
    connection: "psycopg.Connection[Any]", progress: Callable[[str], object] = lambda table: None
) -> dict[str, int]:
    """How many rows each table has; those left out of backups are not counted."""
    found = {}
    for (table,) in connection.execute(TABLES).fetchall():
        if table in LEFT_OUT:
            continue
        progress(table)
        row = connection.execute(sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table))).fetchone()
        found[table] = int(row[0]) if row else 0
    return found


def migrations(connection: "psycopg.Connection[Any]") -> dict[str, tuple[str, ...]]:
    """The migrations applied, by room."""
    rows = connection.execute("SELECT app, array_agg(name::text ORDER BY name) FROM django_migrations GROUP BY app")
    return {app: tuple(names) for app, names in sorted(rows.fetchall())}


def head(connection: "psycopg.Connection[Any]") -> Head:
    """Where the trail stands."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM trail_line), coalesce(max(id), 0),"
        " coalesce((SELECT encode(head, 'hex') FROM trail_seal ORDER BY id DESC LIMIT 1), '') FROM trail_seal"
    ).fetchone()
    return Head(*row) if row else Head(0, 0, "")
