"""Which turns a post, an organisation or a place owes, and how each stands on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.duties.declared import DUTIES, SHOWN, Duty
from jingwei.duties.models import Excuse, Met, Turn
from jingwei.duties.pack import DutiesSection, DutyLine
from jingwei.organisations.models import Appointment, Post, Responsibility
from jingwei.organisations.queries import front_desk
from jingwei.policy.queries import edition_book
from jingwei.worktime import Period


class State(StrEnum):
    """How a turn stands on a day."""

    TO_COME = "to_come"
    OWED = "owed"
    LATE = "late"
    MET = "met"
    EXCUSED = "excused"
    ENDED = "ended"
    """Whoever owed it was dissolved, or relieved of the place, before it was due."""
    SHOWN = "shown"
    """Leaves no record, so nothing is said of it."""


STATES: dict[State, Any] = {
    State.TO_COME: gettext_lazy("To come"),
    State.OWED: gettext_lazy("Owed"),
    State.LATE: gettext_lazy("Late"),
    State.MET: gettext_lazy("Done"),
    State.EXCUSED: gettext_lazy("Excused"),
    State.ENDED: gettext_lazy("Ended"),
    State.SHOWN: gettext_lazy("No record needed"),
}

NOT_OWED = frozenset({State.EXCUSED, State.ENDED, State.SHOWN})
"""States that no count of what is owed includes."""


@dataclass(frozen=True)
class Standing:
    """A turn as it stands on a day; `why` says for what ground it is excused, and `held` how many records it has."""

    turn: Turn
    line: DutyLine
    duty: Duty
    state: State
    held: int
    why: str = ""

    @property
    def name(self) -> str:
        """What is owed, with the place where it is owed at one."""
        if self.turn.place is None:
            return str(self.line)
        return _("%(duty)s: %(place)s") % {"duty": self.line, "place": self.turn.place}


def owed_by_post(post: Post, period: Period) -> QuerySet[Turn]:
    """What falls to a post in a period: its own turns, and at a front desk those of the organisation as a whole."""
    own = Q(post=post)
    if (desk := front_desk(post.organisation_id)) is not None and desk.pk == post.pk:
        own |= Q(organisation=post.organisation_id, post=None, person=None)
    return owed_within(Turn.objects.filter(own), period)


def owed_within(turns: QuerySet[Turn], period: Period) -> QuerySet[Turn]:
    """Those of these turns that are due in a period, in the order in which they are."""
    in_order = turns.filter(due__gte=period.first, due__lte=period.last).order_by("due", "organisation", "key", "pk")
    return in_order.select_related("organisation__ground", "post__organisation", "place", "county")


def standing_on(turns: Iterable[Turn], today: date) -> list[Standing]:
    """How each of these turns stands on `today`; the same few queries for one as for a thousand."""
    turns = list(turns)
    excuses, new_holders, held, answering = _excuses(turns), _held_since(turns), _held(turns), _answering(turns)
    stood = []
    for turn in turns:
        section = edition_book(turn.edition_id)[DutiesSection]
        line = section.line(turn.key)
        if line is None or line.of not in DUTIES:
            continue  # of an edition whose code is gone; nothing can be said of it
        duty, why = DUTIES[line.of], _why(turn, line, section, excuses, new_holders)
        ended = _ended(turn) or not (turn.place_id is None or turn.pk in answering)
        stood.append(Standing(turn, line, duty, _state(turn, duty, why, today, ended=ended), held.get(turn.pk, 0), why))
    return stood


def _state(turn: Turn, duty: Duty, why: str, today: date, *, ended: bool) -> State:
    if duty.met_by is SHOWN:
        return State.SHOWN
    if turn.met_at is not None:
        return State.MET
    if ended:
        return State.ENDED
    if why:
        return State.EXCUSED
    if today < turn.first:
        return State.TO_COME
    return State.LATE if turn.due < today else State.OWED


def _ended(turn: Turn) -> bool:
    post = turn.post
    ends = [end for end in (turn.organisation.until, post.until if post else None) if end is not None]
    return any(end <= turn.due for end in ends)


def _answering(turns: Sequence[Turn]) -> set[int]:
    """The turns owed at a place whose post still answered for it on the day they were due."""
    there = {turn.pk: turn for turn in turns if turn.place_id is not None}
    if not there:
        return set()
    terms: dict[tuple[int | None, int | None], list[tuple[date, date | None]]] = {}
    told = Responsibility.objects.filter(post__in={one.post_id for one in there.values()})
    for post, place, since, until in told.values_list("post_id", "place_id", "since", "until"):
        terms.setdefault((post, place), []).append((since, until))
    return {
        pk
        for pk, turn in there.items()
        for since, until in terms.get((turn.post_id, turn.place_id), ())
        if since <= turn.due and (until is None or until > turn.due)
    }


def _why(turn: Turn, line: DutyLine, section: DutiesSection, excuses: "_Excuses", new: dict[int, date]) -> str:
    """On what ground it is excused; empty where it is not."""
    for one in excuses.get(turn.organisation_id, ()):
        if one.post_id in (None, turn.post_id) and one.first <= turn.due <= one.last:
            return next((str(g) for g in section.excuses if g.key == one.ground), one.ground)
    since = new.get(turn.post_id or 0)
    if line.new_in_post and since is not None and turn.due < since + timedelta(days=line.new_in_post):
        return str(_("New in the post"))
    return ""


_Excuses = dict[int, list[Excuse]]


def _excuses(turns: Sequence[Turn]) -> _Excuses:
    grouped: _Excuses = {}
    wanted = {turn.organisation_id for turn in turns}
    for one in Excuse.objects.filter(organisation__in=wanted, ended_at=None):
        grouped.setdefault(one.organisation_id, []).append(one)
    return grouped


def _held_since(turns: Sequence[Turn]) -> dict[int, date]:
    """Since when each post has been held by its present holder, the one who has held it longest."""
    posts = {turn.post_id for turn in turns if turn.post_id}
    held = Appointment.objects.filter(post__in=posts, until=None).order_by("-since")
    return dict(held.values_list("post_id", "since"))


def _held(turns: Sequence[Turn]) -> dict[int, int]:
    counted: dict[int, int] = {}
    for turn in Met.objects.filter(turn__in=turns).values_list("turn_id", flat=True):
        counted[turn] = counted.get(turn, 0) + 1
    return counted
