"""The keys of an installation, kept apart from its backups: a stolen backup must not open who is in it."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from jingwei.backups import chest
from jingwei.backups.refusals import BackupRefused

FIELDS, SECRET = "fields", "secret"
FOLDER = "keys"
FITTING = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,70}", re.ASCII)


def gathered(folder: Path, field_keys: Path, secret: str) -> dict[str, bytes]:
    """Every key file of an installation by its name, wherever the settings say it is kept."""
    found = {}
    if folder.is_dir():
        found = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if _is_key(path)}
    for suffix in ("", ".retired"):
        if (said := field_keys.with_name(field_keys.name + suffix)).exists():
            found[FIELDS + suffix] = said.read_bytes()
    found[SECRET] = secret.encode()
    return found


def laid_out(keys: Iterable[tuple[str, bytes]], state: Path) -> None:
    """Put key files into an installation's folder, readable by its user alone."""
    folder = state / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in keys:
        with open(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())


def brought(where: Path) -> Iterator[tuple[str, bytes]]:
    """Keys from a file that `backup --keys` wrote, or from the folder `keys` of an installation, copied."""
    if where.is_dir():
        found = [(path.name, path.read_bytes()) for path in sorted(where.iterdir()) if _is_key(path)]
    elif where.is_file():
        with where.open("rb") as file:
            chest.prove(file)
            found = list(keys_in(file))
    else:
        found = []
    if FIELDS not in dict(found):
        raise BackupRefused(
            f"{where} 里没有密钥（应是 backup --keys 写出的文件，或原来的 keys 文件夹）。\n"
            f"{where} holds no keys. Give what backup --keys wrote, or the folder keys of the old installation."
        )
    yield from found


def keys_in(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """The keys that were put into this backup."""
    for name, pieces in chest.members(file):
        if name.startswith(f"{FOLDER}/"):
            yield name.removeprefix(f"{FOLDER}/"), b"".join(pieces)
        elif name == chest.DATABASE:
            return


def _is_key(path: Path) -> bool:
    return path.is_file() and FITTING.fullmatch(path.name) is not None
