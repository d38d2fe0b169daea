"""The second look: the inspector's sample, drawn by the system, and the calls back to whoever asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.casework.acts.steps import SAMPLED, drawn_lot, take
from jingwei.casework.kinds import KINDS, Redo, Step
from jingwei.casework.may import post_of
from jingwei.casework.models import Act, Case, Statement
from jingwei.casework.needs import Evidence, Rating, Wanting
from jingwei.casework.pack import CaseworkSection, Question
from jingwei.casework.pages.taking import words_of
from jingwei.casework.queries import case_seen
from jingwei.casework.refusals import Refused
from jingwei.casework.sight import cases_seen_from
from jingwei.casework.ways_out import shows_cases
from jingwei.casework.wording import clean
from jingwei.organisations.models import Post
from jingwei.organisations.pack import Role
from jingwei.people.acts import unmask
from jingwei.policy.queries import book, edition_book
from jingwei.search.masking import masked
from jingwei.trail.actor import Actor

CALL_BACK = "call_back"
"""The reason under which a caller's look at a number is counted; a key of the base pack's list."""
LOOKS_AT_SAMPLES = {Role.INSPECTOR, Role.ARBITER, Role.DISPATCHER, Role.LEADER}
ON_A_PAGE = 30
SHORTEST_REASON = 4
RATINGS = {"1", "2", "3", "4", "5"}


@dataclass(frozen=True)
class Draw:
    """A case that the system drew, with what is needed to draw it again."""

    case: Case
    at: datetime | None
    seed: int
    rate: str
    lot: str
    again: str
    waiting: bool

    @property
    def agrees(self) -> bool:
        """Whether the lot reckoned anew is the one that was kept."""
        return self.lot == self.again


@at_a_post
@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """The cases of the simple procedure that were drawn for a check: those still to be verified, or all."""
    sitting = _sitting(request)
    if not LOOKS_AT_SAMPLES & {Role(r) for r in sitting.post.roles}:
        return _refused(request, _("The sample is for inspectors, and for who directs them."))
    every = request.GET.get("all") == "1"
    lots = _lots(sitting.post)
    drawn = lots.filter(facts__drawn=True)
    listed = drawn if every else drawn.filter(case__stage__in=_judged(), case__is_open=True)
    page = Paginator(listed.select_related("case__place", "case__owner").order_by("-id"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "draws": [_draw(act) for act in page.object_list],
        "page": page,
        "every": every,
        "drawn": drawn.count(),
        "lots": lots.count(),
        "sampling": book(sitting.county_code)[CaseworkSection].sampling,
    }
    return render(request, "casework/checks_sample.html", context)


def _lots(post: Post) -> QuerySet[Act]:
    return Act.objects.filter(verb=SAMPLED.name, case__in=cases_seen_from(post))


@shows_cases("sample", "desk:sample")
def sampled(actor: Actor, _at: datetime) -> Iterable[int]:
    """The cases over which a lot was drawn, as an inspector reads them."""
    post = post_of(actor)
    allowed = post is not None and LOOKS_AT_SAMPLES & {Role(role) for role in post.roles}
    return _lots(post).values_list("case", flat=True) if post and allowed else ()


def _judged() -> set[str]:
    """The stages at which an inspector judges."""
    return {s.name for kind in KINDS.values() for s in kind.stages.values() if s.owed_by is Role.INSPECTOR}


def _draw(act: Act) -> Draw:
    facts: Mapping[str, Any] = act.facts
    again = drawn_lot(int(facts["seed"]), act.case_id, act.round)
    waiting = act.case.is_open and act.case.stage in _judged()
    return Draw(act.case, act.at, facts["seed"], facts["rate"], facts["lot"], f"{again:.6f}", waiting)


@at_a_post
@never_cache
@require_safe
def callbacks(request: HttpRequest) -> HttpResponse:
    """The cases that wait for the call-back, the most pressing first; telephone numbers covered."""
    sitting = _sitting(request)
    if Role.CALLER not in sitting.post.roles:
        return _refused(request, _("Calling back is done from the post of a caller."))
    page = Paginator(_waiting(sitting.post), ON_A_PAGE).get_page(request.GET.get("page"))
    replies = _replies(page.object_list)
    rows = [(case, replies.get(case.pk, "")) for case in page.object_list]
    return render(request, "casework/checks_callbacks.html", {"rows": rows, "page": page})


@at_a_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def callback(request: HttpRequest, number: str) -> HttpResponse:
    """One call: what was asked and answered, the pack's questions, and what the resident says to them."""
    sitting = _sitting(request)
    if request.method == "POST" and Act.objects.filter(key=_key(request), post=sitting.post).exists():
        return redirect("desk:callbacks")  # sent twice: the case waits for no call any more
    case = _called(request, number)
    if request.method != "POST":
        return _call(request, case)
    said = _answers(case, request.POST)
    unsolved = request.POST.get("answer_solved") == "no"
    step = _step(case, unsolved)
    rating = request.POST.get("answer_rating", "")
    words = "\n".join(f"{question}{answer}" for question, answer in said)
    evidence = Evidence(words={"words": words}, rating=int(rating) if rating in RATINGS and not unsolved else None)
    try:
        if not said:
            raise Wanting("answer_solved", _("Write what the resident said, or answer at least one question."))
        take(step, case, actor=sitting.actor, at=timezone.now(), evidence=evidence, key=_key(request))
    except (Refused, Wanting) as refused:
        return _call(request, case, wrong=[("", refused.sentence)], status=422)
    messages.success(request, _("%(number)s: the call-back is recorded.") % {"number": case.number})
    return redirect("desk:callbacks")


