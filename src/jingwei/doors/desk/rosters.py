"""The rosters: handed in, looked at, mended, tried, adopted, taken back; and what a new county still lacks."""

import io
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.doors.desk.ground import lines_of
from jingwei.doors.desk.officers import of_officer, sitting_at
from jingwei.doors.desk.set_up import steps_of
from jingwei.imports import grids, handing, keeping, previewing, recognising, trying
from jingwei.imports.adopting import CannotUndo
from jingwei.imports.blanks import write_blank
from jingwei.imports.handing import HandingRefused
from jingwei.imports.mapping import Value
from jingwei.imports.models import Handed
from jingwei.imports.pack import RostersSection
from jingwei.imports.recognising import Match, Recognised
from jingwei.imports.refusals import MapRefused, SheetRefused
from jingwei.imports.returning import GEOMETRY, write_back, write_features_back
from jingwei.imports.rosters import Roster, roster_named, rosters
from jingwei.looks.maps import map_settings
from jingwei.organisations.pack import Role
from jingwei.people.lists import NotOnTheList
from jingwei.policy.queries import book as book_of
from jingwei.running.once import once

A_PAGE = 30
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Page = Callable[..., HttpResponseBase]


def of_the_county(page: Page) -> Page:
    """Let only the county's own administrator in: a roster speaks of the whole county."""

    @of_officer(Role.ADMINISTRATOR)
    @wraps(page)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        ground = sitting_at(request).post.ground
        if ground.layer != "county":
            sentence = _("Rosters are brought in by the county's administrator. Send yours there.")
            return render(request, "desk/refused.html", {"sentence": sentence}, status=403)
        return page(request, *args, **kwargs)

    return guarded


@of_the_county
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """Hand a roster in; what was handed in before; what a new county still lacks."""
    wrong = ""
    if request.method == "POST":
        try:
            handed = _take(request)
        except (SheetRefused, MapRefused, HandingRefused) as no:
            wrong = str(no)
        except NotOnTheList as no:
            wrong = no.sentence
        else:
            return redirect("desk:roster", pk=handed.pk) if handed else redirect("desk:rosters")
    sitting = sitting_at(request)
    page = Paginator(handing.handed_under(sitting.county_code, sitting.post.ground.path), A_PAGE)
    shown = page.get_page(request.GET.get("page"))
    titles = {one.name: str(one.title) for one in rosters()}
    said = {
        "page": shown,
        "handed_in": [(handed, titles.get(handed.roster, handed.roster)) for handed in shown],
        "rosters": rosters(),
        "steps": steps_of(sitting.county_code),
        "wrong": [("id_file", wrong)] if wrong else [],
    }
    return render(request, "desk/rosters.html", said, status=422 if wrong else 200)


def _take(request: HttpRequest) -> Handed | None:
    sitting, at = sitting_at(request), timezone.now()
    file = request.FILES.get("file")
    if file is None or not file.name:
        raise HandingRefused(_("Choose a file first."))
    data = file.read(grids.MOST_BYTES + 1)
    with once(request, at) as new:
        if not new:
            return None
        ground = sitting.post.ground.path
        return handing.take(
            data, file.name.replace("\x00", ""), county=sitting.county_code, ground=ground, actor=sitting.actor, at=at
        )


@of_the_county
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One roster: what it was taken for, its first rows, what a trial or its adoption came to."""
    return _page(request, _handed(request, pk))


@of_the_county
@require_POST
def do(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take it for something else, mend its columns, try it, adopt it, take it back."""
    handed = _handed(request, pk)
    if (deed := DEEDS.get(name)) is None:
        raise Http404
    try:
        deed(request, handed)
    except (HandingRefused, SheetRefused, MapRefused) as no:
        return _page(request, handed, [str(no)], status=422)
    except CannotUndo as no:
        return _page(request, handed, [_("It cannot be taken back."), *no.reasons[:20]], status=422)
    return redirect("desk:roster", pk=pk)


def _handed(request: HttpRequest, pk: int) -> Handed:
    sitting = sitting_at(request)
    found = Handed.objects.filter(county=sitting.county_code, ground__startswith=sitting.post.ground.path)
    return get_object_or_404(found.select_related("run"), pk=pk)


