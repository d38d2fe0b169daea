"""Closing a period: every figure is counted over all records of the county, and what must not be told is withheld."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.figures.answering import answers
from jingwei.figures.asks import Ask
from jingwei.figures.counting import Question
from jingwei.figures.declared import Counted, Flow, every_figure
from jingwei.figures.models import Published, Reading
from jingwei.figures.pack import FiguresSection
from jingwei.figures.told import PARTS, Publication, closed_with, to_withhold
from jingwei.looks.periods import period_title
from jingwei.organisations.models import Post
from jingwei.organisations.pack import Role
from jingwei.places.models import Place
from jingwei.places.queries import standing
from jingwei.policy.models import County
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb
from jingwei.worktime import MONTHS, Period

CLOSED = verb("figures.closed", gettext_lazy("close a period"), gettext_lazy("Closed a period"))
CLOSING = frozenset({Role.LEADER, Role.ARBITER})
LAYERS = ("county", "town", "community")
"""The layers whose numbers are published; a grid is a few hundred households, too few to publish."""


class NotClosed(Exception):
    """A period is closed once it is over, after the shorter ones within it, by a post that answers for the county."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def definition_of(figure: Counted) -> str:
    """A digest of what a figure says it counts, so that a reading tells which definition it was counted by."""
    said = "\n".join((figure.full_name, str(figure.says), str(figure.leaves_out), str(figure.unit)))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def may_close(post: Post) -> bool:
    """Whether a post closes the periods of its county."""
    return post.ground.layer == "county" and bool(CLOSING & {Role(role) for role in post.roles})


def latest(county_code: str) -> QuerySet[Reading]:
    """The readings that stand: those that none corrects."""
    return Reading.objects.filter(county_id=county_code, corrected_by=None)


@transaction.atomic
def close(period: Period, post: Post, *, actor: Actor, at: datetime) -> list[Reading]:
    """Read every figure for a period that is over; again, and what has changed since is a reading that names the old.

    With it all is read again that adds up with it: the shorter periods within, and the longer ones that are closed
    already, so that a correction is never told by the difference of one that was corrected and one that was not.
    Raises NotClosed. A reading that would say what stands already is not written.
    """
    county = County.objects.select_for_update(no_key=True).get(pk=post.organisation.county_id)
    _fit(period, post, county, at)
    county_place = standing(county.pk, "county").get()
    places = list(standing(county.pk).filter(rank=0, layer__in=LAYERS).order_by("path"))
    closed = {Period.parse(one) for one in latest(county.pk).values_list("period", flat=True).distinct()}
    together = closed_with(period, closed)
    made = []
    for figure in every_figure():
        if isinstance(figure, Counted):
            made += _read(Question(figure, county_place, period, at, None), together, places, county, post)
    made.sort(key=lambda one: [str(p) for p in together].index(one.period))
    facts: dict[str, str | int | bool | None] = {"period": str(period), "readings": len(made)}
    record(actor, CLOSED, at=at, subject=("county", int(county.pk)), place=county_place.path, facts=facts)
    return made


def _fit(period: Period, post: Post, county: County, at: datetime) -> None:
    if not may_close(post):
        raise NotClosed(_("A period is closed by the leadership or the arbiter of the county."))
    if period.every not in MONTHS or not period.over(at):
        raise NotClosed(_("A month, quarter, half-year or year is closed once it is over."))
    if (shorter := PARTS.get(period.every)) is not None:
        closed = set(latest(county.pk).values_list("period", flat=True))
        if missing := [period_title(part) for part in period.parts(shorter) if str(part) not in closed]:
            raise NotClosed(_("Close %(periods)s first.") % {"periods": _(", ").join(missing)})


def _read(
    question: Question, periods: Sequence[Period], places: Sequence[Place], county: County, post: Post
) -> list[Reading]:
    """Read one figure for periods that are closed together; only those that say something else than stands."""
    figure = question.figure
    stands = latest(county.pk).filter(figure=figure.full_name, period__in=[str(one) for one in periods])
    stood = {one.period: one for one in stands.prefetch_related("cells")}
    told = map(Publication, periods, counted(question, periods, places, county.pk))
    new = [one for one in told if not (old := stood.get(str(one.period))) or one.numbers != _published(old).numbers]
    if not new:
        return []
    least = book(county.pk)[FiguresSection].least_published if figure.least is None else figure.least
    paths = [place.path for place in places]
    withheld = to_withhold(new, published_before(question), paths, least, flow=isinstance(figure, Flow))
    made = []
    for one, hidden in zip(new, withheld, strict=True):
        reading = Reading.objects.create(
            county=county, figure=figure.full_name, definition=definition_of(figure), edition_id=county.edition_id,
            period=str(one.period), known=question.known, least=least, post=post, title=post.full_title,
            corrects=stood.get(str(one.period)),
        )  # fmt: skip
        Published.objects.bulk_create(
            Published(reading=reading, path=path, category=category, number=n, withheld=(path, category) in hidden)
            for (path, category), n in one.numbers.items()
        )
        made.append(reading)
    return made


def published_before(question: Question) -> list[Publication]:
    """All readings of a figure in the year of a period, corrected ones too, in the order of publication."""
    found = Reading.objects.filter(
        county_id=question.place.county_id, figure=question.figure.full_name,
        period__startswith=str(question.period.first.year),
    )  # fmt: skip
    return [_published(one) for one in found.order_by("pk").prefetch_related("cells")]


def _published(one: Reading) -> Publication:
    cells = list(one.cells.all())
    numbers = {(c.path, c.category): c.number for c in cells}
    return Publication(Period.parse(one.period), numbers, {(c.path, c.category) for c in cells if c.withheld})


def counted(
    question: Question, periods: Sequence[Period], places: Sequence[Place], county_code: str
) -> list[dict[tuple[str, str], int]]:
    """The numbers of a figure of each period for places, in all and by category: all records, whoever may see them."""
    dimension = question.figure.on.dimension("category")
    asks = [Ask(question, periods, places), *([Ask(question, periods, places, dimension)] if dimension else [])]
    totals, *by_value = answers(asks)
    found = [{(p.path, ""): numbers.get((p.path, ""), 0) for p in places} for numbers in totals]
    if dimension is None:
        return found
    of = book(county_code)
    below = dimension.below(of) if dimension.below else {}
    above = {child: key for key, group in below.items() for child in group}
    keys = [str(key) for key in dimension.words(of, ()) if key not in above]
    for numbers, each in zip(found, by_value[0], strict=True):
        numbers |= {(place.path, key): 0 for place in places for key in keys}
        for (path, value), n in each.items():
            where = (path, above.get(value, value))
            if value and where in numbers:
                numbers[where] += n
    return found


@dataclass(frozen=True)
class Shown:
    """A published number as a reader sees it: None where it is withheld; `seen`: the rows she may open."""

    number: int | None
    seen: int | None

    @property
    def unseen(self) -> int:
        """How many of the rows counted she may not open."""
        return max(0, (self.number or 0) - (self.seen or 0))


def shown(cell: Published, question: Question) -> Shown:
    """A cell of a reading for a reader; the question is the same, asked under her sight as of the cut-off."""
    return Shown(None, None) if cell.withheld else Shown(cell.number, question.count())
