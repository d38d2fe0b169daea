"""What the orders of one hotline have come to: how many were replied to, late, supervised, done again."""

from dataclasses import asdict, dataclass

from django.db.models import Count, F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.clocks import State
from jingwei.casework.models import Case, ClockRun, Round


@dataclass(frozen=True)
class Figures:
    """Counts of orders that came from one system, by the clock its due time was set on and by our rounds.

    replied: answered at a known moment. late: of these, after the due time. late_unknown: answered, but nobody
    knows when or by when, so whether it was late is not known; never counted as punctual.
    """

    loaded: int
    open: int
    replied: int
    late: int
    late_unknown: int
    waiting: int
    supervised: int
    redone: int


TITLES: dict[str, Promise | str] = {
    "loaded": _("Orders here"),
    "open": _("Still open"),
    "replied": _("Replied at a known moment"),
    "late": _("Replied late"),
    "late_unknown": _("Replied, nobody knows when"),
    "waiting": _("Waiting for a reply"),
    "supervised": _("Formally supervised"),
    "redone": _("Done again"),
}


def figures(source_system: str, county_code: str) -> Figures:
    """The counts for one system, as named in the map's `source`, in one county."""
    cases = Case.objects.filter(source_system=source_system, county_id=county_code)
    answering = next(clock.name for clock in Incident.clocks.values() if clock.answers)
    runs = ClockRun.objects.filter(case__in=cases, name=answering, round=1, run=1)
    stopped = Q(state=State.STOPPED)
    known = stopped & Q(stopped_at__isnull=False)
    timed = runs.aggregate(
        replied=Count("pk", filter=known),
        late=Count("pk", filter=known & Q(stopped_at__gt=F("due_at"))),
        late_unknown=Count("pk", filter=stopped & (Q(stopped_at=None) | Q(due_at=None))),
        waiting=Count("pk", filter=~stopped),
    )
    rounds = Round.objects.filter(case__in=cases).aggregate(
        supervised=Count("pk", filter=Q(supervised=True)), redone=Count("pk", filter=Q(redone__gt=0))
    )
    counted = cases.aggregate(loaded=Count("pk"), open=Count("pk", filter=Q(is_open=True)))
    return Figures(**counted, **timed, **rounds)


def told(source_system: str, county_code: str) -> list[tuple[Promise | str, int]]:
    """The figures with their titles, for whoever has just imported."""
    return [(TITLES[name], count) for name, count in asdict(figures(source_system, county_code)).items()]
