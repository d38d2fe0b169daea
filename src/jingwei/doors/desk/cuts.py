"""The administrator's pages on which a place is divided and a border is moved: drawn, looked at, then done."""

import json
from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from shapely.geometry import shape

from jingwei.doors.desk.ground_changes import day_said, said_in, to_change
from jingwei.doors.desk.officers import of_officer, sitting_at
from jingwei.imports.grids import MOST_BYTES
from jingwei.looks.maps import map_settings
from jingwei.organisations.models import Post
from jingwei.organisations.pack import Role
from jingwei.places import acts, cutting, dividing
from jingwei.places.coordinates import TITLES, System
from jingwei.places.models import Place
from jingwei.places.outline import side_by_side
from jingwei.places.pack import Layer, PlacesSection
from jingwei.places.queries import standing
from jingwei.places.refusals import GroundRefused
from jingwei.policy.queries import book
from jingwei.running.once import once, was_sent

MOST_PARTS = 6
LINE_MOST = 100_000
"""Characters of the lines a form sends."""
Seen = dict[str, Any]


def _page(
    request: HttpRequest, place: Place, said: Seen, look: Callable[[], Seen], do: Callable[[], int]
) -> HttpResponse:
    """The form; what would come of it; or, done once however often it is sent, the page of what came of it."""
    wrong: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            if request.POST.get("step") == "do":
                with once(request, timezone.now()) as new:
                    pk = do() if new else place.pk
                return redirect("desk:place", pk=pk)
            said |= look()
        except GroundRefused as refused:
            wrong = [(f"id_{refused.field}" if refused.field in ("line", "file") else "", refused.sentence)]
            said |= _again(look) if request.POST.get("step") == "do" else {}
    said |= {
        "place": place, "wrong": wrong, "today": timezone.localdate(), "line": said_in(request, "line", LINE_MOST),
        "systems": [(one.value, TITLES[one]) for one in System], "day": said_in(request, "day"),
        "basis": said_in(request, "basis"),
    }  # fmt: skip
    return render(request, "desk/cut_place.html", said, status=422 if wrong else 200)


def _again(look: Callable[[], Seen]) -> Seen:
    """What was looked at before, where that still can be drawn."""
    try:
        return look()
    except GroundRefused:
        return {}


def _by(request: HttpRequest) -> dict[str, Any]:
    return {
        "actor": sitting_at(request).actor, "at": timezone.now(), "day": day_said(request),
        "basis": said_in(request, "basis"),
    }  # fmt: skip


