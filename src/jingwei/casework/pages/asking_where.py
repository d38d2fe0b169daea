"""Where the matter lies that is asked about at the residents' door: by a code, by a name, by a point, or not known."""

from dataclasses import dataclass

from django.http import HttpRequest

from jingwei.casework.pages.asking_form import AskingForm
from jingwei.casework.wording import clean
from jingwei.places.models import Place
from jingwei.places.queries import find, grid_at, place_by_qr, standing
from jingwei.policy.models import County

WEB, QR = "resident_web", "resident_qr"
"""By which way a case came in at the door: from anywhere, or by the code that hangs at a place."""

LAYERS = ("community", "compound", "building")
"""What residents know by name, the larger first."""
SEARCHED, SHOWN = 200, 8
"""Places read for a search, and shown of them."""


@dataclass(frozen=True)
class Spot:
    """Where the page stands: the county, and the place where it is known already."""

    county: County
    place: Place | None = None
    source: str = WEB


def spot_of(request: HttpRequest, token: str) -> Spot | None:
    if token:
        place = place_by_qr(token)
        return Spot(place.county, place, QR) if place else None
    counties = list(County.objects.order_by("code"))
    asked = request.GET.get("county", "")
    county = next((c for c in counties if c.pk == asked), counties[0] if len(counties) == 1 else None)
    chosen = request.GET.get("place", "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 18:
        found = Place.objects.filter(pk=int(chosen), until=None).select_related("county", "grid", "parent").first()
        if found is not None:
            return Spot(found.county, found)
    return Spot(county) if county else None


def place_of(form: AskingForm, spot: Spot) -> Place:
    """Where it is: the known place, the grid around the point, the community chosen; else the first town."""
    if spot.place is not None:
        return spot.place
    if form.lon is not None and form.lat is not None and (grid := grid_at(spot.county.pk, form.lon, form.lat)):
        return grid
    if chosen := standing(spot.county.pk, "community").filter(code=form.community).first():
        return chosen
    return standing(spot.county.pk, "town").order_by("code").first() or standing(spot.county.pk, "county").get()


def searched(request: HttpRequest) -> str:
    """What was typed to find a place."""
    return " ".join(clean(request.GET.get("find", "")[:200]).split())[:40]


def found_by(spot: Spot, words: str) -> list[Place]:
    """The places whose name holds the words: compounds before their buildings, so that one finds both."""
    found = find(spot.county.pk, words, SEARCHED) if words else []
    known = [place for place in found if place.layer in LAYERS]
    return sorted(known, key=lambda place: (LAYERS.index(place.layer), place.code))[:SHOWN]


def communities(spot: Spot) -> list[tuple[str, str]]:
    return [(place.code, str(place)) for place in standing(spot.county.pk, "community").order_by("code")]


def above(place: Place) -> str:
    """The town and the community a place lies in, as one says them."""
    codes = place.path.strip("/").split("/")
    paths = ["/".join(codes[: n + 1]) + "/" for n in range(1, min(3, len(codes)))]
    found = Place.objects.filter(county_id=place.county_id, path__in=paths, rank=0, until=None).order_by("path")
    return " · ".join(str(p) for p in found if p.pk != place.pk)
