"""What the worker does for cases on its rounds: tell owners of their clocks, seal the trail, keep files."""

from datetime import datetime, timedelta

from django.db import transaction

from jingwei.casework import moved_ground, tellings
from jingwei.casework.acts.handover import follow_successors
from jingwei.casework.clocks import NO_CALENDAR, State
from jingwei.casework.ledger import Ledger
from jingwei.casework.models import UNTOLD, WHOLLY_TOLD, Case, ClockRun
from jingwei.casework.pack import CaseworkSection
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
    while _tell_some(Event.OVERDUE, LATE, at, untold__lte=at) == BATCH:
        pass
    while _tell_some(Event.LAST_HOUR, LAST_HOUR, at, untold__gt=at, untold__lte=at + timedelta(hours=1)) == BATCH:
        pass


def _tell_some(event: Event, share: float, at: datetime, **due: datetime) -> int:
    """Tell of some cases in one transaction, so that a sweep that is cut off told all of them or none; how many."""
    with transaction.atomic():
        untold = Case.objects.annotate(untold=UNTOLD).filter(**due, told_share__lt=share).order_by("untold")
        taken = list(untold.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
        if not taken:
            return 0  # nearly always; so nothing else is asked before
        whole = Case.objects.filter(pk__in=taken).select_related("owner__organisation", "place")
        cases = list(whole.only(*NEEDED_TO_TELL))
        Case.objects.filter(pk__in=taken).update(told_share=share)
        tell_many(
            tellings.telling(case, case.owner, event, at, case.due_at.isoformat())
            for case in cases
            if case.owner and case.due_at
        )
        return len(cases)


@every(60)
def leave_nothing_to_ended_posts(at: datetime) -> None:
    """Hand on what reached an ended post at the very moment it ended."""
    with transaction.atomic():
        follow_successors(at)


@every(600)
def tell_at_half_time(at: datetime) -> None:
    """Tell owners when the part of a clock's span that the pack names is over."""
    runs = ClockRun.objects.filter(state=State.RUNNING, due_at__gt=at, since__lt=at, case__told_share__lt=1)
    for run in runs.select_related("case__owner__organisation").order_by("due_at")[:BATCH]:
        case = run.case
        shares = [s for s in edition_book(case.edition_id)[CaseworkSection].reminders.shares if s > case.told_share]
        if run.since is None or run.due_at is None or run.due_at != case.due_at or not shares:
            continue
        if (at - run.since) / (run.due_at - run.since) < min(shares):
            continue
        with transaction.atomic():
            if Case.objects.filter(pk=case.pk, due_at=run.due_at, told_share=case.told_share).update(
                told_share=min(shares)
            ):
                tellings.owner(case, Event.HALF_TIME, at, mark=run.due_at.isoformat())


@every(3600)
def reckon_again(at: datetime) -> None:
    """Reckon the clocks that had no calendar, once the table of the year has arrived."""
    waiting = ClockRun.objects.filter(reason=NO_CALENDAR).exclude(state=State.STOPPED).order_by("pk")
    for pk, case_id in list(waiting.values_list("pk", "case_id")):
        with transaction.atomic():
            case = Case.objects.select_for_update().get(pk=case_id)
            stroke = Stroke()
            ledger = Ledger.of(case, stroke)
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
