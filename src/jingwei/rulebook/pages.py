"""Pages of the rule book, at the desk and at the residents' door, and the same as a PDF."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.paper.press import pressed
from jingwei.paper.sending import sent
from jingwei.policy.models import County
from jingwei.rulebook.pressing import said_of
from jingwei.rulebook.reading import RuleBook, edition_today, rule_book


@require_safe
@at_a_post
def today(request: HttpRequest) -> HttpResponse:
    """The rule book that the county works by today; it says under which address this edition stays."""
    county = County.objects.get(pk=_sitting(request).county_code)
    return _at_the_desk(request, edition_today(county))


@require_safe
@at_a_post
def for_staff(request: HttpRequest, edition: str) -> HttpResponse:
    """The whole rule book, of today or of before."""
    return _at_the_desk(request, edition)


def _at_the_desk(request: HttpRequest, edition: str) -> HttpResponse:
    book = rule_book(edition, public=False, county_code=_sitting(request).county_code)
    return render(request, "rulebook/desk.html", {"book": book, "today": edition_today(book.county)})


@require_safe
@at_a_post
def staff_pdf(request: HttpRequest, edition: str) -> HttpResponse:
    """The whole rule book on paper."""
    return _pdf(rule_book(edition, public=False, county_code=_sitting(request).county_code))


@require_safe
def residents_today(request: HttpRequest) -> HttpResponse:
    """What residents read of it, of the county of the address, or of the only one."""
    counties = list(County.objects.order_by("code"))
    chosen = [one for one in counties if one.pk == request.GET.get("county", "")] or counties
    if len(chosen) != 1:
        return redirect("doorstep:front")
    return for_residents(request, edition_today(chosen[0]))


@require_safe
def for_residents(request: HttpRequest, edition: str) -> HttpResponse:
    """What a resident may expect: the public chapters, and nothing about anybody."""
    book = rule_book(edition, public=True)
    request.county = book.county  # type: ignore[attr-defined]
    return render(request, "rulebook/residents.html", {"book": book, "today": edition_today(book.county)})


@require_safe
def residents_pdf(request: HttpRequest, edition: str) -> HttpResponse:
    """The public chapters on paper."""
    return _pdf(rule_book(edition, public=True))


def _sitting(request: HttpRequest) -> Sitting:
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    return sitting


def _pdf(book: RuleBook) -> HttpResponse:
    return sent(f"rules-{book.county.pk}-{book.edition}.pdf", lambda: _pressed(book, get_language()))


@lru_cache(maxsize=8)
def _pressed(book: RuleBook, language: str | None) -> bytes:
    """Kept by the process, since an edition never changes and residents may ask for it as often as they like."""
    title = _("What you may expect") if book.public else _("Rule book")
    said = said_of(book, f"{book.county} · {title}")
    return pressed("rule_book", said, timezone.localtime(book.adopted_at))
