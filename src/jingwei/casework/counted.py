"""What figures may count of cases: their rounds, acts, clocks and standings, each on the ground as it was.

Affairs declare figures upon these; sight decides which rows of a figure a reader sees, as at every other door.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from jingwei.casework.kinds import KINDS
from jingwei.casework.may import post_of
from jingwei.casework.models import OPEN, Act, Case, ClockRun, Deadline, Round, Standing
from jingwei.casework.pages.lists import families_of, rows_of, said_words
from jingwei.casework.queries import Filter
from jingwei.casework.sight import NEED_CONFIDENTIAL, ON_THE_GROUND, cases_seen_by, cases_seen_from
from jingwei.casework.ways_out import shows_cases
from jingwei.figures.belonging import Belonging, Eyes
from jingwei.figures.counting import Question
from jingwei.figures.declared import About, Counted, Dimension, Sight, Told, every_figure
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
    wanted = [row.case_id for row in rows]  # type: ignore[attr-defined]
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


def ground_at(when: str) -> Combinable:
    """The ground on which the case stood at the moment in the field `when`; on which it stood first, where unknown."""
    stood = Standing.objects.filter(case=OuterRef("case_id"))
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
ACTS, CLOCKS = replace(ROUNDS, rows=Act), replace(ROUNDS, rows=ClockRun)
DEADLINES = replace(ROUNDS, rows=Deadline, known="told_at")
"""What rounds were due, as it stood and was known. Which of them count at a moment is asked with `deadlines`."""
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


def deadlines(clock: str, at: datetime, known: datetime) -> Q:
    """The deadlines that stood at `at` by clocks of that name, as far as it was known at `known`: one of each round."""
    stood = (Q(at=None) | Q(at__lte=at)) & (Q(until=None) | Q(until__gt=at))
    return Q(clock=clock) & stood & known_at(known)


def known_at(known: datetime) -> Q:
    """Deadlines that were known at `known`: told by then, and not told otherwise yet."""
    return Q(told_at__lte=known) & (Q(untold_at=None) | Q(untold_at__gt=known))


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
