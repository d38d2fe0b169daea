"""Invented incidents of the last days, so that a demonstration shows a county at work: every one goes through the acts
that a person's click takes."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated

from django.utils.translation import gettext as _
from msgspec import Meta

from jingwei.affairs.incidents.handlers import handler_of
from jingwei.affairs.incidents.kinds import Incident, IncidentRecord
from jingwei.affairs.incidents.pack import IncidentsSection, Source
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.residents import rate
from jingwei.casework.acts.steps import take
from jingwei.casework.kinds import Step
from jingwei.casework.models import Case
from jingwei.casework.needs import Evidence
from jingwei.organisations.models import Appointment
from jingwei.people.models import Person
from jingwei.places.models import Place
from jingwei.places.queries import standing
from jingwei.policy import Book
from jingwei.policy.sections import Key, Section, Text, Wrong, section
from jingwei.trail.actor import Actor

DOORSTEP = Actor.machine("residents' door")


PATH: tuple[tuple[Step, Evidence], ...] = (
    (Incident.assign, Evidence()),
    (Incident.sign_for, Evidence()),
    (Incident.report_handled, Evidence()),
    (Incident.sign_off, Evidence()),
    (Incident.verify, Evidence()),
    (Incident.call_back, Evidence()),
)
"""The common way of an incident, step by step; a step that does not leave from where the case stands is passed over."""


class LivingLine(Section, frozen=True, kw_only=True):
    """One invented incident: what was said, where, when, and how far it has gone."""

    words: Text
    category: Key
    compound: Annotated[int, Meta(ge=1, examples=[12])]
    """Which compound, counted from 1 in code order."""
    hours_ago: Annotated[float, Meta(gt=0, le=2000, examples=[3])]
    source: Source = Source.RESIDENT_QR
    steps: Annotated[int, Meta(ge=0, le=6, examples=[2])] = 0
    """How many steps of the common way have been taken."""
    reply: str = ""
    rating: Annotated[int, Meta(ge=1, le=5)] | None = None
    telephone: bool = False


class LivingSection(Section, frozen=True, kw_only=True):
    """The invented incidents of a demonstration."""

    cases: tuple[LivingLine, ...] = ()


def _check(living: LivingSection, book: Book) -> Iterator[Wrong]:
    for n, line in enumerate(living.cases):
        if book[IncidentsSection].sort(line.category) is None:
            known = [c.key for c in book[IncidentsSection].categories]
            yield Wrong(
                ("living", "cases", n, "category"),
                _("«%(said)s» is nowhere in this pack.") % {"said": line.category},
                _("one of: %(keys)s") % {"keys": ", ".join(known)},
            )


section("living", LivingSection, check=_check)


def bring_to_life(book: Book, county_code: str, *, at: datetime) -> int:
    """Open the pack's invented incidents and take each as far as it says; how many. Once: later starts add none."""
    lines = book[LivingSection].cases
    if Case.objects.filter(county_id=county_code, source_system="").exists():
        return 0
    compounds = list(standing(county_code, "compound").select_related("grid").order_by("code"))
    for line in sorted(lines, key=lambda one: -one.hours_ago):
        _live(line, compounds[(line.compound - 1) % len(compounds)], book, at)
    return len(lines)


def _live(line: LivingLine, place: Place, book: Book, at: datetime) -> None:
    sort = book[IncidentsSection].sort(line.category)
    assert sort is not None
    began = at - timedelta(hours=line.hours_ago)
    asker = None
    if line.telephone:
        asker = Person.named(place.county_id, "", "10000000000", purpose=Person.ASKER, ground="request")
    intake = Intake(
        place=place,
        title=line.words,
        source=line.source.value,
        words=line.words,
        grade=sort.grade,
        category=line.category,
        request_class=sort.request_class.value,
        asker=asker,
        asks_back=line.telephone,
        with_code=True,
        record=IncidentRecord(),
    )
    case = open_case(Incident, intake, actor=_reporter(line, place), at=began)
    pause = timedelta(hours=line.hours_ago) / (line.steps + 1)
    for n, (step, evidence) in enumerate(PATH[: line.steps], 1):
        if case.is_open and case.at_stage in step.sources:
            case = take(
                step, case, actor=_holder(case), at=began + pause * n, evidence=_given(step, case, line, evidence)
            )
    if line.rating and not case.is_open and not line.telephone:
        rate(case, line.rating, actor=Actor.bearer(case.pk), at=at)


def _given(step: Step, case: Case, line: LivingLine, evidence: Evidence) -> Evidence:
    if step is Incident.assign:
        post = handler_of(case.county_id, case.category, case.ground_path)
        return Evidence(posts={"handler": post.pk} if post else {})
    if step is Incident.report_handled:
        return Evidence(words={"reply": line.reply or _("Handled on the spot.")})
    if step is Incident.call_back:
        return Evidence(rating=line.rating, words={"words": ""})
    return evidence


def _holder(case: Case) -> Actor:
    """Whoever sits at the post that owes the case."""
    assert case.owner is not None
    held = Appointment.objects.filter(post=case.owner, until=None).order_by("id")[0]
    return Actor.of_person(held.person_id, case.owner.pk, case.owner.full_title)


def _reporter(line: LivingLine, place: Place) -> Actor:
    if line.source is not Source.GRID_WORKER or place.grid is None:
        return DOORSTEP
    held = Appointment.objects.filter(post__ground=place.grid, post__roles__contains=["grid_worker"], until=None)
    appointment = held.select_related("post__organisation").order_by("id")[0]
    return Actor.of_person(appointment.person_id, appointment.post_id, appointment.post.full_title)
