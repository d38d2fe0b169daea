"""Taking a backup: a moment of the county, written into one file."""

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from jingwei.backups import manifest, programs
from jingwei.backups.chest import DATABASE, HEADS, Chest
from jingwei.backups.keys import FOLDER
from jingwei.backups.manifest import Manifest, Photographs
from jingwei.backups.moments import Moment
from jingwei.backups.refusals import BackupRefused, told
from jingwei.files import shelf
from jingwei.trail.sealer import log_file


class Progress(Protocol):
    """Told what is being copied, and how much of it is done."""

    def __call__(self, what: str, done: float | None = None, of: float | None = None) -> None: ...


def take(
    to: BinaryIO, moment: Moment, at: dict[str, str], keys: Mapping[str, bytes], progress: Progress
) -> tuple[Manifest, str]:
    """Write the moment into `to`; gives the manifest and the digest that proves the whole file.

    `at` says where the database is (psycopg's parameters). `keys` go in by their names; none, as is usual.
    """
    with Chest(to) as chest:
        _add_keys(chest, keys)
        said = _fill(chest, moment, at, progress, keys=bool(keys))
        chest.add(manifest.NAME, [manifest.written(said)])
        return said, chest.close()


def take_keys(to: BinaryIO, keys: Mapping[str, bytes]) -> str:
    """Write the keys alone; gives the digest that proves the file."""
    with Chest(to) as chest:
        _add_keys(chest, keys)
        return chest.close()


def _add_keys(chest: Chest, keys: Mapping[str, bytes]) -> None:
    for name, content in keys.items():
        chest.add(f"{FOLDER}/{name}", [content])


def _fill(chest: Chest, moment: Moment, at: dict[str, str], progress: Progress, *, keys: bool) -> Manifest:
    """Copy the moment: rows first, then heads and photographs; gives what the manifest says of them."""
    tables, left_out = moment.tables(progress), moment.left_out()
    chest.add(DATABASE, _told(programs.dumped(at, moment.snapshot, left_out), progress))
    trail = moment.trail()
    chest.add(HEADS, _heads_until(trail.seal))
    counties, migrations, postgresql = moment.counties(), moment.migrations(), moment.postgresql()
    moment.let_go()  # photographs may take long, and the moment's rows need not be kept for them
    return Manifest(
        postgresql=postgresql,
        taken_at=moment.at,
        counties=counties,
        migrations=migrations,
        tables=tables,
        left_out=left_out,
        trail=trail,
        photographs=_photographs(chest, moment, progress),
        keys=keys,
    )


def refuse_existing(final: Path) -> None:
    """Raises BackupRefused where there is a file of that name: yesterday's backup is never written over."""
    if final.exists():
        raise BackupRefused(f"{final} 已经存在，请另取一个名字。 · {final} is there already; choose another name.")


@contextmanager
def becoming(final: Path) -> Iterator[BinaryIO]:
    """A file that gets its name once it is whole and on the disk; otherwise nothing of it stays.

    Raises BackupRefused where there is a file of that name already, or another backup is writing it.
    """
    part = final.with_name(f"{final.name}.part")
    with told(final):
        refuse_existing(final)
        file = open(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b")  # noqa: SIM115  closed below
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Another one may have finished between our opening and our locking: then this file is its backup.
            if not part.exists() or not os.path.samestat(os.fstat(file.fileno()), part.stat()):
                raise BlockingIOError
        except BlockingIOError as no:
            file.close()
            raise BackupRefused(f"另一个备份正在写 {final}。 · Another backup is writing {final}.") from no
        try:
            file.truncate()
            yield file
            file.flush()
            os.fsync(file.fileno())
            part.rename(final)
            _flush(final.parent)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        finally:
            _close(file)


def _close(file: BinaryIO) -> None:
    """Close a file that may not be writable any more: what is still unwritten then has been told already."""
    with suppress(OSError):
        file.close()


def _photographs(chest: Chest, moment: Moment, progress: Progress) -> Photographs:
    """Copy the photographs the moment names; what is not on the disk is listed."""
    missing: list[str] = []
    files = size = 0
    of = moment.photographs()
    for name, path in _named(moment):
        content = _read(path)
        if content is None:
            missing.append(name)
        else:
            size += chest.add(f"files/{name}", [content])
            files += 1
        progress("", files, of)
    return Photographs(files, size, tuple(missing))


def _read(path: Path | None) -> bytes | None:
    """A photograph's bytes (they are bounded on taking it in); None for one that is gone or unreadable."""
    try:
        return path.read_bytes() if path else None
    except OSError:
        return None


def _named(moment: Moment) -> Iterator[tuple[str, Path | None]]:
    for sha256, path in moment.waiting.items():
        yield f"{sha256}.original", path
    for line in moment.ready:
        sha256 = line.decode().strip()
        yield f"{sha256}.full", shelf.place(sha256, "full")
        yield f"{sha256}.thumb", shelf.place(sha256, "thumb")


def _heads_until(seal: int) -> Iterator[bytes]:
    """The log of heads, without those of seals younger than the moment."""
    try:
        with log_file().open("rb") as log:
            for line in log:
                number = line.split(b" ", 1)[0]
                if line.endswith(b"\n") and not (number.isdigit() and int(number) > seal):
                    yield line
    except FileNotFoundError:
        return


def _told(pieces: Iterable[bytes], progress: Progress) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        progress(f"{size / 1e6:.0f} MB")
        yield piece


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
