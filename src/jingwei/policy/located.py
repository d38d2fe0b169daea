"""Reads a TOML file and remembers on which line each thing stands, so that a fault is shown where it is.

The standard library's reader gives values without places. Here the file is cut into statements, each read by
that same reader, and laid into a tree whose every node knows its file and line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from jingwei.policy.faults import Unreadable
from jingwei.policy.slips import explained

Path = tuple[str | int, ...]


@dataclass
class Node:
    """A value of a pack and where it stands."""

    value: Any
    """A table (dict of nodes), a list of nodes, or a single value as TOML has it."""
    file: str
    line: int

    def plain(self) -> Any:
        """The value without its places; dates and times as text, as JSON has them."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value.isoformat() if hasattr(self.value, "isoformat") else self.value

    def at(self, path: Path) -> Node:
        """The node at the end of `path`, or the nearest one above it."""
        node = self
        for step in path:
            if isinstance(node.value, dict) and step in node.value:
                node = node.value[str(step)]
            elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
            else:
                break
        return node


def read(text: str, file: str) -> Node:
    """The tree of a TOML text; Unreadable, with its line, where it is none."""
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(*explained(error, text)) from error
    root = table = Node({}, file, 1)
    for line, statement in _statements(text):
        said = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            table = _opened(root, said, line)
        else:
            _put(table, said, line, statement)
    return root


MOST = 20
"""Slips told of one file; after so many it is rather another file."""
_HEADING = re.compile(r"^\s*\[+\s*[\"']?([A-Za-z0-9_-]+)", re.MULTILINE)


@lru_cache(maxsize=256)
def read_on(text: str, file: str) -> tuple[Node, list[Unreadable]]:
    """The tree of what can be read of a text, and every slip in it: a statement that cannot be read is passed over.

    After a heading that cannot be read nothing more is: what follows it would be laid into the wrong table. The same
    text is read once: every county's pack builds on the same base, so what comes back is never changed.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    slips: list[Unreadable] = []
    while True:
        try:
            return read("\n".join(lines), file), slips
        except Unreadable as slip:
            slips.append(slip)
            first, last = slip.lines
            if len(slips) >= MOST or last < first or _HEADING.match(lines[first - 1]):
                lines[first - 1 :] = []
            else:
                lines[first - 1 : last] = [""] * (last - first + 1)


def headings(text: str) -> set[str]:
    """The tables that a text opens, as far as can be told of one that is not TOML."""
    return set(_HEADING.findall(text))


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each header or `key = value` with the line it begins on; a value may run over several lines."""
    begun, first = "", 0
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not begun and (not line.strip() or line.lstrip().startswith("#")):
            continue
        first = first if begun else number
        begun += line + "\n"
        if _whole(begun):
            yield first, begun
            begun = ""


def _whole(statement: str) -> bool:
    try:
        tomllib.loads(statement)
    except ValueError:
        return False
    return True


def _opened(root: Node, said: dict[str, Any], line: int) -> Node:
    """The table that the header `[a.b]` or `[[a.b]]` opens, made where it is new."""
    node = root
    while said:
        (key, said_below), *_rest = said.items()
        listed = isinstance(said_below, list)
        below = node.value.setdefault(key, Node([] if listed else {}, root.file, line))
        if listed:
            below.value.append(Node({}, root.file, line))
            return cast(Node, below.value[-1])
        node = below.value[-1] if isinstance(below.value, list) else below
        said = said_below
    if not node.value:
        node.line = line
    return node


def _put(table: Node, said: dict[str, Any], line: int, statement: str) -> None:
    for key, value in said.items():
        if isinstance(value, dict) and key in table.value:
            _put(table.value[key], value, line, statement)
        else:
            table.value[key] = _node(value, table.file, line, statement)


def _node(value: Any, file: str, line: int, statement: str) -> Node:
    if isinstance(value, dict):
        return Node({k: _node(v, file, line, statement) for k, v in value.items()}, file, line)
    if isinstance(value, list):
        lines = _lines_of_entries(statement, len(value), line)
        return Node([_node(v, file, at, "") for v, at in zip(value, lines, strict=True)], file, line)
    return Node(value, file, line)


def _lines_of_entries(statement: str, entries: int, first: int) -> list[int]:
    """The line of each entry of a list; for all of them the first, where that cannot be told."""
    lines: list[int] = []
    for offset, line in enumerate(statement.split("\n")[1:], start=1):
        lines += [first + offset] * _entries_on(line)
    return lines if len(lines) == entries else [first] * entries


def _entries_on(line: str) -> int:
    for said in (line, line.rpartition("]")[0]):
        try:
            return len(tomllib.loads(f"x = [{said}\n]")["x"])
        except ValueError:
            continue
    return 0
