"""Rosters: what an office keeps as a list of its own, read as it is written. Each room declares its rosters here.

A roster is recognised by the names of its columns; it finds by itself what stands already, so that nothing is doubled
whoever made it, and what it made can be taken back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from jingwei.imports.importers import Field, Passage, Record


class What(StrEnum):
    """What became of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class Wrote:
    """What a row came to: the thing it is about, whether that was new, and everything that had to be made.

    `made` names kinds and ids in the order of making, such as ("place", 17).
    """

    what: What
    made: tuple[tuple[str, int], ...] = ()


class StandsInTheWay(Exception):
    """What an import made is taken back only while nothing rests on it; the sentence says what does."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True, kw_only=True)
class Roster:
    """A roster that a room takes in.

    `write` does what one row says, in its own savepoint, or raises RowRefused; the same row again is SAME.
    `known_by` are the fields that say whom or what a row is about: a second row of the file that speaks of the
    same thing otherwise is refused. `unmake` takes back one thing that was made (kind, id) and raises
    StandsInTheWay. `order`: in which order a new county brings its rosters in.
    """

    name: str
    title: Promise | str
    fields: tuple[Field, ...]
    write: Callable[[Record, Passage], Wrote]
    known_by: tuple[str, ...]
    unmake: Callable[[str, int, Passage], None]
    hint: Promise | str = ""
    order: int = 100


_registered: dict[str, Roster] = {}


def roster(declared: Roster) -> Roster:
    """Make a roster known; a second one of the same name is a programmer's error."""
    if _registered.setdefault(declared.name, declared) is not declared:
        raise ValueError(f"roster {declared.name!r} is registered twice; choose another name")
    return declared


def rosters() -> tuple[Roster, ...]:
    """Every roster, in the order in which a new county brings them in."""
    return tuple(sorted(_registered.values(), key=lambda one: one.order))


def roster_named(name: str) -> Roster | None:
    """The roster of that name, if there is one."""
    return _registered.get(name)
