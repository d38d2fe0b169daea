"""What the one who asked may do with her case, by its code alone: rate it, bring it back, take it back."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.casework.acts.deeds import Deed, Line, Said
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.remarks import concerned, words_given
from jingwei.casework.acts.steps import SYSTEM, children_closed, follow
from jingwei.casework.kinds import kind_named
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
RECTIFIED = verb("case.rectified", gettext_lazy("rectify"), gettext_lazy("The rating opened a rectification"))
WITHDRAWN = verb("case.withdrawn", gettext_lazy("withdraw"), gettext_lazy("Withdrawn"))

BAD_RATING = "bad_rating"
"""Where a case comes from that a bad rating opened; one of the pack's sources of problems."""


@transaction.atomic
def rate(case: Case, level: int, words: str = "", *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """Rate an ended round in one of five levels 好差评; only the bearer of the code does, once a round.

    It replaces a rating told on the telephone, which was kept apart.
    """
    deed = Deed.begin(case, actor, at, key)
    case = deed.case
    if deed.done:
        return case
    concerned(deed, {Role.RESIDENT})
    if case.is_open or not case.met:
        raise Refused(_("It can be rated when it has been handled."))
    if level not in range(1, 6):
        raise Wanting("rating", _("Choose one of the five levels."))
    if case.rating is not None and not case.rating_told:
        raise Refused(_("You have rated this already. Thank you."))
    case.rating, case.rating_told = level, False
    deed.change_round(rating=level, rating_told=False)
    deed.write(Line(RATED, public=True, said=(Said("rating", words, True),), facts={"rating": level}, key=key))
    if level <= 2 and case.lead is not None:
        deed.tell(Event.BAD_RATING, case.lead)
    deed.put_down()
    ratings = edition_book(case.edition_id)[CaseworkSection].ratings
    if case.of_kind.rectified_by and any(one.bad for one in ratings if one.value == level):
        return _have_put_right(case, at)
    return case


def _have_put_right(case: Case, at: datetime) -> Case:
    """Open the rectification that a bad rating asks for, on the desk of the unit that received the case.

    Her words stay where she wrote them: there they are erased when their time is over.
    """
    received = case.standings.filter(stage=case.of_kind.opening.name, owner__isnull=False).order_by("id").first()
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Badly rated: %(title)s") % {"title": case.title}
    intake = Intake(
        place=case.place, title=title, source=BAD_RATING, where=case.where, confidential=bool(case.tier), parent=case,
        opened_by=received.owner.organisation_id if received and received.owner else None,
    )  # fmt: skip
    opened = open_case(kind_named(case.of_kind.rectified_by), intake, actor=SYSTEM, at=at)
    deed = Deed.begin(case, SYSTEM, at)
    deed.write(Line(RECTIFIED, public=True, facts={"rectified": opened.number}))
    return deed.put_down()


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
    deed = Deed.begin(case, actor, at, key)
    case = deed.case
    if deed.done:
        return case
    concerned(deed, {Role.RESIDENT, Role.DISPATCHER, Role.ARBITER, Role.CALLER})
    words = words_given(words)
    if case.is_open:
        raise Refused(_("It is open already."))
    if case.main_id is not None:
        raise Refused(_("It was joined to another case; speak to that one."))
    if case.parent is not None and not case.parent.is_open and not case.stands_by_itself:
        raise Refused(_("The case it hangs on has ended; reopen that one first."))
    until = reopens_until(case)
    if until is not None and at > until:
        raise TooLate(_("It could be reopened until %(day)s. Report it anew, please.") % {"day": f"{until:%Y-%m-%d}"})
    case.round += 1
    case.is_open, case.ended_at, case.rating, case.rating_told = True, None, None, False
    case.redone, case.returned, case.arbitrated, case.supervised = 0, 0, False, False
    deed.stroke.new(Round(case=case, number=case.round, opened_at=at))
    opening, before = case.of_kind.opening, case.stage
    line = Line(
        REOPENED, public=True, from_stage=before, to_stage=opening.name, said=(Said("reopening", words, True),),
        facts={"round": case.round}, key=key,
    )  # fmt: skip
    deed.write(line)
    deed.stand(None, opening)
    deed.tell(Event.REOPENED)
    return deed.put_down()


@transaction.atomic
def withdraw(case: Case, words: str = "", *, actor: Actor, at: datetime, key: UUID | None = None) -> Case:
    """The asker takes her case back; a child case is taken back by the one who asked for it."""
    deed = Deed.begin(case, actor, at, key)
    case = deed.case
    if deed.done:
        return case
    if not case.is_open:
        raise ended()
    if actor.kind == "bearer":
        concerned(deed, {Role.RESIDENT})
    elif case.parent_id is None or case.stands_by_itself:
        raise NotYours(_("Only the one who asked takes it back, by her case code."))
    else:
        concerned(deed, {Role.LEAD, Role.DISPATCHER, Role.ARBITER})
    children_closed(deed)
    ending = case.of_kind.withdrawn
    line = Line(
        WITHDRAWN,
        public=True,
        from_stage=case.stage,
        to_stage=ending.name,
        said=(Said("withdrawal", words, True),),
        key=key,
    )
    deed.write(line)
    deed.stand(case.at_stage, ending)
    deed.end(ending)
    deed.put_down()
    return follow(case, ending, at) or case
