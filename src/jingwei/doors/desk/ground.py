"""The ground on the desk: the map with its list, a place's page, and the public notice of a grid to be printed."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.affairs.visits.queries import answering_for
from jingwei.casework.queries import Filter, narrowed, queue
from jingwei.looks.maps import map_settings
from jingwei.organisations.models import Appointment, Post
from jingwei.organisations.notice import workers_of
from jingwei.places.models import Chapter, Place, Succession
from jingwei.places.notice import notice_of
from jingwei.places.outline import outline_of
from jingwei.places.pack import Band, Layer, PlacesSection
from jingwei.places.pages import qr_drawing
from jingwei.places.queries import history_of, standing
from jingwei.policy.queries import book
from jingwei.trail.verbs import verb_named

MOST = 400
"""Places of a list; a grid of more buildings than that is too large by any law."""
BELOW = {"county": ("town",), "town": ("community",), "community": ("grid", "special_grid")}


def _sitting(request: HttpRequest) -> Sitting:
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    return sitting


def _place(request: HttpRequest, pk: int | None) -> Place:
    """A place on the post's own ground, its own ground if none is named; ended ones too, on their own pages."""
    sitting = _sitting(request)
    ground: Place = sitting.post.ground
    if pk is None:
        return ground
    found = Place.objects.select_related("parent", "grid", "compound").filter(county_id=sitting.county_code, pk=pk)
    place = found.first()
    if place is None or not ground.covers(place.path):
        raise Http404
    return place


def _within(place: Place) -> QuerySet[Place]:
    """What a list or map of a place shows: what lies directly in it."""
    found = standing(place.county_id).order_by("layer", "code")
    match place.layer:
        case "grid":
            return found.filter(grid=place)[:MOST]
        case "compound":
            return found.filter(compound=place)[:MOST]
        case layer:
            return found.filter(parent=place, layer__in=BELOW.get(layer, ()))[:MOST]


def _asked(request: HttpRequest, name: str = "place") -> Place:
    said = request.GET.get(name, "")
    if said and not (said.isascii() and said.isdigit() and len(said) < 19):
        raise Http404
    return _place(request, int(said) if said else None)


@at_a_post
@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """The map of a place with the list of what lies in it; without script, the list."""
    sitting, place = _sitting(request), _asked(request)
    words = book(sitting.county_code)[PlacesSection].layers
    rows = [{"place": one, "layer": str(words[Layer(one.layer)])} for one in _within(place).defer("boundary")]
    above = place.parent if place.pk != sitting.post.ground.pk and place.parent_id else None
    said = {
        "place": place,
        "rows": rows,
        "above": above,
        "map": map_settings(f"{reverse('desk:shapes')}?{urlencode({'place': place.pk})}"),
        "sort": words[Layer(place.layer)],
    }
    return render(request, "desk/map.html", said)


@at_a_post
@require_safe
def shapes(request: HttpRequest) -> JsonResponse:
    """The boundaries of a place and of what lies in it, as GeoJSON for the map."""
    places = [_asked(request), *([_asked(request, "beside")] if request.GET.get("beside") else [])]
    features = [_feature(place, own=True) for place in places if place.boundary]
    features += [_feature(one, own=False) for place in places for one in _within(place) if one.boundary]
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")


def lines_of(county: str) -> list[dict[str, Any]]:
    """The lines of a county and its communities, on which something else is drawn."""
    found = standing(county).filter(layer__in=("county", "community")).exclude(boundary=None)
    return [_feature(one, own=True) for one in found.order_by("rank", "layer", "code")[:MOST]]


def _feature(place: Place, *, own: bool) -> dict[str, Any]:
    href = reverse("desk:place", args=[place.pk])
    properties = {"name": str(place), "href": href, "layer": place.layer, "own": own, "at": [place.lon, place.lat]}
    return {"type": "Feature", "id": place.pk, "properties": properties, "geometry": place.boundary}


