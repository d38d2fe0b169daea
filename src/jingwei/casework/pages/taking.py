"""What a person hands in by a form: words without hidden marks, photographs, and a key against sending twice."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from jingwei.casework.wording import clean
from jingwei.files.acts import keep
from jingwei.files.refusals import FileRefused

MOST_PHOTOGRAPHS = 3
DRAINED = 80_000_000
"""Bytes of a request that is too large which are read and thrown away, so that its sender hears why."""

_SALT = "kept photograph"


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


def photographs_of(request: HttpRequest, at: datetime, name: str = "photo") -> tuple[list[str], list[str]]:
    """The digests of the photographs handed in, each once, and a sentence for each that was refused.

    Those kept at an earlier try come back signed under `kept`, so that one bad file does not cost the others.
    """
    found = dict.fromkeys(_kept_before(request))
    wrong: list[str] = []
    for file in request.FILES.getlist(name):
        try:
            found[keep(file, at=at).pk] = None
        except FileRefused as refused:
            shown = clean(file.name or "")[:40]
            wrong.append(_("«%(name)s»: %(why)s") % {"name": shown, "why": refused} if shown else str(refused))
    if len(found) > MOST_PHOTOGRAPHS:
        said = ngettext("At most %(most)d photograph.", "At most %(most)d photographs.", MOST_PHOTOGRAPHS)
        wrong.append(said % {"most": MOST_PHOTOGRAPHS})
    return list(found)[:MOST_PHOTOGRAPHS], wrong


def signed(digests: list[str]) -> list[str]:
    """Digests as a form carries them along; nobody can put in one that was not handed in here."""
    return [signing.dumps(digest, salt=_SALT) for digest in digests]


def _kept_before(request: HttpRequest) -> list[str]:
    kept = []
    for token in request.POST.getlist("kept")[:MOST_PHOTOGRAPHS]:
        with suppress(signing.BadSignature):
            kept.append(str(signing.loads(token, salt=_SALT, max_age=12 * 3600)))
    return kept


def says_if_too_large(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Let a page answer a request that is too large itself: it finds `request.too_large` set and nothing posted.

    Without this the check against forged requests would read the form first and end in a bare 400.
    """
    checked = csrf_protect(page)

    @csrf_exempt
    @wraps(page)
    def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            request.POST.get("key")
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            _drain(request)
            request._mark_post_parse_error()  # type: ignore[attr-defined]
            request.too_large = True  # type: ignore[attr-defined]
            return page(request, *args, **kwargs)
        return checked(request, *args, **kwargs)

    return reading


def too_large(request: HttpRequest) -> str:
    """The sentence for a request that was too large; empty for any other."""
    return _("That was too much at once. Use fewer words, or smaller photographs.") if _is_too_large(request) else ""


def _is_too_large(request: HttpRequest) -> bool:
    return bool(getattr(request, "too_large", False))


def _drain(request: HttpRequest) -> None:
    left = DRAINED
    with suppress(UnreadablePostError, OSError):
        while left > 0 and (piece := request.read(1 << 16)):
            left -= len(piece)
