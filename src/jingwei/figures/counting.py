"""Asking a figure: of a place, for a period, as known at a moment, under somebody's eyes; the number is its rows."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Count, F, Model, Q, QuerySet, Sum
from django.utils import timezone

from jingwei.figures.declared import Counted, Dimension, Figure, Flow, Share, Stock
from jingwei.places.models import Place
from jingwei.places.queries import subtree
from jingwei.trail.actor import Actor
from jingwei.worktime import Period

GROUND = "ground_as_it_was"
T = TypeVar("T")


@dataclass(frozen=True)
class Question:
    """What is asked of a figure that counts rows.

    known: the cut-off; what happened or was written down later is not counted. reader: under whose sight; None:
    all records of the county, as an official reading counts them. picked: a value for some of the dimensions.
    """

    figure: Counted
    place: Place
    period: Period
    known: datetime
    reader: Actor | None
    picked: Mapping[str, str] = field(default_factory=dict)
    below: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """For each value picked, those that belong to it."""
    memo: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What was asked of the reader once, for all questions of a page."""

    def once(self, what: Hashable, ask: Callable[[], T]) -> T:
        """What `ask` says, asked the first time only."""
        if what not in self.memo:
            self.memo[what] = ask()
        said: T = self.memo[what]
        return said

    def rows(self) -> QuerySet[Model]:
        """Exactly the rows counted."""
        return self._grounded(self._seen().filter(self._in(self.period)))

    def count(self) -> int:
        """The number."""
        return self._number(self.rows())

    def over(self, periods: Sequence[Period]) -> list[int]:
        """The numbers of several periods, by one question."""
        if not periods:
            return []
        found = self.around(periods).aggregate(**self.measures(periods))
        return [int(found[f"p{n}"] or 0) for n in range(len(periods))]

    def around(self, periods: Sequence[Period]) -> QuerySet[Model]:
        """Rows among which are all of those of several periods."""
        return self._grounded(self._seen().filter(self._around(periods)))

    def around_by_ground(self, periods: Sequence[Period]) -> tuple[str, QuerySet[Model]]:
        """The same, with their ground as it was and the name under which it stands there."""
        name, rows = self.ground_named(self._seen().filter(self._around(periods)))
        return name, self._on_place(rows, name)

    def measures(self, periods: Sequence[Period]) -> dict[str, Any]:
        """What tells the number of each of several periods, among such rows: p0, p1 …"""
        if len(periods) == 1:
            return {"p0": self._measure()}
        return {f"p{n}": self._measure(self._within(period)) for n, period in enumerate(periods)}

    def by(self, dimension: Dimension) -> dict[Any, int]:
        """The number for each value of a dimension that occurs."""
        return self._grouped(self.rows(), dimension.path)

    def by_ground(self) -> dict[str, int]:
        """The number for each ground, by its path as it was."""
        name, rows = self.ground_named(self._seen().filter(self._in(self.period)))
        return self._grouped(self._on_place(rows, name), name)

    def by_ground_and(self, dimension: Dimension) -> dict[tuple[str, Any], int]:
        """The number for each ground, by its path as it was, and each value of a dimension."""
        name, rows = self.ground_named(self._seen().filter(self._in(self.period)))
        grouped = (
            self._on_place(rows, name).order_by().values_list(F(name), F(dimension.path)).annotate(n=self._measure())
        )
        return {(ground, value): int(n or 0) for ground, value, n in grouped}

    def without_moment(self) -> int:
        """How many rows would count but for their moment, which nobody knows."""
        if not isinstance(self.figure, Flow):
            return 0
        return self._number(self._grounded(self._seen().filter(self._rows_of(self.known), **{self.figure.when: None})))

    # ---- how the question is put

    def _seen(self) -> QuerySet[Model]:
        about = self.figure.on
        found = about.rows._default_manager.filter(about.narrow, **{about.county: self.place.county_id})
        if about.known:
            found = found.filter(**{f"{about.known}__lte": self.known})
        if self.reader is not None:
            reader, sight = self.reader, about.sight
            found = found.filter(self.once(sight, lambda: sight.seen(reader)))
        for name, value in self.picked.items():
            if (dimension := about.dimension(name)) is not None:
                found = found.filter(**{f"{dimension.path}__in": [value, *self.below.get(value, ())]})
        return found

    def _in(self, period: Period) -> Q:
        """The rows of a period: what happened in it, or stood at its end."""
        within = self._within(period)
        return self._rows_of(self.known) & within if isinstance(self.figure, Flow) else within

    def _within(self, period: Period) -> Q:
        """Of the rows that `_around` finds, those of a period."""
        if isinstance(self.figure, Flow):
            when = self.figure.when
            happened = Q(**{f"{when}__lte": self.known})
            if period.start is None or period.end is None:
                return happened | Q(**{when: None})
            return happened & Q(**{f"{when}__gte": period.start, f"{when}__lt": period.end})
        at = period.moment(self.known)
        return self._stood(at) & self._rows_of(at) if period.start is None or period.start <= self.known else Q(pk=None)

    def _stood(self, at: datetime) -> Q:
        return self._begun(at) & self._not_over(at)

    def _begun(self, at: datetime) -> Q:
        """The rows of a stock that had begun to stand at a moment."""
        figure = self.figure
        assert isinstance(figure, Stock)
        if figure.days:
            return Q(**{f"{figure.since}__lte": timezone.localdate(at)})
        written = {f"{figure.on.known}__lte": at} if figure.on.known else {}
        return Q(**{f"{figure.since}__lte": at}) | Q(**{figure.since: None}, **written)

    def _not_over(self, at: datetime) -> Q:
        """The rows of a stock that had not stopped standing at a moment."""
        figure = self.figure
        assert isinstance(figure, Stock)
        moment = timezone.localdate(at) if figure.days else at
        return Q(**{figure.until: None}) | Q(**{f"{figure.until}__gt": moment})

    def _rows_of(self, at: datetime) -> Q:
        return self.figure.narrowing(at, self.known)

    def _around(self, periods: Sequence[Period]) -> Q:
        """A range that holds all of the periods, which the database can look up."""
        if len(periods) == 1:
            return self._in(periods[0])
        if not isinstance(self.figure, Flow):
            moments, rows = [period.moment(self.known) for period in periods], self.figure.rows
            fits = Q() if callable(rows) else Q(rows)
            return fits & self._begun(max(moments)) & self._not_over(min(moments))
        starts, ends, when = [p.start for p in periods], [p.end for p in periods], self.figure.when
        fits = self._rows_of(self.known)
        if None in starts or None in ends:
            return fits
        return fits & Q(**{f"{when}__gte": min(s for s in starts if s), f"{when}__lt": max(e for e in ends if e)})

    def _grounded(self, rows: QuerySet[Model]) -> QuerySet[Model]:
        if self.place.rank == 0 and self.place.layer == "county":
            return rows  # the county's own column says it already
        name, rows = self.ground_named(rows)
        return self._on_place(rows, name)

    def _on_place(self, rows: QuerySet[Model], name: str) -> QuerySet[Model]:
        return rows.filter(**{f"{name}__{k.split('__')[1]}": v for k, v in subtree(self.place.path).items()})

    def ground_named(self, rows: QuerySet[Model]) -> tuple[str, QuerySet[Model]]:
        """The rows with their ground as it was, and the name under which it stands there."""
        ground = self.figure.on.ground
        if isinstance(ground, str):
            return ground, rows
        return GROUND, rows.annotate(**{GROUND: ground(self.figure.begins)})

    def _measure(self, of: Q | None = None) -> Any:
        return Sum(self.figure.adds, filter=of) if self.figure.adds else Count("pk", filter=of)

    def _number(self, rows: QuerySet[Model]) -> int:
        return int(rows.aggregate(n=self._measure())["n"] or 0)

    def _grouped(self, rows: QuerySet[Model], path: str) -> dict[Any, int]:
        grouped = rows.order_by().values_list(F(path)).annotate(n=self._measure())
        return {value: int(n or 0) for value, n in grouped}


