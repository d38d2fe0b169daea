"""The figures of incidents: what came in, what was owed, what came of it, and the three rates."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.motions import EXTENSION, SUPERVISION
from jingwei.casework.acts.past import TAKEN_OVER
from jingwei.casework.clocks import State
from jingwei.casework.counted import (
    ACTS,
    CLOCKS,
    DEADLINES,
    ROUNDS,
    STANDINGS,
    acts_of_round,
    deadlines,
    known_at,
    last_rating,
)
from jingwei.casework.kinds import Ending, Redo
from jingwei.casework.models import ClockRun, Deadline, Motion, Round, Standing
from jingwei.figures.declared import Condition, Figures, Flow, Share, Stock

CITY = _("Digital city management: evaluation indicators (CJ/T 292, GB/T 30428)")
RATES = _("Beijing ordinance on handling complaints at once, art. 32: the three rates")
HOTLINE = _("GB/T 33358: service of the government hotline")

ROUND, TIMES = _("rounds"), _("times")
REOPENED = _("A reopened case begins a new round, which counts again.")
OTHER_KINDS = _("Assistance between units and other kinds of case; the parts of a case that was split count each.")

DEEDS = ACTS.narrowed(case__kind=Incident.name)
RUNS = CLOCKS.narrowed(case__kind=Incident.name)
OWED = DEADLINES.narrowed(case__kind=Incident.name)

MET = [s.name for s in Incident.stages.values() if isinstance(s, Ending) and s.met]
UNMET = [s.name for s in Incident.stages.values() if isinstance(s, Ending) and not s.met]
STILL_OPEN = [s.name for s in Incident.stages.values() if not isinstance(s, Ending)]
LOOKING_FOR_A_HANDLER = [Incident.reported.name, Incident.accepted.name]
REDONE = [s.name for s in Incident.steps.values() if isinstance(s, Redo)]
ASKED = [Incident.call_back.name, Incident.unsolved.name]
AT_ONCE = [Incident.handle_on_the_spot.name, Incident.answer.name]


def was_redone(at: datetime) -> Condition:
    """Rounds sent back to be done again by `at`, here or, as its sheet says, at the source."""
    return Exists(acts_of_round(at, step__in=REDONE)) | (
        Q(redone__gt=0) & Exists(acts_of_round(at, verb=TAKEN_OVER.name))
    )


def was_supervised(at: datetime) -> Condition:
    """Rounds placed under formal supervision by `at`, here or at the source."""
    motions = Motion.objects.filter(case=OuterRef("case_id"), round=OuterRef("number"), raised__at__lte=at)
    told = Q(supervised=True) & Exists(acts_of_round(at, verb=TAKEN_OVER.name))
    return Exists(motions.filter(sort=SUPERVISION.name)) | told


def was_extended(at: datetime) -> Condition:
    """Rounds to which an extension was granted by `at`."""
    granted = Motion.objects.filter(case=OuterRef("case_id"), round=OuterRef("number"), sort=EXTENSION.name)
    return Q(Exists(granted.filter(outcome="granted", settled__at__lte=at)))


def asked_back(at: datetime) -> Condition:
    """Rounds that were closed, and whose asker was rung up and asked."""
    return Q(ending__in=MET) & Exists(acts_of_round(at, step__in=ASKED))


def solved(at: datetime) -> Condition:
    """Of these, the ones of which the asker never said that it was not solved."""
    return asked_back(at) & ~Exists(acts_of_round(at, step=Incident.unsolved.name))


def at_once(at: datetime) -> Condition:
    """Rounds handled on the spot or answered at once, and closed without a unit having to be found."""
    return Q(ending__in=MET) & Exists(acts_of_round(at, step__in=AT_ONCE))


def rated(at: datetime) -> Condition:
    """Rounds that were closed, and that the asker had rated by `at`."""
    return Q(ending__in=MET) & Exists(last_rating(at))


def satisfied(at: datetime) -> Condition:
    """Of these, the ones whose rating by `at` was one of the three better levels."""
    return Q(ending__in=MET) & Exists(last_rating(at).filter(facts__rating__gte=3))


_SAME_CLOCK = ClockRun.objects.filter(case=OuterRef("case_id"), round=OuterRef("round"), name=OuterRef("name"))
_SAME_TIME = _SAME_CLOCK.filter(since=OuterRef("since"))
"""Runs of one assignment: graded anew, it has another run from the same moment on."""
TO_SIGN = Q(name=Incident.signing_clock.name) & ~Exists(_SAME_TIME.filter(run__lt=OuterRef("run")))


def _looking(at: datetime) -> Exists:
    """Whether a handler of the round was being looked for at `at`."""
    stood = Standing.objects.filter(case=OuterRef("case_id"), round=OuterRef("round"), stage__in=LOOKING_FOR_A_HANDLER)
    return Exists(stood.filter(Q(since=None) | Q(since__lte=at), Q(until=None) | Q(until__gt=at)))


def _lapsed(at: datetime) -> Exists:
    """Whether the round had been refused, withdrawn or joined by `at`."""
    ended = Round.objects.filter(case=OuterRef("case_id"), number=OuterRef("round"), ending__in=UNMET)
    return Exists(ended.filter(Q(ended_at=None) | Q(ended_at__lte=at)))


def replied(at: datetime) -> Condition:
    """The last run by `at` of a round's answering clock, where it had stopped for good: no handler is looked for,
    nothing was started anew, and the round had not lapsed. A run that stopped is never changed again."""
    anew = _SAME_CLOCK.filter(Q(since=None) | Q(since__lte=at), run__gt=OuterRef("run"))
    answered = Q(name=Incident.handling_clock.name, state=State.STOPPED, stopped_at__lte=at)
    return answered & ~_looking(at) & ~Exists(anew) & ~_lapsed(at)


def replied_late(at: datetime) -> Condition:
    """Of these, the ones that stopped after their time was over."""
    return replied(at) & Q(stopped_at__gt=F("due_at"))


def due(at: datetime) -> Condition:
    """The deadlines of rounds that had not lapsed, as they stood and were known at `at`."""
    return deadlines(Incident.handling_clock.name, at, at) & ~_lapsed(at)


def done_in_time(at: datetime) -> Condition:
    """Of these, the ones that were met: answered for good and in time, as every time before in the round."""
    late = Deadline.objects.filter(
        known_at(at), case=OuterRef("case_id"), round=OuterRef("round"), clock=OuterRef("clock"), stopped=True,
        at__gt=F("due_at"), at__lte=at,
    )  # fmt: skip
    return due(at) & Q(stopped=True, at__lte=F("due_at")) & ~_looking(at) & ~Exists(late)


def owed(at: datetime, known: datetime) -> Condition:
    """The deadlines that stood at `at`, as far as it was known; in a round that lapsed, all have been met."""
    return deadlines(Incident.handling_clock.name, at, known)


def signed_in_time(at: datetime) -> Condition:
    """Assignments that were signed for, or returned, by `at` and before their time was over, as they are graded now."""
    signed = _SAME_TIME.filter(stopped_at__lte=F("due_at")).filter(stopped_at__lte=at)
    return TO_SIGN & Exists(signed.filter(~Exists(_SAME_TIME.filter(run__gt=OuterRef("run")))))


class IncidentFigures(Figures, name="incidents", about=ROUNDS.narrowed(case__kind=Incident.name)):
    """What the centre, the units and the resident each ask: how many, how soon, how well."""

    title = _("Incidents")

    received = Flow(
        _("Came in"), _("Incidents that came in by any door, by the moment they came in."), CITY,
        when="opened_at", unit=ROUND, leaves_out=OTHER_KINDS, rolled=True,
    )  # fmt: skip
    accepted = Flow(
        _("Accepted"), _("Incidents that left the first look without being refused, by the moment of that step."), CITY,
        about=DEEDS, when="at", unit=ROUND,
        rows=Q(from_stage=Incident.reported.name) & ~Q(to_stage__in=UNMET) & ~Q(to_stage=""), rolled=True,
    )  # fmt: skip
    refused = Flow(
        _("Refused, with the lawful route"), _("Rounds that ended in a refusal which names the lawful route."), HOTLINE,
        when="ended_at", unit=ROUND, rows=Q(ending=Incident.refused.name), rolled=True,
    )  # fmt: skip
    dispatched = Flow(
        _("Dispatched"), _("Assignments to a unit. A case that is assigned twice counts twice."), CITY,
        about=DEEDS, when="at", unit=TIMES, rows=Q(step=Incident.assign.name), rolled=True,
    )  # fmt: skip
    returned = Flow(
        _("Returned"), _("Times a unit gave a case back as not its own."), CITY,
        about=DEEDS, when="at", unit=TIMES, rows=Q(step=Incident.give_back.name), rolled=True,
    )  # fmt: skip
    closed = Flow(
        _("Closed"), _("Rounds that ended with what was asked for done and verified."), CITY,
        when="ended_at", unit=ROUND, rows=Q(ending__in=MET),
        leaves_out=_("Refused, withdrawn, and joined to another case."), rolled=True,
    )  # fmt: skip
    on_the_spot = Flow(
        _("Handled on the spot"), _("Closed rounds that were handled on the spot or answered at once."), CITY,
        when="ended_at", unit=ROUND, rows=at_once, rolled=True,
    )  # fmt: skip
    open = Stock(
        _("Open"), _("Cases that had not ended at the end of the period."), CITY,
        about=STANDINGS.narrowed(case__kind=Incident.name), unit=_("matters"), rows=Q(stage__in=STILL_OPEN),
        rolled=True,
    )  # fmt: skip

    due = Flow(
        _("Due"), _("Rounds whose promised time of handling ran out in the period."), CITY,
        about=OWED, when="due_at", unit=ROUND, rows=due,
        leaves_out=_("Rounds without a promised time, on hold, refused, withdrawn or joined."),
    )  # fmt: skip
    done_in_time = Flow(
        _("Done in time"), _("Of those due, the rounds of which every reply came before its time was over."), CITY,
        about=OWED, when="due_at", unit=ROUND,
        rows=done_in_time,
    )  # fmt: skip
    replied = Flow(
        _("Replied"), _("Rounds to which the unit replied, by the moment of its last reply."), HOTLINE,
        about=RUNS, when="stopped_at", unit=ROUND, rows=replied,
        leaves_out=_("Replies of which nobody knows when they came."), rolled=True,
    )  # fmt: skip
    replied_late = Flow(
        _("Replied late"), _("Replies that came after the promised time."), HOTLINE, late=True,
        about=RUNS, when="stopped_at", unit=ROUND,
        rows=replied_late, rolled=True,
    )  # fmt: skip
    overdue = Stock(
        _("Overdue"), _("Rounds without a reply whose promised time was over at the end of the period."), CITY,
        late=True, about=OWED, since="due_at", unit=ROUND, rows=Q(stopped=False), as_known=owed,
        leaves_out=_("Other times that ran out, such as those for accepting and for signing."),
    )  # fmt: skip

    supervised = Flow(
        _("Formally supervised"), _("Of those received, the rounds placed under supervision so far."), CITY,
        when="opened_at", unit=ROUND, rows=was_supervised, rolled=True,
    )  # fmt: skip
    redone = Flow(
        _("Done again"), _("Of those received, the rounds sent back to be done again so far."), CITY,
        when="opened_at", unit=ROUND, rows=was_redone, rolled=True,
    )  # fmt: skip
    extended = Flow(
        _("Extended"), _("Of those received, the rounds granted an extension so far."), CITY,
        when="opened_at", unit=ROUND, rows=was_extended, rolled=True,
    )  # fmt: skip

    to_sign_for = Flow(
        _("Waiting to be signed for"), _("Assignments that a unit had to sign for within a time."), RATES,
        about=RUNS, when="since", unit=TIMES, rows=TO_SIGN, rolled=True,
    )  # fmt: skip
    signed_in_time = Flow(
        _("Signed for in time"), _("Of these, the ones that were signed for, or returned, before the time was over."),
        RATES, about=RUNS, when="since", unit=TIMES,
        rows=signed_in_time, rolled=True,
    )  # fmt: skip
    asked_back = Flow(
        _("Asked back"), _("Closed rounds whose asker was rung up and asked whether it is solved."), RATES,
        when="ended_at", unit=ROUND, rows=asked_back, rolled=True,
    )  # fmt: skip
    solved = Flow(
        _("Solved"), _("Of these, the rounds of which the asker never said that it was not solved."), RATES,
        when="ended_at", unit=ROUND, rows=solved, rolled=True,
    )  # fmt: skip
    rated = Flow(
        _("Rated"), _("Closed rounds that the asker rated in one of five levels, herself or on the telephone."), RATES,
        when="ended_at", unit=ROUND, rows=rated,
        leaves_out=_("Rounds that nobody rated."), rolled=True,
    )  # fmt: skip
    satisfied = Flow(
        _("Satisfied"), _("Of these, the ones rated very satisfied, satisfied, or fairly satisfied."), RATES,
        when="ended_at", unit=ROUND, rows=satisfied, rolled=True,
    )  # fmt: skip

    response_rate = Share(
        _("Response rate"), _("Assignments signed for in time, of those that had to be signed for."), RATES,
        part=signed_in_time, of=to_sign_for,
    )  # fmt: skip
    solution_rate = Share(
        _("Solution rate"), _("Rounds that the asker called solved, of those asked back."), RATES,
        part=solved, of=asked_back,
    )  # fmt: skip
    satisfaction_rate = Share(
        _("Satisfaction rate"), _("Rounds rated fairly satisfied or better, of those rated."), RATES,
        part=satisfied, of=rated,
    )  # fmt: skip
    in_time_rate = Share(
        _("Done-in-time rate"), _("Rounds done in time, of those due in the period."), CITY, part=done_in_time, of=due
    )  # fmt: skip
    redo_rate = Share(
        _("Redo rate"), _("Rounds done again, of those received in the period."), CITY, part=redone, of=received
    )  # fmt: skip
    extension_rate = Share(
        _("Extension rate"), _("Rounds extended, of those received in the period."), CITY, part=extended, of=received
    )  # fmt: skip
    supervision_rate = Share(
        _("Supervision rate"), _("Rounds formally supervised, of those received in the period."), CITY,
        part=supervised, of=received,
    )  # fmt: skip
