"""What the cases tell of how they fare: how many are open, and whether the clocks' sweep keeps up."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from jingwei.casework.models import Case
from jingwei.casework.tasks import LATE
from jingwei.running.gauges import Fault, Reading, gauge, look

COUNTED_EVERY = timedelta(minutes=1)
"""Counting every open case costs tenths of a second in a large county, and changes slowly."""
BEHIND = timedelta(minutes=5)

_counted: dict[str, tuple[datetime, Reading]] = {}


@gauge("jingwei_open_cases", "Open cases by kind; counted at most once a minute.", "kind")
def open_cases(at: datetime) -> Reading:
    when, counts = _counted.get("open", (None, {}))
    if when is None or not timedelta(0) <= at - when < COUNTED_EVERY:
        rows = Case.objects.filter(is_open=True).values("kind").annotate(n=Count("id"))
        counts = {(row["kind"],): row["n"] for row in rows}
        _counted["open"] = (at, counts)
    return counts


@gauge("jingwei_clocks_untold_seconds", "How long ago the oldest clock ran out whose owner is not told yet.")
def untold(at: datetime) -> Reading:
    due = _oldest_untold(at)
    return {(): (at - due).total_seconds() if due else 0}


@look("clocks")
def clocks_told(at: datetime) -> Iterator[Fault]:
    """Owners are told when a clock runs out."""
    due = _oldest_untold(at)
    if due is not None and at - due > BEHIND:
        yield Fault(_("Clocks ran out more than five minutes ago, and their owners are not told yet."))


def _oldest_untold(at: datetime) -> datetime | None:
    late = Case.objects.filter(is_open=True, due_at__lte=at, told_share__lt=LATE)
    oldest: datetime | None = late.aggregate(first=Min("due_at"))["first"]
    return oldest
