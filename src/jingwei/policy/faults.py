"""What is wrong with a pack: in which file, on which line, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to put right. A warning does not keep the pack from loading."""

    file: str
    """As a reader finds it: `packs/weishui/casework.toml`."""
    line: int
    what: str
    write: str
    warning: bool = False

    def __str__(self) -> str:
        return _("%(file)s:%(line)s: %(what)s Write: %(write)s") % {
            "file": self.file,
            "line": self.line,
            "what": self.what,
            "write": self.write,
        }


class PackFaults(Exception):
    """A pack is loaded whole or not at all; every fault is named, one on each line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


class Unreadable(Exception):
    """A file that is not TOML, at the line where it stops being so.

    `lines`: the first and the last line of the statement at fault, which a reader passes over to read on.
    """

    def __init__(self, line: int, what: str, write: str, lines: tuple[int, int] | None = None) -> None:
        self.line, self.what, self.write = line, what, write
        self.lines = lines or (line, line)
        super().__init__(what)
