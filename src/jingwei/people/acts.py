"""What is done with persons' data: kept, corrected, shown uncovered, handed over, assessed; each leaves its line."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jingwei.people.models import Assessment, Person, Sharing, Unmasking
from jingwei.policy.models import County
from jingwei.trail.actor import Actor
from jingwei.trail.acts import Fact, record
from jingwei.trail.verbs import verb

TAKEN_IN = verb("people.taken_in", _("take persons on file"), _("took persons on file"))
CORRECTED = verb("people.corrected", _("correct personal data"), _("Personal data corrected"))
UNMASKED = verb("people.unmasked", _("show uncovered"), _("Personal data shown uncovered"))
SHARED = verb("people.shared", _("hand personal data over"), _("Personal data handed over"))
ASSESSED = verb("people.assessed", _("assess"), _("Impact on personal data assessed"))
REKEYED = verb("people.rekeyed", _("change the keys"), _("Keys of personal fields changed"))

Facts = dict[str, Fact]

KEYS = Actor.machine("keys of personal fields")


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


@transaction.atomic
def correct(
    person: Person, *, actor: Actor, at: datetime, name: str | None = None, telephone: str | None = None
) -> None:
    """Put another name or telephone number in place of the one kept; the trail says which field, never the value."""
    if name is not None:
        person.rename(name)
    if telephone is not None:
        person.renumber(telephone)
    person.save(update_fields=["name_locked", "telephone_locked", "telephone_mark"])
    facts = {"name": name is not None, "telephone": telephone is not None}
    record(actor, CORRECTED, at=at, subject=("person", person.pk), facts=facts)


@transaction.atomic
def unmask(person: Person, *, about: str, reason: str, words: str, actor: Actor, at: datetime) -> Unmasking:
    """Note that a person's name and number are shown uncovered this once; whether they may be, the caller has asked."""
    assert actor.person_id is not None
    assert actor.post_id is not None
    shown = Unmasking.objects.create(
        county_id=person.county_id,
        person=person,
        at=at,
        by_person=actor.person_id,
        by_post=actor.post_id,
        by_title=actor.title,
        about=about,
        reason=reason,
        words=words,
    )
    facts: Facts = {"about": about, "reason": reason, "unmasking": shown.pk}
    record(actor, UNMASKED, at=at, subject=("person", person.pk), facts=facts, words=[words])
    return shown


@transaction.atomic
def share(sharing: Sharing, *, actor: Actor, at: datetime) -> Sharing:
    """Note that personal data was handed over."""
    sharing.at, sharing.by_post, sharing.by_title = at, actor.post_id or 0, actor.title
    sharing.save(force_insert=True)
    facts: Facts = {
        "sharing": sharing.pk,
        "sort": sharing.sort,
        "records": sharing.records,
        "fields": len(sharing.fields),
    }
    record(actor, SHARED, at=at, subject=("county", int(sharing.county_id)), facts=facts)
    return sharing


@transaction.atomic
def assess(assessment: Assessment, *, actor: Actor, at: datetime) -> Assessment:
    """Note an assessment; it is not rewritten, a later one stands beside it."""
    assessment.at, assessment.by_post, assessment.by_title = at, actor.post_id or 0, actor.title
    assessment.save(force_insert=True)
    facts: Facts = {"assessment": assessment.pk, "occasion": assessment.occasion, "outcome": assessment.outcome}
    record(actor, ASSESSED, at=at, subject=("county", int(assessment.county_id)), facts=facts)
    return assessment


@transaction.atomic
def note_keys(deed: str, name: str, values: int, *, at: datetime) -> None:
    """Note in the trail that a key was added or retired, or that fields were carried over to it."""
    record(KEYS, REKEYED, at=at, subject=("keys", 0), facts={"deed": deed, "key": name, "values": values})
