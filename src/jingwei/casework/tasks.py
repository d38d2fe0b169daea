"""What the worker does for cases on its rounds: tell owners of their clocks, seal the trail, keep files."""

from collections import defaultdict
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, DurationField, Exists, ExpressionWrapper, F, OuterRef, QuerySet

from jingwei.casework import moved_ground, tellings
from jingwei.casework.acts.handover import follow_successors, show_to_whoever_owes
from jingwei.casework.acts.steps import SYSTEM, take
from jingwei.casework.clocks import NO_CALENDAR, State
from jingwei.casework.kinds import WAITING, Waiting
from jingwei.casework.ledger import Ledger
from jingwei.casework.models import UNTOLD, WHOLLY_TOLD, Case, ClockRun
from jingwei.casework.pack import CaseworkSection
from jingwei.casework.refusals import Refused
from jingwei.files.acts import make_waiting_ready, sweep
from jingwei.files.handing import let_go
from jingwei.notices.acts import tell_many
from jingwei.outbox.handlers import every
from jingwei.policy.notices import Event
from jingwei.policy.queries import edition_book
from jingwei.strokes.stroke import Stroke
from jingwei.trail.tasks import SEAL_EVERY, seal_trail

BATCH = 500
LAST_HOUR, LATE = 2.0, WHOLLY_TOLD
"""Marks beyond any share of a span: told that an hour is left, told that it is late."""

NEEDED_TO_TELL = (
    "kind", "number", "category", "due_at", "version", "edition", "place__name", "owner__organisation__county",
)  # fmt: skip
"""Of a case; the rest of ten thousand rows would cost more to read than all of the telling."""

every(SEAL_EVERY)(seal_trail)
_HANDLED_THERE = moved_ground.FOLLOW_UP


@every(30)
def tell_of_clocks(at: datetime) -> None:
    """Tell the owners of cases whose clock is in its last hour, or over; each once for each clock."""
    untold = Case.objects.annotate(untold=UNTOLD).order_by("untold")
    _tell_all(Event.OVERDUE, LATE, at, untold.filter(untold__lte=at))
    _tell_all(Event.LAST_HOUR, LAST_HOUR, at, untold.filter(untold__gt=at, untold__lte=at + timedelta(hours=1)))


@every(60)
def leave_nothing_to_ended_posts(at: datetime) -> None:
    """Hand on what reached an ended post at the very moment it ended, and show it to the house that owes it."""
    with transaction.atomic():
        follow_successors(at)
        show_to_whoever_owes(at)


@every(60)
def go_on_after_waiting(at: datetime) -> None:
    """Take the step of the system on each case whose time of waiting is over; one that moved on is left alone."""
    over = ClockRun.objects.filter(name=WAITING, state=State.RUNNING, due_at__lte=at).order_by("due_at")
    for run in over.select_related("case")[:BATCH]:
        clock = run.case.of_kind.clocks.get(WAITING)
        if isinstance(clock, Waiting):
            with suppress(Refused):
                take(clock.then, run.case_id, actor=SYSTEM, at=at)


@every(600)
def tell_at_half_time(at: datetime) -> None:
    """Tell owners when a part of a clock's span that the pack names is over; of several at once, the last."""
    waiting = Case.objects.filter(due_at__gt=at)
    editions = defaultdict(list)
    for edition in waiting.filter(told_share__lt=1).order_by().values_list("edition", flat=True).distinct():
        for share in edition_book(edition)[CaseworkSection].reminders.shares:
            editions[share].append(edition)
    for share in sorted(editions, reverse=True):
        gone = Exists(_gone_by(share, at).filter(case=OuterRef("pk"), due_at=OuterRef("due_at")))
        _tell_all(Event.HALF_TIME, share, at, waiting.filter(gone, edition__in=editions[share]).order_by("due_at"))


def _gone_by(share: float, at: datetime) -> QuerySet[ClockRun]:
    """The clocks that run, and of whose span this share is over."""
    part = ExpressionWrapper((F("due_at") - F("since")) * share, output_field=DurationField())
    past = ExpressionWrapper(F("since") + part, output_field=DateTimeField())
    return ClockRun.objects.filter(state=State.RUNNING, since__lt=at).alias(past=past).filter(past__lte=at)


def _tell_all(event: Event, share: float, at: datetime, cases: QuerySet[Case]) -> None:
    while _tell_some(event, share, at, cases) == BATCH:
        pass


def _tell_some(event: Event, share: float, at: datetime, cases: QuerySet[Case]) -> int:
    """Tell of some cases in one transaction, so that a sweep that is cut off told all of them or none; how many."""
    with transaction.atomic():
        untold = cases.filter(told_share__lt=share).select_for_update(skip_locked=True)
        taken = list(untold.values_list("pk", flat=True)[:BATCH])
        if not taken:
            return 0  # nearly always; so nothing else is asked before
        whole = Case.objects.filter(pk__in=taken).select_related("owner__organisation", "place")
        told = list(whole.only(*NEEDED_TO_TELL))
        Case.objects.filter(pk__in=taken).update(told_share=share)
        tell_many(
            tellings.telling(case, case.owner, event, at, f"{case.due_at.isoformat()}~{share:g}")
            for case in told
            if case.owner and case.due_at
        )
        return len(told)


@every(3600)
def reckon_again(at: datetime) -> None:
    """Reckon the clocks that had no calendar, once the table of the year has arrived."""
    waiting = ClockRun.objects.filter(reason=NO_CALENDAR).exclude(state=State.STOPPED).order_by("pk")
    for pk, case_id in list(waiting.values_list("pk", "case_id")):
        with transaction.atomic():
            case = Case.objects.select_for_update().get(pk=case_id)
            stroke = Stroke()
            ledger = Ledger.of(case, stroke, at)
            run = next((run for run in ledger.going if run.pk == pk and run.reason == NO_CALENDAR), None)
            if run is not None and ledger.reckon_again(run, at):
                ledger.settle_due()
                stroke.changed(case, "due_at", "told_share")
                stroke.write()


@every(5)
def prepare_photographs(at: datetime) -> None:
    """Re-encode the photographs that came in."""
    make_waiting_ready(at)


@every(3600)
def let_photographs_go(at: datetime) -> None:
    """Remove photographs that went ahead a day ago and that no matter followed."""
    let_go(at)


@every(86400)
def sweep_files(at: datetime) -> None:
    """Clear away files that no row owns."""
    sweep(at)
