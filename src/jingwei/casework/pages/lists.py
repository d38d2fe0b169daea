"""What a queue shows: its filter read from the address, its rows drawn, and the mark by which a change is seen."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.casework.kinds import KINDS, Ending, Opening
from jingwei.casework.models import Case
from jingwei.casework.queries import QUEUES, Filter
from jingwei.casework.wording import clean
from jingwei.looks import moments
from jingwei.policy.books import Book

QUEUE_TITLES = {
    "mine": gettext_lazy("Mine to handle"),
    "ours": gettext_lazy("Open in our unit"),
    "motions": gettext_lazy("Waiting for my decision"),
    "late": gettext_lazy("Late"),
    "watched": gettext_lazy("Supervised and urged"),
    "ended": gettext_lazy("Ended"),
    "seen": gettext_lazy("All"),
}
NARROWED_TITLES: dict[tuple[str, str], Any] = {}
"""What all cases of a kind at a stage are called together, where a page of the desk leads to just these."""
LONGEST_VALUE = 80


def filter_of(query: QueryDict) -> Filter:
    """The filter an address asks for; a search without a queue looks through everything."""
    words = clean(query.get("q", "")[:LONGEST_VALUE])
    queue = query.get("queue", "seen" if words else "mine")
    parts = {
        name: clean(query.get(name, "")[:LONGEST_VALUE])
        for name in ("kind", "stage", "grade", "category", "source", "due", "ground")
    }
    return Filter(queue=queue if queue in QUEUES else "mine", words=words, **parts)


def title_of(by: Filter) -> str:
    """What the queue is called that a filter asks for."""
    if by.words:
        return _("Found: %(words)s") % {"words": by.words}
    narrowed = NARROWED_TITLES.get((by.kind, by.stage)) if by.queue == "seen" else None
    return str(narrowed or QUEUE_TITLES[by.queue])


def query_of(by: Filter, **changes: str) -> str:
    """The query string of a filter, with `?`; empty for the default."""
    parts = by.address(**changes)
    if words := parts.pop("words", ""):
        parts = {"q": words, "queue": parts.get("queue", "mine")} | parts
    return f"?{urlencode(parts)}" if parts else ""


def said_words(book: Book) -> dict[str, dict[str, str]]:
    """The words of every kind's keys, together."""
    words: dict[str, dict[str, str]] = {}
    for kind in KINDS.values():
        for name, said in kind.words(book).items():
            words[name] = words.get(name, {}) | said
    return words


def families_of(book: Book) -> dict[str, list[str]]:
    """Which categories lie below which, of every kind."""
    return {key: below for kind in KINDS.values() for key, below in kind.families(book).items()}


def kind_options() -> list[tuple[str, str]]:
    """The kinds a queue can be narrowed to."""
    return [(kind.name, str(kind.title)) for kind in KINDS.values()]


def stage_options(queue: str, of_kind: str = "") -> list[tuple[str, str]]:
    """The stages a queue can be narrowed to, in the order of their stories; of one kind, where it shows but that."""
    ended = {"ended": True, "seen": None}.get(queue, False)
    found: dict[str, str] = {}
    for kind in [KINDS[of_kind]] if of_kind in KINDS else KINDS.values():
        for stage in kind.stages.values():
            if not stage.retired and ended in (None, isinstance(stage, Ending)):
                found.setdefault(stage.name, str(stage.title))
    return list(found.items())


@dataclass(frozen=True)
class Row:
    """A case as it stands in a queue."""

    number: str
    href: str
    title: str
    words: str
    level: str
    status: str
    meta: tuple[str, ...]
    due: datetime | None
    current: bool = False
    fresh: bool = False


def rows_of(
    cases: Iterable[Case], by: Filter, words: Mapping[str, Mapping[str, str]], at: datetime,
    *, current: str = "", fresh: Iterable[int] = (),
) -> list[Row]:  # fmt: skip
    """The rows of a page; reads nothing more from the database."""
    behind, new = query_of(by), set(fresh)
    return [_row(case, behind, words, at, current, case.pk in new) for case in cases]


def _row(
    case: Case, behind: str, words: Mapping[str, Mapping[str, str]], at: datetime, current: str, fresh: bool
) -> Row:
    stage = case.at_stage
    meta = (
        words.get("category", {}).get(case.category, case.category),
        words.get("source", {}).get(case.source, case.source),
        *marks_of(case),
    )
    return Row(
        number=case.number,
        href=reverse("desk:case", args=[case.number]) + behind,
        title=case.title,
        words=case.where or str(case.place),
        level=level_of(case, at),
        status=str(stage.title),
        meta=tuple(part for part in meta if part),
        due=case.due_at,
        current=case.number == current,
        fresh=fresh,
    )


def level_of(case: Case, at: datetime) -> str:
    """The colour of a case's stage: new, doing, check, done; late where it is overdue."""
    stage = case.at_stage
    if case.due_at is not None and case.due_at < at:
        return "late"
    if isinstance(stage, Opening):
        return "new"
    if isinstance(stage, Ending):
        return "done"
    return "check" if stage in case.of_kind.judging() else "doing"


def marks_of(case: Case) -> list[str]:
    """What else a glance should tell: on hold, supervised, urged, returned, confidential."""
    marks = []
    if case.held:
        marks.append(_("On hold"))
    if case.supervised:
        marks.append(_("Supervised"))
    if case.urged:
        marks.append(_("Urged %(n)d×") % {"n": case.urged})
    if case.returned:
        marks.append(_("Returned %(n)d×") % {"n": case.returned})
    if case.tier:
        marks.append(_("Confidential"))
    return marks


def mark_of(rows: Iterable[Row], at: datetime) -> str:
    """A digest of what a page of rows says now; a queue that polls with it hears only of changes."""
    said = [
        (r.number, r.title, r.words, r.level, r.status, r.meta, moments.left(r.due - at).words if r.due else "")
        for r in rows
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
