"""Keeping persons: only with a purpose, a ground in law and, where there is one, a term."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jingwei.people.models import Person
from jingwei.policy.models import County
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb

TAKEN_IN = verb("people.taken_in", _("take persons on file"), _("took persons on file"))


@transaction.atomic
def take_in(persons: Sequence[Person], county: County, *, actor: Actor, at: datetime) -> list[Person]:
    """Keep these unsaved persons of one county and one purpose; one line in the trail says how many and why."""
    if not persons:
        return []
    kept = Person.objects.bulk_create(persons)
    record(
        actor,
        TAKEN_IN,
        at=at,
        subject=("county", int(county.code)),
        place=county.name,
        facts={"persons": len(kept), "purpose": persons[0].purpose, "ground": persons[0].ground},
    )
    return kept