def _file(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    return file.read(MOST_BYTES + 1) if file is not None else b""


# ---- dividing


@of_officer(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def divide(request: HttpRequest, pk: int) -> HttpResponse:
    """Divide a grid or a community: along lines, by a map, or, where it was never drawn, by what lies in it."""
    if was_sent(request):
        return redirect("desk:place", pk=pk)
    place = to_change(request, pk)
    if place.layer not in ("grid", "community"):
        raise Http404
    many = _number(said_in(request, "many"), 2, MOST_PARTS)
    listed = [] if place.boundary else dividing.lying_in(place)
    asked = {one.pk: _number(said_in(request, f"in_{one.pk}"), 1, many) - 1 for one in listed if not one.compound_id}

    def drawn() -> list[dividing.Piece]:
        if not place.boundary:
            return dividing.pieces(place, [None] * many, asked)
        if data := _file(request):
            boundaries = dividing.by_map(place, dividing.shapes_in(data, said_in(request, "system")))
        elif carried := request.POST.get("drawn", ""):
            boundaries = dividing.by_map(place, dividing.carried(carried))
        else:
            boundaries = dividing.by_lines(place, said_in(request, "line", LINE_MOST))
        return dividing.pieces(place, boundaries, {})

    def names(found: list[dividing.Piece]) -> list[str]:
        return [said_in(request, f"name_{n}") or one.name for n, one in enumerate(found)]

    def look() -> Seen:
        found = drawn()
        boundaries = [one.boundary for one in found if one.boundary]
        words = book(place.county_id)[PlacesSection].layers
        named = enumerate(zip(found, names(found), strict=True))
        return {
            "parts": [_told(one, n, name, words) for n, (one, name) in named],
            "drawings": side_by_side(boundaries), "drawn": json.dumps(boundaries) if _carries(request) else "",
            "mains": [(str(n), _("Part %(number)s") % {"number": n + 1}) for n in range(len(found))],
        }  # fmt: skip

    def do() -> int:
        found = drawn()
        parts = dividing.parts_of(found, names(found), asked)
        wanted = names(found)[_number(said_in(request, "main"), 0, len(found) - 1)]
        main = next((n for n, part in enumerate(parts) if part.name == " ".join(wanted.split())), 0)
        acts.split(place, parts, main=main, **_by(request))
        return place.pk

    sits = Q(ground=place, until=None)
    said = {
        "title": _("Divide"), "divides": True, "many": many, "manies": [(n, n) for n in range(2, MOST_PARTS + 1)],
        "listed": [(one, asked.get(one.pk, 0) + 1) for one in listed if not one.compound_id],
        "numbers": [(n, n) for n in range(1, many + 1)],
        "posts": [post.full_title for post in Post.objects.filter(sits).select_related("organisation")[:40]],
        "map": _map(place), "can_draw": bool(place.boundary),
    }  # fmt: skip
    return _page(request, place, said, look, do)


def _carries(request: HttpRequest) -> bool:
    """Whether the parts come from a map, which a page cannot hand on as a file."""
    return bool(request.FILES.get("file") or request.POST.get("drawn"))


def _told(one: dividing.Piece, n: int, name: str, words: dict[Layer, Any]) -> Seen:
    holds = "、".join(f"{words[Layer(layer)]} {many}" for layer, many in one.holds.items())
    return {"n": n, "number": n + 1, "code": one.code, "name": name, "area": one.square_metres, "holds": holds}


def _number(said: str, least: int, most: int) -> int:
    return min(max(int(said), least), most) if said.isascii() and said.isdigit() and len(said) < 4 else least


def _map(place: Place, beside: Place | None = None) -> dict[str, str]:
    shapes = f"{reverse('desk:shapes')}?place={place.pk}" + (f"&beside={beside.pk}" if beside else "")
    return map_settings(shapes)


# ---- moving a border


@of_officer(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def border(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the line between two neighbouring grids anew."""
    if was_sent(request):
        return redirect("desk:place", pk=pk)
    place = to_change(request, pk)
    if place.layer != "grid":
        raise Http404
    near = _neighbours(place)
    asked = request.GET.get("beside", "")
    beside = next((one for one in near if str(one.pk) == asked), near[0] if near else None)

    def moved() -> cutting.Moved:
        if beside is None:
            raise GroundRefused(_("No grid with a boundary lies beside it."))
        if data := _file(request):
            forms = dividing.shapes_in(data, said_in(request, "system"))
            return cutting.border_between(place, beside, forms)
        if carried := request.POST.get("drawn", ""):
            return cutting.border_between(place, beside, dividing.carried(carried))
        return cutting.border_along(place, beside, cutting.lines_of(said_in(request, "line", LINE_MOST)))

    def look() -> Seen:
        found = moved()
        assert beside is not None
        both = [found.boundaries[one.pk] for one in (place, beside)]
        return {
            "moved": {"given": found.given, "taken": found.taken, "above": len(found.boundaries) > 2},
            "drawings": side_by_side(both), "drawn": json.dumps(both) if _carries(request) else "",
        }  # fmt: skip

    def do() -> int:
        acts.draw_anew(moved().boundaries, **_by(request))
        return place.pk

    said = {
        "title": _("Move the border"), "beside": beside, "can_draw": beside is not None, "map": _map(place, beside),
        "near": [(one.pk, str(one)) for one in near],
    }  # fmt: skip
    return _page(request, place, said, look, do)


def _neighbours(place: Place) -> list[Place]:
    """The grids that touch this one."""
    if not place.boundary:
        return []
    mine = shape(place.boundary)
    others = standing(place.county_id, "grid").exclude(pk=place.pk).exclude(boundary=None)
    found = others.select_related("parent__parent").order_by("code")
    return [one for one in found if one.boundary and shape(one.boundary).distance(mine) < 1e-6]
