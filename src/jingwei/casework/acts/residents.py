"""What the one who asked may do with her case, by its code alone: rate it, bring it back, take it back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.casework import tellings
from jingwei.casework.acts.deeds import Line, Said, done_already, locked, stand, write
from jingwei.casework.acts.remarks import concerned, words_given
from jingwei.casework.acts.steps import children_closed, end, follow
from jingwei.casework.ledger import calendar_of
from jingwei.casework.models import Case, Round
from jingwei.casework.needs import Wanting
from jingwei.casework.pack import CaseworkSection
from jingwei.casework.refusals import NotYours, Refused, TooLate, ended
from jingwei.organisations.pack import Role
from jingwei.policy.notices import Event
from jingwei.policy.queries import edition_book
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import verb
from jingwei.worktime import CalendarMissing

RATED = verb("case.rated", gettext_lazy("rate"), gettext_lazy("Rated by the resident"))
REOPENED = verb("case.reopened", gettext_lazy("reopen"), gettext_lazy("Reopened"))
WITHDRAWN = verb("case.withdrawn", gettext_lazy("withdraw"), gettext_lazy("Withdrawn"))


@transaction.atomic
def rate(case: Case, level: int, words: str = "", *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Rate an ended round in one of five levels 好差评; only the bearer of the code does, once a round.

    It replaces a rating told on the telephone, which was kept apart.
    """
    case = locked(case)
    if done_already(key):
        return case
    concerned(case, actor, {Role.RESIDENT})
    if case.is_open or not case.met:
        raise Refused(_("It can be rated when it has been handled."))
    if level not in range(1, 6):
        raise Wanting("rating", _("Choose one of the five levels."))
    if case.rating is not None and not case.rating_told:
        raise Refused(_("You have rated this already. Thank you."))
    case.rating, case.rating_told = level, False
    Round.objects.filter(case=case, number=case.round).update(rating=level, rating_told=False)
    write(
        case,
        Line(RATED, public=True, said=(Said("rating", words, True),), facts={"rating": level}, key=key),
        actor,
        at,
    )
    case.save()
    if level <= 2 and case.lead is not None:
        tellings.post(case, case.lead, Event.BAD_RATING, at)
    return case


def reopens_until(case: Case) -> datetime | None:
    """The last moment at which an ended case may be reopened; None where its calendar is missing or it is open."""
    if case.ended_at is None:
        return None
    try:
        return calendar_of(case.edition_id).due(case.ended_at, edition_book(case.edition_id)[CaseworkSection].reopening)
    except CalendarMissing:
        return None


@transaction.atomic
def reopen(case: Case, words: str, *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Bring an ended case back as its next round, within the pack's span; by the asker, or the centre for her."""
    case = locked(case)
    if done_already(key):
        return case
    concerned(case, actor, {Role.RESIDENT, Role.DISPATCHER, Role.ARBITER, Role.CALLER})
    words = words_given(words)
    if case.is_open:
        raise Refused(_("It is open already."))
    if case.main_id is not None:
        raise Refused(_("It was joined to another case; speak to that one."))
    if case.parent is not None and not case.parent.is_open:
        raise Refused(_("The case it hangs on has ended; reopen that one first."))
    until = reopens_until(case)
    if until is not None and at > until:
        raise TooLate(_("It could be reopened until %(day)s. Report it anew, please.") % {"day": f"{until:%Y-%m-%d}"})
    case.round += 1
    case.is_open, case.ended_at, case.rating, case.rating_told = True, None, None, False
    case.redone, case.returned, case.arbitrated, case.supervised = 0, 0, False, False
    Round.objects.create(case=case, number=case.round, opened_at=at)
    opening, before = case.of_kind.opening, case.stage
    line = Line(
        REOPENED, public=True, from_stage=before, to_stage=opening.name, said=(Said("reopening", words, True),),
        facts={"round": case.round}, key=key,
    )  # fmt: skip
    write(case, line, actor, at)
    stand(case, None, opening, at)
    case.save()
    tellings.owner(case, Event.REOPENED, at)
    return case


@transaction.atomic
def withdraw(case: Case, words: str = "", *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """The asker takes her case back; a child case is taken back by the one who asked for it."""
    case = locked(case)
    if done_already(key):
        return case
    if not case.is_open:
        raise ended()
    if actor.kind == "bearer":
        concerned(case, actor, {Role.RESIDENT})
    elif case.parent_id is None:
        raise NotYours(_("Only the one who asked takes it back, by her case code."))
    else:
        concerned(case, actor, {Role.LEAD, Role.DISPATCHER, Role.ARBITER})
    children_closed(case)
    ending = case.of_kind.withdrawn
    line = Line(
        WITHDRAWN,
        public=True,
        from_stage=case.stage,
        to_stage=ending.name,
        said=(Said("withdrawal", words, True),),
        key=key,
    )
    write(case, line, actor, at)
    stand(case, case.at_stage, ending, at)
    end(case, ending, at)
    case.save()
    follow(case, ending, at)
    return case
