"""Where an official takes down what somebody reports: at the counter, from a chat, on the telephone, on patrol."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.affairs.incidents.handlers import handler_of
from jingwei.affairs.incidents.intake_form import IntakeForm, WorkerForm
from jingwei.affairs.incidents.kinds import Incident
from jingwei.affairs.incidents.pack import IncidentsSection, Source
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.steps import take
from jingwei.casework.kinds import Step
from jingwei.casework.models import Case
from jingwei.casework.needs import Evidence, Wanting
from jingwei.casework.pages.handing import MOST_PHOTOGRAPHS, photographs_of
from jingwei.casework.pages.record import not_whole
from jingwei.casework.refusals import Refused
from jingwei.organisations.models import Post
from jingwei.organisations.pack import Role
from jingwei.people.lists import NotOnTheList
from jingwei.people.models import Person
from jingwei.places.queries import ground_of
from jingwei.policy.queries import book

AT_THE_COUNTER = {Role.CLERK, Role.DISPATCHER}


@at_a_post
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The page of intake: the counter's for a clerk or dispatcher, the short one for a grid worker."""
    sitting = _sitting(request)
    roles = {Role(r) for r in sitting.post.roles}
    if roles & AT_THE_COUNTER:
        return _counter(request, sitting)
    if Role.GRID_WORKER in roles:
        return _worker(request, sitting)
    said = _("Your post takes nothing in. Choose the post of a clerk, a dispatcher or a grid worker, if you hold one.")
    return render(request, "incidents/intake_refused.html", {"sentence": said}, status=403)


def _counter(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    form = IntakeForm(sitting, request.POST or None, initial={"key": uuid4()})
    if request.method != "POST":
        return _page(request, "incidents/intake.html", form, sitting)
    complete = form.is_valid()
    if "look" in request.POST:  # the clerk looks for a place, or for who would handle it; nothing is saved
        return _page(request, "incidents/intake.html", form.unjudged(), sitting)
    then = Incident.answer if "answer" in request.POST else None
    if complete and then and not form.cleaned_data["reply"]:
        form.add_error("reply", _("Write what you answered."))
    if not form.is_valid():
        return _page(request, "incidents/intake.html", form, sitting, status=422)
    return _saved(request, "incidents/intake.html", form, sitting, then, ())


def _worker(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    form = WorkerForm(sitting, request.POST or None, initial={"key": uuid4(), "source": Source.GRID_WORKER})
    if request.method != "POST":
        return _page(request, "incidents/intake_worker.html", form, sitting)
    then = Incident.handle_on_the_spot if "on_the_spot" in request.POST else None
    if form.is_valid() and then and not form.cleaned_data["reply"]:
        form.add_error("reply", _("Write what you did, in a few words."))
    form.photographs, wrong = photographs_of(request, timezone.now())
    for sentence in filter(None, [not_whole(request), *wrong]):
        form.add_error(None, sentence)
    if not form.is_valid():
        return _page(request, "incidents/intake_worker.html", form, sitting, status=422)
    return _saved(request, "incidents/intake_worker.html", form, sitting, then, tuple(form.photographs))


def _saved(
    request: HttpRequest,
    template: str,
    form: IntakeForm,
    sitting: Sitting,
    then: Step | None,
    photographs: tuple[str, ...],
) -> HttpResponse:
    try:
        case = take_in(form, sitting, then, photographs, at=timezone.now())
    except (Refused, Wanting, NotOnTheList) as refused:
        form.add_error(None, refused.sentence)
        return _page(request, template, form, sitting, status=422)
    return redirect("desk:receipt", case.number)


@transaction.atomic
def take_in(
    form: IntakeForm, sitting: Sitting, then: Step | None, photographs: tuple[str, ...], *, at: datetime
) -> Case:
    """Open the case and, for the simple procedure, take the one step that settles it; both or neither."""
    said, key = form.cleaned_data, form.cleaned_data["key"]
    intake = _intake(said, sitting, () if then else photographs)  # a picture of the result goes with the step
    case = open_case(Incident, intake, actor=sitting.actor, at=at, key=key)
    if then is not None:
        evidence = Evidence(words={"reply": said["reply"]}, photographs=photographs)
        case = take(then, case, actor=sitting.actor, at=at, evidence=evidence, key=_next_key(key))
    return case


def _intake(said: dict[str, Any], sitting: Sitting, photographs: tuple[str, ...]) -> Intake:
    sort = book(sitting.county_code)[IncidentsSection].sort(said["category"])
    asker = _asker(said, sitting.county_code)
    return Intake(
        place=said["place"],
        title=said.get("title") or said["words"] or str(sort or ""),
        source=said["source"],
        words=said["words"],
        grade=said.get("grade") or (sort.grade if sort else ""),
        category=said["category"],
        request_class=said.get("request_class") or (str(sort.request_class) if sort else ""),
        where=said.get("where", ""),
        lon=said.get("lon"),
        lat=said.get("lat"),
        asker=asker,
        asks_back=bool(asker and said["telephone"]),
        confidential=bool(said.get("confidential")),
        photographs=photographs,
        with_code=asker is not None or said["source"] != Source.GRID_WORKER,
    )


def _asker(said: dict[str, Any], county_code: str) -> Person | None:
    """Who asked, with a ground to keep it; nobody where she stays anonymous or gave neither name nor number."""
    if said.get("anonymous") or not (said["name"] or said["telephone"]):
        return None
    return Person.named(county_code, said["name"], said["telephone"], purpose=Person.ASKER, ground="request")


def _next_key(key: UUID) -> UUID:
    return uuid5(key, "then")


def _page(request: HttpRequest, template: str, form: IntakeForm, sitting: Sitting, status: int = 200) -> HttpResponse:
    context = {"form": form, "suggested": _suggested(form, sitting), "most": MOST_PHOTOGRAPHS}
    return render(request, template, context, status=status)


def _suggested(form: IntakeForm, sitting: Sitting) -> Post | None:
    """Who would handle it, as the pack's table says; shown once sort and place are known."""
    category, place = form.said("category"), form.place_said()
    if not category or place is None:
        return None
    return handler_of(sitting.county_code, category, ground_of(place).path)


def _sitting(request: HttpRequest) -> Sitting:
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    return sitting
