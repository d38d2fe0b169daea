"""What is said about a case without moving it: a comment, an urging, a correction of where and what it is."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.casework.acts.deeds import Deed, Line, Said
from jingwei.casework.clocks import Did
from jingwei.casework.may import takers
from jingwei.casework.models import CONFIDENTIAL, OPEN, Case
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


def concerned(deed: Deed, roles: set[Role] | None = None) -> set[Role]:
    """The roles in which the actor is concerned with the case; raises `NotYours` where there is none (of `roles`)."""
    held = takers(deed.case, deed.actor, deed.post)
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
    deed = Deed.begin(case, actor, at, key)
    if deed.done:
        return deed.case
    concerned(deed)
    said = (Said("remark", words_given(words)),)
    deed.write(Line(COMMENTED, said=said, photographs=photographs, key=key))
    return deed.put_down()


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
    deed = Deed.begin(case, actor, at, key)
    case = deed.case
    if deed.done:
        return case
    concerned(deed, {Role.RESIDENT})
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
    deed.write(line)
    deed.tell(Event.URGED)
    return deed.put_down()


@transaction.atomic
def urge(case: Case, words: str = "", *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Urge the post that owes the case 催办: it is told, and the urging is counted. By the asker, or by who directs."""
    deed = Deed.begin(case, actor, at, key)
    case = deed.case
    if deed.done:
        return case
    concerned(deed, DIRECTS | {Role.RESIDENT, Role.CLERK})
    if not case.is_open:
        raise ended()
    case.urged += 1
    said = (Said("urging", words, True),) if words.strip() else ()
    deed.write(Line(URGED, public=True, said=said, facts={"urged": case.urged}, key=key))
    deed.tell(Event.URGED)
    return deed.put_down()


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
    deed = Deed.begin(case, actor, at, key)
    case = deed.case
    if deed.done:
        return case
    concerned(deed, {Role.DISPATCHER, Role.ARBITER})
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
        deed.stand_anew()
    case.category = category if category is not None else case.category
    case.request_class = request_class if request_class is not None else case.request_class
    case.title = title or case.title
    regraded = grade is not None and grade != case.grade
    if regraded and grade is not None:
        case.grade = grade
        _restart(deed)
    deed.write(Line(CORRECTED, facts=facts, key=key))
    return deed.put_down()


def _restart(deed: Deed) -> None:
    ledger, at = deed.ledger, deed.at
    for run in ledger.going:
        clock = deed.case.of_kind.clocks.get(run.name)
        if clock is None or ledger.set_by_source(run):
            continue
        since, before = run.since, ledger.entries(run)
        ledger.write(run, Did.STOP, at, rule="regraded")
        ledger.start(clock, since, as_before=before)
    ledger.settle_due()


@transaction.atomic
def shut(case: Case, confidential: bool, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Keep a case to those who must see it, or open it to all who may.

    A clerk may open it until a unit leads it: a unit's own clerk must not lift what was asked for against the unit.
    """
    deed = Deed.begin(case, actor, at, key)
    case = deed.case
    if deed.done:
        return case
    clerks = {Role.CLERK} if confidential or case.lead is None else set()
    concerned(deed, {Role.DISPATCHER, Role.ARBITER} | clerks)
    case.tier = CONFIDENTIAL if confidential else OPEN
    if case.is_open:
        deed.stand_anew()
    deed.touched([case.opened_by_id])
    deed.write(Line(SHUT, facts={"confidential": confidential}, key=key))
    return deed.put_down()
