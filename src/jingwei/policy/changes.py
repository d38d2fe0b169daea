"""What changed between two editions of a county's pack: which line, what it said before, what it says now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from jingwei.policy.books import Book


class _Absent:
    """What an edition does not say at all."""

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = _Absent()
IDENTITIES = ("key", "code", "username", "heading", "field")
"""The words by which an entry of a list is known again, the first that every entry has."""

Steps = tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One line that differs. `path` leads to it from the top of the pack; an entry of a list goes by its key."""

    path: Steps
    before: Any
    after: Any


def changes(before: Book, after: Book) -> list[Change]:
    """Every line in which two editions differ, in the order of the packs; none where they are the same edition."""
    return [] if before == after else list(_between((), before.document, after.document))


def _between(path: Steps, before: Any, after: Any) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        for word in [*after, *(word for word in before if word not in after)]:
            yield from _between((*path, word), before.get(word, ABSENT), after.get(word, ABSENT))
    elif isinstance(before, list) and isinstance(after, list) and (by := _identity(before, after)):
        old, new = ({str(entry[by]): entry for entry in entries} for entries in (before, after))
        yield from _between(path, old, new)
        stayed = [[key for key in keys if key in old and key in new] for keys in (old, new)]
        if stayed[0] != stayed[1]:
            yield Change(path, list(old), list(new))
    elif tables(before) and tables(after):
        old, new = ({str(n): entry for n, entry in enumerate(entries, start=1)} for entries in (before, after))
        yield from _between(path, old, new)
    elif type(before) is not type(after) or before != after:
        yield Change(path, before, after)


def identity(entries: list[Any]) -> str:
    """The word by which the entries of a list are told apart; empty where there is none."""
    for word in IDENTITIES:
        if tables(entries) and all(word in entry for entry in entries):
            return word if len({str(entry[word]) for entry in entries}) == len(entries) else ""
    return ""


def _identity(before: list[Any], after: list[Any]) -> str:
    both = [by for entries in (before, after) if entries for by in [identity(entries)]]
    return both[0] if both and len(set(both)) == 1 else ""


def tables(said: Any) -> bool:
    """Whether something is a list of tables, and not of single values."""
    return isinstance(said, list) and bool(said) and all(isinstance(entry, dict) for entry in said)
