"""Giving a county its pack."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jingwei.policy.books import Book
from jingwei.policy.county import CountySection
from jingwei.policy.models import County, Edition
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb

ADOPTED = verb("policy.adopted", _("adopt"), _("adopted"))


class AnotherCounty(ValueError):
    """A pack is adopted by the county it names, and by no other."""


@transaction.atomic
def adopt(book: Book, county_code: str, *, actor: Actor, at: datetime) -> bool:
    """Store the edition and let the county work by it from `at`; False where it already did.

    Open cases stay with the edition they were opened under.
    """
    county = book[CountySection]
    if county.code != county_code:
        raise AnotherCounty(f"{book.pack} speaks for {county.code}, not {county_code}; change `code` in its [county].")
    Edition.objects.get_or_create(
        digest=book.edition,
        defaults={"pack": book.pack, "document": book.document, "adopted_at": at},
    )
    before = (
        County.objects.select_for_update(no_key=True)
        .filter(pk=county_code)
        .values_list("edition_id", flat=True)
        .first()
    )
    if before == book.edition:
        return False
    County.objects.update_or_create(
        code=county_code,
        defaults={"name": county.name, "english": county.english, "edition_id": book.edition},
    )
    record(
        actor,
        ADOPTED,
        at=at,
        subject=("county", int(county_code)),
        place=county.name,
        facts={"pack": book.pack, "edition": book.edition, "before": before},
    )
    return True
