"""Bringing a county back: its database, its photographs, its heads, and the proof that it is the same one."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import psycopg
from django.db.migrations.loader import MigrationLoader

from jingwei.backups import chest, moments, programs
from jingwei.backups.chest import DATABASE, HEADS
from jingwei.backups.manifest import Manifest
from jingwei.backups.refusals import BackupRefused, told
from jingwei.files import shelf
from jingwei.trail.sealer import log_file


def refuse_unknown(manifest: Manifest) -> None:
    """Refuse a backup whose tables are ahead of this program. Raises BackupRefused."""
    ours = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    rooms = {room for room, _ in ours}
    for room, names in manifest.migrations.items():
        ahead = [name for name in names if room in rooms and (room, name) not in ours]
        if ahead:
            raise BackupRefused(
                f"这份备份的数据表比本机的经纬新（{room}: {ahead[-1]}）。请先更新本机的经纬，再恢复。\n"
                f"The tables in this backup are newer than this program ({room}: {ahead[-1]}). Update it first."
            )


def refuse_filled(at: dict[str, str]) -> None:
    """Refuse a database that holds something already. Raises BackupRefused."""
    with psycopg.connect(**at) as connection:  # type: ignore[arg-type]
        found = connection.execute(moments.TABLES).fetchone()
    if found:
        raise BackupRefused(
            f"数据库 {at['dbname']} 不是空的（已有 {found[0]}）。请另建一个空数据库再恢复。\n"
            f"The database {at['dbname']} is not empty (it has {found[0]}). Make an empty one and restore into it."
        )


def bring(
    file: BinaryIO, at: dict[str, str], database: Callable[[str], object], photographs: Callable[[str], object]
) -> None:
    """Unpack everything but the keys: the database first, then the heads, then the photographs, onto the disk.

    The two callables are told how far their part has come.
    """
    for name, pieces in chest.members(file):
        if name == DATABASE:
            programs.restored(at, _counted(pieces, database))
        elif name == HEADS:
            _write(log_file(), pieces)
        elif name.startswith("files/"):
            sha256, _, version = name.removeprefix("files/").partition(".")
            _write(next(shelf.place(sha256, v) for v in shelf.VERSIONS if v == version), pieces)
            photographs(sha256[:12])
    os.sync()


def refuse_difference(at: dict[str, str], manifest: Manifest) -> None:
    """Compare rows of each table, and the trail's head, with what the backup says. Raises BackupRefused."""
    with psycopg.connect(**at) as connection:  # type: ignore[arg-type]
        rows, head = moments.counted(connection), moments.head(connection)
    for table in sorted(rows.keys() | manifest.tables.keys()):
        there, wanted = rows.get(table), manifest.tables.get(table)
        if there != wanted:
            raise BackupRefused(
                f"{table} 恢复出 {there} 行，备份时是 {wanted} 行；不能当作已恢复。\n"
                f"{table} came back with {there} rows where the backup had {wanted}; this is not restored."
            )
    if head != manifest.trail:
        raise BackupRefused(
            f"留痕的封存头恢复为第 {head.seal} 号 {head.head}，备份时是第 {manifest.trail.seal} 号 "
            f"{manifest.trail.head}。\nThe trail came back with seal {head.seal} {head.head}, "
            f"and the backup had seal {manifest.trail.seal} {manifest.trail.head}."
        )


def refuse_wrong_keys() -> None:
    """Open the newest name there is, to see that the keys are this county's. Raises BackupRefused."""
    from jingwei.people.keys import Locked
    from jingwei.people.models import Person

    try:
        for person in Person.objects.exclude(name_locked=None).order_by("-pk")[:20]:
            _opened = person.name
    except Locked as no:
        raise BackupRefused(
            f"密钥与数据库不符（{no}）。停用过的密钥请从 keys/fields.retired 放回 keys/fields 开头。\n"
            f"The keys do not belong to this database ({no}). If one was retired since, put its line from "
            "keys/fields.retired back at the top of keys/fields."
        ) from no


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    with told(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.writelines(pieces)


def _counted(pieces: Iterator[bytes], progress: Callable[[str], object]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        progress(f"{size / 1e6:.0f} MB")
        yield piece
