"""Rosters: what an office keeps as a list of its own, read as it is written. Each room declares its rosters here.

A roster is recognised by the names of its columns; it finds by itself what stands already, so that nothing is doubled
whoever made it, and what it made can be taken back.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import ForeignObjectRel
from django.utils.functional import Promise

from jingwei.imports.importers import Field, Passage, Record
from jingwei.imports.refusals import RowRefused


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


def goes_along(row: models.Model, but: Collection[str] = ()) -> bool:
    """Whether rows of other rooms, such as what is owed, would be deleted with a row: who takes an import back takes
    back what it made, and nothing else. `but`: models that are a part of the row itself.
    """
    relations = [one for one in row._meta.get_fields(include_hidden=True) if isinstance(one, ForeignObjectRel)]
    owned = [one for one in relations if one.on_delete is models.CASCADE and one.related_model.__name__ not in but]
    return any(one.related_model._base_manager.filter(**{one.field.name: row}).exists() for one in owned)


Progress = Callable[[int, int], None]
"""Told how many rows are done, of how many."""


@dataclass(frozen=True)
class Whole:
    """Something that is said once of a whole file, such as in which coordinates a map is drawn; `options` are its
    values and their words in a county."""

    name: str
    title: Promise | str
    options: Callable[[str], Sequence[tuple[str, str]]]
    hint: Promise | str = ""


@dataclass(frozen=True)
class Seen:
    """What a guess goes by: some rows as they would be read, what the file says of itself, the words around it, the
    fields that were found, the file's own names of its columns, and the county."""

    records: Sequence[Record]
    about: str
    told: str
    columns: frozenset[str]
    header: tuple[str, ...]
    county: str


Guessed = tuple[str, str]
"""A value, and in a sentence why it is taken for that."""


@dataclass(frozen=True, kw_only=True)
class Roster:
    """A roster that a room takes in.

    `write` does what one row says, in its own savepoint, or raises RowRefused; the same row again is SAME.
    `known_by` are the fields that say whom or what a row is about: a second row of the file that speaks of the
    same thing otherwise is refused. `unmake` takes back one thing that was made (kind, id) and raises
    StandsInTheWay. `order`: in which order a new county brings its rosters in.

    A roster of many thousand rows has `write_all` beside `write`: it writes all rows together and answers for each, in
    their order, what came of it or why it is refused; and `unmake_all`, which takes back all things of a run or raises
    StandsInTheWay. `one_of` are sets of fields of which one has to be there. A row in which the field `alone` says
    nothing is not compared with the other rows of its file. `whole` is said once of a file, and guessed by `guess`.
    `outline` is what a row looks like on a map (GeoJSON, WGS-84): only a roster that has it takes maps.
    """

    name: str
    title: Promise | str
    fields: tuple[Field, ...]
    write: Callable[[Record, Passage], Wrote]
    known_by: tuple[str, ...]
    unmake: Callable[[str, int, Passage], None]
    hint: Promise | str = ""
    order: int = 100
    one_of: tuple[tuple[str, ...], ...] = ()
    alone: str = ""
    whole: tuple[Whole, ...] = ()
    guess: Callable[[Seen], dict[str, Guessed]] | None = None
    outline: Callable[[Record], dict[str, Any] | None] | None = None
    write_all: Callable[[Sequence[Record], Passage, Progress], Sequence[Wrote | RowRefused]] | None = None
    unmake_all: Callable[[Sequence[tuple[str, int]], Passage], None] | None = None

    def lacking(self, there: Collection[str]) -> tuple[str, ...]:
        """Which fields would make one of the sets of `one_of` whole; none where one is."""
        lacks = [tuple(name for name in one if name not in there) for one in self.one_of]
        return min(lacks, key=len) if lacks and all(lacks) else ()

    @property
    def tells_what(self) -> frozenset[str]:
        """The fields by which a row says what it is about."""
        return frozenset(self.known_by).union(*self.one_of)


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
