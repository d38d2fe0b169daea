"""What is put to a post about a case and answered by it: extension, hold, formal supervision, instruction."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.casework.acts.deeds import Deed, Line, Said
from jingwei.casework.acts.remarks import concerned, words_given
from jingwei.casework.clocks import Did, State
from jingwei.casework.kinds import Word
from jingwei.casework.ledger import calendar_of
from jingwei.casework.may import OF_THE_LEAD
from jingwei.casework.models import Case, Motion
from jingwei.casework.needs import Wanting
from jingwei.casework.pack import CaseworkSection, Limit, NoSpan
from jingwei.casework.refusals import NotYours, OnHold, Refused, TooLate, ended
from jingwei.organisations.models import Post
from jingwei.organisations.pack import Role
from jingwei.organisations.queries import post_for
from jingwei.policy.notices import Event
from jingwei.policy.queries import edition_book
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import Verb, verb
from jingwei.worktime import CalendarMissing


@dataclass(frozen=True)
class Sort:
    """A sort of motion: who raises it, who answers it, its words, what the answer may be.

    `to`: the role that answers; None: the post that owes the case. `asks` sorts are granted or denied,
    the others are answered. `clock` names the span within which the answer is owed.
    """

    name: str
    title: Word
    by: frozenset[Role]
    to: Role | None
    asks: bool
    clock: str
    told: Event
    raised: Verb
    settled: Verb


def _sort(
    name: str,
    title: Word,
    past: Word,
    by: set[Role],
    to: Role | None,
    clock: str,
    told: Event,
) -> Sort:
    asks = to is not None
    return Sort(
        name,
        title,
        frozenset(by),
        to,
        asks,
        clock,
        told,
        verb(f"case.{name}_raised", title, past),
        verb(
            f"case.{name}_settled",
            gettext_lazy("answer"),
            gettext_lazy("Decided") if asks else gettext_lazy("Answered"),
        ),
    )


_DIRECTS = {Role.DISPATCHER, Role.ARBITER, Role.INSPECTOR}
EXTENSION = _sort(
    "extension", gettext_lazy("Ask for an extension"), gettext_lazy("Asked for an extension"),
    set(OF_THE_LEAD), Role.DISPATCHER, "approval", Event.APPROVAL,
)  # fmt: skip
HOLD = _sort(
    "hold", gettext_lazy("Ask for a hold"), gettext_lazy("Asked for a hold"),
    set(OF_THE_LEAD), Role.DISPATCHER, "approval", Event.APPROVAL,
)  # fmt: skip
SUPERVISION = _sort(
    "supervision", gettext_lazy("Supervise formally"), gettext_lazy("Placed under formal supervision"),
    _DIRECTS, None, "supervision", Event.SUPERVISED,
)  # fmt: skip
INSTRUCTION = _sort(
    "instruction", gettext_lazy("Give an instruction"), gettext_lazy("Instruction by a leader"),
    {Role.LEADER}, None, "supervision", Event.INSTRUCTED,
)  # fmt: skip
SORTS = {s.name: s for s in (EXTENSION, HOLD, SUPERVISION, INSTRUCTION)}
RESUMED = verb("case.resumed", gettext_lazy("take up again"), gettext_lazy("Taken up again"))


@transaction.atomic
def raise_motion(
    sort: Sort, case: Case, words: str, *, actor: Actor, at: datetime, until: datetime | None = None,
    reason: str = "", key: UUID | None = None,
) -> Case:  # fmt: skip
    """Put a motion. An extension or a hold says until when, within the pack's limits; one of a sort at a time."""
    deed = Deed.begin(case, actor, at, key)
    case = deed.case
    if deed.done:
        return case
    if not case.is_open:
        raise ended()
    concerned(deed, set(sort.by))
    words = words_given(words)
    if any(waiting.sort == sort.name for waiting in deed.held.seen["motions"]):
        raise Refused(_("One is waiting for its answer already."))
    if sort.asks:
        _within(sort, deed, until)
    to = _addressee(sort, case)
    facts = {"motion": sort.name, "to": to.full_title, "reason": reason}
    if until is not None:
        facts["until"] = until.isoformat()
    deed.write(Line(sort.raised, said=(Said(sort.name, words),), facts=facts, key=key))
    motion = Motion(
        case=case, round=case.round, sort=sort.name, raised_id=deed.act_id, by_id=actor.post_id, to=to,
        asked_until=until if sort.asks else None, due_at=_due(sort, case, at),
    )  # fmt: skip
    deed.stroke.new(motion)
    if sort is SUPERVISION:
        case.supervised = True
        deed.change_round(supervised=True)
    deed.tell(sort.told, to)
    return deed.put_down()


def _addressee(sort: Sort, case: Case) -> Post:
    found = post_for(sort.to, case.ground_path) if sort.to else case.owner
    if found is None:
        raise NotYours(_("No post is there to answer; ask the county's administrator to fill it."))
    return found


