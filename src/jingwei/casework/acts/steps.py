"""Taking a step: lock, may, must, do, record; and what follows from it in the same transaction."""

import hashlib
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.accounts.permitted import permits_on
from jingwei.casework.acts.deeds import Deed, Line, Said
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.kinds import Ending, Fork, Gathering, Sampling, Stage, Step, kind_named
from jingwei.casework.may import needs_of, why_not
from jingwei.casework.models import Case
from jingwei.casework.needs import (
    NONE,
    Assisting,
    Entrusted,
    Evidence,
    Handler,
    Need,
    Offered,
    Photo,
    Until,
    Wanting,
    Words,
    demand,
)
from jingwei.casework.offers import OFFERED, let_go
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
RIGHTED = verb("case.righted", gettext_lazy("end the rectification"), gettext_lazy("The rectification has ended"))
SYSTEM = Actor.machine("casework")
LOOK_FOR_A_LEAD = (Role.DISPATCHER, Role.CLERK)
"""Whoever these are at a stage of their own seek a unit to lead the case; until they have, nobody leads it."""


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
    deed = Deed.begin(case, actor, at, key, [*evidence.posts.values(), *evidence.offered])
    if deed.done:
        return deed.case
    case = deed.case
    if refused := why_not(step, case, actor, deed.post, deed.held.seen["mine"]):
        raise refused
    demand(_needs(step, case, evidence, at), evidence)
    offers = any(isinstance(n, Offered) for n in step.needs)
    due = _due(evidence.until, at) if any(isinstance(n, Until) for n in step.needs) else None
    origin, target = case.at_stage, _target(step, case)
    facts = _put_in_hand(step, deed, evidence)
    if isinstance(target, Ending):
        children_closed(deed)
    deed.write(
        _line(step, case, evidence, origin, target, facts, key), {OFFERED: [*evidence.offered]} if offers else {}
    )
    _count(step, deed)
    if target.owed_by in LOOK_FOR_A_LEAD:
        case.lead = None
    deed.stand(origin, target, owner=_inside(step, deed, evidence))
    if isinstance(target, Ending):
        deed.end(target)
    _rated(deed, evidence)
    _tell(step, deed)
    for post_id in evidence.offered if offers else ():
        deed.tell(Event.ASSIGNED, deed.held.posts[post_id])
    deed.put_down()
    _open_below(step, case, evidence, actor, at, due)
    return follow(case, target, at) or case


def _needs(step: Step, case: Case, evidence: Evidence, at: datetime) -> tuple[Need, ...]:
    """What the step needs now; exceptions are asked for only where a photograph could be wanting."""
    if evidence.photographs or not any(isinstance(need, Photo) for need in step.needs):
        return step.needs
    return needs_of(step, case, permits_on(case.ground_path, case.county_id, at))


def _target(step: Step, case: Case) -> Stage:
    if isinstance(step.to, Fork):
        return step.to.yes if step.to.rule(case) else step.to.no
    return step.to


def _put_in_hand(step: Step, deed: Deed, evidence: Evidence) -> dict[str, Any]:
    """Let the post chosen with the step lead the case; inside the department only the owner changes."""
    case = deed.case
    facts: dict[str, Any] = dict(evidence.choices)
    if evidence.rating is not None:
        facts["rating"] = evidence.rating
    if step.leads and deed.post is not None:
        case.lead = deed.post
    for need in step.needs:
        if isinstance(need, Offered):
            posts = [_chosen(need, pk, deed) for pk in evidence.offered]
            facts[need.name] = _(", ").join(post.full_title for post in posts)
            deed.touched(post.organisation_id for post in posts)
        if isinstance(need, Until) and evidence.until is not None:
            facts[need.name] = evidence.until.isoformat()
        if isinstance(need, Handler | Entrusted) and need.name in evidence.posts:
            chosen = _chosen(need, evidence.posts[need.name], deed)
            facts[need.name] = chosen.full_title
            if isinstance(need, Handler) and not need.inside:
                case.arbitrated = case.arbitrated or bounced(case)
                case.lead = chosen
                deed.touched([chosen.organisation_id])
    return facts


def _chosen(need: Handler | Entrusted | Offered, pk: int, deed: Deed) -> Post:
    """The post chosen for `need`; raises `Wanting` where it does not take such cases."""
    case, chosen = deed.case, deed.held.posts.get(pk)
    if chosen is None or chosen.until is not None:
        raise Wanting(need.name, _("There is no such post any more; choose another."))
    inside = isinstance(need, Handler) and need.inside
    role = Role.SECTION if inside else Role.DEPARTMENT if isinstance(need, Entrusted) else need.role
    if chosen.organisation.county_id != case.county_id or role not in chosen.roles:
        raise Wanting(need.name, _("%(post)s does not take cases; choose another.") % {"post": chosen})
    among = None if isinstance(need, Entrusted) else need.among
    if among is not None and not among(case, Post.objects.filter(pk=pk)).exists():
        raise Wanting(need.name, _("%(post)s does not take this case; choose another.") % {"post": chosen.full_title})
    if inside and (case.lead is None or chosen.organisation_id != case.lead.organisation_id):
        raise Wanting(need.name, _("Choose a section of your own unit."))
    return chosen


def _inside(step: Step, deed: Deed, evidence: Evidence) -> Post | None:
    """The post inside the unit that was chosen to owe the case from now on."""
    for need in step.needs:
        if isinstance(need, Handler) and need.inside and need.name in evidence.posts:
            return deed.held.posts[evidence.posts[need.name]]
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


def _count(step: Step, deed: Deed) -> None:
    case = deed.case
    if step.counts:
        setattr(case, step.counts, getattr(case, step.counts) + 1)
    if step.counts == "redone":
        deed.change_round(redone=case.redone)


