"""Invented incidents of the last days, each taken along the common way as far as the pack says."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from jingwei.affairs.incidents.handlers import handler_of
from jingwei.affairs.incidents.kinds import Incident, IncidentRecord
from jingwei.affairs.incidents.pack import IncidentsSection, Source
from jingwei.affairs.living.pack import ReportLine
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


def open_reports(lines: Sequence[ReportLine], book: Book, county_code: str, *, at: datetime) -> None:
    """Open the pack's invented incidents and take each as far as it says."""
    compounds = list(standing(county_code, "compound").select_related("grid").order_by("code"))
    for line in sorted(lines, key=lambda one: -one.hours_ago):
        _live(line, compounds[(line.compound - 1) % len(compounds)], book, at)


def _live(line: ReportLine, place: Place, book: Book, at: datetime) -> None:
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


def _given(step: Step, case: Case, line: ReportLine, evidence: Evidence) -> Evidence:
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


def _reporter(line: ReportLine, place: Place) -> Actor:
    if line.source is not Source.GRID_WORKER or place.grid is None:
        return DOORSTEP
    held = Appointment.objects.filter(post__ground=place.grid, post__roles__contains=["grid_worker"], until=None)
    appointment = held.select_related("post__organisation").order_by("id")[0]
    return Actor.of_person(appointment.person_id, appointment.post_id, appointment.post.full_title)
