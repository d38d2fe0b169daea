"""Lists as long as a county's: a page of a queue, how many stand in it, and what is found in it by words.

A list is asked once for each way in which its cases may be seen, in the list's own order and no further than the
page reaches; the database then merges a few rows instead of sorting a million. Words are looked for among the
cases that come next in the list; only what is too rare to be found there is asked of the index of words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.db.models import F, Q, QuerySet

from jingwei.casework.finding import found_among, found_everywhere
from jingwei.casework.models import Case
from jingwei.casework.queries import Filter, narrowed, queue_in_parts
from jingwei.casework.sight import cases_seen_from
from jingwei.organisations.models import Post
from jingwei.search.queries import Among

PAGE = 30
"""Rows of a page."""

MOST_COUNTED = 1000
"""Beyond this a list says «more than», since counting further costs more than it tells."""

LOOKED_THROUGH, FURTHER = 300, 2400
"""How many cases that come next in a list are looked through for words before the index of words is asked.

Words in one of ten cases fill a page from the first of them. Where a few are found there, it is worth looking
further; of what is rarer than one in a hundred, the index gives a list that is short."""
WORTH_IT = 3


@dataclass(frozen=True)
class Mark:
    """Where a case stands in a list."""

    due_at: datetime | None
    pk: int

    def __str__(self) -> str:
        return f"{self.due_at.isoformat() if self.due_at else ''}~{self.pk}"

    @classmethod
    def read(cls, said: str) -> "Mark | None":
        """The mark an address names; None if it names none."""
        due, _tilde, pk = said.partition("~")
        if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
            return None
        try:
            moment = datetime.fromisoformat(due) if due else None
        except ValueError:
            return None
        # A moment without its zone is none that a page gave out.
        return None if moment is not None and moment.tzinfo is None else cls(moment, int(pk))


@dataclass(frozen=True)
class Page:
    """A keyset page of a list: its rows, and the mark behind which the next one begins."""

    rows: list[Case]
    following: str


@dataclass(frozen=True)
class _Some:
    """What is known to come next in a list, and whether that is all that comes."""

    marks: list[Mark]
    whole: bool


@dataclass(frozen=True)
class Listing:
    """A queue of a post, narrowed by a filter, at a moment."""

    post: Post
    by: Filter
    at: datetime
    families: Mapping[str, Sequence[str]] | None = None

    @property
    def by_due(self) -> bool:
        """By due time, what has none last; otherwise the newest first."""
        return self.by.queue not in ("ended", "seen")

    @cached_property
    def ways(self) -> list[QuerySet[Case]]:
        """The list in parts, each of which the database can read in the list's order; they may overlap."""
        return self._narrowed(queue_in_parts(self.post, self.by.queue, self.at))

    def page(self, after: str = "") -> Page:
        """The page behind the mark `after`, by queries whose number depends on nothing that is in the list."""
        mark = Mark.read(after)
        marks = (self._some(mark) if mark else self._first).marks[: PAGE + 1]
        return Page(self._rows(marks[:PAGE]), str(marks[PAGE - 1]) if len(marks) > PAGE else "")

    def counted(self) -> tuple[int, bool]:
        """How many cases stand in the whole list, as far as it was counted, and whether there are more."""
        if self.by.words.strip():
            n = len(self._first.marks)
            return (n, False) if self._first.whole else (n - 1, True)
        parts = queue_in_parts(self.post, self.by.queue, self.at, ordered=False)
        n = counted_up_to(self._narrowed(parts), MOST_COUNTED + 1)
        return min(n, MOST_COUNTED), n > MOST_COUNTED

    @cached_property
    def _first(self) -> _Some:
        return self._some(None)

    def _some(self, after: Mark | None) -> _Some:
        if not self.by.words.strip():
            return _Some(self._marks(self.ways, after, PAGE + 1), False)
        some = self._near(after, LOOKED_THROUGH)
        if WORTH_IT <= len(some.marks) <= PAGE and not some.whole:
            some = self._near(after, FURTHER)
        if some.whole or len(some.marks) > PAGE:
            return some
        everywhere = found_everywhere(self.by.words)
        found = self._marks([way.filter(Among(F("pk"), everywhere)) for way in self.ways], after, MOST_COUNTED + 1)
        return _Some(found, len(found) <= MOST_COUNTED)

    def _near(self, after: Mark | None, many: int) -> _Some:
        near = self._marks(self.ways, after, many)
        hits = found_among(self.by.words, [mark.pk for mark in near])
        return _Some([mark for mark in near if mark.pk in hits], len(near) < many)

    def _marks(self, ways: Sequence[QuerySet[Case]], after: Mark | None, limit: int) -> list[Mark]:
        order = ("due_at", "-id") if self.by_due else ("-id",)
        parts = [self._behind(way, after).order_by(*order).values_list("due_at", "id")[:limit] for way in ways]
        if not parts:
            return []
        rows = parts[0] if len(parts) == 1 else parts[0].union(*parts[1:]).order_by(*order)[:limit]
        return [Mark(due_at, pk) for due_at, pk in rows]

    def _narrowed(self, parts: Sequence[QuerySet[Case]]) -> list[QuerySet[Case]]:
        by = replace(self.by, words="")
        return [narrowed(part, by, self.at, self.families) for part in parts]

    def _behind(self, cases: QuerySet[Case], after: Mark | None) -> QuerySet[Case]:
        if after is None:
            return cases
        if not self.by_due:
            return cases.filter(pk__lt=after.pk)
        if after.due_at is None:
            return cases.filter(due_at=None, pk__lt=after.pk)
        beside = Q(due_at=after.due_at, pk__lt=after.pk)
        return cases.filter(Q(due_at__gt=after.due_at) | beside | Q(due_at=None))

    def _rows(self, marks: Sequence[Mark]) -> list[Case]:
        whole = cases_seen_from(self.post).select_related("place", "owner", "owner__organisation")
        found = whole.in_bulk([mark.pk for mark in marks])
        return [found[mark.pk] for mark in marks if mark.pk in found]


MOST_SHOWN = 99
"""What a badge at the side counts to."""


def counted_in_queue(post: Post, name: str, at: datetime) -> int:
    """How many cases stand in a queue of a post, at most one more than a badge shows."""
    return counted_up_to(queue_in_parts(post, name, at, ordered=False), MOST_SHOWN + 1)


def counted_up_to(ways: Sequence[QuerySet[Case]], limit: int) -> int:
    """How many cases there are in all parts together, but no more than `limit`."""
    parts = [way.order_by().values_list("id")[:limit] for way in ways]
    if not parts:
        return 0
    return min(limit, (parts[0] if len(parts) == 1 else parts[0].union(*parts[1:])).count())
