"""One case, whole: what was said, what was done, what is owed until when, and what this post may do now."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.casework.forms import Answer, Deed, Offer, StepForm
from jingwei.casework.kinds import Ending, Step
from jingwei.casework.may import takers, why_not
from jingwei.casework.models import Case
from jingwei.casework.needs import Handler, Need
from jingwei.casework.pages.batches import handler_need
from jingwei.casework.pages.desk import answer, moment, sitting_in
from jingwei.casework.pages.facts import clocks_shown, family_of, motions_of, rounds_of, side_facts, timeline_of
from jingwei.casework.pages.lists import level_of, marks_of
from jingwei.casework.pages.operations import COMMENT, OPERATIONS
from jingwei.casework.pages.sheets import printable
from jingwei.casework.queries import case_seen
from jingwei.casework.refusals import NotYours
from jingwei.casework.sight import because
from jingwei.casework.ways_out import shows_cases, tried_one_by_one

shows_cases("page of a case", "desk:case")(tried_one_by_one(case_seen))


@dataclass(frozen=True)
class Tried:
    """A deed that was not done: its name, its form with all that was typed, and the sentence that says why."""

    name: str = ""
    form: Deed | None = None
    sentence: str = ""


@dataclass(frozen=True)
class Act:
    """A step or an operation as it stands on the page; `refusal` says why it cannot be done, if it cannot."""

    name: str
    title: str
    action: str
    form: Deed | None = None
    key: str = ""
    icon: str = ""
    kind: str = ""
    refusal: str = ""
    open: bool = False
    fields: list[Any] = field(default_factory=list)
    multipart: bool = False


@require_safe
@at_a_post
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """A case beside its queue; to htmx the case alone."""
    case = case_seen(sitting_in(request).actor, number)
    if case is None:
        return not_seen(request)
    return answer(request, case, case_context(request, case))


def not_seen(request: HttpRequest) -> HttpResponse:
    """What stands in place of a case that is not there, or not for this post to see; the two look the same."""
    return answer(request, None, {"missing": True}, status=404)


def case_context(request: HttpRequest, case: Case, tried: Tried | None = None) -> dict[str, Any]:
    """All that the pane of a case shows to the post that sits."""
    at, sitting = moment(request), sitting_in(request)
    offer, tried = Offer(case, sitting.post), tried or Tried()
    roles = takers(case, sitting.actor, sitting.post)
    steps = list(_steps(case, sitting, offer, tried))
    operations = [_operation(o.name, offer, tried) for o in OPERATIONS.values() if o.offered(case, roles)]
    shown = {act.name for act in [*steps, *operations]}
    comment = _comment(offer, tried, lost=tried.name not in {*shown, COMMENT.name}) if roles else None
    return {
        "case": case,
        "stage": case.at_stage.title,
        "level": level_of(case, at),
        "marks": marks_of(case),
        "source": offer.words.get("source", {}).get(case.source, case.source),
        "steps": steps,
        "operations": operations,
        "operations_open": any(act.open for act in operations),
        "comment": comment,
        "tried": tried,
        "suggestions": _suggestions(case, steps),
        "papers": printable(case),
        "offered": case.of_kind.for_the_desk(case),
        "clocks": clocks_shown(case, at),
        "facts": side_facts(case, offer, roles),
        "motions": motions_of(case, sitting, roles, lambda pk: _answer_form(pk, offer, tried)),
        "rounds": rounds_of(case, offer) if case.round > 1 else [],
        "because": because(case, sitting.post),
        "permits": offer.permits,
        **family_of(case, sitting, at, joins="join" in shown),
        **timeline_of(case, offer),
    }


def _steps(case: Case, sitting: Sitting, offer: Offer, tried: Tried) -> list[Act]:
    """The steps this post may take, and those it may not for a reason worth saying."""
    roles = takers(case, sitting.actor, sitting.post)
    found: list[Act] = []
    for step in case.of_kind.steps_from(case.at_stage) if case.is_open else []:
        refused = why_not(step, case, sitting.actor, sitting.post)
        if refused is None:
            leads = not goes_back(step) and not any(act.kind for act in found)
            found.append(_step(step, offer, tried, kind="primary" if leads else ""))
        elif roles & set(step.by) or not isinstance(refused, NotYours):
            found.append(Act(step.name, str(step.title), "", refusal=refused.sentence))
    return [act for act in found if not act.refusal or roles & set(case.of_kind.steps[act.name].by)]


def _step(step: Step, offer: Offer, tried: Tried, *, kind: str) -> Act:
    again = tried.form if tried.name == step.name else None
    form = again or StepForm(step, offer)
    return Act(
        step.name,
        str(step.title),
        f"step/{step.name}/",
        form,
        key=step.key,
        icon=_icon(step),
        kind=kind,
        open=again is not None,
        fields=form.seen_fields,
        multipart=form.is_multipart(),
    )


def goes_back(step: Step) -> bool:
    """Whether a step leads to a stage told before those it leaves, as a return, a redo or a taking back does."""
    order = list(step.kind.stages.values())
    return all(order.index(target) < min(map(order.index, step.sources)) for target in step.targets)


def _icon(step: Step) -> str:
    if goes_back(step):
        return "rotate-ccw" if step.counts else "undo-2"
    if all(isinstance(target, Ending) and not target.met for target in step.targets):
        return "ban"
    if any(isinstance(need, Handler) for need in step.needs):
        return "send"
    return "check"


def _operation(name: str, offer: Offer, tried: Tried) -> Act:
    operation = OPERATIONS[name]
    again = tried.form if tried.name == name else None
    form = again or operation.drawn(offer)
    return Act(
        name,
        str(operation.title),
        f"do/{name}/",
        form,
        key=operation.key,
        icon=operation.icon,
        open=again is not None,
        fields=form.seen_fields,
    )


def _comment(offer: Offer, tried: Tried, *, lost: bool) -> Act:
    """The remark at the foot. Words typed into a form that is no longer offered are kept here."""
    again = tried.form if tried.name == COMMENT.name else None
    form = again or COMMENT.drawn(offer)
    if lost and tried.form is not None:
        form.initial["words"] = tried.form.typed
    return Act(COMMENT.name, str(COMMENT.title), "do/comment/", form, key=COMMENT.key, fields=form.seen_fields)


def _answer_form(pk: int, offer: Offer, tried: Tried) -> Deed:
    name = f"motion{pk}"
    return tried.form if tried.form is not None and tried.name == name else Answer(name, offer)


def _suggestions(case: Case, steps: list[Act]) -> dict[str, Any] | None:
    """Who might handle it, where this post may take a step that one key can answer with one of them."""
    for act in steps:
        if act.refusal:
            continue
        step = case.of_kind.steps[act.name]
        handler = handler_need(step)
        if handler and not any(_asks_more(need, handler) for need in step.needs):
            proposed = case.of_kind.suggested(case)
            posts = [
                {"value": s.post.pk, "title": str(s.post.organisation), "reason": s.reason, "key": f"Digit{n}"}
                for n, s in enumerate(proposed[:9], 1)
            ]
            return {"action": act.action, "name": handler.name, "title": act.title, "posts": posts, "key": uuid4()}
    return None


def _asks_more(need: Need, handler: Need) -> bool:
    return need.required and need is not handler
