"""What is said about a case without moving it: a comment, an urging, a correction of where and what it is."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.casework import tellings
from jingwei.casework.acts.deeds import Line, Said, done_already, locked, touched, write
from jingwei.casework.clocks import Did, State
from jingwei.casework.ledger import going, set_by_source, settle_due, start
from jingwei.casework.ledger import write as write_clock
from jingwei.casework.may import post_of, takers
from jingwei.casework.models import CONFIDENTIAL, OPEN, Case, Standing
from jingwei.casework.needs import LONGEST, Wanting
from jingwei.casework.refusals import NotYours, ended
from jingwei.casework.wording import clean
from jingwei.organisations.pack import Role
from jingwei.places.models import Place
from jingwei.places.queries import ground_of
from jingwei.policy.notices import Event
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import verb

COMMENTED = verb("case.commented", gettext_lazy("comment"), gettext_lazy("Comment"))
ADDED = verb("case.added", gettext_lazy("add"), gettext_lazy("The resident added something"))
URGED = verb("case.urged", gettext_lazy("urge"), gettext_lazy("Urged"))
CORRECTED = verb("case.corrected", gettext_lazy("correct"), gettext_lazy("Corrected"))
SHUT = verb("case.confidential", gettext_lazy("make confidential"), gettext_lazy("Confidentiality changed"))

DIRECTS = {Role.DISPATCHER, Role.ARBITER, Role.INSPECTOR, Role.CALLER, Role.LEADER}
"""Roles that watch over the work of others on their ground."""


def concerned(case: Case, actor: Actor, roles: set[Role] | None = None) -> set[Role]:
    """The roles in which the actor is concerned with the case; raises `NotYours` where there is none (of `roles`)."""
    held = takers(case, actor, post_of(actor))
    if not held or (roles is not None and not held & roles):
        raise NotYours(_("Your post has nothing to do here; choose another post, or ask the one that owes the case."))
    return held


def words_given(words: str, name: str = "words") -> str:
    """The words, stripped; raises `Wanting` where there are none, or too many."""
    words = clean(words)
    if not words:
        raise Wanting(name, _("Write a few words."))
    if len(words) > LONGEST:
        raise Wanting(name, _("At most %(n)d characters; attach a file for more.") % {"n": LONGEST})
    return words


@transaction.atomic
def comment(
    case: Case,
    words: str,
    *,
    actor: Actor,
    at: datetime,
    photographs: tuple[str, ...] = (),
    key: UUID | None = None,
) -> Case:
    """A remark among colleagues; the asker does not read it."""
    case = locked(case)
    if not done_already(key):
        concerned(case, actor)
        said = (Said("remark", words_given(words)),)
        write(case, Line(COMMENTED, said=said, photographs=photographs, key=key), actor, at)
        case.save()
    return case


@transaction.atomic
def add(
    case: Case,
    words: str,
    *,
    actor: Actor,
    at: datetime,
    photographs: tuple[str, ...] = (),
    key: UUID | None = None,
) -> Case:
    """The asker adds words or photographs to her open case."""
    case = locked(case)
    if done_already(key):
        return case
    concerned(case, actor, {Role.RESIDENT})
    if not case.is_open:
        raise ended()
    if not photographs:
        words = words_given(words)
    line = Line(
        ADDED,
        public=True,
        said=(Said("addition", words, True),),
        photographs=photographs,
        photographs_public=True,
        key=key,
    )
    write(case, line, actor, at)
    case.save()
    tellings.owner(case, Event.URGED, at)
    return case


@transaction.atomic
def urge(case: Case, words: str = "", *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Urge the post that owes the case 催办: it is told, and the urging is counted. By the asker, or by who directs."""
    case = locked(case)
    if done_already(key):
        return case
    concerned(case, actor, DIRECTS | {Role.RESIDENT, Role.CLERK})
    if not case.is_open:
        raise ended()
    case.urged += 1
    said = (Said("urging", words, True),) if words.strip() else ()
    write(case, Line(URGED, public=True, said=said, facts={"urged": case.urged}, key=key), actor, at)
    case.save()
    tellings.owner(case, Event.URGED, at)
    return case


@transaction.atomic
def correct(
    case: Case,
    *,
    actor: Actor,
    at: datetime,
    place: Place | None = None,
    category: str | None = None,
    grade: str | None = None,
    request_class: str | None = None,
    title: str | None = None,
    key: UUID | None = None,
) -> Case:
    """Correct where and what a case is. A new grade starts the running clocks anew from when they began."""
    case = locked(case)
    if done_already(key):
        return case
    concerned(case, actor, {Role.DISPATCHER, Role.ARBITER})
    if not case.is_open:
        raise ended()
    facts = {
        name: f"{getattr(case, name)} → {new}"[:200]
        for name, new in (("category", category), ("grade", grade), ("request_class", request_class))
        if new is not None and new != getattr(case, name)
    }
    if place is not None and place.pk != case.place_id:
        facts["place"] = f"{case.place} → {place}"[:200]
        case.place, case.ground_path = place, ground_of(place).path
        _stand_on(case, at)
    case.category = category if category is not None else case.category
    case.request_class = request_class if request_class is not None else case.request_class
    case.title = title or case.title
    regraded = grade is not None and grade != case.grade
    if regraded and grade is not None:
        case.grade = grade
        _restart(case, at)
    write(case, Line(CORRECTED, facts=facts, key=key), actor, at)
    case.save()
    return case


def _stand_on(case: Case, at: datetime) -> None:
    """Close the standing on the old ground and begin one on the new, with the same owner."""
    now = Standing.objects.get(case=case, current=True)
    Standing.objects.filter(pk=now.pk).update(until=at, current=False)
    now.pk, now.since, now.ground_path, now.tier = None, at, case.ground_path, case.tier
    now.save(force_insert=True)


def _restart(case: Case, at: datetime) -> None:
    for run in list(going(case)):
        clock = case.of_kind.clocks.get(run.name)
        if clock is None or set_by_source(run) or run.state == State.STOPPED:
            continue
        since, before = run.since, list(run.entries.order_by("id"))
        write_clock(run, Did.STOP, at, rule="regraded")
        start(case, clock, since, as_before=before)
    settle_due(case)


@transaction.atomic
def shut(case: Case, confidential: bool, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Keep a case to those who must see it, or open it to all who may.

    A clerk may open it until a unit leads it: a unit's own clerk must not lift what was asked for against the unit.
    """
    case = locked(case)
    if done_already(key):
        return case
    clerks = {Role.CLERK} if confidential or case.lead is None else set()
    concerned(case, actor, {Role.DISPATCHER, Role.ARBITER} | clerks)
    case.tier = CONFIDENTIAL if confidential else OPEN
    if case.is_open:
        _stand_on(case, at)
    touched(case, [case.opened_by_id])
    write(case, Line(SHUT, facts={"confidential": confidential}, key=key), actor, at)
    case.save()
    return case
