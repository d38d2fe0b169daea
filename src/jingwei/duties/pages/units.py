"""How the units of a place stand with their duties, and one unit with its turns and excuses."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.accounts.sitting import at_a_post
from jingwei.duties.acts import end_excuse as take_back
from jingwei.duties.models import Excuse
from jingwei.duties.pack import DutiesSection
from jingwei.duties.pages.excusing import ExcuseForm
from jingwei.duties.pages.feeds import address_of_feed
from jingwei.duties.pages.frame import COUNTED, by_day, counts, frame, period_of, shown_once, sitting_of
from jingwei.duties.queries import NOT_OWED, STATES, State, owed_within, standing_on
from jingwei.duties.sight import may_excuse, turns_seen_by, units_seen_by
from jingwei.organisations.models import Organisation
from jingwei.policy.queries import book
from jingwei.running.once import once
from jingwei.worktime import Every, Period


@require_safe
@at_a_post
def units(request: HttpRequest) -> HttpResponse:
    """How many turns each unit owes in a period, and how they stand; each number opens to the turns it counts."""
    sitting, today = sitting_of(request), timezone.localdate()
    period = period_of(request, Every.MONTH, today)
    stood = standing_on(owed_within(turns_seen_by(sitting.post), period), today)
    counted: dict[Organisation, Counter[State]] = {}
    for one in stood:
        if one.state not in NOT_OWED:
            counted.setdefault(one.turn.organisation, Counter())[one.state] += 1
    rows = [
        {"unit": unit, "href": _address(unit, period), "cells": _cells(unit, period, states)}
        for unit, states in sorted(counted.items(), key=lambda pair: (pair[0].ground.path, pair[0].pk))
    ]
    titles = [STATES[state] for state in COUNTED]
    said = {"rows": rows, "titles": titles, "counts": counts(stood), "ground": sitting.post.ground}
    said |= {"feed": address_of_feed(request, ground=True), **frame(request, period, today)}
    return render(request, "duties/units_printed.html" if "print" in request.GET else "duties/units.html", said)


@require_http_methods(["GET", "HEAD", "POST"])
@at_a_post
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """The turns of one unit in a period, all or those that stand in one way; and excusing it from some days."""
    sitting = sitting_of(request)
    one = _seen(request, pk)
    able = may_excuse(sitting.post, one)
    if request.method != "POST":
        return _page(request, one, ExcuseForm(one) if able else None)
    if not able:
        raise PermissionDenied
    form = ExcuseForm(one, request.POST)
    with once(request, timezone.now()):  # of two at the same moment the second waits, and finds it given
        given = form.is_valid() and form.give(sitting)
    if given:
        return redirect("desk:duties_unit", pk=one.pk)
    return _page(request, one, form, status=422)


@require_POST
@at_a_post
def end_excuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an excuse back."""
    sitting = sitting_of(request)
    seen = Q(organisation__in=units_seen_by(sitting.post))
    given = get_object_or_404(Excuse.objects.select_related("organisation__ground").filter(seen), pk=pk)
    if not may_excuse(sitting.post, given.organisation):
        raise PermissionDenied
    take_back(given, actor=sitting.actor, at=timezone.now())
    return redirect("desk:duties_unit", pk=given.organisation_id)


def _seen(request: HttpRequest, pk: int) -> Organisation:
    return get_object_or_404(units_seen_by(sitting_of(request).post).select_related("ground"), pk=pk)


def _address(unit_: Organisation, period: Period, state: str = "") -> str:
    said = {"period": str(period), "state": state}
    words = urlencode({name: value for name, value in said.items() if value})
    return f"{reverse('desk:duties_unit', args=[unit_.pk])}?{words}"


def _cells(unit_: Organisation, period: Period, states: Counter[State]) -> list[dict[str, Any]]:
    return [
        {"title": STATES[state], "many": states[state], "href": _address(unit_, period, state)} for state in COUNTED
    ]


def _page(request: HttpRequest, unit_: Organisation, form: ExcuseForm | None, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    period, wanted = period_of(request, Every.MONTH, today), request.GET.get("state", "")
    turns = turns_seen_by(sitting_of(request).post).filter(organisation=unit_)
    stood = standing_on(owed_within(turns, period), today)
    own = sitting_of(request).post.organisation_id == unit_.pk
    wished = [one for one in stood if wanted in ("", one.state)]
    said = {
        "unit": unit_,
        "days": by_day(wished, may_begin=own),
        "shown": shown_once(wished),
        "chips": _chips(unit_, period, wanted, Counter(one.state for one in stood)),
        "form": form,
        "excuses": _excuses(unit_),
        "feed": address_of_feed(request, unit_),
        "sheet": {"red": unit_.ground, "title": _("Duties of “%(title)s”") % {"title": unit_}},
        "back": reverse("desk:duties_unit", args=[unit_.pk]),
        "whose": True,
        **frame(request, period, today),
    }
    page = "duties/printed.html" if "print" in request.GET else "duties/unit.html"
    return render(request, page, said, status=status)


def _chips(unit_: Organisation, period: Period, wanted: str, states: Counter[State]) -> list[dict[str, Any]]:
    all_ = {"label": _("All"), "href": _address(unit_, period), "current": not wanted, "count": states.total()}
    return [
        all_,
        *(
            {"label": STATES[state], "href": _address(unit_, period, state), "current": wanted == state, "count": many}
            for state, many in states.items()
        ),
    ]


def _excuses(unit_: Organisation) -> list[dict[str, Any]]:
    grounds = {line.key: str(line) for line in book(unit_.county_id)[DutiesSection].excuses}
    given = Excuse.objects.filter(organisation=unit_, ended_at=None, last__gte=timezone.localdate())
    return [
        {"excuse": one, "ground": grounds.get(one.ground, one.ground), "whose": one.post or unit_}
        for one in given.select_related("post").order_by("first", "pk")
    ]
