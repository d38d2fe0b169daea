"""Sheets of QR codes to be printed and put up: on each a place, 扫码上报, and the way for those without a phone."""

from dataclasses import dataclass

import segno
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from jingwei.places.models import Place
from jingwei.places.queries import standing, subtree
from jingwei.policy.county import CountySection
from jingwei.policy.queries import book

ON_A_PAGE = 60
"""Codes of one web page; about ten sheets of A4."""
LAYERS = ("compound", "building", "grid")


@dataclass(frozen=True)
class Card:
    """A code to be cut out: the place's name, where that is, and the drawing."""

    name: str
    whereabouts: str
    drawing: SafeString
    address: str


def address_of(place: Place) -> str:
    """The address behind a place's QR code."""
    return f"{settings.BASE_URL}/q/{place.qr}/"


def qr_drawing(address: str) -> SafeString:
    """A QR code as SVG without a size or style of its own, with room around it; 15 % of it may be scratched off."""
    code = segno.make(address, error="m", micro=False)
    return mark_safe(code.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None))  # noqa: S308  (our own address)


@require_safe
def qr_sheet(request: HttpRequest, county_code: str, ground: Place) -> HttpResponse:
    """The codes of what lies on a place, or first the list of places on the post's own `ground` to choose from."""
    said = request.GET.get("place", "")
    if not said:
        return render(request, "places/qr_choice.html", {"groups": _groups(county_code, ground)})
    place = (
        standing(county_code).filter(pk=said).select_related("grid").first()
        if said.isascii() and said.isdigit() and len(said) < 19
        else None
    )
    if place is None or not ground.covers(place.path):
        raise Http404
    layer = request.GET.get("layer", "")
    layer = layer if layer in LAYERS else LAYERS[0]
    page = Paginator(_coded(place, layer), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "place": place,
        "layer": layer,
        "cards": [_card(one) for one in page.object_list],
        "page": page,
        "many": page.paginator.count,
        "hotline": book(county_code)[CountySection].hotline,
    }
    return render(request, "places/qr_sheet.html", context)


def _coded(place: Place, layer: str) -> QuerySet[Place]:
    """The places of a layer that lie on `place`; of a compound or building, itself and its buildings."""
    found = standing(place.county_id).select_related("grid", "parent", "compound").order_by("path", "code")
    if place.layer == "building":
        return found.filter(pk=place.pk)
    if place.layer == "compound":
        return found.filter(pk=place.pk) if layer == "compound" else found.filter(layer=layer, compound=place)
    return found.filter(layer=layer, **subtree(place.path))


def _card(place: Place) -> Card:
    around = place.compound or place.grid or place.parent
    address = address_of(place)
    return Card(str(place), str(around) if around else "", qr_drawing(address), address)


def _groups(county_code: str, ground: Place) -> list[tuple[Place, list[Place]]]:
    """The communities on the ground, each with its grids; a grid worker's own grid stands alone."""
    below = standing(county_code).filter(**subtree(ground.path), rank=0).order_by("path")
    communities = list(below.filter(layer="community"))
    grids = list(below.filter(layer="grid"))
    if not communities:
        return [(grid, []) for grid in grids]
    return [(c, [g for g in grids if g.path.startswith(c.path)]) for c in communities]
