"""Reading cases: queues of what is owed, lists with filters, a case by its number or its code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet

from jingwei.casework.acts.opening import code_mark
from jingwei.casework.finding import found_by
from jingwei.casework.kinds import KINDS
from jingwei.casework.models import WATCHED, Act, Attachment, Case, ClockRun, Motion, Statement
from jingwei.casework.sight import cases_seen_by, cases_seen_from, has_hands, ways_to_see
from jingwei.organisations.models import Post
from jingwei.trail.actor import Actor


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; every part stands in the page's address."""

    queue: str = "mine"
    kind: str = ""
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
    return _within(cases_seen_from(post), post, name, at)


def queue_in_parts(post: Post, name: str, at: datetime, *, ordered: bool = True) -> list[QuerySet[Case]]:
    """The same queue in parts that may overlap, each of which the database can read in the queue's order.

    Where that is not needed, as in counting, `ordered=False` gives fewer parts. What a post owes, its organisation
    has had its hands on, so that sight is not asked again for each of these.
    """
    match name:
        case "ours" | "mine" if not has_hands(post):
            return []
        case "ours" if not ordered:
            return [Case.objects.filter(owner__organisation_id=post.organisation_id, is_open=True)]
        case "ours":
            posts = Post.objects.filter(organisation_id=post.organisation_id).order_by("pk")
            return [Case.objects.filter(owner=pk, is_open=True) for pk in posts.values_list("pk", flat=True)]
        case "mine":
            return [Case.objects.filter(owner=post, is_open=True)]
        case "motions":
            return [queue(post, name, at)]
        case _:
            return [_within(way, post, name, at) for way in ways_to_see(post)]


def _within(seen: QuerySet[Case], post: Post, name: str, at: datetime) -> QuerySet[Case]:
    match name:
        case "mine":
            return seen.filter(owner=post, is_open=True)
        case "ours":
            return seen.filter(owner__organisation_id=post.organisation_id, is_open=True)
        case "motions":
            return seen.filter(pk__in=Motion.objects.filter(to=post, settled=None).values("case"))
        case "late":
            # Trap: that it is open, the due time says; told twice, the database expects a tenth of what there is.
            return seen.filter(due_at__lt=at)
        case "watched":
            return seen.filter(WATCHED, is_open=True)
        case "ended":
            return seen.filter(is_open=False)
        case _:
            return seen


def narrowed(
    cases: QuerySet[Case], by: Filter, at: datetime, families: Mapping[str, Sequence[str]] | None = None
) -> QuerySet[Case]:
    """`cases` narrowed by a filter's parts; `families` says which categories lie below which."""
    for name in ("kind", "stage", "grade", "source"):
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
        cases = cases.filter(found_by(by.words))
    return cases


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
