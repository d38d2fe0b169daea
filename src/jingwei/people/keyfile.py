"""Writing the key file: making it, adding a key, taking one out. Each writing is whole or has not happened."""

import base64
import fcntl
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jingwei.people.keys import BadKeyFile, Keyring


class InUse(Exception):
    """A key leaves the file only when no field is locked with it, and never the last one."""


def make(path: Path) -> None:
    """A file with one fresh key of each sort, readable by its owner alone; one that is there stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = _beside(path, [_fresh("lock", "k1"), _fresh("find", "f1")])
    try:
        os.link(written, path)  # unlike a rename, refuses where another process was quicker
    except FileExistsError:
        pass
    finally:
        os.unlink(written)


def renew(path: Path) -> None:
    """A file as the first edition wrote it (`k1:…`, keys that lock and nothing else), written anew with one that finds.

    What was locked opens as before; marks are made anew by `./jingwei keys rewrap`.
    """
    lines = [line.strip().partition(":") for line in _lines(path)]
    if lines and all(colon and " " not in name for name, colon, _key in lines):
        _replace(path, [*(f"lock {name} {key}" for name, _colon, key in lines), _fresh("find", "f1")])


def add(path: Path, sort: str = "lock") -> str:
    """Add a fresh key, which locks (or finds) from now on; its name."""
    with _held(path):
        ring = Keyring.read(path)
        letter, names = ("k", ring.keys) if sort == "lock" else ("f", ring.finding)
        name = f"{letter}{max((int(said[1:]) for said, _key in names if said[1:].isdigit()), default=0) + 1}"
        _replace(path, [*_lines(path), _fresh(sort, name)])
    return name


def retire(path: Path, name: str) -> Path:
    """Take a key out; its line goes into `FILE.retired`, since backups made before still need it. Where that lies.

    The caller has made sure that nothing is locked with it. Raises InUse for the newest of its sort, BadKeyFile for a
    name that is not there.
    """
    aside = path.with_name(f"{path.name}.retired")
    with _held(path):
        ring = Keyring.read(path)
        if name not in dict(ring.keys + ring.finding):
            raise BadKeyFile(f"There is no key named {name}; there are {', '.join(dict(ring.keys + ring.finding))}.")
        if name in (ring.keys[-1][0], *(said for said, _key in ring.finding[-1:])):
            raise InUse(f"{name} is the key in use; add another first, and carry the fields over.")
        lines = _lines(path)
        going = [line for line in lines if _name_of(line) == name]
        _replace(aside, [*(_lines(aside) if aside.exists() else ()), *going])
        _replace(path, [line for line in lines if line not in going])
    return aside


def _fresh(sort: str, name: str) -> str:
    return f"{sort} {name} {base64.b64encode(secrets.token_bytes(32)).decode()}"


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line.strip()]


def _name_of(line: str) -> str:
    return line.split()[1]


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Nobody else writes the file meanwhile."""
    if not path.exists():
        make(path)
    with open(path.with_name(f"{path.name}.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _replace(path: Path, lines: list[str]) -> None:
    os.replace(_beside(path, lines), path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _beside(path: Path, lines: list[str]) -> str:
    """The lines in a file of its own beside `path`, safe on disk, readable by its owner alone."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with open(handle, "w") as out:
        out.write("".join(f"{line}\n" for line in lines))
        out.flush()
        os.fsync(out.fileno())
    return name
