"""What a rule book is made of: chapters that rooms and affairs register, each made afresh from an edition of a pack.

A chapter says its matter as words, tables and drawings of loops, so that a page and a PDF are made from the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from jingwei.policy.books import Book

    Word: TypeAlias = str | _StrPromise
else:
    Word = str | Promise


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table; a cell of several lines has them parted by line breaks. The first cell of a row is its heading."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """Each row as its cells, each beside the heading of its column."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Loop:
    """The drawing of a loop as SVG, and in words what is drawn. The table that says the same follows it.

    columns: for a page of paper, the drawing cut between boxes: each piece as SVG and its height in units.
    """

    caption: str
    svg: str
    told: str
    columns: tuple[tuple[str, float], ...]


Part: TypeAlias = Words | Table | Loop


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it; without a title, the beginning of a chapter."""

    title: str
    parts: tuple[Part, ...]
    key: str = ""

    @property
    def drawn(self) -> bool:
        """Whether a loop is drawn in it."""
        return any(isinstance(part, Loop) for part in self.parts)


@dataclass(frozen=True)
class Chapter:
    """A chapter: its name in the address, its title, what makes it, its place among the others.

    public: residents read it too. It says what they may expect, and nothing about anybody.
    """

    key: str
    title: Word
    told: Callable[[Book], Iterable[Section]]
    place: int
    public: bool


class ChapterTwice(ValueError):
    """A chapter's name belongs to one chapter."""


CHAPTERS: dict[str, Chapter] = {}
"""Every chapter there is, by its name."""

Tells: TypeAlias = "Callable[[Book], Iterable[Section]]"


def chapter(key: str, title: Word, *, place: int, public: bool = False) -> Callable[[Tells], Tells]:
    """Register what makes a chapter; chapters stand in the order of their places."""

    def registered(told: Tells) -> Tells:
        if key in CHAPTERS:
            raise ChapterTwice(f"There is a chapter {key!r} already; choose another name.")
        CHAPTERS[key] = Chapter(key, title, told, place, public)
        return told

    return registered


def chapters(*, public: bool) -> Iterator[Chapter]:
    """The chapters in their order; `public`: those for residents."""
    return iter(sorted((one for one in CHAPTERS.values() if one.public or not public), key=lambda one: one.place))


BESIDE: dict[str, list[Callable[[Book], Iterable[Part]]]] = {}
"""What affairs add to the section of a kind, by the kind's name."""


def beside(kind: str) -> Callable[[Callable[[Book], Iterable[Part]]], Callable[[Book], Iterable[Part]]]:
    """Register what stands at the end of a kind's section."""

    def registered(told: Callable[[Book], Iterable[Part]]) -> Callable[[Book], Iterable[Part]]:
        BESIDE.setdefault(kind, []).append(told)
        return told

    return registered
