"""Batch acts: the same step or urging on each ticked case, each in its own transaction, each with its own answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jingwei.accounts.sitting import Sitting
from jingwei.casework.acts.remarks import DIRECTS, urge
from jingwei.casework.acts.steps import take
from jingwei.casework.kinds import KINDS, Step
from jingwei.casework.models import Case
from jingwei.casework.needs import Assisting, Evidence, Handler, Photo, Wanting, Words
from jingwei.casework.queries import case_seen
from jingwei.casework.refusals import Refused
from jingwei.organisations.pack import Role
from jingwei.organisations.queries import departments

SUGGESTED = "suggested"
URGE = "urge"
MOST = 100
"""Cases in one batch."""


def handler_need(step: Step) -> Handler | None:
    """The need by which a step names the unit that will handle the case."""
    return next((n for n in step.needs if isinstance(n, Handler) and not n.inside), None)


def in_batch(step: Step) -> bool:
    """Whether a step can be taken on many cases at once: it asks nothing that differs from case to case.

    A case is sent back one at a time, with its own reason.
    """
    if step.counts or step.by == (Role.SYSTEM,):
        return False
    return all(
        (isinstance(need, Words | Photo | Assisting) and not need.required) or need is handler_need(step)
        for need in step.needs
    )


def batch_offered(sitting: Sitting, cases: Iterable[Case]) -> dict[str, Any]:
    """The batch acts offered over the rows of a page, and the units that may be chosen."""
    post = sitting.post
    held = {Role(role) for role in post.roles}
    steps: dict[str, Step] = {}
    urging = False
    for case in cases:
        for step in case.of_kind.steps_from(case.at_stage) if case.is_open else ():
            lead = Role.LEAD in step.by and case.owner_id == post.pk
            if in_batch(step) and (held & set(step.by) or lead):
                steps.setdefault(f"{case.kind}.{step.name}", step)
        urging = urging or (case.is_open and bool(held & (DIRECTS | {Role.CLERK})))
    choosing = any(handler_need(step) for step in steps.values())
    return {
        "steps": [{"name": name, "title": step.title} for name, step in steps.items()],
        "urging": urging,
        "units": _units(sitting) if choosing else [],
    }


def _units(sitting: Sitting) -> list[tuple[str, str]]:
    units = [(str(post.pk), str(post.organisation)) for post in departments(sitting.county_code)]
    return [(SUGGESTED, _("To the unit suggested for each")), *units]


@dataclass(frozen=True)
class Outcome:
    """What came of one case of a batch; `why` is empty where it was done."""

    number: str
    why: str = ""


def do_batch(
    what: str, numbers: Iterable[str], handler: str, *, sitting: Sitting, at: datetime, key: UUID
) -> list[Outcome]:
    """Do the same on each case; one that is refused leaves the others done."""
    return [
        Outcome(number, _one(what, number, handler, sitting, at, uuid5(key, number)))
        for number in list(dict.fromkeys(numbers))[:MOST]
    ]


def _one(what: str, number: str, handler: str, sitting: Sitting, at: datetime, key: UUID) -> str:
    case = case_seen(sitting.actor, number)
    if case is None:
        return _("There is no such case, or your post does not see it.")
    try:
        if what == URGE:
            urge(case, actor=sitting.actor, at=at, key=key)
            return ""
        kind, _dot, name = what.partition(".")
        step = KINDS[kind].steps.get(name) if kind in KINDS and kind == case.kind else None
        if step is None or not in_batch(step):
            return _("This step is taken on another kind of case.")
        take(step, case, actor=sitting.actor, at=at, evidence=_evidence(step, case, handler), key=key)
    except (Refused, Wanting) as refused:
        return refused.sentence
    return ""


def _evidence(step: Step, case: Case, handler: str) -> Evidence:
    need = handler_need(step)
    if need is None:
        return Evidence()
    if handler == SUGGESTED:
        suggested = case.of_kind.suggested(case)
        return Evidence(posts={need.name: suggested[0].post.pk} if suggested else {})
    return Evidence(
        posts={need.name: int(handler)} if handler.isascii() and handler.isdigit() and len(handler) < 19 else {}
    )


def told(what: str, outcomes: list[Outcome]) -> tuple[str, str]:
    """What to say of a batch: how many were done, and why each of the others was not (empty where all were)."""
    done = sum(not outcome.why for outcome in outcomes)
    missed = [outcome for outcome in outcomes if outcome.why]
    good = ngettext("%(deed)s: %(n)d case.", "%(deed)s: %(n)d cases.", done) % {"deed": _deed(what), "n": done}
    bad = ngettext("%(n)d was not: %(why)s", "%(n)d were not: %(why)s", len(missed)) % {
        "n": len(missed),
        "why": _(" ").join(f"{outcome.number} {outcome.why}" for outcome in missed),
    }
    return (good if done else "", bad if missed else "")


def _deed(what: str) -> str:
    kind, _dot, name = what.partition(".")
    step = KINDS[kind].steps.get(name) if kind in KINDS else None
    return str(step.past) if step else _("Urged")
