"""Taking a step: lock, may, must, do, record; and what follows from it in the same transaction."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.casework import tellings
from jingwei.casework.acts.deeds import Line, Said, done_already, locked, stand, touched, write
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.clocks import Did
from jingwei.casework.kinds import Ending, Fork, Gathering, Sampling, Stage, Step, kind_named
from jingwei.casework.ledger import going
from jingwei.casework.ledger import write as write_clock
from jingwei.casework.may import post_of, why_not
from jingwei.casework.models import Case, Round
from jingwei.casework.needs import NONE, Assisting, Evidence, Handler, Photo, Wanting, Words, demand
from jingwei.casework.owners import bounced
from jingwei.casework.pack import CaseworkSection
from jingwei.casework.refusals import ChildrenOpen, NotOne
from jingwei.organisations.models import Post
from jingwei.organisations.pack import Role
from jingwei.policy.notices import Event
from jingwei.policy.queries import edition_book
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import verb

SAMPLED = verb("case.sampled", gettext_lazy("draw"), gettext_lazy("Drawn"))
SYSTEM = Actor.machine("casework")


@transaction.atomic
def take(
    step: Step,
    case: Case | int,
    *,
    actor: Actor,
    at: datetime,
    evidence: Evidence = NONE,
    key: UUID | None = None,
) -> Case:
    """Move a case along `step`; all of it happens, or none of it. Raises a `Refused` or `Wanting`.

    The same `key` again changes nothing and gives the case as it is.
    """
    case = locked(case)
    if done_already(key):
        return case
    post = post_of(actor)
    if refused := why_not(step, case, actor, post):
        raise refused
    demand(step.needs, evidence)
    facts = _put_in_hand(step, case, evidence)
    origin, target = case.at_stage, _target(step, case)
    if isinstance(target, Ending):
        children_closed(case)
    write(case, _line(step, case, evidence, origin, target, facts, key), actor, at)
    _count(step, case)
    if bounced(case) and step.counts == "returned":
        facts["arbitration"] = True
    if target.owed_by is Role.DISPATCHER:
        case.lead = None
    inside = _inside(step, evidence)
    stand(case, origin, target, at, owner=inside)
    if isinstance(target, Ending):
        end(case, target, at)
    case.save()
    _rated(case, evidence, at)
    _assist(step, case, evidence, actor, at)
    _tell(step, case, at)
    follow(case, target, at)
    return Case.objects.select_related("owner__organisation", "lead__organisation", "place").get(pk=case.pk)


def _target(step: Step, case: Case) -> Stage:
    if isinstance(step.to, Fork):
        return step.to.yes if step.to.rule(case) else step.to.no
    return step.to


def _put_in_hand(step: Step, case: Case, evidence: Evidence) -> dict[str, Any]:
    """Let the post chosen with the step lead the case; inside the department only the owner changes."""
    facts: dict[str, Any] = dict(evidence.choices)
    for need in step.needs:
        if isinstance(need, Handler) and need.name in evidence.posts:
            chosen = (
                Post.objects.select_related("organisation").filter(pk=evidence.posts[need.name], until=None).first()
            )
            if chosen is None:
                raise Wanting(need.name, _("There is no such post any more; choose another."))
            wanted = {Role.SECTION} if need.inside else {Role.DEPARTMENT}
            if chosen.organisation.county_id != case.county_id or not wanted & set(chosen.roles):
                raise Wanting(need.name, _("%(post)s does not take cases; choose another.") % {"post": chosen})
            if need.inside and (case.lead is None or chosen.organisation_id != case.lead.organisation_id):
                raise Wanting(need.name, _("Choose a section of your own unit."))
            facts[need.name] = chosen.full_title
            if not need.inside:
                case.arbitrated = case.arbitrated or bounced(case)
                case.lead = chosen
                touched(case, [chosen.organisation_id])
    return facts


def _inside(step: Step, evidence: Evidence) -> Post | None:
    for need in step.needs:
        if isinstance(need, Handler) and need.inside and need.name in evidence.posts:
            return Post.objects.select_related("organisation", "ground").get(pk=evidence.posts[need.name])
    return None


def _line(
    step: Step,
    case: Case,
    evidence: Evidence,
    origin: Stage,
    target: Stage,
    facts: dict[str, Any],
    key: UUID | None,
) -> Line:
    words = [n for n in step.needs if isinstance(n, Words)]
    return Line(
        step.verb,
        step=step.name,
        works=case.of_kind.is_work(step),
        public=step.public,
        from_stage=origin.name,
        to_stage=target.name,
        facts=facts,
        said=tuple(Said(n.name, evidence.words.get(n.name, ""), n.public) for n in words),
        photographs=evidence.photographs if any(isinstance(n, Photo) for n in step.needs) else (),
        photographs_public=step.public,
        key=key,
    )


def _count(step: Step, case: Case) -> None:
    if step.counts:
        setattr(case, step.counts, getattr(case, step.counts) + 1)
    if step.counts == "redone":
        Round.objects.filter(case=case, number=case.round).update(redone=case.redone)


def children_closed(case: Case) -> None:
    open_ones = [c.number for c in case.children.filter(is_open=True)[:5]]
    if open_ones:
        raise ChildrenOpen(
            _("Cases that hang on this one are still open: %(numbers)s. Close or withdraw them first.")
            % {"numbers": _(", ").join(open_ones)}
        )


def end(case: Case, ending: Ending, at: datetime) -> None:
    """What every ending does: nothing is owed any more, no clock runs, the round is over, the parent hears of it."""
    case.is_open, case.owner, case.ended_at, case.due_at, case.held = False, None, at, None, False
    for run in going(case):
        write_clock(run, Did.STOP, at, rule=f"ended {ending.name}")
    Round.objects.filter(case=case, number=case.round).update(ended_at=at, ending=ending.name)
    case.motions.filter(settled=None).update(outcome="lapsed", settled=case.acts.order_by("-id").first())


def _rated(case: Case, evidence: Evidence, at: datetime) -> None:
    if evidence.rating is not None:
        case.rating, case.rating_told = evidence.rating, True
        case.save(update_fields=["rating", "rating_told"])
        Round.objects.filter(case=case, number=case.round).update(rating=evidence.rating, rating_told=True)


def _assist(step: Step, case: Case, evidence: Evidence, actor: Actor, at: datetime) -> None:
    """Open a child case for each department that assists."""
    if not evidence.assisting or not any(isinstance(n, Assisting) for n in step.needs):
        return
    for post_id in evidence.assisting:
        ask_assistance(case, post_id, actor=actor, at=at, words="")


def ask_assistance(case: Case, post_id: int, *, actor: Actor, at: datetime, words: str) -> Case:
    """A child case by which a department is asked to assist; its lead is that department."""
    if not case.of_kind.assisted_by:
        raise NotOne(_("Nobody is asked to assist here; ask on the case that this one hangs on."))
    post = Post.objects.select_related("organisation").get(pk=post_id)
    if Role.DEPARTMENT not in post.roles or post.organisation.county_id != case.county_id:
        raise Wanting("assisting", _("%(post)s does not take cases; choose another.") % {"post": post})
    intake = Intake(
        place=case.place,
        title=case.title,
        source=case.source,
        words=words,
        grade=case.grade,
        category=case.category,
        where=case.where,
        confidential=bool(case.tier),
        parent=case,
        lead=post,
    )
    return open_case(kind_named(case.of_kind.assisted_by), intake, actor=actor, at=at)


EVENTS = {"returned": Event.RETURNED, "redone": Event.VERIFICATION_FAILED}


def _tell(step: Step, case: Case, at: datetime) -> None:
    if case.is_open:
        event = (
            Event.ARBITRATION
            if step.counts == "returned" and bounced(case)
            else EVENTS.get(step.counts, Event.ASSIGNED)
        )
        tellings.owner(case, event, at)


def follow(case: Case, target: Stage, at: datetime) -> None:
    """What the system does by itself after a step: draws a sample, gathers a parent whose last child has ended."""
    for rule in case.of_kind.automatic:
        if isinstance(rule, Sampling) and rule.stage is target:
            _draw(rule, case, at)
    if isinstance(target, Ending) and case.parent_id is not None:
        gather(case.parent_id, at)


def _draw(rule: Sampling, case: Case, at: datetime) -> None:
    """Draw a case for a check, or let it pass: by its id and the pack's stored seed, so the draw can be replayed."""
    sampling = edition_book(case.edition_id)[CaseworkSection].sampling
    rate = float(getattr(sampling, rule.rate))
    lot = drawn_lot(sampling.seed, case.pk, case.round)
    step = rule.drawn if lot < rate else rule.passed
    write(
        case,
        Line(
            SAMPLED,
            facts={"seed": sampling.seed, "rate": str(rate), "lot": f"{lot:.6f}", "drawn": lot < rate},
        ),
        SYSTEM,
        at,
    )
    case.save()
    take(step, case, actor=SYSTEM, at=at)


def drawn_lot(seed: int, case_id: int, round_: int) -> float:
    """The lot of a case's round, between 0 and 1: SHA-256 over seed, case and round."""
    digest = hashlib.sha256(f"{seed}:{case_id}:{round_}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def gather(parent_id: int, at: datetime) -> None:
    """Take the declared step of a parent whose last child has ended."""
    parent = Case.objects.get(pk=parent_id)
    if not parent.is_open or parent.children.filter(is_open=True).exists():
        return
    for rule in parent.of_kind.automatic:
        if isinstance(rule, Gathering) and parent.stage == rule.stage.name:
            take(rule.step, parent, actor=SYSTEM, at=at)
            return
