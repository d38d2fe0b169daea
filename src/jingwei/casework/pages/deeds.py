"""What is sent to a case: a step, an operation, the answer to a motion, and the same for many at once."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jingwei.accounts.sitting import at_a_post
from jingwei.casework.acts.motions import settle
from jingwei.casework.acts.steps import take
from jingwei.casework.forms import Answer, Deed, Offer, StepForm
from jingwei.casework.kinds import Step
from jingwei.casework.may import why_not
from jingwei.casework.models import Case
from jingwei.casework.needs import Wanting
from jingwei.casework.pages.batches import do_batch, told
from jingwei.casework.pages.case import Tried, case_context, not_seen
from jingwei.casework.pages.desk import answer, for_pane, moment, sitting_in
from jingwei.casework.pages.handing import hand_of
from jingwei.casework.pages.lists import filter_of, query_of
from jingwei.casework.pages.operations import operation_named
from jingwei.casework.pages.record import not_whole
from jingwei.casework.queries import case_seen
from jingwei.casework.refusals import Refused
from jingwei.casework.ways_out import shows_cases, tried_one_by_one
from jingwei.files.refusals import FileRefused

shows_cases("what is done to a case", "desk:step", "desk:operation", "desk:motion", "desk:batch")(
    tried_one_by_one(case_seen)
)

Do = Callable[[Any, datetime], object]
"""Does the deed with a valid form at a moment."""


def posted(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let only what was sent in; whoever comes back to such an address, by switching the language, finds the case."""

    @wraps(page)
    def inside(request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return page(request, number, **kwargs)
        return redirect(reverse("desk:case", args=[number]) + query_of(filter_of(request.GET)))

    return inside


@at_a_post
@posted
def step(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Take a step of the case's kind."""
    actor = sitting_in(request).actor
    case = case_seen(actor, number)
    wanted = case.of_kind.steps.get(name) if case else None
    if case is None or wanted is None:
        return not_seen(request)
    form = StepForm(wanted, _offer(request, case), request.POST, request.FILES)

    def does(given: StepForm, at: datetime) -> object:
        evidence = given.evidence(at)
        return take(wanted, case, actor=actor, at=at, evidence=evidence, key=given.idempotent)

    return _done(request, case, name, form, does, str(wanted.past), wanted)


@at_a_post
@posted
def operation(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Do what may be done on a case of any kind."""
    actor, wanted = sitting_in(request).actor, operation_named(name)
    case = case_seen(actor, number)
    if case is None or wanted is None:
        return not_seen(request)
    form = wanted.drawn(_offer(request, case), request.POST, request.FILES)
    return _done(request, case, name, form, lambda f, at: wanted.does(case, f, actor, at), str(wanted.done))


@at_a_post
@posted
def motion(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Answer what was put to this post."""
    actor = sitting_in(request).actor
    case = case_seen(actor, number)
    asked = case.motions.filter(pk=pk).first() if case else None
    if case is None or asked is None:
        return not_seen(request)
    name = f"motion{pk}"
    form = Answer(name, _offer(request, case), request.POST)
    grant = request.POST.get("grant") == "1"

    def does(given: Answer, at: datetime) -> object:
        return settle(asked, given.cleaned_data["words"], grant=grant, actor=actor, at=at, key=given.idempotent)

    return _done(request, case, name, form, does, _("Answered."))


def _offer(request: HttpRequest, case: Case) -> Offer:
    return Offer(case, sitting_in(request).post, hand_of(request))


def _done(
    request: HttpRequest, case: Case, name: str, form: Deed, does: Do, said: str, taken: Step | None = None
) -> HttpResponse:
    """Do it and show the case as it is now; or show it with the reason, and everything that was typed."""
    at = moment(request)
    if sentence := not_whole(request):
        return _again(request, case, Tried(name, form, sentence), 422)
    if not form.is_valid():
        return _again(request, case, Tried(name, form), 422)
    try:
        does(form, at)
    except Wanting as wanting:
        form.add_error(wanting.field if wanting.field in form.fields else None, wanting.sentence)
        return _again(request, case, Tried(name, form), 422)
    except FileRefused as refused:
        form.add_error("photographs" if "photographs" in form.fields else None, str(refused))
        return _again(request, case, Tried(name, form), 422)
    except Refused as refused:
        return _again(request, case, Tried(name, form, refused.sentence), 409)
    now = case_seen(sitting_in(request).actor, case.number)
    messages.success(request, _toast(request, now, said, taken))
    if for_pane(request):
        return answer(request, now, case_context(request, now)) if now else answer(request, None, {"gone": True})
    behind = query_of(filter_of(request.GET))
    return redirect((reverse("desk:case", args=[case.number]) if now else reverse("desk:queue")) + behind)


def _again(request: HttpRequest, case: Case, tried: Tried, status: int) -> HttpResponse:
    fresh = case_seen(sitting_in(request).actor, case.number)
    if fresh is None:
        return not_seen(request)
    return answer(request, fresh, case_context(request, fresh, tried), status=status)


def _toast(request: HttpRequest, case: Case | None, said: str, taken: Step | None) -> str:
    """What has happened; with the step that takes it back, where the kind has one for this post."""
    back = _way_back(request, case, taken) if case is not None and taken is not None else None
    context = {"said": said, "case": case, "back": back, "key": uuid4(), "behind": query_of(filter_of(request.GET))}
    return render_to_string("casework/toast.html", context, request)


def _way_back(request: HttpRequest, case: Case, taken: Step) -> Step | None:
    """The step that undoes `taken`: it asks for nothing, is no work, and leads to a stage that `taken` leaves."""
    sitting = sitting_in(request)
    for one in case.of_kind.steps_from(case.at_stage):
        plain = not one.counts and not any(need.required for need in one.needs) and not case.of_kind.is_work(one)
        leads_back = set(one.targets) <= {*taken.sources} and one.to is not case.at_stage
        if plain and leads_back and why_not(one, case, sitting.actor, sitting.post) is None:
            return one
    return None


@require_POST
@at_a_post
def batch(request: HttpRequest) -> HttpResponse:
    """The same on every ticked case; what came of each is told."""
    behind = query_of(filter_of(request.GET))
    numbers = request.POST.getlist("case")
    if not numbers:
        messages.warning(request, _("Mark one case at least."))
        return redirect(reverse("desk:queue") + behind)
    what = request.POST.get("do", "")
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        key = uuid4()
    outcomes = do_batch(
        what, numbers, request.POST.get("handler", ""), sitting=sitting_in(request), at=moment(request), key=key
    )
    good, bad = told(what, outcomes)
    if good and not bad:
        messages.success(request, good)
    elif bad:
        messages.error(request, f"{good} {bad}".strip())
    return redirect(reverse("desk:queue") + behind)
