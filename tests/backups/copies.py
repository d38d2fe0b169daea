"""What the tests of backups look at: every row of a database, and a county restored by the real command."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from jingwei.backups import programs
from jingwei.backups.moments import LEFT_OUT, TABLES
from jingwei.cli import ports

SRC = Path(__file__).parents[2] / "src"


def database() -> dict[str, str]:
    """Where Django's database is, signed in as its owner."""
    from django.db import connections

    return {**programs.parameters(connections["default"].settings_dict), "user": "jingwei_owner"}


def rows(at: dict[str, str], snapshot: str = "") -> dict[str, str]:
    """A digest of all rows of each table, as they stand, or stood in `snapshot`; and where each sequence is."""
    with psycopg.connect(**at) as connection:  # type: ignore[arg-type]
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        if snapshot:
            connection.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot)))
        tables = [table for (table,) in connection.execute(TABLES).fetchall() if table not in LEFT_OUT]
        return {table: _digest(connection, table) for table in tables}


def _digest(connection: "psycopg.Connection[Any]", table: str) -> str:
    every = sql.SQL("COPY (SELECT * FROM public.{0} ORDER BY {0}::text) TO STDOUT").format(sql.Identifier(table))
    digest = hashlib.sha256()
    with connection.cursor() as cursor, cursor.copy(every) as copied:
        for piece in copied:
            digest.update(piece)
    return digest.hexdigest()


def command(*words: str | Path, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """./jingwei with these words, in an environment that knows no other county."""
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(SRC), **environment}
    return subprocess.run(
        [sys.executable, "-P", "-m", "jingwei", *words], env=env, cwd="/", capture_output=True, text=True
    )


def run_the_demonstration(folder: Path) -> None:
    """Run ./jingwei demo in `folder` until it is ready, and stop it."""
    port = ports.next_free("127.0.0.1", 19000 + os.getpid() % 1000)
    words = ["demo", "--no-browser", "--data", str(folder), "--port", str(port)]
    env = {"PATH": os.environ["PATH"], "HOME": str(folder.parent), "PYTHONPATH": str(SRC)}
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "jingwei", *words], stdout=subprocess.PIPE, text=True, env=env, cwd="/"
    ) as demo:
        try:
            assert demo.stdout
            assert next((line for line in demo.stdout if line.startswith("ready ")), "never ready") != "never ready"
            demo.send_signal(signal.SIGTERM)
            demo.communicate(timeout=60)
        finally:
            demo.kill()


@contextmanager
def turned_to(socket: Path, state: Path, settings: Any) -> Iterator[None]:
    """Inside this block Django serves the county in `state`, whose database answers at `socket`."""
    from django.db import connections

    entry = connections.settings["default"]
    before = dict(entry)
    connections.close_all()
    entry.update(HOST=str(socket), NAME="jingwei", USER="jingwei_server")
    settings.STATE, settings.FILES_ROOT = state, state / "files"
    try:
        yield
    finally:
        connections.close_all()
        entry.update(before)
