"""Files that are no sheets of cells and are yet read row by row: a room registers how, such as a map's shapes."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jingwei.imports.sheets import Sheet

Reader = Callable[[Path], "Sheet | None"]
"""The table in a file; None where the file is not of its kind, by content. Raises SheetRefused."""

_readers: list[Reader] = []


def reads(reader: Reader) -> Reader:
    """Let a function read files of its kind before they are taken for sheets."""
    _readers.append(reader)
    return reader


def read_by_kind(path: Path) -> "Sheet | None":
    """What the first reader that knows the file makes of it; None where it is a sheet like any other."""
    return next((sheet for reader in _readers if (sheet := reader(path)) is not None), None)
