"""Reading cases: queues of what is owed, lists with filters, a case by its number or its code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from jingwei.casework.acts.opening import code_mark
from jingwei.casework.kinds import KINDS
from jingwei.casework.models import Act, Attachment, Case, ClockRun, Motion, Statement
from jingwei.casework.sight import cases_seen_by, cases_seen_from
from jingwei.organisations.models import Post
from jingwei.search.queries import matching
from jingwei.trail.actor import Actor


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; every part stands in the page's address."""

    queue: str = "mine"
    stage: str = ""
    grade: str = ""
    category: str = ""
    source: str = ""
    due: str = ""
    words: str = ""
    ground: str = ""

    def address(self, **changes: str) -> dict[str, str]:
        """The parts that differ from the default, with `changes`, for a query string."""
        parts = {name: getattr(self, name) for name in self.__dataclass_fields__} | changes
        return {k: v for k, v in parts.items() if v and not (k == "queue" and v == "mine")}


QUEUES = ("mine", "ours", "motions", "late", "watched", "ended", "seen")


def queue(post: Post, name: str, at: datetime) -> QuerySet[Case]:
    """One queue of a post. Every one of them is a part of what the post may see.

    mine: owed by this post · ours: owed by any post of the organisation · late: seen and past its due time ·
    watched: seen, open, under formal supervision, urged or bounced · ended · seen: everything.
    """
    seen = cases_seen_from(post)
    match name:
        case "mine":
            return seen.filter(owner=post, is_open=True)
        case "ours":
            return seen.filter(owner__organisation_id=post.organisation_id, is_open=True)
        case "motions":
            return seen.filter(pk__in=Motion.objects.filter(to=post, settled=None).values("case"))
        case "late":
            return seen.filter(is_open=True, due_at__lt=at)
        case "watched":
            return seen.filter(Q(supervised=True) | Q(urged__gt=0) | Q(returned__gt=0), is_open=True)
        case "ended":
            return seen.filter(is_open=False)
        case _:
            return seen


def narrowed(
    cases: QuerySet[Case], by: Filter, at: datetime, families: Mapping[str, Sequence[str]] | None = None
) -> QuerySet[Case]:
    """`cases` narrowed by a filter's parts; `families` says which categories lie below which."""
    for name in ("stage", "grade", "source"):
        if value := getattr(by, name):
            cases = cases.filter(**{name: value})
    if by.category:
        cases = cases.filter(category__in=[by.category, *(families or {}).get(by.category, ())])
    if by.ground:
        cases = cases.filter(ground_path__startswith=by.ground)
    if by.due == "late":
        cases = cases.filter(due_at__lt=at)
    elif by.due == "today":
        cases = cases.filter(due_at__gte=at, due_at__lt=at + timedelta(hours=24))
    if by.words.strip():
        cases = cases.filter(pk__in=matching("case", by.words))
    return cases


@dataclass(frozen=True)
class Page:
    """A keyset page of a list: its rows, and the marks of the pages beside it."""

    rows: list[Case]
    following: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


PAGE = 30


def page_of(cases: QuerySet[Case], after: str = "", *, by_due: bool = True, size: int = PAGE) -> Page:
    """The page after the mark `after`: by due time first (what has none comes last), then newest first."""
    cases = cases.select_related("place", "owner", "owner__organisation")
    order = (F("due_at").asc(nulls_last=True), "-id") if by_due else ("-id",)
    cases = cases.order_by(*order)
    rows = list(_behind(cases, after, by_due)[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    mark = "" if last is None else f"{last.due_at.isoformat() if by_due and last.due_at else ''}~{last.pk}"
    return Page(rows[:size], mark)


def _behind(cases: QuerySet[Case], after: str, by_due: bool) -> QuerySet[Case]:
    due, _tilde, pk = after.partition("~")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return cases
    if not by_due:
        return cases.filter(pk__lt=int(pk))
    try:
        moment = datetime.fromisoformat(due) if due else None
    except ValueError:
        return cases
    if moment is None:
        return cases.filter(due_at=None, pk__lt=int(pk))
    return cases.filter(Q(due_at__gt=moment) | Q(due_at=moment, pk__lt=int(pk)) | Q(due_at=None))


def case_seen(actor: Actor, number: str) -> Case | None:
    """The case with that number, if the actor may see it; None otherwise, whether it exists or not."""
    if "\x00" in number:  # trap: the database refuses to be asked for U+0000
        return None
    return (
        cases_seen_by(actor)
        .filter(number=number)
        .select_related("place", "owner__organisation", "lead__organisation", "parent__lead", "main", "asker", "county")
        .first()
    )


def case_by_code(code: str) -> Case | None:
    """The case a resident's code opens."""
    plain = "".join(c for c in code if c.isalnum())
    if len(plain) != 10:
        return None
    return Case.objects.filter(code_mark=code_mark(code)).select_related("place", "main", "county", "parent").first()


def timeline(case: Case, *, public: bool = False) -> list[Act]:
    """What was done on a case, oldest first, with words and photographs; what the asker reads where `public`."""
    acts = case.acts.filter(public=True) if public else case.acts.all()
    said = Statement.objects.filter(public=True) if public else Statement.objects.all()
    shown = Attachment.objects.filter(public=True) if public else Attachment.objects.all()
    return list(
        acts.order_by("id").prefetch_related(
            Prefetch("statements", said.order_by("id")), Prefetch("attachments", shown.select_related("blob"))
        )
    )


def clocks_of(case: Case) -> list[ClockRun]:
    """The clocks of a case's round, the running ones first."""
    runs = case.clocks.filter(round=case.round).prefetch_related("entries").order_by("id")
    return sorted(runs, key=lambda run: run.state == "stopped")


def alike(case: Case, at: datetime, limit: int = 5) -> list[Case]:
    """Open cases that may be the same matter: same sort, same compound or grid, of the last thirty days."""
    if not case.category:
        return []
    found = Case.objects.filter(
        county_id=case.county_id, kind=case.kind, category=case.category, is_open=True, main=None,
        ground_path=case.ground_path, recorded_at__gte=at - timedelta(days=30),
    )  # fmt: skip
    return list(found.exclude(pk=case.pk).exclude(parent_id=case.pk).order_by("-id")[:limit])


def stage_title(case: Case) -> str:
    """The stage a case stands at, in words."""
    return str(KINDS[case.kind].stages[case.stage].title)
