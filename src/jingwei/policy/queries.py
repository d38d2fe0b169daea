"""What a county works by today, and what any stored edition said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from jingwei.policy.acts import ADOPTED
from jingwei.policy.books import Book
from jingwei.policy.changes import Change, changes
from jingwei.policy.county import CountySection
from jingwei.policy.models import County, Edition
from jingwei.running.answers import HOTLINES
from jingwei.trail.models import Line


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


@dataclass(frozen=True)
class Adoption:
    """An edition as a county worked by it: from when, until when, and by which one before it."""

    edition: str
    since: datetime
    until: datetime | None
    before: str

    @property
    def short(self) -> str:
        """The edition as people tell it from others."""
        return self.edition[:8]


def adoptions(county_code: str) -> list[Adoption]:
    """Every edition the county has worked by, the latest first, as the trail has it; one taken again stands twice."""
    lines = Line.objects.filter(subject_type="county", subject_id=int(county_code), verb=ADOPTED.name)
    found: list[Adoption] = []
    for at, facts in lines.order_by("-id").values_list("at", "facts"):
        until = found[-1].since if found else None
        found.append(Adoption(facts["edition"], at, until, facts["before"] or ""))
    return found


@lru_cache(maxsize=256)
def changes_between(before: str, after: str) -> tuple[Change, ...]:
    """In which lines two stored editions differ; kept in memory, since neither ever changes."""
    return tuple(changes(edition_book(before), edition_book(after)))
