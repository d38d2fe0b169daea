"""Pages for when there is no page: not found, not allowed, too much at once, busy, and an error of ours.

None of them asks the database, the session or whoever is signed in: they are also shown when those fail.
"""

import logging
import sys
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jingwei.looks.language import language_of
from jingwei.looks.size import size_of
from jingwei.running import metrics
from jingwei.running.arriving import number_of
from jingwei.running.busy import is_full, why_busy

log = logging.getLogger(__name__)

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
SOON = 5
"""Seconds after which a busy server is worth another try (Retry-After)."""
HOTLINE = "12345"
"""The government's hotline everywhere in the country, where the county's own is not known yet."""

HOTLINES: dict[str, str] = {}
"""The counties' own, by their codes, as this process last read them from their packs; nothing is asked for them."""


@dataclass(frozen=True)
class Said:
    """What such a page says: what happened, and what to do next."""

    status: int
    title: Promise
    happened: Promise
    next_move: Promise


TOO_LARGE = Said(
    413,
    _("Too much at once"),
    _("What was sent is larger than this server takes, and none of it was kept."),
    _("Go back, use fewer words or smaller photographs, and send it again."),
)
NOT_UNDERSTOOD = Said(
    400,
    _("Not understood"),
    _("The request did not arrive as it should. Nothing was done."),
    _("Go back, reload the page, and try again."),
)
NOT_ALLOWED = Said(
    403,
    _("Not from here"),
    _("This page is not for the post you sit at, or you have no part in it."),
    _("Choose another post, or ask whoever gave you the address."),
)
FORGED = Said(
    403,
    _("The page was open too long"),
    _("To be safe, what you sent was not done: the page you sent it from is no longer valid here."),
    _("Go back, reload the page, and send it again. Cookies must be allowed for this site."),
)
NOT_FOUND = Said(
    404,
    _("There is no such page"),
    _("Nothing is kept under this address, or it is not for you to see."),
    _("Look at the address once more, or begin at the front page."),
)
NOT_SO = Said(
    405,
    _("Not this way"),
    _("This address does not take what was sent to it. Nothing was done."),
    _("Begin at the front page."),
)
BUSY = Said(
    503,
    _("Many are here at the moment"),
    _("The system has more to do than it can at this moment, so it tells you at once instead of letting you wait."),
    _("Try again in half a minute. What you were sending can be sent again: it is done only once."),
)
FULL = Said(
    507,
    _("No room is left"),
    _("The disk of this server is full, so what you sent could not be kept. All that was taken in before is safe."),
    _("Try again in a while, or ring the hotline; what you were sending can be sent again, it is done only once."),
)
FAULT = Said(
    500,
    _("Something went wrong here"),
    _("That is our fault, not yours. It has been noted under the number below."),
    _("Try again in a while; what you were sending can be sent again, it is done only once."),
)


def page(request: HttpRequest, said: Said, *, sentence: str = "", number: bool = False) -> HttpResponse:
    """The page for `said`; a part of a page for htmx, a line of text for whoever wants no HTML."""
    if _wants_text(request):
        with translation.override(language_of(request)):
            text = f"{sentence or said.happened}\n{said.next_move}\n"
        return HttpResponse(text, status=said.status, content_type="text/plain; charset=utf-8")
    drawn = _drawn(request, said, sentence, number_of(request) if number else "")
    return _response(drawn, said.status)


def busy(request: HttpRequest, why: str) -> HttpResponse:
    """503 with Retry-After; drawn once for each look of it and kept, so that it costs next to nothing."""
    metrics.TURNED_AWAY.labels(why).inc()
    request.busy = why  # type: ignore[attr-defined]
    if _wants_text(request):
        response = page(request, BUSY)
    else:
        kind = (_is_part(request), size_of(request), language_of(request), _home(request), hotline_for(request))
        if kind not in _kept:
            _kept[kind] = _drawn(request, BUSY)
        response = _response(_kept[kind], BUSY.status)
    response.headers["Retry-After"] = str(SOON)
    return response


_kept: dict[tuple[bool, str, str, str, str], str] = {}


def _response(body: str, status: int) -> HttpResponse:
    response = HttpResponse(body, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _drawn(request: HttpRequest, said: Said, sentence: str = "", number: str = "") -> str:
    language = language_of(request)
    context = {
        "said": said,
        "sentence": sentence or said.happened,
        "number": number,
        "home": _home(request),
        "hotline": hotline_for(request),
        "size": size_of(request),
        "language": language,
        "filing_number": settings.FILING_NUMBER,
    }
    with translation.override(language):
        return render_to_string("running/part.html" if _is_part(request) else "running/page.html", context)


def hotline_for(request: HttpRequest) -> str:
    """The number to ring: that of the page's county; of the only one there is; of the whole country."""
    county = getattr(request, "county", None)
    here = HOTLINES.get(getattr(county, "pk", ""), "")
    everywhere = set(HOTLINES.values())
    return here or (next(iter(everywhere)) if len(everywhere) == 1 else HOTLINE)


def _is_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of a page."""
    return request.headers.get("HX-Request") == "true"


def _home(request: HttpRequest) -> str:
    return "/desk/" if request.path_info.startswith("/desk/") else "/"


def _wants_text(request: HttpRequest) -> bool:
    """Whether a program asks, or somebody who watches the server: neither wants a page."""
    accepts = request.headers.get("Accept", "*/*")
    return request.path_info.startswith("/-/") or ("text/html" not in accepts and "*/*" not in accepts)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; or 413 where it was too much. Named in `urls.py`, as the three below."""
    request.refused_as = type(exception).__name__  # type: ignore[attr-defined]
    return page(request, TOO_LARGE if isinstance(exception, TOO_MUCH) else NOT_UNDERSTOOD)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the sentence of whoever refused."""
    return page(request, NOT_ALLOWED, sentence=str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return page(request, NOT_FOUND)


def fault(request: HttpRequest) -> HttpResponse:
    """500 with the number of the request; 503 where the database was only busy or away, 507 where a disk is full."""
    return passing(request, sys.exc_info()[1]) or page(request, FAULT, number=True)


KEYLESS: list[type[Exception]] = []
"""Errors that mean that the keys of personal data are not at hand; the room that keeps them says so."""

WITHOUT_KEYS = Said(
    503,
    _("The keys of personal data are missing"),
    _("Names, numbers and words are locked, and this server does not have the key file that opens them."),
    _("Whoever runs this server brings the key file back, as after a restore without keys."),
)


def passing(request: HttpRequest, fault: BaseException | None) -> HttpResponse | None:
    """The answer to an error that passes, or that only room on the disk mends; None for an error of ours."""
    if is_full(fault):
        log.error("A disk is full: nothing more can be kept. Make room; work goes on by itself.")
        return page(request, FULL, number=True)
    if any(isinstance(fault, one) for one in KEYLESS):
        log.error("The key file that opens personal data is missing, or belongs to another database.")
        return page(request, WITHOUT_KEYS, number=True)
    why = why_busy(fault)
    return busy(request, why) if why else None


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token: nearly always a page that was open for too long. Named in the settings."""
    request.refused_as = "CSRF"  # type: ignore[attr-defined]
    return page(request, FORGED)


def in_words(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response, or a page in its place where it is a bare "method not allowed"."""
    if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.streaming or response.content:
        return response
    worded = page(request, NOT_SO)
    worded.headers["Allow"] = response.headers["Allow"]
    return worded
