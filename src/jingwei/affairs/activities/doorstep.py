"""Activities at the residents' door: the county's calendar, one with its places, its poster, and certificates."""

from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jingwei.affairs.activities.acts import ActivityRefused
from jingwei.affairs.activities.certificates import verified
from jingwei.affairs.activities.models import Activity, SignUp, State
from jingwei.affairs.activities.pack import ActivitiesSection
from jingwei.affairs.activities.printing import poster_pdf
from jingwei.affairs.activities.signing import MOST, Taking, by_code, code_of, sign_up, withdraw
from jingwei.affairs.activities.waiting import is_open
from jingwei.affairs.privacy.public import county_of
from jingwei.casework.pages import limiting
from jingwei.casework.pages.taking import fresh_key, key_of, words_of
from jingwei.paper.sending import sent
from jingwei.people.lists import NotOnTheList
from jingwei.people.numbers import plain_telephone, reads_as_telephone
from jingwei.policy.queries import book
from jingwei.running.limits import give_back, limited, take

ON_A_PAGE = 30
BORNE = "activity_codes"
"""Under this name a session keeps the codes of the places it took."""


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """What there is to come to, the next first."""
    county = county_of(request)
    if county is None:
        return redirect("doorstep:front")
    request.county, at = county, timezone.now()  # type: ignore[attr-defined]
    coming = Activity.objects.filter(county=county, published_at__isnull=False, held_at=None, ends_at__gt=at)
    page = Paginator(coming.select_related("organisation").order_by("begins_at", "pk"), ON_A_PAGE)
    sorts = book(county.pk)[ActivitiesSection]
    shown = page.get_page(request.GET.get("page"))
    for one in shown:
        one.next_day = min((day for day in one.days if day >= at), default=one.begins_at)  # type: ignore[attr-defined]
        one.named = str(sorts.line(one.sort) or "")  # type: ignore[attr-defined]
    return render(request, "activities/calendar.html", {"page": shown, "county_code": county.pk})


@never_cache
@limited
@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """One activity: when and where, take a place, look it up by its code, give it back."""
    what, at = _published(pk), timezone.now()
    request.county, request.at = what.county, at  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, what, at)
    taken = take(request, limiting.WORDS, at)
    if taken.refused:
        said = [("", limiting.sentence(taken, what.county))]
        return limiting.rest(_page(request, what, at, wrong=said), taken)
    if request.POST.get("do") == "sign_up":
        return _signed_up(request, what, at)
    found = by_code(what, words_of(request, "code")[:20])
    if found is None:
        return _page(request, what, at, wrong=[("id_code", _("Nobody took a place with this code, or gave it back."))])
    give_back(taken)
    if request.POST.get("do") == "withdraw":
        withdraw(found, at=at)
        _bear(request, what, "")
        messages.success(request, _("Your place was given back, and your name and number, if you left any, are gone."))
    else:
        _bear(request, what, code_of(found))
    return redirect("doorstep:activity", pk=what.pk)


def _signed_up(request: HttpRequest, what: Activity, at: datetime) -> HttpResponse:
    asked, wrong = _asked(request, what)
    if not wrong:
        try:
            row = sign_up(what, asked, at=at, key=key_of(request))
        except (ActivityRefused, NotOnTheList) as refused:
            wrong = [("", str(refused.sentence))]
        else:
            _bear(request, what, code_of(row))
            return redirect("doorstep:activity", pk=what.pk)
    return _page(request, what, at, wrong=wrong, asked=asked)


def _asked(request: HttpRequest, what: Activity) -> tuple[Taking, list[tuple[str, str]]]:
    """What the form says, and what is wrong with it."""
    said, wrong = request.POST.get("places", "1").strip(), []
    places = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0
    if not 1 <= places <= MOST:
        wrong.append(("id_places", _("Take from 1 to %(most)d places.") % {"most": MOST}))
    if not what.asks_contact:
        return Taking(places), wrong
    name = " ".join(words_of(request, "name").split())[:40]
    telephone = plain_telephone(words_of(request, "telephone"))
    if not name:
        wrong.append(("id_name", _("Write your name, please.")))
    if not reads_as_telephone(telephone):
        wrong.append(
            ("id_telephone", _("This telephone number looks wrong: 11 digits, or a landline as 0311-12345678."))
        )
    return Taking(places, name, telephone), wrong


def _bear(request: HttpRequest, what: Activity, code: str) -> None:
    codes = {k: v for k, v in request.session.get(BORNE, {}).items() if k != str(what.pk)}
    request.session[BORNE] = codes | ({str(what.pk): code} if code else {})


def _page(
    request: HttpRequest, what: Activity, at: datetime, *, wrong: list[tuple[str, str]] | None = None,
    asked: Taking | None = None,
) -> HttpResponse:  # fmt: skip
    code = request.session.get(BORNE, {}).get(str(what.pk), "")
    mine: SignUp | None = by_code(what, code) if code else None
    free = None if what.room is None else max(0, what.room - what.taken)
    line = book(what.county_id)[ActivitiesSection].line(what.sort)
    said: dict[str, Any] = {
        "activity": what, "sort": str(line or ""), "open": is_open(what, at), "mine": mine,
        "code": code if mine else "", "free": free, "wrong": wrong or [], "asked": asked or Taking(),
        "photographs": list(what.photographs.exclude(shown_at=None).exclude(blob__ready_at=None).order_by("pk")),
        "key": fresh_key(), "cancelled": what.state == State.CANCELLED, "held": what.state == State.HELD,
    }  # fmt: skip
    return render(request, "activities/public.html", said, status=422 if wrong else 200)


@require_safe
def poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet to hang up, with the code that leads to the page."""
    what = _published(pk)
    request.county = what.county  # type: ignore[attr-defined]
    address = f"{settings.BASE_URL}{reverse('doorstep:activity', args=[pk])}"
    said = {"activity": what, "drawing": _drawing(address), "address": address}
    return render(request, "activities/poster.html", said)


@require_safe
def poster_as_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a PDF."""
    return sent(f"poster-{pk}.pdf", lambda: poster_pdf(_published(pk), timezone.now()))


def _drawing(address: str) -> SafeString:
    code = segno.make(address, error="m", micro=False)
    return mark_safe(code.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None))  # noqa: S308  (our own address)


@never_cache
@limited
@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: HttpRequest) -> HttpResponse:
    """Whether a certificate is genuine: by its number and the first character of the name on it."""
    at, found, asked = timezone.now(), None, request.method == "POST"
    number, initial = words_of(request, "number")[:40], words_of(request, "initial")[:1]
    county = county_of(request)
    request.county = county  # type: ignore[attr-defined]
    said: dict[str, Any] = {"number": number, "initial": initial, "asked": asked}
    if asked:
        taken = take(request, limiting.GUESSES, at)
        if taken.refused:
            said |= {"asked": False, "wrong": [("", limiting.sentence(taken, county))]}
            return limiting.rest(render(request, "activities/verify.html", said), taken)
        found = verified(number, initial)
        if found is not None:
            give_back(taken)
    return render(request, "activities/verify.html", said | {"found": found})


def _published(pk: int) -> Activity:
    announced = Activity.objects.filter(published_at__isnull=False).select_related("organisation", "county")
    return get_object_or_404(announced, pk=pk)