def folded(found: Mapping[Any, int], below: Mapping[str, Sequence[str]]) -> dict[Any, int]:
    """Numbers by value, those that belong to another counted with it."""
    above = {child: parent for parent, children in below.items() for child in children}
    totals: dict[Any, int] = {}
    for value, n in found.items():
        key = above.get(value, value)
        totals[key] = totals.get(key, 0) + n
    return totals


def on_places(found: Mapping[str, int], places: Iterable[Place]) -> dict[int, int]:
    """Numbers by ground, added up for each of some places."""
    return {place.pk: sum(n for path, n in found.items() if path.startswith(place.path)) for place in places}


@dataclass(frozen=True)
class Answer:
    """What a figure says: a number, or a share with both its numbers. None: it says nothing here, `why` says why."""

    number: int | None
    whole: int | None = None
    why: str = ""
    per: int = 100
    """Of how many a share is told."""

    @property
    def share(self) -> float | None:
        """The part, between 0 and 1; None where it says nothing."""
        return self.number / self.whole if self.number is not None and self.whole else None


def parts_of(figure: Figure) -> tuple[Counted, ...]:
    """The figures that count rows of which a figure is made: itself, or part and whole of a share."""
    if isinstance(figure, Share):
        return figure.part, figure.of
    assert isinstance(figure, Counted)
    return (figure,)