def children_closed(deed: Deed) -> None:
    """Raises `ChildrenOpen` where cases that hang on this one are open still."""
    if open_ones := deed.held.children[:5]:
        raise ChildrenOpen(
            _("Cases that hang on this one are still open: %(numbers)s. Close or withdraw them first.")
            % {"numbers": _(", ").join(open_ones)}
        )


def _rated(deed: Deed, evidence: Evidence) -> None:
    if evidence.rating is not None:
        told = deed.actor.kind != "bearer"
        deed.case.rating, deed.case.rating_told = evidence.rating, told
        deed.change_round(rating=evidence.rating, rating_told=told)


def _open_below(step: Step, case: Case, evidence: Evidence, actor: Actor, at: datetime, due: datetime | None) -> None:
    """Open a case below this one for each post that was chosen to assist, or for whom the step opens one."""
    posts = list(evidence.assisting) if any(isinstance(n, Assisting) for n in step.needs) else []
    if step.opens:
        named = [n.name for n in step.needs if isinstance(n, Entrusted) or (isinstance(n, Handler) and not n.inside)]
        posts = [*(evidence.posts[name] for name in named if name in evidence.posts), *posts]
    said = next((evidence.words.get(n.name, "") for n in step.needs if isinstance(n, Words)), "") if step.opens else ""
    for post_id in dict.fromkeys(posts):
        ask_assistance(case, post_id, actor=actor, at=at, words=said, kind=step.opens, due=due)


def _due(until: date | None, at: datetime) -> datetime | None:
    """The end of a day in the county's time; raises `Wanting` for a day that is over."""
    if until is None:
        return None
    due = timezone.make_aware(datetime.combine(until, time(23, 59)))
    if due < at:
        raise Wanting("until", _("That day is over; choose a later one."))
    return due


def ask_assistance(
    case: Case, post_id: int, *, actor: Actor, at: datetime, words: str, kind: str = "", due: datetime | None = None
) -> Case:
    """A case below this one that a department owes and leads: of `kind`, entitled by its words, or as assistance."""
    if not (kind or case.of_kind.assisted_by):
        raise NotOne(_("Nobody is asked to assist here; ask on the case that this one hangs on."))
    post = Post.objects.select_related("organisation").get(pk=post_id)
    if Role.DEPARTMENT not in post.roles or post.organisation.county_id != case.county_id:
        raise Wanting("assisting", _("%(post)s does not take cases; choose another.") % {"post": post})
    intake = Intake(
        place=case.place,
        title=words if kind and words else case.title,
        source=case.source,
        words=words,
        grade=case.grade,
        category=case.category,
        where=case.where,
        confidential=bool(case.tier),
        parent=case,
        lead=post,
        due=due,
    )
    return open_case(kind_named(kind or case.of_kind.assisted_by), intake, actor=actor, at=at)


EVENTS = {"returned": Event.RETURNED, "redone": Event.VERIFICATION_FAILED}


def _tell(step: Step, deed: Deed) -> None:
    case = deed.case
    if case.is_open:
        arbitration = step.counts == "returned" and bounced(case)
        deed.tell(Event.ARBITRATION if arbitration else EVENTS.get(step.counts, Event.ASSIGNED))


def follow(case: Case, target: Stage, at: datetime) -> Case | None:
    """What the system does by itself after a step: draws a sample, gathers a parent whose last child has ended.

    The case as it then is, if it moved on.
    """
    moved = None
    case.of_kind.followed(case, target, at)
    if any(step.passes for step in case.of_kind.steps.values()):
        let_go(case)
    for rule in case.of_kind.automatic:
        if isinstance(rule, Sampling) and rule.stage is target:
            moved = _draw(rule, case, at)
    if isinstance(target, Ending) and case.stands_by_itself:
        tell_what_it_came_from(case, at)
    elif isinstance(target, Ending) and case.parent_id is not None:
        gather(case.parent_id, at)
    return moved


def _draw(rule: Sampling, case: Case, at: datetime) -> Case:
    """Draw a case for a check, or let it pass: by its id and the pack's stored seed, so the draw can be replayed."""
    sampling = edition_book(case.edition_id)[CaseworkSection].sampling
    rate = float(getattr(sampling, rule.rate))
    lot = drawn_lot(sampling.seed, case.pk, case.round)
    deed = Deed.begin(case, SYSTEM, at)
    facts = {"seed": sampling.seed, "rate": str(rate), "lot": f"{lot:.6f}", "drawn": lot < rate}
    deed.write(Line(SAMPLED, facts=facts))
    return take(rule.drawn if lot < rate else rule.passed, deed.put_down(), actor=SYSTEM, at=at)


def drawn_lot(seed: int, case_id: int, round_: int) -> float:
    """The lot of a case's round, between 0 and 1: SHA-256 over seed, case and round."""
    digest = hashlib.sha256(f"{seed}:{case_id}:{round_}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def tell_what_it_came_from(case: Case, at: datetime) -> None:
    """Tell whoever gave the bad rating that the case which it opened has ended, and how."""
    deed = Deed.begin(case.parent_id or 0, SYSTEM, at)
    facts = {"rectified": case.number, "ending": str(case.at_stage.title)}
    deed.write(Line(RIGHTED, public=True, facts=facts))
    deed.put_down()


def gather(parent_id: int, at: datetime) -> None:
    """Take the declared step of a parent whose last child has ended."""
    parent = Case.objects.get(pk=parent_id)
    if not parent.is_open or parent.children.filter(is_open=True).exists():
        return
    for rule in parent.of_kind.automatic:
        if isinstance(rule, Gathering) and parent.stage == rule.stage.name:
            take(rule.step, parent, actor=SYSTEM, at=at)
            return
