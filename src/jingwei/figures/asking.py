"""What a page or program asks of figures, as it stands in an address: place, period, cut-off, and a value to pick."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from jingwei.figures.answering import answers, total
from jingwei.figures.asks import Ask
from jingwei.figures.counting import Answer, Question, parts_of
from jingwei.figures.declared import Counted, Dimension, Figure, Share
from jingwei.figures.pack import FiguresSection
from jingwei.organisations.models import Post
from jingwei.places.models import PATH_LAYERS, Place
from jingwei.places.queries import standing, subtree
from jingwei.policy.books import Book
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.worktime import Every, NotAPeriod, Period

LONGEST = 80
EARLIEST = 1900
"""The first year of which a moment is asked: before it nothing is known, and in the year 1 zones overflow."""
TREND = {Every.DAY: 14, Every.QUARTER: 8, Every.HALF_YEAR: 6, Every.YEAR: 5}
USUAL_TREND = 12
"""Periods of a trend, the one asked for included."""


class NotAsked(ValueError):
    """What an address asks for is not there; the sentence says what to write instead."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class Asked:
    """What is asked of figures, and by whom. `known` is the cut-off: nothing later is counted."""

    reader: Actor
    post: Post
    place: Place
    period: Period
    known: datetime
    picked: Mapping[str, str] = field(default_factory=dict)
    pinned: bool = False
    """Whether the address names the cut-off, so that it says the same tomorrow."""
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def book(self) -> Book:
        """What the county works by today."""
        return book(self.place.county_id)

    @property
    def least(self) -> int:
        """Below how many rows a share or a comparison says nothing."""
        return self.book[FiguresSection].least_compared

    def question(self, figure: Counted) -> Question:
        """The question put to a figure that counts rows."""
        below: dict[str, Sequence[str]] = {}
        for name, value in self.picked.items():
            dimension = figure.on.dimension(name)
            if dimension and dimension.below:
                below[value] = dimension.below(self.book).get(value, ())
        return Question(figure, self.place, self.period, self.known, self.reader, self.picked, below, self.memo)

    def ask(self, figure: Figure, periods: Sequence[Period]) -> list[Answer]:
        """What a figure says of each period."""
        return self.ask_all([figure], periods)[figure.full_name]

    def ask_all(self, figures: Iterable[Figure], periods: Sequence[Period]) -> dict[str, list[Answer]]:
        """What each of some figures says of each period, by the figure's name; all of it is asked at once."""
        figures = list(figures)
        wanted = {one.full_name: one for figure in figures for one in parts_of(figure)}
        told = answers([Ask(self.question(one), periods) for one in wanted.values()])
        numbers = {name: [total(n) for n in found] for name, found in zip(wanted, told, strict=True)}
        return {one.full_name: self.answers_of(one, [numbers[p.full_name] for p in parts_of(one)]) for one in figures}

    def answers_of(self, figure: Figure, numbers: Sequence[Sequence[int]]) -> list[Answer]:
        """The answers of a figure from its numbers, or from those of part and whole."""
        if isinstance(figure, Share):
            return [self.share(figure, part, whole) for part, whole in zip(*numbers, strict=True)]
        return [Answer(n) for n in numbers[0]]

    def share(self, figure: Figure, part: int, whole: int) -> Answer:
        """A share, or why it says nothing."""
        least = self.least if figure.least is None else figure.least
        why = _("nothing to count") if not whole else _("fewer than %(least)d") % {"least": least}
        per = figure.per if isinstance(figure, Share) else 100
        return Answer(part, whole, per=per) if whole >= max(1, least) else Answer(None, whole, why, per)

    def address(self, **changes: str) -> str:
        """The query string that asks the same, with `changes`; an empty one is left out."""
        said = {"place": self.place.path, "period": str(self.period), **self.picked}
        if self.pinned:
            said["at"] = self.known.isoformat()
        return "?" + urlencode({k: v for k, v in (said | changes).items() if v})

    def rows_address(self, **changes: str) -> str:
        """The query string that opens the rows counted, as of this very cut-off."""
        return self.address(**{"at": self.known.isoformat(), **changes})

    @property
    def trend(self) -> int:
        """How many periods a trend shows."""
        return TREND.get(self.period.every, USUAL_TREND) if self.period.every else USUAL_TREND

    def begun(self, period: Period) -> bool:
        """Whether a period has begun at the cut-off."""
        return period.start is None or period.start <= self.known

    def elsewhere(self, place: Place) -> "Asked":
        """The same, asked of another place."""
        return replace(self, place=place)

    def places_below(self) -> list[Place]:
        """The places of the next layer below that stand today."""
        layers = [*PATH_LAYERS, ""]
        below = layers[layers.index(self.place.layer) + 1]
        while below:
            found = (
                standing(self.place.county_id, below)
                .filter(**subtree(self.place.path), rank=0)
                .defer("boundary")
                .order_by("path")
            )
            if places := list(found):
                return places
            below = layers[layers.index(below) + 1]
        return []


def asked_in(query: QueryDict, reader: Actor, post: Post, at: datetime, dimensions: Sequence[Dimension] = ()) -> Asked:
    """What an address asks; by default of the post's own ground, and the month that runs. Raises NotAsked."""
    place = _place(query.get("place", "")[:LONGEST], post)
    known, pinned = _known(query.get("at", "")[:LONGEST], at)
    named = query.get("period", "")[:LONGEST]
    try:
        period = Period.parse(named) if named else Period.of(Every.MONTH, timezone.localdate(known))
    except NotAPeriod:
        raise NotAsked(_("Write the period like 2026-03, 2026-W10, 2026-Q1, 2026-H1, 2026, or a day.")) from None
    picked = {d.name: said[:LONGEST] for d in dimensions if (said := query.get(d.name, "")) and "\x00" not in said}
    for dimension in dimensions:
        said = picked.get(dimension.name, "0")
        if dimension.path.endswith("_id") and not (said.isascii() and said.isdigit() and len(said) < 19):
            raise NotAsked(_("%(dimension)s: choose one from the page.") % {"dimension": dimension.title})
    return Asked(reader, post, place, period, known, picked, pinned)


def _place(path: str, post: Post) -> Place:
    if not path:
        return _grounded(post.ground)
    here = standing(post.organisation.county_id).filter(path=path, rank=0) if "\x00" not in path else None
    if here is None or (found := here.first()) is None:
        raise NotAsked(_("There is no such place in your county; choose one from the list."))
    return found


def _grounded(ground: Place) -> Place:
    return ground.grid if ground.rank and ground.grid else ground


def _known(said: str, at: datetime) -> tuple[datetime, bool]:
    try:
        known = datetime.fromisoformat(said.replace(" ", "+")) if said else at
        if known.tzinfo is None or known.year < EARLIEST:
            raise ValueError(said)
        return min(known, at), bool(said)
    except (ValueError, OverflowError):
        raise NotAsked(_("Write the moment like 2026-03-05T09:00:00+08:00.")) from None