def _page(request: HttpRequest, handed: Handed, wrong: list[str] | None = None, status: int = 200) -> HttpResponse:
    said: dict[str, Any] = {
        "handed": handed,
        "roster": roster_named(handed.roster),
        "wrong": [("", sentence) for sentence in wrong or []],
        "refused": keeping.refused_of(handed)[: handing.MOST_SHOWN],
        "percent": 100 * handed.done // handed.of if handed.of else 0,
        "open": handed.state in (Handed.ARRIVED, Handed.TRIED, Handed.BROKEN) and bool(handed.content),
        "ask_key": uuid4(),
        "drew": handed.row == 0,  # a sheet's column names stand in a row, a map's in none
    }
    if said["open"]:
        said |= _recognised(handed)
    if said.get("found") and said["found"].roster.outline is not None:
        said |= {"map": map_settings(reverse("desk:roster_shapes", args=[handed.pk])), **_listed(handed)}
    return render(request, "desk/roster.html", said, status=status)


def _recognised(handed: Handed) -> dict[str, Any]:
    """What the file is taken to be, for the page: columns to choose from, first rows as they would be read."""
    with keeping.file_of(handed) as path:
        try:
            found = handing.seen(handed, path)
            words = handing.words_of(handed.county_id, found.roster.name)
            rows = recognising.sample(path, found, words, handing.whole_of(handed))
        except (SheetRefused, MapRefused) as no:
            return {"unreadable": str(no)}
    return {
        "found": found,
        "matches": [
            (match, [("", _("none")), *((c, c) for c in found.header)], HOW[match.how]) for match in found.matches
        ],
        "shown": [match.field for match in _told(found)],
        "sample": [(number, _cells(found, values), why) for number, values, why in rows],
        "unread": [name for name in found.header if name not in set(found.columns.values())],
        "remarks": recognising.remarks(found),
        "roster_options": [(o.name, o.title) for o in rosters() if not found.drawn or o.outline is not None],
        "sheet_options": [(page.name, page.name) for page in found.pages if page.rows],
        "row_options": [] if found.drawn else [(number, _row_words(number, cells)) for number, cells in _top(found)],
        "asked": handing.asked_of(handed),
    }


def _told(found: Recognised) -> list[Match]:
    """The fields that the table of first rows shows; a drawing is shown on the map."""
    return [match for match in found.matches if match.column and match.field.name != GEOMETRY]


def _cells(found: Recognised, values: dict[str, Value]) -> list[tuple[str, str]]:
    told = [(str(match.field.title), values.get(match.field.name)) for match in _told(found)]
    return [(title, _short(said)) for title, said in told]


def _short(said: Value) -> str:
    """A value as the page shows it; a drawing only as far as it tells what it is."""
    if said is None:
        return ""
    words = f"{said:.10g}" if isinstance(said, float) else str(said)
    return words if len(words) <= 80 else words[:60] + "…"


def _top(found: Recognised) -> list[tuple[int, list[Any]]]:
    page = next(page for page in found.pages if page.name == found.sheet)
    return page.rows[:12]


def _row_words(number: int, cells: list[Any]) -> str:
    told = "、".join(str(cell).replace("\n", "") for cell in cells if cell is not None)
    return _("row %(row)s: %(words)s") % {"row": number, "words": told[:40] + ("…" if len(told) > 40 else "")}


HOW = {
    "": gettext_lazy("not in the sheet"),
    "same": gettext_lazy("same name"),
    "last": gettext_lazy("same name"),
    "part": gettext_lazy("part of the name; please look"),
    "like": gettext_lazy("a similar name; please look"),
    "content": gettext_lazy("by what stands in it; please look"),
    "kept": gettext_lazy("as mended before"),
    "chosen": gettext_lazy("as you chose"),
}


# ---- deeds


def _choose(request: HttpRequest, handed: Handed) -> None:
    row = request.POST.get("row", "")
    handing.choose(
        handed,
        roster=request.POST.get("roster", "") if roster_named(request.POST.get("roster", "")) else handed.roster,
        sheet=request.POST.get("sheet", handed.sheet).replace("\x00", "")[:80],
        row=int(row) if row.isascii() and row.isdigit() and len(row) < 7 else 0,
    )


