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
from jingwei.figures.told import PARTS, Publication, to_withhold, within
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

    The shorter periods within are read again first: else the longer one, less those that were not corrected, would tell
    the correction, however small. Raises NotClosed. A reading that would say what stands already is not written.
    """
    county = County.objects.select_for_update().get(pk=post.organisation.county_id)
    _fit(period, post, county, at)
    county_place = standing(county.pk, "county").get()
    places = list(standing(county.pk).filter(rank=0, layer__in=LAYERS).order_by("path"))
    made = []
    for one in (*within(period), period):
        for figure in every_figure():
            if isinstance(figure, Counted):
                reading = _read(Question(figure, county_place, one, at, None), places, county, post)
                made += [reading] if reading is not None else []
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


def _read(question: Question, places: Sequence[Place], county: County, post: Post) -> Reading | None:
    figure, period = question.figure, str(question.period)
    numbers = counted(question, places, county.pk)
    before = latest(county.pk).filter(figure=figure.full_name, period=period).first()
    if before and numbers == {(c.path, c.category): c.number for c in before.cells.all()}:
        return None
    least = book(county.pk)[FiguresSection].least_published if figure.least is None else figure.least
    hidden = to_withhold(
        Publication(question.period, numbers), published_before(question), [place.path for place in places], least,
        flow=isinstance(figure, Flow),
    )  # fmt: skip
    reading = Reading.objects.create(
        county=county, figure=figure.full_name, definition=definition_of(figure), edition_id=county.edition_id,
        period=period, known=question.known, least=least, post=post, title=post.full_title, corrects=before,
    )  # fmt: skip
    Published.objects.bulk_create(
        Published(reading=reading, path=path, category=category, number=n, withheld=(path, category) in hidden)
        for (path, category), n in numbers.items()
    )
    return reading


def published_before(question: Question) -> list[Publication]:
    """All readings of a figure in the year of a period, corrected ones too, in the order of publication."""
    found = Reading.objects.filter(
        county_id=question.place.county_id, figure=question.figure.full_name,
        period__startswith=str(question.period.first.year),
    )  # fmt: skip
    return [_published(one, list(one.cells.all())) for one in found.order_by("pk").prefetch_related("cells")]


def _published(one: Reading, cells: Sequence[Published]) -> Publication:
    numbers = {(c.path, c.category): c.number for c in cells}
    return Publication(Period.parse(one.period), numbers, {(c.path, c.category) for c in cells if c.withheld})


def counted(question: Question, places: Sequence[Place], county_code: str) -> dict[tuple[str, str], int]:
    """The numbers of a figure for places, in all and by category: all records, whoever may see them."""
    dimension = question.figure.on.dimension("category")
    asks = [Ask(question, [question.period], places)]
    if dimension is not None:
        asks.append(Ask(question, [question.period], places, dimension))
    [totals], *by_value = answers(asks)
    found = {(p.path, ""): totals.get((p.path, ""), 0) for p in places}
    if dimension is None:
        return found
    of = book(county_code)
    below = dimension.below(of) if dimension.below else {}
    above = {child: key for key, group in below.items() for child in group}
    keys = [str(key) for key in dimension.words(of, ()) if key not in above]
    found |= {(place.path, key): 0 for place in places for key in keys}
    for (path, value), n in by_value[0][0].items():
        where = (path, above.get(value, value))
        if value and where in found:
            found[where] += n
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
