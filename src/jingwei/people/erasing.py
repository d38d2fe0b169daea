"""Expiry: what is past its term goes by itself, and a tombstone says what it was, when it went, and by which rule.

Each room that stores a personal field says here how it is erased. The trail holds no personal data, so its chain
stays whole; it gets one line for each thing that something was erased of.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jingwei.people.lists import REGISTERED, InformationSection, Personal
from jingwei.people.models import Assessment, Sharing, Tombstone, Unmasking
from jingwei.policy.books import Book
from jingwei.policy.models import County
from jingwei.policy.queries import book as book_of
from jingwei.trail.actor import Actor
from jingwei.trail.acts import Entry, record_many
from jingwei.trail.verbs import verb

ERASED = verb("people.erased", _("erase"), _("Personal data erased"))

BATCH = 200
"""Things erased in one transaction."""


@dataclass(frozen=True)
class Scope:
    """What is to be erased: of one county, what is past its term, or what belongs to the given persons and cases.

    `before`: the term is over for what began to run out at or before this moment.
    """

    county_code: str
    at: datetime
    before: datetime | None = None
    cases: tuple[int, ...] = ()
    persons: tuple[int, ...] = ()
    numbers: tuple[str, ...] = ()
    """Telephone numbers in digits alone, proven to be theirs, for what is kept beside no person."""
    limit: int = BATCH


@dataclass(frozen=True)
class Gone:
    """A thing that something was erased of; how many values, and on which ground it lay."""

    subject: tuple[str, int]
    pieces: int = 1
    place: str = ""


Eraser = Callable[[Scope], Sequence[Gone]]
ERASERS: dict[str, Eraser] = {}
BY_NUMBER: list[str] = []
"""Fields kept beside no person and no case; whoever asks is known in them by the number that was rung back."""
KEPT_BY_NUMBER: list[Callable[[str, frozenset[str]], list[dict[str, str]]]] = []
"""What is kept under these numbers in a county, in words, for whoever asks what is kept of her."""


def eraser(field: Personal, *, by_number: bool = False) -> Callable[[Eraser], Eraser]:
    """Register how a field is erased; called with a scope inside a transaction, until it finds nothing more."""

    def registered(erase: Eraser) -> Eraser:
        ERASERS[field.key] = erase
        if by_number:
            BY_NUMBER.append(field.key)
        return erase

    return registered


def expire(county: County, *, actor: Actor, at: datetime) -> Counter[str]:
    """Erase all of a county that is past its term at `at`; how many things, by field. Broken off, it goes on later."""
    book, gone = book_of(county.pk), Counter[str]()
    information = book[InformationSection]
    for key, erase in ERASERS.items():
        scope = Scope(county.pk, at, before=at - information.term(key), limit=BATCH)
        why = Tombstone.TERM if information.lists(key) else Tombstone.UNLISTED
        while found := _one_batch(erase, scope, key, why, book, actor):
            gone[key] += len(found)
    _clear_records(county, information, at)
    return gone


@transaction.atomic
def _one_batch(erase: Eraser, scope: Scope, key: str, why: str, book: Book, actor: Actor) -> Sequence[Gone]:
    found = erase(scope)
    bury(found, key, why, book, county_code=scope.county_code, actor=actor, at=scope.at)
    return found


@transaction.atomic
def erase_now(keys: Iterable[str], scope: Scope, *, actor: Actor) -> Counter[str]:
    """Erase the fields `keys` of the persons and cases of `scope`, because somebody asked; how many, by field."""
    book, gone = book_of(scope.county_code), Counter[str]()
    for key in keys:
        found = ERASERS[key](scope)
        bury(found, key, Tombstone.WISH, book, county_code=scope.county_code, actor=actor, at=scope.at)
        gone[key] += len(found)
    return gone


def bury(gone: Sequence[Gone], key: str, why: str, book: Book, *, county_code: str, actor: Actor, at: datetime) -> None:
    """Set up the tombstones, and write to the trail what went and why."""
    line = book[InformationSection].line(key)
    rule = line.keep if line else "0 days"
    Tombstone.objects.bulk_create(
        Tombstone(
            county_id=county_code,
            subject_type=one.subject[0],
            subject_id=one.subject[1],
            field=key,
            at=at,
            why=why,
            rule=rule,
            edition_id=book.edition,
            pieces=one.pieces,
        )
        for one in gone
    )
    facts = {"field": key, "why": why, "rule": rule, "edition": book.edition[:12]}
    record_many(Entry(actor, ERASED, at, one.subject, one.place, {**facts, "pieces": one.pieces}) for one in gone)


def _clear_records(county: County, information: InformationSection, at: datetime) -> None:
    """Assessments, records of sharing and of unmasking go when their years are over; three at least."""
    before = at.replace(year=at.year - information.records_kept_years, day=min(at.day, 28))
    for model in (Assessment, Sharing, Unmasking):
        model.objects.filter(county=county, at__lt=before).delete()


def without_eraser() -> set[str]:
    """Registered fields that nobody knows how to erase; the house does not open with one."""
    return set(REGISTERED) - set(ERASERS)