def _due(sort: Sort, case: Case, at: datetime) -> datetime | None:
    try:
        span = edition_book(case.edition_id)[CaseworkSection].span(case.kind, sort.clock, case.grade or "all")
        return calendar_of(case.edition_id).due(at, span)
    except (NoSpan, CalendarMissing):
        return None


def _limit(sort: Sort, case: Case) -> Limit:
    casework = edition_book(case.edition_id)[CaseworkSection]
    return casework.extension if sort is EXTENSION else casework.hold


def _within(sort: Sort, deed: Deed, until: datetime | None) -> None:
    case, at = deed.case, deed.at
    if until is None or until <= at:
        raise Wanting("until", _("Say until when; a moment to come."))
    if case.held:
        raise OnHold(_("The case is on hold. Take it up again first."))
    limit = _limit(sort, case)
    granted = case.motions.filter(round=case.round, sort=sort.name, outcome="granted").count()
    if granted >= limit.times:
        raise TooLate(_("Granted %(n)d times already; the rules allow no more.") % {"n": granted})
    begin = max(at, _answer_due(deed) or at) if sort is EXTENSION else at
    try:
        longest = calendar_of(case.edition_id).due(begin, limit.span)
    except CalendarMissing:
        return
    if until > longest:
        raise Wanting(
            "until",
            _("At most %(span)s: until %(day)s.") % {"span": limit.span, "day": f"{longest:%Y-%m-%d %H:%M}"},
        )


def _answer_due(deed: Deed) -> datetime | None:
    """When the clock that an extension moves is due; the case itself may be due earlier by another clock."""
    answering = {name for name, clock in deed.case.of_kind.clocks.items() if clock.answers}
    return max((run.due_at for run in deed.ledger.going if run.name in answering and run.due_at), default=None)


@transaction.atomic
def settle(
    motion: Motion,
    words: str,
    *,
    grant: bool | None = None,
    actor: Actor,
    at: datetime,
    key: UUID | None = None,
) -> Case:
    """Answer a motion; an extension or hold that is granted changes the clocks from this moment.

    It is answered from the post it was put to (or a higher one of the same role), never by the post that put it.
    """
    deed = Deed.begin(motion.case_id, actor, at, key)
    case = deed.case
    if deed.done:
        return case
    motion = Motion.objects.select_for_update().get(pk=motion.pk)
    if motion.settled_id is not None:
        raise Refused(_("It was answered already."))
    sort = SORTS[motion.sort]
    _may_settle(motion, sort, deed)
    outcome = ("granted" if grant else "denied") if sort.asks else "answered"
    facts = {"motion": sort.name, "outcome": outcome}
    said = (Said("answer", words_given(words) if not grant else words),)
    deed.write(Line(sort.settled, said=said, facts=facts, key=key))
    motion.settled_id, motion.outcome = deed.act_id, outcome
    deed.stroke.changed(motion, "settled_id", "outcome")
    if sort.asks and grant and motion.asked_until is not None:
        _grant(sort, deed, motion.asked_until)
    deed.tell(Event.DECIDED)
    return deed.put_down()


def _may_settle(motion: Motion, sort: Sort, deed: Deed) -> None:
    case, actor = deed.case, deed.actor
    if actor.post_id is not None and actor.post_id == motion.by_id and sort.asks:
        raise NotYours(_("Whoever asks does not grant."))
    if sort.to is not None:
        concerned(deed, {sort.to, Role.ARBITER})
    elif motion.to_id != actor.post_id:
        concerned(deed, set(OF_THE_LEAD) if case.lead else None)
    if sort.asks and motion.raised.person_id == actor.person_id:
        raise NotYours(_("Whoever asks does not grant."))


def _grant(sort: Sort, deed: Deed, until: datetime) -> None:
    rule = f"{sort.name} granted by act {deed.act_id}"
    case, ledger = deed.case, deed.ledger
    for run in ledger.going:
        clock = case.of_kind.clocks.get(run.name)
        if sort is HOLD and run.state == State.RUNNING:
            ledger.write(run, Did.PAUSE, deed.at, rule=rule)
        elif sort is EXTENSION and clock is not None and clock.answers:
            ledger.write(run, Did.EXTEND, deed.at, rule=rule, due_at=until)
    if sort is HOLD:
        case.held = True
    else:
        case.extended += 1
    ledger.settle_due()


@transaction.atomic
def resume(case: Case, words: str = "", *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Take a held case up again; its clocks go on with what was left to them."""
    deed = Deed.begin(case, actor, at, key)
    case = deed.case
    if deed.done:
        return case
    if not case.held:
        raise Refused(_("The case is not on hold."))
    if actor.kind != "machine":
        concerned(deed, set(OF_THE_LEAD) | {Role.DISPATCHER, Role.ARBITER})
    case.held = False
    deed.write(Line(RESUMED, said=(Said("remark", words),), key=key))
    for run in deed.ledger.going:
        if run.state == State.PAUSED:
            deed.ledger.write(run, Did.RESUME, at, rule="taken up again")
    deed.ledger.settle_due()
    return deed.put_down()
