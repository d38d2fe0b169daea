"""What figures may count of cases: their rounds, acts, clocks and standings, each on the ground as it was.

Affairs declare figures upon these; sight decides which rows of a figure a reader sees, as at every other door.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from jingwei.casework.kinds import KINDS
from jingwei.casework.may import post_of
from jingwei.casework.models import OPEN, Act, Case, ClockEntry, ClockRun, Round, Standing
from jingwei.casework.pages.lists import families_of, rows_of, said_words
from jingwei.casework.queries import Filter
from jingwei.casework.sight import NEED_CONFIDENTIAL, ON_THE_GROUND, cases_seen_by, cases_seen_from
from jingwei.casework.ways_out import shows_cases
from jingwei.figures.belonging import Belonging, Eyes
from jingwei.figures.counting import Question
from jingwei.figures.declared import About, Condition, Counted, Dimension, Sight, Told, every_figure
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.pack import Role
from jingwei.places.models import Place
from jingwei.places.queries import standing
from jingwei.policy.books import Book
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.worktime import ALL


def _seen(actor: Actor) -> Q:
    return Q(case__in=cases_seen_by(actor).values("pk"))


def _told(rows: Sequence[Model], post: Post, at: datetime) -> list[Told]:
    """The rows as their cases read in a queue; several rows of one case stand there several times."""
    return _told_of([row.case_id for row in rows], post, at)  # type: ignore[attr-defined]


def _told_of_clocks(rows: Sequence[Model], post: Post, at: datetime) -> list[Told]:
    clocks = [row.clock_id for row in rows]  # type: ignore[attr-defined]
    cases = dict(ClockRun.objects.filter(pk__in=clocks).values_list("pk", "case_id"))
    return _told_of([cases[pk] for pk in clocks], post, at)


def _told_of(wanted: Sequence[int], post: Post, at: datetime) -> list[Told]:
    seen = cases_seen_from(post).select_related("place", "owner", "owner__organisation").in_bulk(wanted)
    words = said_words(book(post.organisation.county_id))
    drawn = dict(zip(seen, rows_of(seen.values(), Filter(queue="seen"), words, at), strict=True))
    return [
        Told(row.title, row.words, (row.number, *row.meta), row.href, row.status, row.level)
        for pk in wanted
        if (row := drawn.get(pk)) is not None
    ]


CASES = Sight(_seen, _told)
"""Rows that belong to a case are seen by whoever sees the case."""
OF_CLOCKS = Sight(lambda actor: Q(clock__case__in=cases_seen_by(actor).values("pk")), _told_of_clocks)
"""And so are those of its clocks."""


def ground_at(when: str, case: str = "case_id") -> Combinable:
    """The ground on which the case stood at the moment in the field `when`; on which it stood first, where unknown."""
    stood = Standing.objects.filter(case=OuterRef(case))
    before = stood.filter(Q(since=None) | Q(since__lte=OuterRef(when)))
    latest = before.order_by(F("since").desc(nulls_last=True), "-id").values("ground_path")[:1]
    first = stood.order_by(F("since").asc(nulls_first=True), "id").values("ground_path")[:1]
    return Coalesce(Subquery(latest), Subquery(first))


def _keys(name: str) -> Any:
    def words(of: Book, _values: Iterable[Any]) -> Mapping[Any, str]:
        return said_words(of).get(name, {})

    return words


def _units(_of: Book, values: Iterable[Any]) -> Mapping[Any, str]:
    found = Organisation.objects.filter(pk__in=[v for v in values if v]).order_by("ground__path", "key")
    return {unit.pk: str(unit) for unit in found}


def _stages(_of: Book, _values: Iterable[Any]) -> Mapping[Any, str]:
    return {stage.name: str(stage.title) for kind in KINDS.values() for stage in kind.stages.values()}


def _eyes(actor: Actor, place: Place) -> Eyes | None:
    """Whoever watches over the ground sees all that is open there; over the whole county, and by her work what is
    confidential too: all. Hands and exceptions add only what is apart, or lies elsewhere.
    """
    post = post_of(actor) if actor.kind == "person" else None
    if post is None:
        return Eyes.ALL if actor.kind == "machine" else None
    roles, ground = {Role(role) for role in post.roles}, post.ground
    watches = roles & ON_THE_GROUND and post.organisation.county_id == place.county_id
    if not (watches and ground.path and place.path.startswith(ground.path)):
        return None
    return Eyes.ALL if ground.layer == "county" and roles & NEED_CONFIDENTIAL else Eyes.NOT_APART


OF_A_CASE = Belonging(
    Case, "case", "ground_path", Q(tier=OPEN), _eyes, cases_seen_by,
    ("case", Standing.objects.exclude(ground_path=F("case__ground_path"))),
)  # fmt: skip

CATEGORY = Dimension("category", _("Category"), "case__category", _keys("category"), families_of)
SOURCE = Dimension("source", _("Came in by"), "case__source", _keys("source"))
UNIT = Dimension("unit", _("Unit that leads"), "case__lead__organisation_id", _units, compares=True)
OWNER = Dimension("owner", _("Unit that owes it"), "owner__organisation_id", _units, compares=True)
STAGE = Dimension("stage", _("Stage"), "stage", _stages)

ROUNDS = About(
    Round,
    "case__county_id",
    ground_at,
    CASES,
    known="case__recorded_at",
    by=(CATEGORY, UNIT, SOURCE),
    belongs=OF_A_CASE,
)
ACTS = About(
    Act, "case__county_id", ground_at, CASES, known="case__recorded_at", by=(CATEGORY, UNIT, SOURCE), belongs=OF_A_CASE
)
CLOCKS = About(
    ClockRun,
    "case__county_id",
    ground_at,
    CASES,
    known="case__recorded_at",
    by=(CATEGORY, UNIT, SOURCE),
    belongs=OF_A_CASE,
)
PROMISES = About(
    ClockEntry,
    "clock__case__county_id",
    partial(ground_at, case="clock__case_id"),
    OF_CLOCKS,
    known="told_at",
    by=tuple(replace(one, path=f"clock__{one.path}") for one in (CATEGORY, UNIT, SOURCE)),
)
"""What clocks said, entry by entry. Which of them count is asked with `promised`."""
STANDINGS = About(
    Standing,
    "case__county_id",
    "ground_path",
    CASES,
    known="case__recorded_at",
    by=(CATEGORY, OWNER, STAGE, SOURCE),
    belongs=OF_A_CASE,
)


def acts_of_round(at: datetime, *, of: str = "number", **which: Any) -> Any:
    """Acts in the round that a row is of, done by `at`; for `Exists`. `of`: the row's field for the round's number."""
    return Act.objects.filter(case=OuterRef("case_id"), round=OuterRef(of), at__lte=at, **which)


def promised(clock: str, at: datetime, known: datetime) -> Condition:
    """What clocks of that name promised at `at`, as far as it was written down by `known`: one entry of each round.

    It is the last entry of the last run, where that reads a due time; none does on hold, or where it is not known.
    """
    by_then = ClockEntry.objects.filter(Q(at=None) | Q(at__lte=at), told_at__lte=known)
    later = by_then.filter(clock=OuterRef("clock"), pk__gt=OuterRef("pk"))
    anew = by_then.filter(
        clock__case=OuterRef("clock__case"), clock__round=OuterRef("clock__round"), clock__name=clock,
        clock__run__gt=OuterRef("clock__run"),
    )  # fmt: skip
    said = Q(at=None) | Q(at__lte=at)
    return said & Q(clock__name=clock, reads_due_at__isnull=False) & ~Exists(later) & ~Exists(anew)


def last_rating(at: datetime) -> Any:
    """The act that gave a round the rating it had at `at`, the last that gave one; for `Exists`."""
    later = Act.objects.filter(
        case=OuterRef("case_id"), round=OuterRef("round"), pk__gt=OuterRef("pk"), at__lte=at, facts__has_key="rating"
    )
    return acts_of_round(at, facts__has_key="rating").filter(~Exists(later))


@shows_cases("rows of figures", "desk:figure_rows", "api:figure_rows")
def opened(actor: Actor, at: datetime) -> Iterator[int]:
    """The cases to which figures open for an actor. One is asked for all: their rows are seen by one condition."""
    post = post_of(actor)
    county = standing(post.organisation.county_id, "county").first() if post else None
    if county is None:
        return
    ours = (f for f in every_figure() if isinstance(f, Counted) and f.on.sight is CASES)
    yield from Question(next(ours), county, ALL, at, actor).rows().values_list("case_id", flat=True)
