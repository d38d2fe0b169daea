"""Where an order lies in this county: drawn by a stored seed, or the town with the words it came with."""

import hashlib

from django.utils.translation import gettext as _

from jingwei.imports import Passage, RowRefused
from jingwei.organisations.models import Post
from jingwei.organisations.pack import Role
from jingwei.organisations.queries import post_for
from jingwei.places.models import Place
from jingwei.places.queries import standing
from jingwei.policy.models import County


def county_of(passage: Passage) -> County:
    """The county the sheet is for: the one that was named, or the only one there is. Raises RowRefused."""
    if "county" not in passage.memory:
        found = list(County.objects.filter(pk=passage.county) if passage.county else County.objects.all()[:2])
        if len(found) != 1:
            raise RowRefused(_county_unclear(passage.county, bool(found)))
        passage.memory["county"] = found[0]
    county: County = passage.memory["county"]
    return county


def _county_unclear(named: str, several: bool) -> str:
    if named:
        return _("There is no county %(code)s here; name one that is.") % {"code": named}
    if several:
        return _("Several counties work here; say by --county which one the orders are for.")
    return _("No county works here yet; set one up first, for instance by ./jingwei demo.")


def drawn(seed: int, number: str, passage: Passage) -> Place:
    """A compound of the county (a grid where it has none), by SHA-256 over the seed and the order's own number.

    The same seed draws the same place for the same order whatever else is in the sheet.
    """
    places = _all("drawn from", passage)
    lot = int.from_bytes(hashlib.sha256(f"{seed}:{number}".encode()).digest()[:8], "big")
    return places[lot % len(places)]


def _all(name: str, passage: Passage) -> list[Place]:
    if name not in passage.memory:
        county = county_of(passage)
        for layer in ("compound", "grid", "town", "county"):
            found = standing(county.pk, layer).select_related("grid", "county").order_by("code", "id")
            passage.memory[name] = list(found)
            if passage.memory[name]:
                break
    places: list[Place] = passage.memory[name]
    if not places:
        raise RowRefused(_("The county has no ground yet; lay it first."))
    return places


def town(passage: Passage) -> Place:
    """The town where the county has one, else the county: what is known of an order that names no ground of ours."""
    if "town" not in passage.memory:
        county = county_of(passage)
        towns = list(standing(county.pk, "town").select_related("grid", "county")[:2])
        found = towns[0] if len(towns) == 1 else standing(county.pk, "county").first()
        if found is None:
            raise RowRefused(_("The county has no ground yet; lay it first."))
        passage.memory["town"] = found
    place: Place = passage.memory["town"]
    return place


def county_desk(passage: Passage) -> Post | None:
    """The county's dispatcher: the city's hotline hands its orders to the county, not to a town."""
    if "desk" not in passage.memory:
        county = standing(county_of(passage).pk, "county").first()
        passage.memory["desk"] = post_for(Role.DISPATCHER, county.path) if county else None
    desk: Post | None = passage.memory["desk"]
    return desk
