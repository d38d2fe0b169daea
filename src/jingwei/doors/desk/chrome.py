"""The frame around every page of the desk: the queues at the side with their counts, the bell, who sits where."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.accounts.models import Permit
from jingwei.accounts.permitted import further_grounds, permits_of_post
from jingwei.accounts.sitting import Sitting
from jingwei.accounts.verbs import REFUSED
from jingwei.casework.pages.lists import QUEUE_TITLES
from jingwei.casework.pages.opening import kinds_opened_by
from jingwei.casework.paging import MOST_SHOWN, counted_in_queue
from jingwei.casework.sight import may_see_any
from jingwei.notices.queries import unread
from jingwei.organisations.pack import KEPT_APART
from jingwei.trail.acts import record

ICONS = {
    "mine": "inbox",
    "ours": "building",
    "motions": "stamp",
    "late": "triangle-alert",
    "watched": "megaphone",
    "ended": "circle-check",
    "seen": "file-text",
}
UNCOUNTED = {"ended", "seen"}
"""Queues that only grow; counting them on every page would cost more than it tells."""

REFUSALS = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}
"""Answers that refuse: not yours, not there for you, done by somebody else already."""

BAR = "desk/bar.html"
"""The end of the bar on top: the bell, and who sits at which post."""

TOLD = "desk/permits.html"
"""What stands above every page: the exceptions by which the post sees further."""


class Part(StrEnum):
    """Where at the side an entry stands, in this order."""

    OPENING = "opening"
    DAILY = "daily"
    KNOWING = "knowing"
    KEEPING = "keeping"


PARTS = {
    Part.OPENING: gettext_lazy("Take down"),
    Part.DAILY: gettext_lazy("Daily work"),
    Part.KNOWING: gettext_lazy("Look up and print"),
    Part.KEEPING: gettext_lazy("Administration"),
}

MORE: list[tuple[str, Any, str, frozenset[str], Part]] = []
"""Further entries at the side: address name, title, icon, the roles it is for (empty: everyone), and its part."""

Page = Callable[..., HttpResponseBase]


def framed(page: Page) -> Page:
    """Give a page its frame; nothing of it is read unless the page draws it."""

    @wraps(page)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.at = timezone.now()  # type: ignore[attr-defined]
        request.navigation = SimpleLazyObject(lambda: navigation(request))  # type: ignore[attr-defined]
        request.bell = SimpleLazyObject(lambda: bell(request))  # type: ignore[attr-defined]
        home = reverse("desk:queue")
        request.door = {"home": home, "bar": BAR, "told": TOLD}  # type: ignore[attr-defined]
        request.door["find"] = SimpleLazyObject(lambda: home if searches(request) else "")  # type: ignore[attr-defined]
        request.door["permits"] = SimpleLazyObject(lambda: permits(request))  # type: ignore[attr-defined]
        try:
            response = page(request, *args, **kwargs)
        except (Http404, PermissionDenied) as refused:
            _note_refusal(request, HTTPStatus.NOT_FOUND if isinstance(refused, Http404) else HTTPStatus.FORBIDDEN)
            raise
        if response.status_code in REFUSALS:
            _note_refusal(request, response.status_code)
        answer = _whole(request, response)
        if not answer.has_header("Cache-Control"):
            patch_cache_control(answer, private=True, no_store=True)  # the screen at a counter has many readers
        return answer

    return inside


def _note_refusal(request: HttpRequest, status: int) -> None:
    """Write to the trail that somebody at a post was refused: what she must not see or do, or what was done already."""
    sitting: Sitting | None = getattr(request, "sitting", None)
    if sitting is None:
        return
    page = request.resolver_match.url_name if request.resolver_match else ""
    facts: dict[str, str | int | bool | None] = {"page": page, "status": int(status), "ok": False}
    subject = ("post", sitting.post.pk)
    at = request.at  # type: ignore[attr-defined]
    record(sitting.actor, REFUSED, at=at, subject=subject, place=sitting.post.ground.path, facts=facts)


def _whole(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Let the gate open as a page of its own, where a part of a page was asked for and the session was over."""
    if request.headers.get("HX-Request") != "true" or response.status_code != HTTPStatus.FOUND:
        return response
    here = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = f"{here.path}?{here.query}" if here.query else here.path
    gate = urlsplit(response.headers["Location"]).path
    answer = HttpResponse(status=HTTPStatus.OK)
    answer["HX-Redirect"] = f"{gate}?{urlencode({'next': back})}"
    return answer


