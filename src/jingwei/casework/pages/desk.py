"""The queue: what a post owes and watches, beside the case that is looked at."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.casework.may import post_of
from jingwei.casework.models import Case, Standing
from jingwei.casework.pages.batches import batch_offered
from jingwei.casework.pages.lists import (
    families_of,
    filter_of,
    kind_options,
    mark_of,
    query_of,
    rows_of,
    said_words,
    stage_options,
    title_of,
)
from jingwei.casework.paging import Listing, Page
from jingwei.casework.queries import QUEUES, Filter
from jingwei.casework.ways_out import shows_cases
from jingwei.organisations.models import Post
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor

POLLED_EVERY = "15s"
"""How often an open queue asks for what is new."""


def sitting_in(request: HttpRequest) -> Sitting:
    """The sitting that `at_a_post` put on the request."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    return sitting


def moment(request: HttpRequest) -> datetime:
    """The moment of the request: one for all that happens in it."""
    said = getattr(request, "at", None)
    if not isinstance(said, datetime):
        said = request.at = timezone.now()  # type: ignore[attr-defined]
    return said


@require_safe
@at_a_post
def desk(request: HttpRequest) -> HttpResponse:
    """A queue, with no case chosen yet."""
    return render(request, "casework/desk.html", queue_context(request))


@require_safe
@at_a_post
def rows(request: HttpRequest) -> HttpResponse:
    """The rows of a queue, asked again every few seconds; 204 where nothing has changed since `mark`."""
    at, sitting = moment(request), sitting_in(request)
    by = filter_of(request.GET)
    said = book(sitting.county_code)
    listed = _listed(sitting, by, at)
    page = _turned_to(request, listed)
    words = said_words(said)
    if mark_of(rows_of(page.rows, by, words, at), at) == request.GET.get("mark"):
        return HttpResponse(status=204)
    new = _newcomers(page, request.GET.get("shown", ""), request.GET.get("asked", ""))
    context = _rows_context(request, page, by, words, at, current=_looked_at(request), fresh=new)
    context |= _counted(listed) | {"announced": _announced(len(new)), "polled": True}
    return render(request, "casework/rows.html", context)


def queue_context(request: HttpRequest, current: str = "") -> dict[str, Any]:
    """What the queue's side of the page shows, as the address asks; `current` is the chosen case's number."""
    at, sitting = moment(request), sitting_in(request)
    by = filter_of(request.GET)
    said = book(sitting.county_code)
    words = said_words(said)
    listed = _listed(sitting, by, at)
    page = _turned_to(request, listed)
    return {
        "by": by,
        "queue_title": title_of(by),
        "ordered": _("by time left") if listed.by_due else _("newest first"),
        "here_queue": reverse("desk:queue") + query_of(by),
        "behind": query_of(by),
        "due_chips": _due_chips(by),
        "selects": _selects(by, words),
        "narrowed_by": any((by.kind, by.stage, by.grade, by.category, by.source)),
        "next": _address("desk:queue", by, "after", page.following),
        "previous": _address("desk:queue", by, "before", page.preceding),
        "first": reverse("desk:queue") + query_of(by) if _place(request)[1] else "",
        "batch": batch_offered(sitting, page.rows),
        "batch_key": uuid4(),
        "polled_every": POLLED_EVERY,
        **_counted(listed),
        **_rows_context(request, page, by, words, at, current=current),
    }


def _turned_to(request: HttpRequest, listed: Listing) -> Page:
    side, mark = _place(request)
    return listed.page(**{side: mark})


def _place(request: HttpRequest) -> tuple[str, str]:
    """On which side of which mark the address asks for a page; the mark is empty for the first one."""
    before = request.GET.get("before", "")
    return ("before", before) if before else ("after", request.GET.get("after", ""))


def _listed(sitting: Sitting, by: Filter, at: datetime) -> Listing:
    return listing_of(sitting.post, by, at)


def listing_of(post: Post, by: Filter, at: datetime) -> Listing:
    """The list of a post that a filter asks for."""
    return Listing(post, by, at, families_of(book(post.organisation.county_id)))


def turned_through(actor: Actor, by: Filter, at: datetime) -> Iterator[int]:
    """The cases on every page of a list, one page after the other."""
    if (post := post_of(actor)) is None:
        return
    listing, after = listing_of(post, by, at), ""
    while page := listing.page(after):
        yield from (case.pk for case in page.rows)
        if not (after := page.following):
            return


