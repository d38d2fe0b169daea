"""What a person hands in by a form: words without hidden marks, and a key against sending twice."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from jingwei.casework.pages.record import not_whole
from jingwei.casework.wording import clean

DRAINED = 80_000_000
"""Bytes of a request that is too large which are read and thrown away, so that its sender hears why."""


def words_of(request: HttpRequest, name: str) -> str:
    """The words posted under `name`, cleaned."""
    return clean(request.POST.get(name, ""))


def fresh_key() -> str:
    """A key for a form: what is sent twice under it is done once."""
    return str(uuid4())


def key_of(request: HttpRequest) -> UUID:
    """The key the form was drawn with; a fresh one where it is missing or no key."""
    with suppress(ValueError):
        return UUID(request.POST.get("key", ""))
    return uuid4()


def says_if_too_large(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Let a page answer a request that is too large itself: it finds `request.too_large` set and nothing posted.
    One that broke off on the way goes no further; `files.whole` answers it.

    Without this the check against forged requests would read the form first and end in a bare 400.
    """
    checked = csrf_protect(page)

    @csrf_exempt
    @wraps(page)
    def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            request.POST.get("key")
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            drain(request)
            request._mark_post_parse_error()  # type: ignore[attr-defined]
            request.too_large = True  # type: ignore[attr-defined]
            return page(request, *args, **kwargs)
        except UnreadablePostError:
            return HttpResponse(status=400)
        return checked(request, *args, **kwargs)

    return reading


def not_taken(request: HttpRequest) -> str:
    """The sentence for a request that was too large, or whose form was cut on the way; empty for any other."""
    if _is_too_large(request):
        return _("That was too much at once. Use fewer words, or smaller photographs.")
    return not_whole(request)


def _is_too_large(request: HttpRequest) -> bool:
    return bool(getattr(request, "too_large", False))


def drain(request: HttpRequest) -> None:
    """Read on and forget, so that whoever is still sending gets to the answer."""
    left = DRAINED
    with suppress(UnreadablePostError, OSError):
        while left > 0 and (piece := request.read(1 << 16)):
            left -= len(piece)
