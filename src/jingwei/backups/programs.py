"""PostgreSQL's own programs for copying a database out and in."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from jingwei.backups.chest import pieces_of
from jingwei.backups.refusals import BackupRefused
from jingwei.postgres.binaries import Account, NoBinaries, programs

DUMP = (
    "--format=custom",
    "--no-owner",
    "--no-privileges",
    "--exclude-extension=*",
    "--no-subscriptions",
    "--no-publications",
)
"""Owners and rights are not copied: they are the installation's, given anew after restoring."""

RESTORE = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", "--format=custom")


def parameters(entry: dict[str, object]) -> dict[str, str]:
    """psycopg's parameters for Django's entry of a database."""
    named = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return {ours: str(entry[theirs]) for ours, theirs in named.items() if entry.get(theirs)}


def dumped(at: dict[str, str], snapshot: str, leaving_out: Iterable[str]) -> Iterator[bytes]:
    """The database as it was in `snapshot`, in pg_dump's custom format, as it comes."""
    words = [*DUMP, f"--snapshot={snapshot}", *(f"--exclude-table-data=public.{table}" for table in leaving_out)]
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(
            [_program("pg_dump"), *words], stdout=subprocess.PIPE, stderr=said, stdin=subprocess.DEVNULL, env=_env(at)
        )
        with running:
            try:
                if running.stdout:
                    yield from pieces_of(running.stdout)
            except BaseException:
                running.kill()
                raise
        if running.returncode:
            said.seek(0)
            raise _failed("pg_dump", said.read())


def restored(at: dict[str, str], dump: Iterable[bytes]) -> None:
    """Bring a dump into the empty database, in one transaction: whole, or not at all.

    Tables are filled before their triggers are made, so what the trail's triggers would have filled in anew
    (ids, transaction numbers, digests) comes back byte for byte, and nobody need be a superuser for it.
    """
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(
            [_program("pg_restore"), *RESTORE, f"--dbname={at['dbname']}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=_env(at),
        )
        with running:
            try:
                if running.stdin:
                    running.stdin.writelines(dump)
                    running.stdin.close()
            except BrokenPipeError:
                pass  # it has ended, and says why
            except BaseException:
                running.kill()
                raise
        if running.returncode:
            said.seek(0)
            raise _failed("pg_restore", said.read())


def _program(name: str) -> str:
    """The program that came with the embedded database, else the one on the PATH."""
    try:
        ours: Path = programs(Account(os.getuid(), os.getgid())) / name
        if ours.exists():
            return str(ours)
    except NoBinaries:
        pass
    if found := shutil.which(name):
        return found
    raise BackupRefused(
        f"找不到 {name}，请安装 PostgreSQL 18 的客户端程序。\n"
        f"There is no {name}. Install PostgreSQL 18's client programs."
    )


def _env(at: dict[str, str]) -> dict[str, str]:
    """What libpq reads; a password is never put on a command line, where others see it."""
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    return {**os.environ, "LC_ALL": "C", **{names[key]: value for key, value in at.items()}}


def _failed(program: str, said: bytes) -> BackupRefused:
    last = "\n".join(said.decode(errors="replace").splitlines()[-8:])
    return BackupRefused(f"{program} 没有成功。 · {program} did not succeed.\n{last}")