for _queue in QUEUES:
    shows_cases(f"queue: {_queue}", "desk:queue", "desk:rows")(
        lambda actor, at, queue=_queue: turned_through(actor, Filter(queue=queue), at)  # type: ignore[misc]
    )


@shows_cases("search", "desk:queue", "desk:rows")
def searched(actor: Actor, at: datetime) -> Iterator[int]:
    """What an actor finds who looks for the first two signs of every title there is."""
    for words in {title[:2] for title in Case.objects.values_list("title", flat=True)}:
        yield from turned_through(actor, Filter(queue="seen", words=words), at)


def _rows_context(
    request: HttpRequest,
    page: Page,
    by: Filter,
    words: dict[str, dict[str, str]],
    at: datetime,
    *,
    current: str = "",
    fresh: list[int] | None = None,
) -> dict[str, Any]:
    drawn = rows_of(page.rows, by, words, at, current=current, fresh=fresh or [])
    return {
        "rows": drawn,
        "mark": mark_of(drawn, at),
        "shown": ",".join(str(case.pk) for case in page.rows),
        "asked": at.isoformat(),
        "poll_at": _address("desk:rows", by, *_place(request)) or reverse("desk:rows") + query_of(by),
    }


def _counted(listed: Listing) -> dict[str, Any]:
    n, more = listed.counted()
    return {"count": _("more than %(n)d") % {"n": n} if more else str(n), "any": n > 0}


def _address(name: str, by: Filter, side: str, mark: str) -> str:
    """The address of a page on one side of a mark; empty where there is no mark."""
    if not mark:
        return ""
    behind = query_of(by)
    return f"{reverse(name)}{behind}{'&' if behind else '?'}{side}={quote(mark)}"


def _due_chips(by: Filter) -> list[dict[str, Any]]:
    at = reverse("desk:queue")
    titles = {"": _("All"), "today": _("Due within a day"), "late": _("Late")}
    return [
        {"label": title, "href": at + query_of(by, due=value), "current": by.due == value}
        for value, title in titles.items()
    ]


def _selects(by: Filter, words: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    told = {
        "kind": (_("Kind of case"), kind_options()),
        "stage": (_("Stage"), stage_options(by.queue, by.kind)),
        "category": (_("Category"), list(words.get("category", {}).items())),
        "grade": (_("Grade"), list(words.get("grade", {}).items())),
        "source": (_("Source"), list(words.get("source", {}).items())),
    }
    return [
        {"name": name, "label": label, "value": getattr(by, name), "options": [("", _("All")), *options]}
        for name, (label, options) in told.items()
        if options
    ]


def _newcomers(page: Page, shown: str, asked: str) -> list[int]:
    """The cases that came to the queue since it was last asked: neither shown then, nor standing so before."""
    before = {int(pk) for pk in shown.split(",")[:200] if pk.isascii() and pk.isdigit() and len(pk) < 19}
    try:
        since = parse_datetime(asked) if asked else None
    except ValueError:  # a date that no calendar has
        since = None
    unseen = [case.pk for case in page.rows if case.pk not in before]
    if not unseen or since is None or timezone.is_naive(since):
        return []
    came = Standing.objects.filter(case__in=unseen, current=True, since__gte=since)
    return list(came.values_list("case_id", flat=True))


def _announced(n: int) -> str:
    return ngettext("%(n)d new case has come.", "%(n)d new cases have come.", n) % {"n": n} if n else ""


def _looked_at(request: HttpRequest) -> str:
    """The number of the case that is open beside the queue, by the address htmx says it stands at."""
    try:
        said = urlsplit(request.headers.get("HX-Current-URL", "")).path
        return str(resolve(said).kwargs.get("number", "")) if said else ""
    except (Resolver404, ValueError):
        return ""


def answer(request: HttpRequest, case: Case | None, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The case's pane to htmx, else the whole page with its queue."""
    if for_pane(request):
        response = render(
            request, "casework/case_pane.html", context | {"behind": query_of(filter_of(request.GET))}, status=status
        )
        if request.method == "POST":
            response["HX-Trigger"] = "queue-changed"
    else:
        whole = queue_context(request, case.number if case else "") | context
        response = render(request, "casework/case.html", whole, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def for_pane(request: HttpRequest) -> bool:
    """Whether htmx asks for the case alone."""
    headers = request.headers
    if headers.get("HX-Request") != "true" or headers.get("HX-History-Restore-Request") == "true":
        return False
    return headers.get("HX-Target", "").endswith("#case")
