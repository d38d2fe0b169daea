"""Who answers for a place, and when each of them was there last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q
from django.utils import timezone

from jingwei.affairs.visits.models import Visit
from jingwei.organisations.models import Responsibility
from jingwei.places.models import Place


@dataclass(frozen=True)
class Answering:
    """A responsibility that stands, and the day of the last visit by its post to the place it is for."""

    responsibility: Responsibility
    visited: date | None


def answering_for(place: Place, on: date) -> list[Answering]:
    """Everyone assigned to a place or to the ground it lies in, the nearest ground first."""
    here, above = Q(place=place), Q(place__rank=0, place__path__in=_above(place))
    found = Responsibility.objects.filter(here | above, since__lte=on, post__until=None).exclude(until__lte=on)
    found = found.select_related("post__organisation", "place").order_by("-place__rank", "-place__path", "pk")
    return with_last_visit(found)


def with_last_visit(responsibilities: Iterable[Responsibility]) -> list[Answering]:
    """Each with the day on which its post was last at its place."""
    asked = list(responsibilities)
    posts, places = {one.post_id for one in asked}, {one.place_id for one in asked}
    made = Visit.objects.filter(post__in=posts, place__in=places, struck_at=None).values_list("post_id", "place_id")
    last = {(post, place): at for post, place, at in made.annotate(last=Max("visited_at"))}
    days = {pair: timezone.localdate(at) for pair, at in last.items()}
    return [Answering(one, days.get((one.post_id, one.place_id))) for one in asked]


def _above(place: Place) -> list[str]:
    parts = place.path.strip("/").split("/")
    return ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