@at_a_post
@require_safe
def place_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One place: who lives there, who answers for it, its cases under sight, what lies in it, how it was before."""
    sitting, place = _sitting(request), _place(request, pk)
    section = book(sitting.county_code)[PlacesSection]
    ground = place if not place.rank else place.grid
    said = {
        "place": place,
        "sort": str(section.layers[Layer(place.layer)]),
        "facts": _facts(place),
        "size": _size(place, section.grid_sizes.general),
        "outline": outline_of(place.boundary, (one.boundary for one in _within(place))),
        "posts": _answering(place),
        "cases": _cases(sitting, ground) if ground else None,
        "within": list(_within(place).defer("boundary")),
        "history": [_told(chapter) for chapter in history_of(place)],
        "successors": Succession.objects.filter(place=place).select_related("successor").order_by("-main"),
        "changes": "administrator" in sitting.post.roles and not place.rank and place.until is None,
        "public": f"{reverse('doorstep:grid', args=[place.qr])}" if place.layer == "grid" else "",
    }
    return render(request, "desk/place.html", said)


def _facts(place: Place) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = [(_("Code of the place"), place.code)]
    for title, many, source in (
        (_("Households"), place.households, place.households_source),
        (_("Residents"), place.residents, place.residents_source),
    ):
        told = (
            _("not counted yet")
            if many is None
            else _("%(many)s (%(source)s)") % {"many": many, "source": source.rstrip("。")}
        )
        rows.append((title, told if many is None or source else many))
    rows += [(_("Lies in"), one) for one in (place.parent, place.grid, place.compound) if one and one != place.parent][
        :2
    ]
    return rows


def _size(place: Place, band: Band) -> str:
    if place.layer != "grid" or place.households is None or band.holds(place.households):
        return ""
    said = _("A grid usually has %(least)s to %(most)s households.")
    return said % {"least": band.least, "most": band.most}


def _answering(place: Place) -> list[dict[str, Any]]:
    """The posts on this very ground, and everyone assigned to it or to what it lies in, with the last visit of each."""
    today = timezone.localdate()
    posts = Post.objects.filter(ground=place, until=None).select_related("organisation").order_by("id")[:40]
    assigned = answering_for(place, today)[:60]
    found = [*posts, *(one.responsibility.post for one in assigned)]
    holding = Appointment.objects.filter(post__in=found, since__lte=today)
    held = set(holding.exclude(until__lte=today).values_list("post_id", flat=True))
    rows: list[dict[str, Any]] = [{"title": post.full_title, "vacant": post.pk not in held} for post in posts]
    for one in assigned:
        to = one.responsibility
        why = to.title if to.place_id == place.pk else f"{to.title}（{to.place}）"
        said = {"title": to.post.full_title, "vacant": to.post_id not in held, "why": why, "visited": one.visited}
        rows.append(said | {"assigned": True})
    return rows


def _cases(sitting: Sitting, ground: Place) -> dict[str, Any]:
    """How many cases the post may see here, with the list that holds exactly these; and how many of them are open."""
    at = timezone.now()
    found = narrowed(queue(sitting.post, "seen", at), Filter(queue="seen", ground=ground.path), at)
    href = f"{reverse('desk:queue')}?{urlencode({'queue': 'seen', 'ground': ground.path})}"
    return {"many": found.count(), "open": found.filter(is_open=True).count(), "href": href}


def _told(chapter: Chapter) -> dict[str, Any]:
    change = chapter.change
    return {
        "chapter": chapter,
        "what": str(verb_named(change.verb).past) if change else "",
        "by": change.by if change else "",
        "basis": change.basis if change else "",
    }


@at_a_post
@require_safe
def grid_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The public notice of a grid as a sheet to be printed and put up, with the code of its page."""
    place = _place(request, pk)
    if place.layer != "grid" or place.until is not None:
        raise Http404
    address = f"{settings.BASE_URL}{reverse('doorstep:grid', args=[place.qr])}"
    said = {
        "place": place, "notice": notice_of(place), "workers": workers_of(place, timezone.localdate()),
        "drawing": qr_drawing(address),
        "outline": outline_of(place.boundary, (one.boundary for one in _within(place))),
    }  # fmt: skip
    return render(request, "desk/grid_notice.html", said)
