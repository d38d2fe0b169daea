"""A rule book as it is read: an edition's chapters in a language, for staff or for residents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.http import Http404
from django.utils import dateformat, timezone
from django.utils.formats import get_format
from django.utils.translation import get_language, gettext

from jingwei.policy.county import PackSection
from jingwei.policy.models import County, Edition
from jingwei.policy.queries import edition_book
from jingwei.rulebook.parts import Section, chapters

_EDITION = re.compile("[0-9a-f]{12}")
DIGITS = 12
"""Of an edition's digest in an address; two editions that share them are not met in a world of counties."""


@dataclass(frozen=True)
class ReadChapter:
    """A chapter with its title and sections in the reader's language."""

    key: str
    title: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class RuleBook:
    """The rule book of a county by one edition. `current`: she works by it today."""

    county: County
    edition: str
    pack: str
    source: str
    adopted_at: datetime
    current: bool
    public: bool
    chapters: tuple[ReadChapter, ...]

    @property
    def told(self) -> str:
        """Since which day it holds; at the desk also which edition it is, whose digits tell a resident nothing."""
        day = dateformat.format(timezone.localtime(self.adopted_at), get_format("DATE_FORMAT"))
        if self.public:
            return gettext("In force since %(day)s") % {"day": day}
        return gettext("Edition %(edition)s, in force since %(day)s") % {"edition": self.edition, "day": day}


def edition_today(county: County) -> str:
    """The digits by which the edition the county works by today is known in addresses."""
    return county.edition_id[:DIGITS]


def rule_book(edition: str, *, public: bool, county_code: str = "") -> RuleBook:
    """The rule book of an edition, of `county_code` where one is given. Raises Http404 where there is none."""
    if not _EDITION.fullmatch(edition):
        raise Http404
    found = Edition.objects.filter(digest__startswith=edition).order_by("adopted_at").first()
    code = found.document.get("county", {}).get("code", "") if found else ""
    county = County.objects.filter(pk=code).first()
    if found is None or county is None or county_code not in ("", county.pk):
        raise Http404
    book = edition_book(found.digest)
    return RuleBook(
        county=county,
        edition=edition,
        pack=str(book.label),
        source=book[PackSection].source,
        adopted_at=found.adopted_at,
        current=county.edition_id == found.digest,
        public=public,
        chapters=_chapters(found.digest, public, get_language()),
    )


@lru_cache(maxsize=16)
def _chapters(digest: str, public: bool, language: str | None) -> tuple[ReadChapter, ...]:
    """Made once for an edition and a language, and kept by the process."""
    book = edition_book(digest)
    told = ((one.key, str(one.title), tuple(one.told(book))) for one in chapters(public=public))
    return tuple(ReadChapter(*one) for one in told if one[2])
