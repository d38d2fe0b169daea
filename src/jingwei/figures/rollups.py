"""Which figures are kept added up, and the questions that tell what one subject (a case) gives to each of them."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Case, Count, DateField, F, Max, Model, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Coalesce, TruncDate

from jingwei.figures.belonging import Belonging
from jingwei.figures.declared import Counted, Flow, Stock, every_figure, figure_named
from jingwei.figures.models import RollUp
from jingwei.places.models import PATH_LAYERS

Sql: TypeAlias = tuple[str, tuple[Any, ...]]

WHOLE_TO = len(PATH_LAYERS) - 1
"""Down to this depth of the ground, a community's, cells are kept by day and by dimension. Of a grid only whole months
are: it has so few rows in a day, or of a category, that its cells would be as many as its rows."""
_ZONE = ZoneInfo("Asia/Shanghai")
"""In which a period's days are reckoned, whatever the reader's."""
FOR_EVER = datetime(9998, 1, 1, tzinfo=UTC)
"""A moment by which everything that is written down has happened."""


def rolled_figures() -> list[Counted]:
    """The figures that are kept added up."""
    return [one for one in every_figure() if isinstance(one, Counted) and one.rolled]


@dataclass(frozen=True)
class Which:
    """Which subjects are meant: a condition on their id, with its parameters."""

    condition: str
    params: tuple[Any, ...]

    def of(self, column: str) -> RawSQL:
        """The condition upon a column."""
        return RawSQL(f"{column} {self.condition}", self.params, output_field=BooleanField())  # noqa: S611  (our own names)


@dataclass(frozen=True)
class Rule:
    """How one figure is told of some subjects: the rows (subject_id, day, path, n, latest), as SQL."""

    figure: Counted

    @property
    def belongs(self) -> Belonging:
        """What its rows belong to."""
        assert self.figure.on.belongs is not None  # or nothing says what an act touched
        assert self.figure.adds is None
        return self.figure.on.belongs

    def parts(self, which: Which) -> list[Sql]:
        """What some subjects give, with the latest moment it speaks of."""
        chosen = which.of(f'"{self.figure.on.rows._meta.db_table}"."{self._column}"')
        found = self.figure.on.rows._default_manager.filter(chosen, self.figure.on.narrow)
        return [told for rows in self._told(found) if (told := _sql(rows)) is not None]

    @cached_property
    def digest(self) -> str:
        """Says the same as long as it is counted the same way."""
        told = repr((self.parts(Which("= ANY(%s)", (0,))), sorted(differing(self.belongs).items()), WHOLE_TO))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    @property
    def _column(self) -> str:
        field: Any = self.figure.on.rows._meta.get_field(self.belongs.path)
        return str(field.column)

    def _told(self, found: QuerySet[Model]) -> Iterator[QuerySet[Any, Any]]:
        figure = self.figure
        if isinstance(figure, Flow):
            yield self._grouped(found.filter(figure.narrowing(FOR_EVER, FOR_EVER)), F(figure.when), 1)
            return
        assert isinstance(figure, Stock)
        assert not callable(figure.rows)  # what stood is asked of its intervals alone
        assert figure.as_known is None
        begun: Combinable = F(figure.since)
        if figure.on.known:
            begun = Coalesce(F(figure.since), F(figure.on.known))
        stood = found.filter(figure.narrowing(FOR_EVER, FOR_EVER)).annotate(begun=begun)
        stood = stood.filter(Q(**{figure.until: None}) | Q(**{f"{figure.until}__gt": F("begun")}))
        yield self._grouped(stood, F("begun"), 1)
        yield self._grouped(stood.filter(~Q(**{figure.until: None})), F(figure.until), -1)

    def _grouped(self, rows: QuerySet[Model], when: Any, sign: int) -> QuerySet[Any, Any]:
        ground = self.figure.on.ground
        path = F(ground) if isinstance(ground, str) else self._ground(ground(self.figure.begins))
        rows = rows.order_by().annotate(
            subject=F(f"{self.belongs.path}_id"),
            day=TruncDate(when, tzinfo=_ZONE, output_field=DateField()),
            path_=path,
        )
        grouped: QuerySet[Any, Any] = rows.values("subject", "day", "path_")
        told: QuerySet[Any, Any] = grouped.annotate(n=Count("pk") * Value(sign), latest=Max(when))
        return told

    def _ground(self, then: Combinable) -> Combinable:
        """The ground as it was, looked up for the few subjects alone that ever were elsewhere than now."""
        elsewhere = f'"{self.figure.on.rows._meta.db_table}"."{self._column}" IN (SELECT id FROM {MOVED})'
        moved = RawSQL(elsewhere, [], output_field=BooleanField())  # noqa: S611  (names of our own models)
        return Case(When(moved, then=then), default=F(f"{self.belongs.path}__{self.belongs.ground}"))


MOVED = "ever_elsewhere"
"""The name of the question `moved_subjects`, which goes before those of `Rule.parts`."""


def moved_subjects(belongs: Belonging, which: Which) -> Sql:
    """Of some subjects, those that were ever on other ground than they are now: id."""
    column, found = belongs.elsewhere
    field: Any = found.model._meta.get_field(column)
    chosen = which.of(f'"{found.model._meta.db_table}"."{field.column}"')
    theirs = which.of(f'"{belongs.model._meta.db_table}"."id"')  # which the database does not gather from the other
    told = _sql(found.filter(chosen, theirs).order_by().values(f"{column}_id").distinct())
    assert told is not None
    return f"SELECT * FROM ({told[0]}) AS e(id)", told[1]


def subjects(belongs: Belonging, which: Which) -> Sql:
    """Some subjects as they are now: id, whether open to their ground, that ground, then what they differ by."""
    chosen = which.of(f'"{belongs.model._meta.db_table}"."id"')
    open_ = Case(When(belongs.open_to_ground, then=True), default=False)
    named = {f"d{n}": F(path) for n, path in enumerate(differing(belongs).values())}
    found = belongs.model._default_manager.filter(chosen).order_by().annotate(open_=open_, ground_=F(belongs.ground))
    told = _sql(found.annotate(**named).values("pk", "open_", "ground_", *named))
    assert told is not None
    return told


def differing(belongs: Belonging) -> dict[str, str]:
    """The dimensions by which the subjects of rolled figures differ as a whole, with the path from the subject."""
    mark = f"{belongs.path}__"
    found = (d for one in rolled_figures() if one.on.belongs == belongs for d in one.on.by)
    return {d.name: d.path.removeprefix(mark) for d in found if d.path.startswith(mark)}


def _sql(rows: QuerySet[Any, Any]) -> Sql | None:
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(params)


def united(parts: Iterable[Sql]) -> Sql:
    """Several questions as one."""
    parts = list(parts)
    return "\nUNION ALL\n".join(f"({sql})" for sql, _params in parts), tuple(p for _sql, ps in parts for p in ps)


def kept(since: datetime) -> list[tuple[RollUp, Rule]]:
    """The roll-ups to be folded: not retired before `since`, and counted today as they were when they were begun."""
    found = RollUp.objects.filter(Q(retired_at=None) | Q(retired_at__gt=since)).order_by("pk")
    return [(one, rule) for one in found if (rule := rule_of(one)) is not None]


def rule_of(one: RollUp) -> Rule | None:
    """How a roll-up is told; None where its figure is not rolled up any more, or is counted in another way."""
    figure = figure_named(one.figure)
    rule = Rule(figure) if isinstance(figure, Counted) and figure.rolled else None
    return rule if rule is not None and digest_of(rule.figure) == one.counts else None


def digest_of(figure: Counted) -> str:
    """The digest of how a figure is counted; reckoned once, since the declaration does not change while we run."""
    if figure.full_name not in _DIGESTS:
        _DIGESTS[figure.full_name] = Rule(figure).digest
    return _DIGESTS[figure.full_name]


_DIGESTS: dict[str, str] = {}


def belongings(figures: Sequence[Counted]) -> Belonging | None:
    """What the rows of the figures belong to; there is one such thing."""
    found = {one.on.belongs for one in figures}
    assert len(found) <= 1, "Subjects of one sort are rolled up: their ids stand beside one another."
    return next(iter(found), None)
