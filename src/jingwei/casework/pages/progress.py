"""How my matter fares: looked up by its code; added to, urged, rated, brought back or taken back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.accounts.permitted import permits_on
from jingwei.casework.acts import remarks, residents
from jingwei.casework.acts.opening import case_code
from jingwei.casework.acts.steps import take as take_step
from jingwei.casework.kinds import Step
from jingwei.casework.models import Case
from jingwei.casework.needs import Evidence, Rating, Wanting, Words
from jingwei.casework.pack import CaseworkSection
from jingwei.casework.pages import limiting, told
from jingwei.casework.pages.bearing import TooManyWrong, by_code, turned_to
from jingwei.casework.pages.handing import photographs_of
from jingwei.casework.pages.taking import fresh_key, key_of, not_taken, says_if_too_large, words_of
from jingwei.casework.queries import case_by_code
from jingwei.casework.refusals import Refused
from jingwei.casework.ways_out import shows_cases
from jingwei.organisations.pack import Role
from jingwei.policy.models import County
from jingwei.policy.queries import edition_book
from jingwei.running.limits import Taken, give_back, limited, take
from jingwei.trail.actor import Actor


@dataclass(frozen=True)
class Sent:
    """What came with one form of the page."""

    words: str
    photographs: tuple[str, ...]
    rating: int
    act: dict[str, Any]
    """Actor, moment and key, as every act takes them."""


Deed = Callable[[Case, Sent], object]
RATINGS = {"1", "2", "3", "4", "5"}
"""What the form sends for the five levels; the act judges what they mean."""

DEEDS: dict[str, tuple[Deed, Promise | str]] = {
    "add": (
        lambda case, sent: remarks.add(case, sent.words, photographs=sent.photographs, **sent.act),
        gettext_lazy("Added. Thank you."),
    ),
    "urge": (
        lambda case, sent: remarks.urge(case, sent.words, **sent.act),
        gettext_lazy("Urged. Whoever has it now is told."),
    ),
    "rate": (
        lambda case, sent: residents.rate(case, sent.rating, sent.words, **sent.act),
        gettext_lazy("Thank you for your rating."),
    ),
    "reopen": (
        lambda case, sent: residents.reopen(case, sent.words, **sent.act),
        gettext_lazy("It is open again and will be handled anew."),
    ),
    "withdraw": (
        lambda case, sent: residents.withdraw(case, sent.words, **sent.act),
        gettext_lazy("Taken back."),
    ),
}
"""What a form of the page does, and what is said afterwards."""


STEP = "step-"
"""What stands before the name of a step that the one who asked takes herself."""


def her_steps(case: Case) -> list[Step]:
    """The steps of its kind that the one who asked may take now."""
    steps = case.of_kind.steps_from(case.at_stage) if case.is_open and not case.held else []
    return [step for step in steps if Role.RESIDENT in step.by]


def _deed(case: Case, form: str) -> Deed | None:
    """What a sent form does; None where it names nothing that may be done."""
    if form in DEEDS:
        return DEEDS[form][0]
    step = case.of_kind.steps.get(form.removeprefix(STEP)) if form.startswith(STEP) else None
    if step is None or Role.RESIDENT not in step.by:
        return None

    def takes(case: Case, sent: Sent) -> object:
        words = {need.name: sent.words for need in step.needs if isinstance(need, Words)}
        return take_step(step, case, evidence=Evidence(words, rating=sent.rating or None), **sent.act)

    return takes


def _thanks(case: Case, done: str) -> Promise | str:
    if done in DEEDS:
        return DEEDS[done][1]
    step = case.of_kind.steps.get(done.removeprefix(STEP)) if done.startswith(STEP) else None
    return step.past if step is not None and Role.RESIDENT in step.by else ""


@dataclass
class Faults:
    """What went wrong with one form: its name, sentences by field, and what was typed."""

    form: str = ""
    words: str = ""
    photographs: list[str] = field(default_factory=list)
    sentences: list[tuple[str, str]] = field(default_factory=list)
    rest: Taken | None = None


@shows_cases("progress", "doorstep:look_up", "doorstep:progress", "doorstep:progress_by_code", "doorstep:receipt")
def opened_by_code(actor: Actor, _at: datetime) -> set[int]:
    """The cases that a bearer opens with her code; an official opens none this way."""
    borne = [pk for pk in Case.objects.values_list("pk", flat=True) if actor == Actor.bearer(pk)]
    return {case.pk for pk in borne if (case := case_by_code(case_code(pk))) is not None}


@never_cache
@limited
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Ask for a code; a right one leads to the progress, a wrong one is told so."""
    if request.method != "POST":
        return render(request, "casework/progress_look_up.html", {"code": ""})
    code = words_of(request, "code")[:40]
    case, answer = _found(request, code)
    return redirect("doorstep:progress") if case else answer


