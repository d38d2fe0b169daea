"""The public notice of a grid: where it reaches, who works it, whom to ring; behind the code that hangs there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jingwei.organisations.notice import workers_of
from jingwei.places.models import Place
from jingwei.places.notice import notice_of
from jingwei.places.outline import outline_of
from jingwei.places.queries import place_by_qr, standing


@require_safe
def grid(request: HttpRequest, token: str) -> HttpResponse:
    """The notice of the grid whose code this is; of a compound or building, that of its grid."""
    place = place_by_qr(token)
    if place is not None and place.rank:
        place = place.grid
    if place is None or place.layer != "grid":
        raise Http404
    request.county = place.county  # type: ignore[attr-defined]
    compounds = _compounds(place)
    said = {
        "place": place,
        "compounds": compounds,
        "outline": outline_of(place.boundary, (one.boundary for one in compounds)),
        "notice": notice_of(place),
        "workers": workers_of(place, timezone.localdate()),
    }
    return render(request, "doorstep/grid.html", said)


def _compounds(place: Place) -> list[Place]:
    return list(standing(place.county_id, "compound").filter(grid=place).order_by("code")[:60])