@at_a_post
@never_cache
def telephone(request: HttpRequest, number: str) -> HttpResponse:
    """Show the number in clear, for a reason that is kept in the trail; on this page only.

    Whoever comes back to the address, by switching the language, finds the call.
    """
    if request.method != "POST":
        return redirect("desk:callback", number)
    sitting, case = _sitting(request), _called(request, number)
    reason = words_of(request, "reason")
    if len(reason) < SHORTEST_REASON:
        said = [("id_reason", _("Say in a few words why you need the number."))]
        return _call(request, case, wrong=said, status=422)
    shown = unmasked(case, reason, sitting, at=timezone.now())
    return _call(request, case, telephone=shown)


@transaction.atomic
def unmasked(case: Case, reason: str, sitting: Sitting, *, at: datetime) -> str:
    """The asker's number in clear. Who looked at whose, and why, is kept (PIPL 51, 54)."""
    if case.asker is None:
        return ""
    unmask(case.asker, about=case.number, reason=CALL_BACK, words=reason, actor=sitting.actor, at=at)
    return case.asker.telephone


def _called(request: HttpRequest, number: str) -> Case:
    """A case that this post may see and that waits for its call; 404 or a refusal otherwise."""
    sitting = _sitting(request)
    if Role.CALLER not in sitting.post.roles:
        raise PermissionDenied(_("Calling back is done from the post of a caller."))
    case = case_seen(sitting.actor, number)
    if case is None or not _waiting(sitting.post).filter(pk=case.pk).exists():
        raise Http404
    return case


@shows_cases("call-backs", "desk:callbacks", "desk:callback", "desk:telephone")
def to_be_called(actor: Actor, _at: datetime) -> Iterable[int]:
    """The cases whose askers a caller would ring up."""
    post = post_of(actor)
    return _waiting(post).values_list("pk", flat=True) if post and Role.CALLER in post.roles else ()


def _waiting(post: Post) -> QuerySet[Case]:
    stages = {s.name for kind in KINDS.values() for s in kind.stages.values() if s.owed_by is Role.CALLER}
    seen = cases_seen_from(post).filter(is_open=True, stage__in=stages)
    return seen.select_related("place", "asker", "lead__organisation").order_by("due_at", "id")


