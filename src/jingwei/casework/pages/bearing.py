"""Who bears a case's code: proved once, remembered for the session; guessing is slowed, not a house locked out."""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

from jingwei.casework.models import Case
from jingwei.casework.queries import case_by_code

CURRENT, BORNE = "case", "cases"
MOST_BORNE = 20
WINDOW = 600
"""Seconds in which wrong codes are counted."""
MOST_WRONG, MOST_WRONG_AT_ADDRESS = 20, 400
"""Wrong codes one browser, and one address, may try in a window: a compound stands behind one address."""


class TooManyWrong(Exception):
    """Codes are not found by trying: after many wrong ones, the look-up rests for ten minutes."""


def remember(request: HttpRequest, case: Case) -> None:
    """Let this session speak for `case`, and turn to it."""
    borne = [pk for pk in request.session.get(BORNE, []) if pk != case.pk]
    request.session[BORNE] = [*borne, case.pk][-MOST_BORNE:]
    request.session[CURRENT] = case.pk


def turned_to(request: HttpRequest) -> Case | None:
    """The case this session has turned to by its code; None where there is none."""
    pk = request.session.get(CURRENT)
    return Case.objects.select_related("place", "main", "county", "parent").filter(pk=pk).first() if pk else None


def bears(request: HttpRequest, case_id: int) -> bool:
    """Whether this session has shown the code of the case."""
    return case_id in request.session.get(BORNE, [])


def by_code(request: HttpRequest, code: str) -> Case | None:
    """The case of a code, remembered for the session; None for a wrong one. Raises TooManyWrong."""
    counts = _counts(request)
    if any(cache.get(name, 0) >= most for name, most in counts):
        raise TooManyWrong
    case = case_by_code(code[:40])
    if case is None:
        for name, _most in counts:
            cache.add(name, 0, WINDOW)
            cache.incr(name)
        return None
    remember(request, case)
    return case


def _counts(request: HttpRequest) -> tuple[tuple[str, int], tuple[str, int]]:
    address = request.META.get("REMOTE_ADDR", "")
    browser = f"{address} {request.headers.get('User-Agent', '')} {request.session.session_key or ''}"
    return (_name(browser), MOST_WRONG), (_name(address), MOST_WRONG_AT_ADDRESS)


def _name(said: str) -> str:
    return f"wrong-codes-{hashlib.sha256(said.encode()).hexdigest()[:32]}"