@never_cache
@limited
@require_http_methods(["GET", "HEAD", "POST"])
@says_if_too_large
def progress(request: HttpRequest, code: str = "") -> HttpResponse:
    """How the case fares, and what may be done with it. By the code in the address, or the session's."""
    if code:
        case, answer = _found(request, code)
        if case is None:
            return answer
    else:
        case = turned_to(request)
    if case is None:
        return redirect("doorstep:look_up")
    at = timezone.now()
    if sentence := not_taken(request):
        return _page(request, case, at, Faults("add", words_of(request, "words"), sentences=[("", sentence)]))
    if request.method != "POST":
        return _page(request, case, at, Faults())
    faults = _do(request, case, at)
    if faults is not None:
        return _page(request, case, at, faults)
    # In the address, not in the session: the page's script follows the redirect once before the browser does.
    return HttpResponseRedirect(f"{request.path}?done={request.POST['do']}")


@never_cache
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """What a resident takes home: number, code, when it will be looked at, what comes next."""
    case = turned_to(request)
    if case is None:
        return redirect("doorstep:look_up")
    code = case_code(case.pk)
    address = settings.BASE_URL + reverse("doorstep:progress_by_code", args=[code])
    context = {
        "case": case,
        "code": code,
        "address": address,
        "picture": segno.make(address, error="m").svg_data_uri(scale=4, border=2, dark="#15202b", light="#fff"),
        "promised": told.promised(case),
        "way": told.way(case),
    }
    return render(_dressed(request, case), "casework/progress_receipt.html", context)


def _found(request: HttpRequest, code: str) -> tuple[Case | None, HttpResponse]:
    """The case of a code, or the page that says why there is none."""
    taken = None
    try:
        case, status = by_code(request, code, timezone.now()), 422
        wrong = _("No case has this code. Look at it once more: ten letters and digits, as K7P4X-29XDM.")
    except TooManyWrong as many:
        case, status, taken = None, 429, many.taken
        wrong = limiting.sentence(taken, _only_county())
    if not code and status == 422:
        wrong = _("Write the code from your receipt.")
    if case:
        return case, HttpResponse()
    answer = render(request, "casework/progress_look_up.html", {"code": code, "wrong": wrong}, status=status)
    return None, limiting.rest(answer, taken) if taken else answer


def _only_county() -> County | None:
    """The county, where this installation holds but one: whoever sends wrong codes has not said which is hers."""
    counties = list(County.objects.all()[:2])
    return counties[0] if len(counties) == 1 else None


def _do(request: HttpRequest, case: Case, at: datetime) -> Faults | None:
    """Do what the sent form asks; what is wrong with it, or None when it is done."""
    form = request.POST.get("do", "")
    deed = _deed(case, form)
    if deed is None:
        return Faults(sentences=[("", _("Choose what you want to do, and send it again."))])
    digests, wrong = photographs_of(request, at) if form == "add" else ([], [])
    faults = Faults(form, words_of(request, "words"), digests, [("id_photo", s) for s in wrong])
    if wrong:
        return faults
    said = request.POST.get("rating", "")
    act = {"actor": Actor.bearer(case.pk), "at": at, "key": key_of(request)}
    taken = take(request, limiting.WORDS, at)
    if taken.refused:
        faults.rest, faults.sentences = taken, [("", limiting.kept(taken, case.county))]
        return faults
    try:
        deed(case, Sent(faults.words, tuple(digests), int(said) if said in RATINGS else 0, act))
    except Wanting as wanting:
        target = "id_rating_0" if wanting.field == "rating" else f"id_{form}_words"
        faults.sentences = [(target, wanting.sentence)]
    except Refused as refused:
        faults.sentences = [("", refused.sentence)]
    else:
        return None
    give_back(taken)
    return faults


def _page(request: HttpRequest, case: Case, at: datetime, faults: Faults) -> HttpResponse:
    casework = edition_book(case.edition_id)[CaseworkSection]
    until = residents.reopens_until(case)
    shown = case.main or case
    context = {
        "case": case,
        "code": case_code(case.pk),
        "state": told.public_title(shown.at_stage),
        "level": told.level(shown, at),
        "way": told.way(shown),
        "promised": told.promised(shown),
        "events": told.events(case),
        "faults": faults,
        "thanks": "" if faults.sentences else _thanks(case, request.GET.get("done", "")),
        "steps": [
            {
                "name": f"{STEP}{step.name}",
                "title": step.title,
                "words": next((need for need in step.needs if isinstance(need, Words)), None),
                "rates": any(isinstance(need, Rating) for need in step.needs),
            }
            for step in her_steps(case)
        ],
        "key": fresh_key(),
        "rated": next((r for r in casework.ratings if r.value == case.rating), None),
        "ratings": [{"value": r.value, "label": str(r)} for r in sorted(casework.ratings, key=lambda r: -r.value)],
        "may_rate": case.met and (case.rating is None or case.rating_told),
        "may_reopen": not case.is_open and case.main_id is None and (until is None or at <= until),
        "until": until,
        "offered": case.of_kind.for_the_asker(case),
        "permits": permits_on(case.ground_path, case.county_id, at),
    }
    status = 422 if faults.sentences else 200
    answer = render(_dressed(request, case, at), "casework/progress.html", context, status=status)
    return limiting.rest(answer, faults.rest) if faults.rest else answer


def _dressed(request: HttpRequest, case: Case, at: datetime | None = None) -> HttpRequest:
    """The request as the frame around the page reads it."""
    request.county = case.county  # type: ignore[attr-defined]
    request.at = at or timezone.now()  # type: ignore[attr-defined]
    return request
