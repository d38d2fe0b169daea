"""What the worker does for cases on its rounds: tell owners of their clocks, seal the trail, keep files."""

from datetime import datetime, timedelta

from django.db import transaction

from jingwei.casework import tellings
from jingwei.casework.clocks import NO_CALENDAR, State
from jingwei.casework.ledger import Ledger
from jingwei.casework.models import Case, ClockRun
from jingwei.casework.pack import CaseworkSection
from jingwei.files.acts import make_waiting_ready, sweep
from jingwei.files.handing import let_go
from jingwei.outbox.handlers import every
from jingwei.policy.notices import Event
from jingwei.policy.queries import edition_book
from jingwei.strokes.stroke import Stroke
from jingwei.trail.tasks import SEAL_EVERY, seal_trail

BATCH = 500
LAST_HOUR, LATE = 2.0, 3.0
"""Marks beyond any share of a span: told that an hour is left, told that it is late."""

every(SEAL_EVERY)(seal_trail)


@every(30)
def tell_of_clocks(at: datetime) -> None:
    """Tell the owners of cases whose clock is half through, in its last hour, or over; each once for each clock."""
    while _tell_some(at) == BATCH:
        pass


def _tell_some(at: datetime) -> int:
    with transaction.atomic():
        soon = Case.objects.filter(due_at__lt=at + timedelta(days=60), told_share__lt=LATE, is_open=True)
        due = soon.filter(due_at__lte=at + timedelta(hours=1), told_share__lt=LAST_HOUR) | soon.filter(due_at__lte=at)
        cases = list(
            due.select_for_update(of=("self",), skip_locked=True)
            .select_related("owner__organisation")
            .order_by("due_at")[:BATCH]
        )
        for case in cases:
            late = case.due_at is not None and case.due_at <= at
            case.told_share = LATE if late else LAST_HOUR
            event = Event.OVERDUE if late else Event.LAST_HOUR
            tellings.owner(case, event, at, mark=case.due_at.isoformat() if case.due_at else "")
        Case.objects.bulk_update(cases, ["told_share"])
        return len(cases)


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
