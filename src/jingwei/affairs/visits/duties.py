"""The duty to visit: met by a visit of the post that answers for the place, made within the turn's days."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.visits.models import Visit
from jingwei.duties.declared import Duty, Found, Record
from jingwei.duties.models import Turn


def _made(turns: Sequence[Turn]) -> Iterator[Found]:
    """The visits of each turn's post on its days: to its place, or to any where the turn names none."""
    made = Visit.objects.filter(post__in={turn.post_id for turn in turns}, struck_at=None)
    by_post: dict[int | None, list[tuple[int, int, datetime]]] = {}
    for pk, post, place, at in made.values_list("pk", "post_id", "place_id", "visited_at"):
        by_post.setdefault(post, []).append((pk, place, at))
    for turn in turns:
        for pk, place, at in by_post.get(turn.post_id, ()):
            if turn.place_id in (None, place) and turn.first <= timezone.localdate(at) <= turn.last:
                yield Found(turn.pk, pk, at)


def _begin(turn: Turn) -> str:
    said = {"place": turn.place_id} if turn.place_id else {}
    return f"{reverse('desk:visit_new')}?{urlencode(said)}"


VISITED = Record("visit", _("Visit"), _made, lambda pk: reverse("desk:visit", args=[pk]), _begin)

Duty("visit", _("Visit of a place one answers for"), VISITED)
