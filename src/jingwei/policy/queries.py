"""What a county works by today, and what any stored edition said."""

from __future__ import annotations

from functools import lru_cache

from jingwei.policy.books import Book
from jingwei.policy.county import CountySection
from jingwei.policy.models import County, Edition
from jingwei.running.answers import HOTLINES


def book(county_code: str) -> Book:
    """The pack that the county works by today; County.DoesNotExist where it has adopted none."""
    found = edition_book(County.objects.values_list("edition_id", flat=True).get(pk=county_code))
    HOTLINES[county_code] = found[CountySection].hotline
    return found


@lru_cache(maxsize=256)
def edition_book(digest: str) -> Book:
    """The edition with that digest, as a case is pinned to it; kept in memory, since it never changes."""
    pack, document = Edition.objects.values_list("pack", "document").get(pk=digest)
    return Book(pack, document)
