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
from jingwei.strokes.planning import planned_for_what_is_asked

PAGE = 24
"""Rows of a page."""

MOST_COUNTED = 200
"""Beyond this a list says «more than», since counting further costs more than it tells.

So many come with the first page in one question; a thousand cost more than all of the page, measured."""

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
    """A keyset page of a list: its rows, the mark behind which the next one begins, and before which the last ended."""

    rows: list[Case]
    following: str
    preceding: str = ""


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

    def page(self, after: str = "", before: str = "") -> Page:
        """The page behind the mark `after`, or before the mark `before`, which costs the same; else the first one.

        The number of its queries depends on nothing that is in the list.
        """
        if mark := Mark.read(before):
            marks = self._some(mark, back=True).marks[: PAGE + 1]
            if len(marks) >= PAGE:  # fewer: others came before them, and the page begins where the list does
                shown = marks[PAGE - 1 :: -1]
                return Page(self._rows(shown), str(shown[-1]), str(shown[0]) if len(marks) > PAGE else "")
            after = ""
        mark = Mark.read(after)
        marks = (self._some(mark) if mark else self._first).marks[: PAGE + 1]
        following = str(marks[PAGE - 1]) if len(marks) > PAGE else ""
        return Page(self._rows(marks[:PAGE]), following, str(marks[0]) if mark and marks else "")

    def counted(self) -> tuple[int, bool]:
        """How many cases stand in the whole list, as far as it was counted, and whether there are more."""
        n = len(self._first.marks)
        return (n, False) if self._first.whole else (n - 1, True)

    def everything(self, most: int, **only: str) -> list[int]:
        """The ids of all cases in the list (`only` those of a kind), the newest first, but no more than `most`."""
        ways = [way.filter(**only) for way in self.ways]
        if self.by.words.strip():
            found = found_everywhere(self.by.words)
            ways = [way.filter(Among(F("pk"), found)) for way in ways]
        parts = [way.order_by("-id").values_list("id", flat=True)[:most] for way in ways]
        if not parts:
            return []
        return list(parts[0] if len(parts) == 1 else parts[0].union(*parts[1:]).order_by("-id")[:most])

    @cached_property
    def _first(self) -> _Some:
        return self._some(None)

    def _some(self, mark: Mark | None, *, back: bool = False) -> _Some:
        if not self.by.words.strip():
            most = PAGE if mark else max(PAGE, MOST_COUNTED)
            marks = self._marks(self.ways, mark, most + 1, back)
            return _Some(marks, len(marks) <= most)
        some = self._near(mark, LOOKED_THROUGH, back)
        if WORTH_IT <= len(some.marks) <= PAGE and not some.whole:
            some = self._near(mark, FURTHER, back)
        if some.whole or len(some.marks) > PAGE:
            return some
        everywhere = found_everywhere(self.by.words)
        ways = [way.filter(Among(F("pk"), everywhere)) for way in self.ways]
        found = self._marks(ways, mark, MOST_COUNTED + 1, back)
        return _Some(found, len(found) <= MOST_COUNTED)

    def _near(self, mark: Mark | None, many: int, back: bool) -> _Some:
        near = self._marks(self.ways, mark, many, back)
        hits = found_among(self.by.words, [mark.pk for mark in near])
        return _Some([mark for mark in near if mark.pk in hits], len(near) < many)

    def _marks(self, ways: Sequence[QuerySet[Case]], mark: Mark | None, limit: int, back: bool) -> list[Mark]:
        """The next `limit` marks behind `mark`; those before it, the nearest first, where `back`."""
        order = ("due_at", "-id") if self.by_due else ("-id",)
        if back:
            order = ("-due_at", "id") if self.by_due else ("id",)
        ends = [end for way in ways for end in (self._before(way, mark) if back else self._behind(way, mark))]
        parts = [end.order_by(*order).values_list("due_at", "id")[:limit] for end in ends]
        if not parts:
            return []
        rows = parts[0] if len(parts) == 1 else parts[0].union(*parts[1:]).order_by(*order)[:limit]
        with planned_for_what_is_asked():
            return [Mark(due_at, pk) for due_at, pk in rows]

    def _narrowed(self, parts: Sequence[QuerySet[Case]]) -> list[QuerySet[Case]]:
        """Parts narrowed by the filter, one for each sort asked for: no index has several of them in one order."""
        sorts = [self.by.category, *(self.families or {}).get(self.by.category, ())]
        each = [replace(self.by, category=one, words="") for one in sorts]
        return [narrowed(part, by, self.at) for part in parts for by in each]

    def _behind(self, cases: QuerySet[Case], mark: Mark | None) -> list[QuerySet[Case]]:
        """What comes behind a mark, in parts that each begin at one spot of an index."""
        if mark is None:
            return [cases]
        if not self.by_due:
            return [cases.filter(pk__lt=mark.pk)]
        if mark.due_at is None:
            return [cases.filter(due_at=None, pk__lt=mark.pk)]
        beside = Q(due_at__gt=mark.due_at) | Q(pk__lt=mark.pk)
        return [cases.filter(beside, due_at__gte=mark.due_at), cases.filter(due_at=None)]

    def _before(self, cases: QuerySet[Case], mark: Mark | None) -> list[QuerySet[Case]]:
        if mark is None or not self.by_due:
            return [cases.filter(pk__gt=mark.pk) if mark else cases]
        if mark.due_at is None:
            return [cases.filter(due_at=None, pk__gt=mark.pk), cases.filter(due_at__isnull=False)]
        beside = Q(due_at__lt=mark.due_at) | Q(pk__gt=mark.pk)
        return [cases.filter(beside, due_at__lte=mark.due_at)]

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
    with planned_for_what_is_asked():
        return min(limit, (parts[0] if len(parts) == 1 else parts[0].union(*parts[1:])).count())
