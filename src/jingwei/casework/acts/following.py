"""Letting a case that was taken over follow, when the system it came from tells more of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.casework.acts.deeds import Deed, Line
from jingwei.casework.acts.opening import searchable
from jingwei.casework.acts.past import TAKEN_OVER, Past, as_told, hands_of, standing_of
from jingwei.casework.clocks import Did, State
from jingwei.casework.models import Case, ClockRun
from jingwei.casework.refusals import Refused
from jingwei.search.acts import ENTRIES, as_entry
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import verb

TAKEN_OVER_AGAIN = verb(
    "case.taken_over_again", gettext_lazy("take over again"), gettext_lazy("Taken over again: it moved on elsewhere")
)


@transaction.atomic
def take_over_again(case: Case, past: Past, *, actor: Actor, at: datetime) -> Case:
    """Let a case that has moved on at its source follow, as long as nothing was done on it here but taking it over.

    What the source told before stays in the ledger and the standings. Raises `Refused` where work has begun here,
    or where the source has taken a reply back.
    """
    deed = Deed.begin(case, actor, at)
    case, run = deed.case, next(run for run in deed.ledger.runs if run.run == 1)
    begun = case.acts.exclude(verb__in=[TAKEN_OVER.name, TAKEN_OVER_AGAIN.name]).exists()
    if begun or (run.state == State.STOPPED and not past.answered):
        raise Refused(_here_already(case))
    origin = case.stage
    told = as_told(case.of_kind, past, case.county, case.pk, at)
    for name in TOLD:
        setattr(case, name, getattr(told, name))
    _follow(deed, past, run)
    facts = {"source": past.source_system, "number": past.source_number}
    line = Line(TAKEN_OVER_AGAIN, from_stage=origin, to_stage=case.stage, facts=facts)
    deed.write(line, also=past.facts)  # the source's words stay out of the trail
    deed.touched(hands_of(case))
    deed.stroke.say(ENTRIES, as_entry("case", case.pk, f"{searchable(case, past.words)} {past.found_by}"))
    return deed.put_down()


TOLD = (
    "title", "stage", "grade", "category", "request_class", "tier", "record", "place", "ground_path", "owner", "where",
    "lead", "received_at", "ended_at", "is_open", "due_at", "supervised", "redone", "extended",
)  # fmt: skip
"""What the source tells of a case, and may tell otherwise later."""


def _here_already(case: Case) -> str:
    return _("The order is here already as case %(number)s and is being worked on here; nothing was changed.") % {
        "number": case.number
    }


def _follow(deed: Deed, past: Past, run: ClockRun) -> None:
    """Let the clock, the standing and the round follow; the old standing lasts until we heard otherwise."""
    case, source = deed.case, past.source_system
    if run.due_at != past.due_at:
        deed.ledger.write(run, Did.SET, past.received_at, due_at=past.due_at, rule=f"set by {source}")
    if (past.answered or not case.is_open) and (run.state != State.STOPPED or run.stopped_at != past.answered_at):
        deed.ledger.write(run, Did.STOP, past.answered_at, rule=f"told by {source}")
    fresh = standing_of(case, past, case.of_kind.clocks[run.name])
    if (stood := deed.held.standing) is not None:
        stood.until = fresh.since if fresh.since and stood.since and fresh.since >= stood.since else deed.at
        stood.current = False
        deed.stroke.changed(stood, "until", "current")
    deed.stroke.new(fresh)
    deed.change_round(
        opened_at=past.received_at,
        ended_at=case.ended_at,
        ending="" if case.is_open else case.stage,
        supervised=past.supervised,
        redone=int(past.redone),
    )