def _mend(request: HttpRequest, handed: Handed) -> None:
    roster = roster_named(handed.roster)
    names = [each.name for each in roster.fields] if roster else []
    said = {name: request.POST.get(f"column_{name}", "").replace("\x00", "") for name in names}
    whole = {one.name: request.POST.get(f"whole_{one.name}", "")[:40] for one in (roster.whole if roster else ())}
    actor, keep = sitting_at(request).actor, request.POST.get("keep") == "yes"
    handing.mend(handed, said, whole, keep=keep, actor=actor, at=timezone.now())
    messages.success(request, _("The columns are read as you chose. Try it now."))


def _try(request: HttpRequest, handed: Handed) -> None:
    key = request.POST.get("key", "")[:40]
    trying.ask(handed, adopt=False, key=key, actor=sitting_at(request).actor, at=timezone.now())


def _adopt(request: HttpRequest, handed: Handed) -> None:
    key = request.POST.get("key", "")[:40]
    trying.ask(handed, adopt=True, key=key, actor=sitting_at(request).actor, at=timezone.now())
    if not Handed.objects.only("state").get(pk=handed.pk).busy:
        messages.success(request, _("The roster is adopted."))


def _undo(request: HttpRequest, handed: Handed) -> None:
    many = handing.take_back(handed, actor=sitting_at(request).actor, at=timezone.now())
    messages.success(request, _("Taken back: %(many)s things.") % {"many": many})


DEEDS: dict[str, Callable[[HttpRequest, Handed], None]] = {
    "choose": _choose,
    "mend": _mend,
    "try": _try,
    "adopt": _adopt,
    "undo": _undo,
}


# ---- sheets to take away


@of_the_county
@require_safe
def refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows in the layout of their own file, the reason beside each."""
    handed = _handed(request, pk)
    rows = keeping.refused_of(handed)
    if not rows or not handed.content:
        raise Http404
    out = io.BytesIO()
    with keeping.file_of(handed) as path:
        found = handing.seen(handed, path)
        if found.drawn:
            write_features_back(path, rows, out)
            return _file(out, f"refused-{handed.pk}.geojson", "application/geo+json")
        write_back(path, found, rows, out)
    return _file(out, f"refused-{handed.pk}.xlsx", XLSX)


# ---- the map


@of_the_county
@require_safe
def shapes(request: HttpRequest, pk: int) -> JsonResponse:
    """What a map that was handed in draws, over the county's own lines, as the page of the roster shows it."""
    handed = _handed(request, pk)
    if not handed.content:
        raise Http404
    with keeping.file_of(handed) as path:
        try:
            drawn = previewing.drawn(handed, path)
        except (SheetRefused, MapRefused):
            raise Http404 from None
    said = {"type": "FeatureCollection", "features": [*lines_of(handed.county_id), *map(_feature, drawn.shown)]}
    return JsonResponse(said, content_type="application/geo+json")


def _feature(one: previewing.Shown) -> dict[str, Any]:
    properties = {"name": one.words, "href": f"#shape-{one.number}", "own": False, "wrong": bool(one.why)}
    return {"type": "Feature", "id": one.number, "properties": properties, "geometry": one.outline}


def _listed(handed: Handed) -> dict[str, Any]:
    """The list beside the map: refused shapes first, then as many others as a page holds."""
    with keeping.file_of(handed) as path:
        try:
            drawn = previewing.drawn(handed, path)
        except (SheetRefused, MapRefused):
            return {}
    shown = sorted(drawn.shown, key=lambda one: (not one.why, one.number))[: handing.MOST_SHOWN]
    return {"shapes": shown, "many": drawn.many, "of": drawn.of}


@of_the_county
@require_safe
def blank(request: HttpRequest, name: str) -> HttpResponse:
    """An empty roster with the usual names of its columns, for an office that keeps none yet."""
    roster: Roster | None = roster_named(name)
    if roster is None:
        raise Http404
    out = io.BytesIO()
    words = book_of(sitting_at(request).county_code)[RostersSection].words(name)
    write_blank(roster, words, out)
    return _file(out, f"{name}.xlsx", XLSX)


def _file(out: io.BytesIO, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(out.getvalue(), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
