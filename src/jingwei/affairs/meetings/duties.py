"""The duty to meet: met by minutes that were kept, of the sort that bears the duty's name."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.meetings.models import Meeting
from jingwei.duties.declared import Duty, Found, Record
from jingwei.duties.models import Turn


def _held(turns: Sequence[Turn]) -> Iterator[Found]:
    """The meetings of each turn's unit, of its sort, on its days."""
    wanted = Q(organisation__in={turn.organisation_id for turn in turns}, sort__in={turn.key for turn in turns})
    held = Meeting.objects.filter(wanted, struck_at=None).values_list("pk", "organisation_id", "sort", "held_at")
    by_unit: dict[tuple[int, str], list[tuple[int, datetime]]] = {}
    for pk, unit, sort, at in held:
        by_unit.setdefault((unit, sort), []).append((pk, at))
    for turn in turns:
        for pk, at in by_unit.get((turn.organisation_id, turn.key), ()):
            if turn.first <= timezone.localdate(at) <= turn.last:
                yield Found(turn.pk, pk, at)


def _begin(turn: Turn) -> str:
    return f"{reverse('desk:meeting_new')}?{urlencode({'sort': turn.key, 'day': turn.due.isoformat()})}"


HELD = Record("meeting", _("Minutes of a meeting"), _held, lambda pk: reverse("desk:meeting", args=[pk]), _begin)

Duty("meeting", _("Meeting"), HELD)