def _replies(cases: Iterable[Case]) -> dict[int, str]:
    """The last reply to each resident, by the case's id."""
    said = Statement.objects.filter(case__in=[c.pk for c in cases], name="reply", public=True).order_by("id")
    return {s.case_id: masked(s.words) for s in said}


def _call(
    request: HttpRequest,
    case: Case,
    *,
    wrong: list[tuple[str, str]] | None = None,
    telephone: str = "",
    status: int = 200,
) -> HttpResponse:
    casework = edition_book(case.edition_id)[CaseworkSection]
    matter = Statement.objects.filter(case=case, name="matter").order_by("id").last()
    context = {
        "case": case,
        "matter": masked(matter.words) if matter else "",
        "reply": _replies([case]).get(case.pk, ""),
        "lead": case.lead.organisation if case.lead else None,
        "covered": case.asker.masked_telephone if case.asker else "",
        "telephone": telephone,
        "opening": _spoken(casework, case),
        "questions": [_asked(q, casework, request.POST) for q in casework.call_back if not q.retired],
        "key": request.POST.get("key") or uuid4(),
        "wrong": wrong or [],
    }
    return render(request, "casework/checks_callback.html", context, status=status)


GAPS = {"time": ("time", "时间"), "matter": ("matter", "问题")}
"""What the opening phrase of a call-back leaves open, as packs write it in both languages."""


def _spoken(casework: CaseworkSection, case: Case) -> str:
    """The phrase by which a call-back opens, its gaps filled in so that it can be read out as it stands."""
    phrase = next((p.told for p in casework.phrases if p.key == "call_back_opening"), "")
    day = date_format(timezone.localtime(case.received_at), "MONTH_DAY_FORMAT") if case.received_at else _("lately")
    said = {"time": day, "matter": _("“%(title)s”") % {"title": case.title.rstrip("。.！!")}}
    for gap, names in GAPS.items():
        for name in names:
            phrase = phrase.replace(f"{{{name}}}", said[gap]).replace(f"｛{name}｝", said[gap])
    return phrase


def _asked(question: Question, casework: CaseworkSection, posted: Mapping[str, str]) -> dict[str, Any]:
    name = f"answer_{question.key}"
    options: list[dict[str, Any]] = []
    if question.answer == "yes_no":
        options = [{"value": "yes", "label": _("Yes")}, {"value": "no", "label": _("No")}]
    elif question.answer == "rating":
        best_first = sorted(casework.ratings, key=lambda r: -r.value)
        options = [{"value": r.value, "label": str(r)} for r in best_first]
    return {
        "name": name,
        "words": str(question),
        "sort": question.answer,
        "options": options,
        "value": posted.get(name, ""),
    }


def _answers(case: Case, posted: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each question that was answered, and the answer in words."""
    casework = edition_book(case.edition_id)[CaseworkSection]
    found = []
    for asked in (_asked(q, casework, posted) for q in casework.call_back if not q.retired):
        value = clean(asked["value"])
        told = next((str(o["label"]) for o in asked["options"] if str(o["value"]) == value), "")
        if told or (asked["sort"] == "words" and value):
            found.append((asked["words"], told or value))
    return found


def _step(case: Case, unsolved: bool) -> Step:
    """The step a call ends in: the one that records the rating, or the one that sends the case back."""
    steps = [s for s in case.of_kind.steps_from(case.at_stage) if Role.CALLER in s.by]
    back = next((s for s in steps if isinstance(s, Redo)), None)
    recorded = next((s for s in steps if any(isinstance(n, Rating) for n in s.needs)), steps[0])
    return back if unsolved and back is not None else recorded


def _key(request: HttpRequest) -> UUID:
    try:
        return uuid5(UUID(request.POST.get("key", "")), "call")
    except ValueError:
        return uuid4()


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "casework/checks_refused.html", {"sentence": sentence}, status=403)


def _sitting(request: HttpRequest) -> Sitting:
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    return sitting
