"""What every page knows about itself: its size of type, its language, its county, and who is signed in."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from jingwei.looks.size import size_of


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame around every page.

    A door says more by setting attributes on the request before rendering: `county`, `sitting`,
    `navigation` (groups for the side bar), `bell` (number unread), `at` (the moment of the request), and
    `door` ({"home", "find", "bar"}: where the name and the search lead, and the template that fills the bar's end).
    """
    return {
        "size": size_of(request),
        "language": get_language() or settings.LANGUAGE_CODE,
        "filing_number": getattr(settings, "FILING_NUMBER", ""),
        "county": getattr(request, "county", None),
        "sitting": getattr(request, "sitting", None),
        "navigation": getattr(request, "navigation", ()),
        "bell": getattr(request, "bell", 0),
        "door": getattr(request, "door", None),
        "sought": "".join(mark for mark in request.GET.get("q", "") if mark.isprintable())[:100],
        "this_moment": _moment(request),
        "here": request.get_full_path(),
    }


def _moment(request: HttpRequest) -> datetime:
    said = getattr(request, "at", None)
    return said if isinstance(said, datetime) else timezone.now()
