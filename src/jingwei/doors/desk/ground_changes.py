"""The administrator's page by which the ground is changed: renamed, put under another place, merged, dissolved."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jingwei.doors.desk.officers import of_officer, sitting_at
from jingwei.organisations.pack import Role
from jingwei.places import acts
from jingwei.places.choosing import Choice, Group, grouped
from jingwei.places.models import PATH_LAYERS, Change, Place
from jingwei.places.queries import standing, subtree
from jingwei.places.refusals import GroundRefused
from jingwei.running.once import once, was_sent

Deed = Callable[[Place, HttpRequest, dict[str, Any]], Change]


@of_officer(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one place from a day on; what stands there goes along."""
    if was_sent(request):
        return redirect("desk:place", pk=pk)
    sitting, place = sitting_at(request), to_change(request, pk)
    wrong: list[tuple[str, str]] = []
    if request.method == "POST":
        deed = DEEDS.get(request.POST.get("deed", ""))
        if deed is None:
            raise Http404
        at = timezone.now()
        try:
            said = {"actor": sitting.actor, "at": at, "day": day_said(request), "basis": said_in(request, "basis")}
            with once(request, at) as new:
                if new:
                    deed(place, request, said)
        except GroundRefused as refused:
            wrong = [("", refused.sentence)]
        else:
            return redirect("desk:place", pk=pk)
    said = {"place": place, "wrong": wrong, "today": timezone.localdate(), **_choices(place)}
    return render(request, "desk/change_place.html", said, status=422 if wrong else 200)


def _choices(place: Place) -> dict[str, list[Choice | Group]]:
    """Where a place may be put, and what may be merged with it."""
    n = PATH_LAYERS.index(place.layer)
    above = (
        standing(place.county_id, PATH_LAYERS[n - 1]).exclude(pk=place.parent_id or 0)
        if n > 1
        else Place.objects.none()
    )
    ground = place.parent.path if place.parent else place.path
    sisters = standing(place.county_id, place.layer).filter(**subtree(ground)).exclude(pk=place.pk) if n else above
    return {
        "above": _listed(above) and [("", _("Choose a place from the list.")), *_listed(above)],
        "sisters": _listed(sisters) and [("", _("Choose a place from the list.")), *_listed(sisters)],
    }


def _listed(places: QuerySet[Place]) -> list[Choice | Group]:
    return grouped(places.defer("boundary").order_by("code")[:500], lambda one: (one.pk, f"{one} {one.code}"))


def to_change(request: HttpRequest, pk: int) -> Place:
    """A standing place of the sight path on the administrator's own ground."""
    sitting = sitting_at(request)
    found = Place.objects.select_related("parent__parent").filter(pk=pk, county_id=sitting.county_code, rank=0)
    place = found.first()
    if place is None or not sitting.post.ground.covers(place.path) or place.until is not None:
        raise Http404
    return place


def said_in(request: HttpRequest, name: str, most: int = 200) -> str:
    """What a form says, without what the database cannot keep."""
    return request.POST.get(name, "").replace("\x00", "").strip()[:most]


def day_said(request: HttpRequest) -> dt.date | None:
    try:
        return dt.date.fromisoformat(said_in(request, "day")) if said_in(request, "day") else None
    except ValueError:
        raise GroundRefused(_("Write the day like 2026-03-01."), "day") from None


def _chosen(request: HttpRequest, name: str, place: Place) -> Place:
    """A standing place of the administrator's ground that a form chose."""
    said = said_in(request, name)
    pk = int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0
    found = standing(place.county_id).filter(pk=pk, rank=0).first()
    if found is None or not sitting_at(request).post.ground.covers(found.path):
        raise GroundRefused(_("Choose a place from the list."), name)
    return found


def _rename(place: Place, request: HttpRequest, said: dict[str, Any]) -> Change:
    return acts.rename(place, said_in(request, "name"), said_in(request, "english"), **said)


def _move(place: Place, request: HttpRequest, said: dict[str, Any]) -> Change:
    to = _chosen(request, "to", place)
    return acts.move(place, to, **said)


def _merge(place: Place, request: HttpRequest, said: dict[str, Any]) -> Change:
    other = _chosen(request, "other", place)
    return acts.merge(place, [other], name=said_in(request, "name"), **said)


def _dissolve(place: Place, request: HttpRequest, said: dict[str, Any]) -> Change:
    return acts.dissolve(place, successor=_chosen(request, "successor", place), **said)


DEEDS: dict[str, Deed] = {"rename": _rename, "move": _move, "merge": _merge, "dissolve": _dissolve}
