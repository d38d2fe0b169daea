"""What a figure is: a name, a definition in words, and the question whose rows it counts, read from top to bottom.

A book of figures is a class whose body declares them beside their subject. The engine draws pages, sheets, charts,
the interface for programs and the reference from the declaration; it knows no subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from django.db.models import Model, Q
from django.db.models.expressions import Combinable
from django.utils.functional import Promise

from jingwei.figures.belonging import Belonging

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from jingwei.organisations.models import Post
    from jingwei.policy.books import Book
    from jingwei.trail.actor import Actor

    Word: TypeAlias = str | _StrPromise
else:
    Word = str | Promise
"""A word a reader sees: an English msgid, translated when shown."""

Path: TypeAlias = str
"""A field, as Django spells it from the row that is counted: `case__category`."""
Condition: TypeAlias = Q | Combinable
Narrowing: TypeAlias = Condition | Callable[[datetime], Condition]
"""Which rows count; where that depends on what had happened by then, a function of the moment of which it is asked."""


@dataclass(frozen=True)
class Told:
    """A row of a figure, as a reader sees it."""

    title: str
    words: str = ""
    meta: tuple[str, ...] = ()
    href: str = ""
    status: str = ""
    level: str = ""


@dataclass(frozen=True, eq=False)
class Sight:
    """Whose eyes a subject is seen with: what of it a reader may see, and how the rows are told.

    `seen`: a condition on the rows counted. `told`: the rows of a page, in the order given.
    """

    seen: Callable[[Actor], Q]
    told: Callable[[Sequence[Model], Post, datetime], list[Told]]


@dataclass(frozen=True)
class Dimension:
    """Something that the rows of a figure differ by. `words`: what its values are called in a county, in order.

    `below`: each value with those that belong to it and are counted with it. `compares`: units are set beside one
    another, so that a number below the least sample says nothing.
    """

    name: str
    title: Word
    path: Path
    words: Callable[[Book, Iterable[Any]], Mapping[Any, str]]
    below: Callable[[Book], Mapping[str, Sequence[str]]] | None = None
    compares: bool = False


@dataclass(frozen=True)
class About:
    """The rows that figures count: their table, and where county, ground and dimensions stand in it.

    ground: the path of the ground as it was, a field, or an expression made from the moment's field.
    known: when the row was written down here; what came late is not in a count of before. None: it always was.
    belongs: to what, so that figures of these rows can be rolled up.
    """

    rows: type[Model]
    county: Path
    ground: Path | Callable[[Path], Combinable]
    sight: Sight
    narrow: Q = field(default_factory=Q)
    known: Path | None = None
    by: tuple[Dimension, ...] = ()
    belongs: Belonging | None = None

    def narrowed(self, **narrow: Any) -> About:
        """The same, of fewer rows."""
        return replace(self, narrow=self.narrow & Q(**narrow))

    def dimension(self, name: str) -> Dimension | None:
        """The dimension of that name."""
        return next((d for d in self.by if d.name == name), None)


@dataclass(eq=False)
class Figure:
    """A number that opens. `says`: its definition in words, complete enough to count by hand.

    unit: what is counted. leaves_out: what it does not count. least: below how many rows it says nothing when it is
    published or units are compared; None: the pack's number. source: the document or standard that names it.
    """

    title: Word
    says: Word
    source: Word
    about: About | None = field(default=None, kw_only=True)
    unit: Word = field(default="", kw_only=True)
    leaves_out: Word = field(default="", kw_only=True)
    least: int | None = field(default=None, kw_only=True)
    late: bool = field(default=False, kw_only=True)
    name: str = field(default="", init=False)
    book: type[Figures] = field(init=False)

    @property
    def full_name(self) -> str:
        """The name in addresses, readings and the interface for programs; chosen once, for ever."""
        return f"{self.book.name}.{self.name}"


@dataclass(eq=False)
class Counted(Figure):
    """A figure that counts rows. `adds`: a field that is added up instead of counting the rows.

    rolled: it is kept added up. Not for what changes by time alone, nor for rows that do not say to what they belong.
    """

    rows: Narrowing = field(default_factory=Q, kw_only=True)
    adds: Path | None = field(default=None, kw_only=True)
    rolled: bool = field(default=False, kw_only=True)

    @property
    def begins(self) -> Path:
        """The field by whose moment the ground as it was is read."""
        raise NotImplementedError

    @property
    def on(self) -> About:
        """The rows it counts."""
        assert self.about is not None  # the book gave it one
        return self.about

    def narrowing(self, at: datetime, known: datetime) -> Q:
        """Which rows count, asked of the moment `at`, as it was known at `known`."""
        return Q(self.rows(at) if callable(self.rows) else self.rows)


@dataclass(eq=False)
class Flow(Counted):
    """What happened in a period. `when`: the field that says when; unknown moments count in no period but «all»."""

    when: Path = field(kw_only=True)

    @property
    def begins(self) -> Path:
        """When it happened."""
        return self.when


@dataclass(eq=False)
class Stock(Counted):
    """What stood at the end of a period: rows with the interval from `since` to before `until`.

    A row whose `since` is not known has stood since it was written down. `days`: the interval is kept in whole days.
    `as_known`: which rows count, where that depends on what had been written down, beside what had happened.
    """

    since: Path = field(default="since", kw_only=True)
    until: Path = field(default="until", kw_only=True)
    days: bool = field(default=False, kw_only=True)
    as_known: Callable[[datetime, datetime], Condition] | None = field(default=None, kw_only=True)

    def narrowing(self, at: datetime, known: datetime) -> Q:
        """Which rows stood at `at`, as it was known at `known`."""
        found = super().narrowing(at, known)
        return found & Q(self.as_known(at, known)) if self.as_known else found

    @property
    def begins(self) -> Path:
        """When it began to stand."""
        return self.since


@dataclass(eq=False)
class Share(Figure):
    """A part of a whole, both of which are figures and open. Below the least sample of the whole it says nothing.

    `per`: of how many it is told: 100 for per cent, 10,000 for so many to every ten thousand of the whole.
    """

    part: Counted = field(kw_only=True)
    of: Counted = field(kw_only=True)
    per: int = field(default=100, kw_only=True)


class TakenTwice(ValueError):
    """A name belongs to one book of figures, for ever."""


class Figures:
    """A book of figures. Subclass with `name=` and `about=`; attributes are the figures' names, in order."""

    name: ClassVar[str] = ""
    title: ClassVar[Word] = ""
    figures: ClassVar[dict[str, Figure]] = {}

    def __init_subclass__(cls, *, name: str, about: About | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if name in BOOKS:
            raise TakenTwice(f"There is a book of figures {name!r} already; choose another name.")
        cls.name, cls.figures = name, {}
        for key, value in vars(cls).items():
            if isinstance(value, Figure):
                value.name, value.book = key, cls
                value.about = value.about or about
                if isinstance(value, Share):
                    value.about = value.of.about
                cls.figures[key] = value
        BOOKS[name] = cls


BOOKS: dict[str, type[Figures]] = {}
"""Every book of figures, by its name, in the order they came in."""


def every_figure() -> list[Figure]:
    """All figures, book by book."""
    return [figure for book in BOOKS.values() for figure in book.figures.values()]


def figure_named(full_name: str) -> Figure | None:
    """The figure of that name, None if there is none."""
    book, _dot, name = full_name.partition(".")
    return BOOKS[book].figures.get(name) if book in BOOKS else None
