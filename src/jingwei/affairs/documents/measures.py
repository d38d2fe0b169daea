"""What can be counted in a loaded county and held against a number of its document; a pack chooses among these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from jingwei.affairs.registration.models import RegisteredMember, RegisteredUnit
from jingwei.casework.models import Case
from jingwei.duties.pack import DutiesSection
from jingwei.figures.counting import Question
from jingwei.figures.declared import Counted, figure_named
from jingwei.organisations.bonds import Agreement, Alliance, Membership
from jingwei.organisations.models import Appointment, Organisation, Responsibility
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import OrganisationsSection
from jingwei.places.queries import standing
from jingwei.policy.county import CountySection
from jingwei.worktime import Span
from jingwei.worktime.periods import ALL
from jingwei.worktime.spans import BadSpan

if TYPE_CHECKING:
    from jingwei.policy.books import Book


class Unmeasured(LookupError):
    """A measure is of something that the county has a word for. `what` is wrong, `write` is what to write."""

    def __init__(self, said: str, known: Iterable[str]) -> None:
        self.what = _("«%(said)s» is nowhere in this pack.") % {"said": said}
        self.write = _("one of: %(keys)s") % {"keys": ", ".join(known) or "—"}
        super().__init__(self.what)


@dataclass(frozen=True)
class Measure:
    """`known` raises Unmeasured for what cannot be counted; `counts` gives the number of a loaded county."""

    known: Callable[[str, Book], object]
    counts: Callable[[str, Book, datetime], float]


MEASURES: dict[str, Measure] = {}


def held(measure: str, of: str, book: Book, at: datetime) -> float:
    """The number that stands in the county of `book` at the moment `at`."""
    return MEASURES[measure].counts(of, book, at)


# ---- figures: `places.grids`, or one value of a dimension: `activities.held/sort=fair`


def _figure(of: str, book: Book) -> tuple[Counted, dict[str, str]]:
    name, _stroke, picked = of.partition("/")
    figure = figure_named(name)
    dimension, _is, value = picked.partition("=")
    if not isinstance(figure, Counted) or (picked and figure.on.dimension(dimension) is None):
        raise Unmeasured(of, ["places.grids", "activities.held/sort=fair"])
    return figure, {dimension: value} if picked else {}


def _figures(of: str, book: Book) -> None:
    for one in of.split(" + "):
        _figure(one, book)


def _asked(of: str, book: Book, at: datetime) -> float:
    county = standing(book[CountySection].code, "county").get()
    asked = (_figure(one, book) for one in of.split(" + "))
    return sum(Question(figure, county, ALL, at, None, picked).count() for figure, picked in asked)


def _asked_of_first_town(of: str, book: Book, at: datetime) -> float:
    figure, picked = _figure(of, book)
    towns = standing(book[CountySection].code, "town").order_by("code")
    return Question(figure, towns[0], ALL, at, None, picked).count()


# ---- organisations and posts


def _kind(of: str, book: Book) -> None:
    _one_of(of, [line.key for line in book[OfficesSection].kinds])


def _team(of: str, book: Book) -> None:
    _one_of(of, [line.key for line in book[OfficesSection].teams])


def _post(of: str, book: Book) -> None:
    section = book[OrganisationsSection]
    for path in of.split(" + "):
        if section.post(path) is None:
            raise Unmeasured(path, (f"{o.key}.{p.key}" for o in section.organisations for p in o.posts))


def _duty(of: str, book: Book) -> None:
    _one_of(of, [line.key for line in book[DutiesSection].standing])


def _agreement(of: str, book: Book) -> None:
    _one_of(of, [line.key for line in book[OfficesSection].agreements])


def _alliance(of: str, book: Book) -> None:
    _one_of(of, [line.key for line in book[OfficesSection].alliances])


def _one_of(said: str, known: list[str]) -> None:
    if said not in known:
        raise Unmeasured(said, known)


def _organisations(of: str, book: Book, _at: datetime) -> float:
    return Organisation.objects.filter(county=book[CountySection].code, kind=of, until=None).count()


def _seated(book: Book, **narrow: Any) -> Any:
    code = book[CountySection].code
    return Appointment.objects.filter(post__organisation__county=code, until=None, **narrow)


def _of_post(of: str) -> dict[str, str]:
    organisation, _dot, post = of.partition(".")
    return {
        "post__organisation__key__regex": f"^{organisation}(_[0-9]+)?$",
        "post__key__regex": f"^{post}(_[0-9]+)?$",
    }


def _seats(of: str, book: Book, _at: datetime) -> float:
    return float(sum(_seated(book, **_of_post(path)).count() for path in of.split(" + ")))


def _seats_each(of: str, book: Book, _at: datetime) -> float:
    """Holders of a post in each organisation that has it; 0 where they differ."""
    posts = _seated(book, **_of_post(of)).values_list("post__organisation")
    many = set(Counter(posts).values())
    return many.pop() if len(many) == 1 else 0


def _answered(of: str, book: Book, what: str) -> float:
    found = Responsibility.objects.filter(
        post__organisation__county=book[CountySection].code, until=None, **_of_post(of)
    )
    return float(found.values(what).distinct().count())


def _agreements(of: str, book: Book, what: str) -> float:
    found = Agreement.objects.filter(county=book[CountySection].code, sort=of, until=None)
    if what == "parties":
        return len({pk for pair in found.values_list("first", "second") for pk in pair})
    return found.count()


def _duty_times(of: str, book: Book, _at: datetime) -> float:
    line = book[DutiesSection].line(of)
    return line.times if line else 0


def _parts(of: str, book: Book) -> float:
    """The standing sorts of member that have one."""
    alliances = Membership.objects.filter(alliance__county=book[CountySection].code, alliance__sort=of, until=None)
    return alliances.exclude(part="").values("part").distinct().count()


def _cores(of: str, book: Book) -> float:
    """Cores of each alliance: all together by the number of alliances."""
    those = Alliance.objects.filter(county=book[CountySection].code, sort=of, until=None)
    return those.values("core").distinct().count() / max(1, those.count())


def _tiers(_of: str, book: Book, _at: datetime) -> float:
    """The layers, from the county down to the community, on which organisations stand that lead or handle."""
    layers = Organisation.objects.filter(county=book[CountySection].code, until=None).values_list("ground__layer")
    return layers.filter(ground__layer__in=("county", "town", "community")).distinct().count()


def _registered_units(_of: str, book: Book, _at: datetime) -> float:
    rows = RegisteredUnit.objects.filter(organisation__county=book[CountySection].code, until=None)
    return float(rows.values("organisation").distinct().count())


def _registered_members(_of: str, book: Book, _at: datetime) -> float:
    return RegisteredMember.objects.filter(county=book[CountySection].code, withdrawn_at=None).count()


def _levels(_of: str, book: Book, _at: datetime) -> float:
    level = {line.key: line.level for line in book[OfficesSection].kinds}
    kinds = Organisation.objects.filter(county=book[CountySection].code, until=None).values_list("kind", flat=True)
    return len({level.get(kind, 0) for kind in kinds.distinct()} - {0})


def _head_levels(_of: str, book: Book, _at: datetime) -> float:
    head = {line.key: line.head for line in book[OfficesSection].teams}
    return len({head.get(team, 0) for team in _seated(book).values_list("post__team", flat=True).distinct()} - {0})


def _grades(of: str, book: Book, _at: datetime) -> float:
    within = {line.key: line.within for line in book[OfficesSection].grades}
    given = {grade for grade in _seated(book).values_list("grade", flat=True).distinct() if grade}
    return len({within[grade] for grade in given} if of == "classes" else given)


# ---- what the pack itself says, by its place in it: `casework.spans.promise.arrival.all`, a length of a list, a span


def _in_pack(of: str, book: Book, _at: datetime | None = None) -> float:
    said: Any = book.document
    for step in of.split("."):
        if isinstance(said, list):
            said = next((entry for entry in said if isinstance(entry, dict) and entry.get("key") == step), None)
        else:
            said = said.get(step) if isinstance(said, dict) else None
    if isinstance(said, list | dict):
        return len(said)
    if isinstance(said, bool) or not isinstance(said, str | int | float):
        raise Unmeasured(of, ["casework.spans.promise.arrival.all", "offices.teams.part_time.wanted"])
    try:
        return Span.parse(said).amount if isinstance(said, str) else said
    except BadSpan as no:
        raise Unmeasured(of, ["casework.spans.promise.arrival.all"]) from no


def _anything(_of: str, _book: Book) -> None:
    """Nothing to name."""


MEASURES |= {
    "figure": Measure(_figures, _asked),
    "figure_of_first_town": Measure(_figure, _asked_of_first_town),
    "organisations": Measure(_kind, _organisations),
    "team": Measure(_team, lambda of, book, at: _seated(book, post__team=of).count()),
    "post": Measure(_post, _seats),
    "post_each": Measure(_post, _seats_each),
    "places_answered_for": Measure(_post, lambda of, book, at: _answered(of, book, "place")),
    "posts_answering": Measure(_post, lambda of, book, at: _answered(of, book, "post")),
    "agreements": Measure(_agreement, lambda of, book, at: _agreements(of, book, "agreements")),
    "agreement_parties": Measure(_agreement, lambda of, book, at: _agreements(of, book, "parties")),
    "alliances": Measure(
        _alliance,
        lambda of, book, at: Alliance.objects.filter(county=book[CountySection].code, sort=of, until=None).count(),
    ),
    "alliance_parts": Measure(_alliance, lambda of, book, at: _parts(of, book)),
    "alliance_core": Measure(_alliance, lambda of, book, at: _cores(of, book)),
    "registered_units": Measure(_anything, _registered_units),
    "registered_members": Measure(_anything, _registered_members),
    "duty_times": Measure(_duty, _duty_times),
    "tiers": Measure(_anything, _tiers),
    "levels": Measure(_anything, _levels),
    "head_levels": Measure(_anything, _head_levels),
    "grades": Measure(lambda of, book: _one_of(of, ["grades", "classes"]), _grades),
    "cases": Measure(
        _anything,
        lambda of, book, at: Case.objects.filter(county=book[CountySection].code, kind=of).count(),
    ),
    "pack": Measure(_in_pack, _in_pack),
}
"""By the name that a pack writes."""
