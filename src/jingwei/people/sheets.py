"""Rosters handed in name persons: they are kept locked while they are needed, and emptied when their term is over."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from jingwei.imports import keeping
from jingwei.imports.models import Handed
from jingwei.people.erasing import Gone, Scope, eraser
from jingwei.people.lists import Begins, personal, refuse_unlisted
from jingwei.people.locked import COLUMNS, Column, locked_text, opened_text
from jingwei.policy.books import Book
from jingwei.policy.queries import book as book_of

ROSTER_FILE = personal("staff_roster_file", _("A roster as it was handed in"), Begins.STORED)


def refuse_unlisted_file(book: Book) -> None:
    """Raise NotOnTheList where the county keeps no rosters."""
    refuse_unlisted(book, ROSTER_FILE)


keeping.lend(locked_text, opened_text, lambda county: refuse_unlisted_file(book_of(county)))
COLUMNS += [
    Column("imports_handed", "content", keeping.CONTENT),
    Column("imports_handed", "refused", keeping.REFUSED),
]


@eraser(ROSTER_FILE)
def erase_files(scope: Scope) -> Sequence[Gone]:
    """Empty rosters past their term, adopted or not; that they were handed in, and what came of it, stays.

    A roster is no person's: when one asks for her own data, the people and appointments made from it are erased.
    """
    if scope.before is None:
        return ()
    past = Handed.objects.filter(county=scope.county_code, at__lte=scope.before, erased_at=None).exclude(content="")
    found = list(past.only("pk")[: scope.limit])
    Handed.objects.filter(pk__in=[one.pk for one in found]).update(content="", refused="", erased_at=scope.at)
    return [Gone(("imports.handed", one.pk)) for one in found]
