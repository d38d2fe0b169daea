"""Closing a period: every figure is counted over all records of the county, and what must not be told is withheld."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.figures.counting import Question
from jingwei.figures.declared import Counted, Flow, every_figure
from jingwei.figures.models import Published, Reading
from jingwei.figures.pack import FiguresSection
from jingwei.figures.withholding import Sum, withheld
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
from jingwei.worktime import MONTHS, Every, Period

CLOSED = verb("figures.closed", gettext_lazy("close a period"), gettext_lazy("Closed a period"))
CLOSING = frozenset({Role.LEADER, Role.ARBITER})
LAYERS = ("county", "town", "community")
"""The layers whose numbers are published; a grid is a few hundred households, too few to publish."""
PARTS: dict[Every | None, Every] = {
    Every.QUARTER: Every.MONTH,
    Every.HALF_YEAR: Every.QUARTER,
    Every.YEAR: Every.HALF_YEAR,
}
"""A longer period is closed after the shorter ones of which it is made."""

Key = tuple[str, str, str]
"""Period, path of the place, category: where a number stands."""


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

    Raises NotClosed. A reading that would say the same as the one that stands is not written.
    """
    county = County.objects.select_for_update().get(pk=post.organisation.county_id)
    _fit(period, post, county, at)
    county_place = standing(county.pk, "county").get()
    places = list(standing(county.pk).filter(rank=0, layer__in=LAYERS).order_by("path"))
    made = []
    for figure in every_figure():
        if isinstance(figure, Counted):
            question = Question(figure, county_place, period, at, None)
            reading = _read(question, places, county, post)
            if reading is not None:
                made.append(reading)
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
    numbers = {(period, *where): n for where, n in counted(question, places, county.pk).items()}
    before = latest(county.pk).filter(figure=figure.full_name, period=period).first()
    if before and numbers == _numbers(before):
        return None
    least = book(county.pk)[FiguresSection].least_published if figure.least is None else figure.least
    hidden = _hidden(question, numbers, places, least, before)
    reading = Reading.objects.create(
        county=county, figure=figure.full_name, definition=definition_of(figure), edition_id=county.edition_id,
        period=period, known=question.known, least=least, post=post, title=post.full_title, corrects=before,
    )  # fmt: skip
    Published.objects.bulk_create(
        Published(reading=reading, path=key[1], category=key[2], number=n, withheld=key in hidden)
        for key, n in numbers.items()
    )
    return reading


def counted(question: Question, places: Sequence[Place], county_code: str) -> dict[tuple[str, str], int]:
    """The numbers of a figure for places, in all and by category: all records, whoever may see them."""
    totals = question.by_ground()
    found = {(p.path, ""): _under(totals, p.path) for p in places}
    dimension = question.figure.on.dimension("category")
    if dimension is None:
        return found
    of = book(county_code)
    below = dimension.below(of) if dimension.below else {}
    above = {child: key for key, group in below.items() for child in group}
    keys = [str(key) for key in dimension.words(of, ()) if key not in above]
    found |= {(place.path, key): 0 for place in places for key in keys}
    for (ground, value), n in question.by_ground_and(dimension).items():
        for place in places:
            where = (place.path, above.get(value, value))
            if ground.startswith(place.path) and where in found:
                found[where] += n
    return found


def _under(totals: Mapping[str, int], path: str) -> int:
    return sum(n for ground, n in totals.items() if ground.startswith(path))


def _numbers(reading: Reading) -> dict[Key, int]:
    return {(reading.period, c.path, c.category): c.number for c in reading.cells.all()}


def _hidden(
    question: Question, numbers: dict[Key, int], places: Sequence[Place], least: int, before: Reading | None
) -> set[Key]:
    """The cells to withhold, with all that was published of the periods within; what was withheld once, stays so."""
    known: dict[Key, int] = dict(numbers)
    hidden: set[Key] = set()
    sums = list(sums_within(numbers, places))
    if before is not None:
        hidden |= {(before.period, c.path, c.category) for c in before.cells.filter(withheld=True)} & set(numbers)
    parts = parts_of(question)
    for reading in parts:
        known |= _numbers(reading)
        hidden |= {(reading.period, c.path, c.category) for c in reading.cells.filter(withheld=True)}
        sums += sums_within(_numbers(reading), places)
    sums += sums_over(question, [r.period for r in parts], known)
    return {key for key in withheld(known, sums, least, hidden, set(numbers)) if key in numbers}


def parts_of(question: Question) -> list[Reading]:
    """The readings that stand of all shorter periods within, of which a longer one is made."""
    sorts: list[str] = []
    sort = PARTS.get(question.period.every)
    while sort is not None:
        sorts += [str(p) for p in question.period.parts(sort)]
        sort = PARTS.get(sort)
    readings = latest(question.place.county_id).filter(figure=question.figure.full_name, period__in=sorts)
    return list(readings.prefetch_related("cells"))


def sums_within(numbers: Mapping[Key, int], places: Sequence[Place]) -> Iterator[Sum]:
    """What a reader may add up within a period: places to the one above, categories to all."""
    below: dict[str, list[str]] = {}
    for place in places:
        parent = place.path.rstrip("/").rpartition("/")[0] + "/"
        below.setdefault(parent, []).append(place.path)
    periods = {key[0] for key in numbers}
    categories = sorted({key[2] for key in numbers})
    for period in periods:
        for parent, children in below.items():
            for category in categories:
                parts = tuple((period, child, category) for child in children if (period, child, category) in numbers)
                if (period, parent, category) in numbers and parts:
                    yield Sum((period, parent, category), parts)
        if len(categories) > 1:
            for path in sorted({key[1] for key in numbers if key[0] == period}):
                yield Sum((period, path, ""), tuple((period, path, c) for c in categories if c))


def sums_over(question: Question, closed: Sequence[str], known: Mapping[Key, int]) -> list[Sum]:
    """What a reader may add up over periods: the shorter ones of a flow; a stock at its end is that of the last one."""
    found = []
    shorter = PARTS.get(question.period.every)
    while shorter is not None:
        for longer in [question.period, *(Period.parse(p) for p in closed)]:
            inside = [str(p) for p in longer.parts(shorter)]
            if inside and set(inside) <= set(closed):
                inside = inside if isinstance(question.figure, Flow) else inside[-1:]
                both = [(key, tuple((p, *key[1:]) for p in inside)) for key in known if key[0] == str(longer)]
                found += [Sum(key, parts) for key, parts in both if set(parts) <= set(known)]
        shorter = PARTS.get(shorter)
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
