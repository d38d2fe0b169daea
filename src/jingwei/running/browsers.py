"""Telling one browser from another behind one address, by a random mark of its own that says nothing else."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "browser"
KEPT = timedelta(days=30)
KNOWN_AFTER = timedelta(hours=1)
"""A mark this old is not one that was fetched a moment ago to begin a new bucket with."""

_SALT = "browser's mark"


@dataclass(frozen=True)
class Browser:
    """One browser: its mark, empty where it showed none, and since when it has it."""

    mark: str
    since: datetime | None

    def is_known(self, at: datetime) -> bool:
        """Whether it had its mark before whatever goes on now began."""
        return self.since is not None and self.since + KNOWN_AFTER <= at


STRANGER = Browser("", None)


def browser_of(request: HttpRequest, at: datetime) -> Browser:
    """The browser a request comes from; a mark that we did not sign, or that is too old, is none."""
    try:
        mark, seconds = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT)
        since = datetime.fromtimestamp(int(seconds), at.tzinfo)
    except (signing.BadSignature, ValueError, TypeError, OverflowError):
        return STRANGER
    return Browser(str(mark), since) if since <= at + timedelta(minutes=5) and at < since + KEPT else STRANGER


def mark(response: HttpResponse, request: HttpRequest, at: datetime) -> None:
    """Give the browser a mark unless it has one. Random, HttpOnly, gone after 30 days, kept nowhere in clear."""
    if browser_of(request, at) is not STRANGER:
        return
    value = signing.dumps([secrets.token_hex(12), int(at.timestamp())], salt=_SALT)
    response.set_cookie(
        COOKIE, value, max_age=int(KEPT.total_seconds()), httponly=True, samesite="Lax", secure=request.is_secure()
    )