def with_frames(patterns: Sequence[URLPattern | URLResolver]) -> None:
    """Frame every page of the desk, those that other rooms add included."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            with_frames(pattern.url_patterns)
        else:
            pattern.callback = framed(pattern.callback)


def bell(request: HttpRequest) -> str:
    """How much the post has not read yet; empty where that is nothing."""
    sitting = getattr(request, "sitting", None)
    count = unread([sitting.post]) if sitting else 0
    return shown(count) if count else ""


def searches(request: HttpRequest) -> bool:
    """Whether whoever sits could ever find a case."""
    sitting: Sitting | None = getattr(request, "sitting", None)
    return sitting is not None and may_see_any(sitting.post)


def permits(request: HttpRequest) -> list[Permit]:
    """The exceptions by which the post that sits sees further."""
    sitting: Sitting | None = getattr(request, "sitting", None)
    if sitting is None or not further_grounds(sitting.post):
        return []
    return permits_of_post(sitting.post, request.at)  # type: ignore[attr-defined]


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The queues of the post that sits, with their counts, and the other pages of the desk."""
    sitting = getattr(request, "sitting", None)
    if sitting is None:
        return []
    if KEPT_APART.intersection(sitting.post.roles):
        return _parts(request, sitting)
    at, here, base = request.at, _current(request), reverse("desk:queue")  # type: ignore[attr-defined]
    counts = {name: counted_in_queue(sitting.post, name, at) for name in QUEUE_TITLES if name not in UNCOUNTED}
    queues = [
        {
            "label": title,
            "href": base if name == "mine" else f"{base}?queue={name}",
            "icon": ICONS[name],
            "count": shown(counts[name]) if name in counts else "",
            "late": name == "late" and bool(counts[name]),
            "current": name == here,
        }
        for name, title in QUEUE_TITLES.items()
    ]
    owed, lists = queues[:5], queues[5:]
    groups = [{"title": "", "items": owed}, {"title": _("All cases"), "items": lists}]
    return [*groups, *_parts(request, sitting)]


def shown(count: int) -> str:
    """A count as a badge shows it: beyond 99 it says no more than that."""
    return str(count) if count <= MOST_SHOWN else f"{MOST_SHOWN}+"


def _kinds_to_open(request: HttpRequest, sitting: Sitting) -> list[dict[str, Any]]:
    """The pages that open a case of a kind, drawn from the kinds the post may open."""
    links = [(kind, reverse("desk:open", args=[kind.name])) for kind in kinds_opened_by(sitting)]
    return [
        {
            "label": str(kind.title),
            "href": href,
            "icon": "plus",
            "current": request.path == href,
        }
        for kind, href in links
    ]


def _parts(request: HttpRequest, sitting: Sitting) -> list[dict[str, Any]]:
    """The other pages of the desk, each part with the entries that are for the post that sits."""
    apart = KEPT_APART.intersection(sitting.post.roles)
    entries = {part: _entries(request, sitting.post.roles, part) for part in (reversed(Part) if apart else Part)}
    if not apart:
        entries[Part.OPENING] += _kinds_to_open(request, sitting)
    return [{"name": part, "title": str(PARTS[part]), "items": items} for part, items in entries.items() if items]


def _entries(request: HttpRequest, roles: Sequence[str], part: Part) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name, title, icon, only, place in MORE:
        if place != part or (only and not only & set(roles)):
            continue
        try:
            href = reverse(name)
        except NoReverseMatch:
            continue
        if all(one["href"] != href for one in found):  # a page that has a name for each role is named once
            found.append({"label": str(title), "href": href, "icon": icon, "current": request.path == href})
    return found


def _current(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None or match.url_name not in ("queue", "rows", "case", "step", "operation", "motion"):
        return ""
    return request.GET.get("queue", "seen" if request.GET.get("q") else "mine")
