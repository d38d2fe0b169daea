"""What a roster handed in says is kept locked. The keys live in a room above, which lends its locks to this one."""

import base64
import json
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jingwei.imports import grids
from jingwei.imports.models import Handed

Turn = Callable[[str, str], str]
"""Locks or opens a text, bound to the name of its column."""

CONTENT, REFUSED = "imports.handed.content", "imports.handed.refused"

_lent: dict[str, Turn] = {}
_allow: list[Callable[[str], None]] = []


class NoLocks(RuntimeError):
    """Nothing of a roster is kept before the room of keys has lent its locks."""


def lend(lock: Turn, open_: Turn, allow: Callable[[str], None]) -> None:
    """Called once by the room that has the keys; `allow` raises where a county keeps no rosters."""
    _lent.update(lock=lock, open=open_)
    _allow[:] = [allow]


def _turn(name: str, text: str, column: str) -> str:
    if name not in _lent:
        raise NoLocks
    return _lent[name](text, column)


def put(handed: Handed, data: bytes) -> None:
    """Lock the file into the row. Saves nothing. Raises what `allow` raises."""
    for allow in _allow:
        allow(handed.county_id)
    handed.content = _turn("lock", base64.b64encode(data).decode(), CONTENT)


@contextmanager
def file_of(handed: Handed) -> Generator[Path]:
    """The file as it came, under a temporary name, gone afterwards."""
    with grids.on_disk(base64.b64decode(_turn("open", handed.content, CONTENT))) as path:
        yield path


def put_refused(handed: Handed, refused: Sequence[tuple[int, str]]) -> None:
    """Lock which rows were refused and why. Saves nothing."""
    handed.refused = _turn("lock", json.dumps(list(refused), ensure_ascii=False), REFUSED) if refused else ""


def refused_of(handed: Handed) -> list[tuple[int, str]]:
    """Which rows were refused and why."""
    if not handed.refused:
        return []
    return [(number, reason) for number, reason in json.loads(_turn("open", handed.refused, REFUSED))]


def empty(handed: Handed) -> None:
    """Take away what the sheet said. Saves nothing."""
    handed.content, handed.refused = "", ""
