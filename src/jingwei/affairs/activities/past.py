"""Activities of the past, taken over from a unit's own list: held long ago, written down today, all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from jingwei.affairs.activities.acts import HELD_IT, NotYet, Outcome, Plan
from jingwei.affairs.activities.duties import HELD
from jingwei.affairs.activities.models import Activity
from jingwei.casework.wording import clean
from jingwei.duties.acts import record_changed
from jingwei.organisations.models import Organisation, Post
from jingwei.trail.actor import Actor
from jingwei.trail.acts import Entry, record_many


@dataclass(frozen=True)
class Past:
    """One activity that was held: whose, what it was, what came of it, and which post keeps it."""

    unit: Organisation
    plan: Plan
    outcome: Outcome
    kept_by: Post
    key: UUID


@transaction.atomic
def take_over(those: Sequence[Past], *, actor: Actor, at: datetime) -> int:
    """Keep activities that were held before; how many were new. The same keys again are the same. Raises NotYet."""
    if any(one.plan.ends_at > at for one in those):
        raise NotYet
    there = set(Activity.objects.filter(key__in=[one.key for one in those]).values_list("key", flat=True))
    fresh = [one for one in those if one.key not in there]
    rows = Activity.objects.bulk_create(
        Activity(
            county_id=one.unit.county_id, organisation=one.unit, kept_by=one.kept_by, ground_path=one.unit.ground.path,
            recorded_at=at, held_at=at, served=one.outcome.served, cost=one.outcome.cost,
            outcome=clean(one.outcome.words), key=one.key, **one.plan.columns(),
        )
        for one in fresh
    )  # fmt: skip
    record_many(
        Entry(actor, HELD_IT, at, ("activity", row.pk), row.ground_path, {"served": row.served, "taken_over": True},
              (row.title, row.words, row.outcome))
        for row in rows
    )  # fmt: skip
    for day, units in _by_day(rows).items():
        record_changed(HELD, sorted(units), day)
    return len(rows)


def _by_day(rows: Sequence[Activity]) -> dict[date, set[int]]:
    found: dict[date, set[int]] = {}
    for row in rows:
        for moment in row.days:
            found.setdefault(timezone.localdate(moment), set()).add(row.organisation_id)
    return found
