"""Recording a visit: what was asked and promised, promises as cases, and the duty it meets; taking it back."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.visits.duties import VISITED
from jingwei.affairs.visits.kinds import VisitPromise
from jingwei.affairs.visits.models import Promised, Visit
from jingwei.affairs.visits.personal import WORDS
from jingwei.casework.errands import Errand, open_errands
from jingwei.casework.wording import clean
from jingwei.duties.acts import record_changed
from jingwei.organisations.models import Responsibility
from jingwei.people.lists import refuse_unlisted
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb

MADE = verb("visits.recorded", _("record a visit"), _("recorded a visit"))
STRUCK = verb("visits.struck", _("take the visit back"), _("took the visit back"))


class NotStruck(ValueError):
    """A visit whose promises are being worked on stands; these are finished or withdrawn first."""

    sentence = _("Its promises are open cases: withdraw or finish these first, then take the visit back.")


@dataclass(frozen=True)
class Made:
    """What is recorded of a visit. `to`: the responsibility by which it was made."""

    to: Responsibility
    on: date
    asked: str = ""
    promised: str = ""
    handed: tuple[Errand, ...] = ()


@transaction.atomic
def visit(made: Made, *, actor: Actor, at: datetime, key: UUID) -> Visit:
    """Record a visit; each promise handed to a post becomes a case. The same `key` again is the same visit.

    Raises NotOnTheList where the county does not keep such words.
    """
    post, place = made.to.post, made.to.place
    county = post.organisation.county_id
    if before := Visit.objects.filter(key=key).first():
        return before
    asked, promised = clean(made.asked), clean(made.promised)
    if asked or promised:
        refuse_unlisted(book(county), WORDS)
    row = Visit.objects.create(
        county_id=county, post=post, organisation_id=post.organisation_id, place=place, ground_path=place.path,
        sort=made.to.title, visited_at=min(_noon(made.on), at), asked=asked, promised=promised, recorded_at=at, key=key,
    )  # fmt: skip
    errands = open_errands(
        VisitPromise, made.handed, source="visit", place=place, actor=actor, at=at, key=row.key
    )  # fmt: skip
    Promised.objects.bulk_create([Promised(visit=row, case=case, number=number) for number, case in errands])
    facts: dict[str, Any] = {"sort": row.sort, "place": place.code, "promises": len(made.handed)}
    record(actor, MADE, at=at, subject=("visit", row.pk), place=place.path, facts=facts, words=(asked, promised))
    record_changed(VISITED, [row.organisation_id], made.on)
    return row


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


@transaction.atomic
def strike(row: Visit, *, actor: Actor, at: datetime) -> None:
    """Take a visit back: the duty it met is owed again. Raises NotStruck while a promise is open."""
    row = Visit.objects.select_for_update().get(pk=row.pk)
    if row.struck_at is not None:
        return
    if row.promises.filter(is_open=True).exists():
        raise NotStruck
    Visit.objects.filter(pk=row.pk).update(struck_at=at)
    record(actor, STRUCK, at=at, subject=("visit", row.pk), place=row.ground_path)
    record_changed(VISITED, [row.organisation_id], timezone.localdate(row.visited_at))
