"""What a pack says of its demonstration: invented cases and how far each has gone, activities, bonds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from django.utils.translation import gettext as _
from msgspec import Meta

from jingwei.affairs.activities.pack import ActivitiesSection
from jingwei.affairs.incidents.pack import IncidentsSection, Source
from jingwei.affairs.living.pack_titles import TITLES
from jingwei.casework.kinds import kind_named
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import OrganisationsSection, PostPath
from jingwei.policy.sections import Key, Section, Text, Wrong, section

if TYPE_CHECKING:
    from jingwei.policy.books import Book

Numbered = Annotated[int, Meta(ge=1, le=100_000, examples=[12])]
HoursAgo = Annotated[float, Meta(ge=0.01, le=9000, examples=[3])]
Many = Annotated[int, Meta(ge=1, le=2000, examples=[24])]


class ReportLine(Section, frozen=True, kw_only=True):
    """One invented incident: what was said, where, when, and how far it has gone."""

    words: Text
    category: Key
    compound: Numbered
    """Which compound, counted from 1 in code order."""
    hours_ago: HoursAgo
    source: Source = Source.RESIDENT_QR
    steps: Annotated[int, Meta(ge=0, le=6, examples=[2])] = 0
    """How many steps of the common way have been taken."""
    reply: str = ""
    rating: Annotated[int, Meta(ge=1, le=5)] | None = None
    telephone: bool = False


class StepLine(Section, frozen=True, kw_only=True):
    """One step that was taken: its name in the code, and what came with it."""

    take: Key
    child: Annotated[int, Meta(ge=0, le=50)] = 0
    """Of which part of the case, counted from 1 in the order they were opened; 0: of the case itself."""
    words: str = ""
    handler: str = ""
    """Key of the organisation it goes to."""
    assisting: tuple[Key, ...] = ()
    choice: str = ""
    minutes: Annotated[float, Meta(gt=0, le=500_000, examples=[4])] | None = None
    """How long after the step before it; by default the steps are spread evenly until now."""
    days: Annotated[int, Meta(ge=0, le=400)] | None = None
    """Until how many days after, where the step asks until when."""


class MatterLine(Section, frozen=True, kw_only=True):
    """One invented case of any kind that people open at the desk, and the steps taken since, one after another."""

    kind: Key
    words: Text
    opened_by: PostPath
    compound: Numbered = 1
    hours_ago: HoursAgo
    source: Key = "counter"
    category: str = ""
    grade: str = ""
    with_code: bool = False
    """Opened for a resident, who follows it by her code."""
    rating: Annotated[int, Meta(ge=1, le=5)] | None = None
    """What she says of it in the end, where the last step ends it."""
    steps: tuple[StepLine, ...] = ()


class ActivityLine(Section, frozen=True, kw_only=True):
    """Invented activities of one sort; `{n}` in the title is their number."""

    sort: Key
    title: Text
    held_by: Key
    """Key of the organisations that held them; where there are several, they take turns."""
    where: Text
    times: Many = 1
    served: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    """Of all of them together; 0: they are still to come, and announced."""
    days: Annotated[int, Meta(ge=1, le=30)] = 1
    since_days: Annotated[int, Meta(ge=1, le=700, examples=[200])] = 60
    """Over how many days back (or, still to come, ahead) they are dealt."""


class AgreementLine(Section, frozen=True, kw_only=True):
    """Invented agreements: the n-th of `second` with one of `first`, in turn; of one sort, neighbours pair up."""

    sort: Key
    title: Text
    first: Key
    second: Key
    many: Many
    promises: tuple[Text, ...] = ()


class MemberLine(Section, frozen=True, kw_only=True):
    """Who joins an alliance: the organisation that stands there of this key, in this part of it."""

    organisation: Key
    part: str = ""


class AllianceLine(Section, frozen=True, kw_only=True):
    """An invented alliance around every organisation of a key, with those on its ground."""

    sort: Key
    name: Text
    core: Key
    members: tuple[MemberLine, ...] = ()


class RegistrationLine(Section, frozen=True, kw_only=True):
    """Invented double registration: every organisation of the key `units`, and so many members."""

    units: Key
    members: Annotated[int, Meta(ge=0, le=20_000, examples=[120])] = 0


class LivingSection(Section, frozen=True, kw_only=True):
    """All that a demonstration invents beside its people. `hotline`: real orders of a hotline are its past."""

    hotline: bool = False
    cases: tuple[ReportLine, ...] = ()
    matters: tuple[MatterLine, ...] = ()
    activities: tuple[ActivityLine, ...] = ()
    agreements: tuple[AgreementLine, ...] = ()
    alliances: tuple[AllianceLine, ...] = ()
    registration: RegistrationLine | None = None


def _check(living: LivingSection, book: Book) -> Iterator[Wrong]:
    incidents, offices = book[IncidentsSection], book[OfficesSection]
    homes = [line.key for line in book[OrganisationsSection].organisations if not line.retired]
    sorts = [line.key for line in book[ActivitiesSection].standing]
    for n, report in enumerate(living.cases):
        if incidents.sort(report.category) is None:
            yield _nowhere("cases", n, "category", report.category, [c.key for c in incidents.categories])
    for n, matter in enumerate(living.matters):
        yield from _check_matter(n, matter, book, homes)
    for n, activity in enumerate(living.activities):
        yield from _known("activities", n, "sort", activity.sort, sorts)
        yield from _known("activities", n, "held_by", activity.held_by, homes)
    for n, agreement in enumerate(living.agreements):
        yield from _known("agreements", n, "sort", agreement.sort, [one.key for one in offices.agreements])
        yield from _known("agreements", n, "first", agreement.first, homes)
        yield from _known("agreements", n, "second", agreement.second, homes)
    if living.registration is not None and living.registration.units not in homes:
        yield Wrong(("living", "registration", "units"), *_said(living.registration.units, homes))
    for n, alliance in enumerate(living.alliances):
        yield from _known("alliances", n, "sort", alliance.sort, [one.key for one in offices.alliances])
        for key in (alliance.core, *(member.organisation for member in alliance.members)):
            yield from _known("alliances", n, "core", key, homes)


def _check_matter(n: int, matter: MatterLine, book: Book, homes: list[str]) -> Iterator[Wrong]:
    posts = book[OrganisationsSection]
    if posts.post(matter.opened_by) is None:
        known = [f"{o.key}.{p.key}" for o in posts.organisations for p in o.posts]
        yield _nowhere("matters", n, "opened_by", matter.opened_by, known)
    try:
        kind = kind_named(matter.kind)
    except LookupError:
        yield _nowhere("matters", n, "kind", matter.kind, ["whistle", "problem", "promise"])
        return
    below = [step.opens for step in kind.steps.values() if step.opens]
    known = [name for one in (kind, *map(kind_named, below)) for name in one.steps]
    for m, step in enumerate(matter.steps):
        if step.take not in known:
            yield Wrong(("living", "matters", n, "steps", m), *_said(step.take, known))
        for key in (step.handler, *step.assisting):
            if key and key not in homes:
                yield Wrong(("living", "matters", n, "steps", m), *_said(key, homes))


def _known(table: str, n: int, field: str, said: str, known: list[str]) -> Iterator[Wrong]:
    if said not in known:
        yield _nowhere(table, n, field, said, known)


def _nowhere(table: str, n: int, field: str, said: str, known: list[str]) -> Wrong:
    return Wrong(("living", table, n, field), *_said(said, known))


def _said(said: str, known: list[str]) -> tuple[str, str]:
    return _("«%(said)s» is nowhere in this pack.") % {"said": said}, _("one of: %(keys)s") % {"keys": ", ".join(known)}


section(
    "living",
    LivingSection,
    check=_check,
    titles=TITLES,
    refers={"handler": ("organisations",), "assisting": ("organisations",), "category": ("incidents", "categories")},
)
