"""The folder in which photographs lie, written so that a power cut loses none that was acknowledged."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Literal

from django.conf import settings

Version = Literal["original", "full", "thumb"]
VERSIONS: tuple[Version, ...] = ("original", "full", "thumb")


LEFT_FREE = 500_000_000
"""Bytes of the disk that photographs leave free."""


def root() -> Path:
    """FILES_ROOT of the settings; never served as it lies there."""
    return Path(settings.FILES_ROOT)


def has_room() -> bool:
    """Whether the disk holds one more photograph and leaves the others on it room to write."""
    folder = root()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free > LEFT_FREE


def place(sha256: str, version: Version) -> Path:
    """Where a version lies: `ab/cd/<sha256>.<version>`; no file's own name is ever used."""
    return root() / sha256[:2] / sha256[2:4] / f"{sha256}.{version}"


def incoming() -> BinaryIO:
    """A file under a temporary name on the same disk, 0600; who asks for it removes or `settle`s it."""
    folder = root() / "incoming"
    _make(folder)
    handle, name = tempfile.mkstemp(dir=folder)
    os.close(handle)
    return open(name, "w+b")


def settle(written: BinaryIO, final: Path) -> None:
    """Give a written file its final name: flush to disk, rename, flush the folder."""
    written.flush()
    os.fsync(written.fileno())
    written.close()
    _make(final.parent)
    os.replace(written.name, final)
    _flush(final.parent)


def write(final: Path, fill: Callable[[BinaryIO], None]) -> None:
    """Write a file whole or not at all."""
    file = incoming()
    try:
        fill(file)
        settle(file, final)
    finally:
        discard(file)


def discard(file: BinaryIO) -> None:
    """Close and remove a file that was not settled; one that was is left alone."""
    file.close()
    Path(file.name).unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Take a file away for good."""
    path.unlink(missing_ok=True)
    if path.parent.exists():
        _flush(path.parent)


def settled(older_than: timedelta, at: datetime) -> Iterator[tuple[str, Version, Path]]:
    """Every settled file last written `older_than` before `at`: its digest, version and path."""
    for path in sorted(root().glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
        sha256, _, version = path.name.partition(".")
        if version in VERSIONS and _written_before(path, at - older_than):
            yield sha256, version, path


def left_behind(older_than: timedelta, at: datetime) -> Iterator[Path]:
    """Temporary files of takings that broke off."""
    for path in sorted((root() / "incoming").glob("*")):
        if _written_before(path, at - older_than):
            yield path


def _written_before(path: Path, moment: datetime) -> bool:
    try:
        return path.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False


def _make(folder: Path) -> None:
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _flush(folder.parent)


def _flush(folder: Path) -> None:
    """Make a folder's names durable; fsync of the file alone does not."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
