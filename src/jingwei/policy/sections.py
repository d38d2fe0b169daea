"""What a pack may say: each room registers the tables it owns, and how they must read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from django.utils.translation import get_language, gettext_noop
from msgspec import Meta

from jingwei.looks import icons

if TYPE_CHECKING:
    from typing import TypeAlias

    from django.utils.functional import _StrPromise

    from jingwei.policy.books import Book

    Word: TypeAlias = str | _StrPromise


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of a pack. A word it does not know is a fault, so that a slip of the pen is never silent."""


Text = Annotated[str, Meta(min_length=1, max_length=400)]
"""Words that a page shows; never empty."""
Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,47}$", examples=["town_centre"])]
"""A name that is stored with cases: small letters, digits and _; chosen once, never changed."""
Icon = Annotated[
    str,
    Meta(
        max_length=40,
        description=gettext_noop("one of the icons in looks/icons.json"),
        examples=["trash-2"],
        extra={"reads": icons.known},
    ),
]
"""A picture beside words; one that is not there would break the page that shows it."""
Share = Annotated[float, Meta(ge=0, le=1, examples=[0.1])]
"""A part of the whole: 0 is none, 1 is all."""


class Label(Section, frozen=True, kw_only=True):
    """Words for one thing, in Chinese and in English; reads as the language that is switched on."""

    name: Text
    english: str = ""

    def __str__(self) -> str:
        return in_language(self.name, self.english)


class Keyed(Label, frozen=True, kw_only=True):
    """One entry of a list. A county's entry with the same key is laid over the base's."""

    key: Key
    retired: bool = False
    """No longer offered; still read on old cases."""


def words_of(lines: Iterable[Keyed]) -> dict[str, str]:
    """What may be chosen from a list of the pack today: key → words, in the pack's order."""
    return {line.key: str(line) for line in lines if not line.retired}


def in_language(chinese: str, english: str) -> str:
    """`english` where English is switched on and given, otherwise `chinese`."""
    return english if english and (get_language() or "").startswith("en") else chinese


@dataclass(frozen=True)
class Wrong:
    """What a section's own check found: where in the pack, what is wrong, what to write instead."""

    path: tuple[str | int, ...]
    """From the top of the pack: `("casework", "routes", 0, "name")`; a number counts list entries."""
    what: str
    write: str
    warning: bool = False
    """Worth saying, but no reason not to take the pack in."""


POSTS = ("organisations", "posts")
"""Where `refers` leads for a word that holds the path of a post, such as `town_centre.dispatcher`."""

Check = Callable[[Any, "Book"], Iterable[Wrong]]


@dataclass(frozen=True)
class Registered:
    """A section as a room registered it."""

    name: str
    struct: type[Section]
    tables: tuple[str, ...]
    """Several top-level tables that are the struct's fields; empty where one table is the struct."""
    check: Check | None
    titles: Mapping[str, Word]
    """What an official calls the table (under ""), and each word in it, as `word` or `Struct.word`."""
    refers: Mapping[str, tuple[str, ...]]
    """Words whose values are keys of a list, and where in the pack that list stands."""


_registered: dict[str, Registered] = {}


class TakenTwice(Exception):
    """Two rooms may not own the same table of a pack."""


def section(
    name: str,
    struct: type[Section],
    *,
    tables: tuple[str, ...] = (),
    check: Check | None = None,
    titles: Mapping[str, Word] | None = None,
    refers: Mapping[str, tuple[str, ...]] | None = None,
) -> None:
    """Say that this room owns the table `name`, or the several top-level `tables` that are `struct`'s fields.

    `check(section, book)` yields what the types cannot say: keys that lead nowhere, spans that do not read.
    `titles` are the words by which a page tells of a change in the table; `refers` leads from a key to its name.
    """
    new = Registered(name, struct, tables, check, titles or {}, refers or {})
    for top in tables or (name,):
        owner = _owner(top)
        if owner is not None and owner.struct.__qualname__ != struct.__qualname__:
            raise TakenTwice(f"[{top}] already belongs to {owner.struct.__module__}; give the new table another name.")
    _registered[name] = new
    take_in(struct)


def take_in(struct: type[msgspec.Struct]) -> None:
    """Let msgspec learn `struct` now, while one thread runs.

    Trap: it learns a type when it first reads one, and two threads that do so at once end the process (msgspec
    0.22, seen under load: a segmentation fault in the first moments of a server with several threads).
    """
    with suppress(msgspec.ValidationError):
        msgspec.convert({}, struct)


def _owner(table: str) -> Registered | None:
    return next((r for r in _registered.values() if table in (r.tables or (r.name,))), None)


def registered() -> Iterator[Registered]:
    """Every section a pack is asked for, in the order the rooms came in."""
    return iter(tuple(_registered.values()))


def registered_as(struct: type[Section]) -> Registered:
    """The registration of `struct`; a struct nobody registered is a mistake in the code."""
    for one in _registered.values():
        if one.struct is struct:
            return one
    raise LookupError(f"{struct.__qualname__} is not registered; call policy.section(…) in its room's pack.py.")
