"""What minutes hold of persons, as a county's information list names it, and how it is erased."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from jingwei.affairs.meetings.models import Meeting
from jingwei.people.erasing import Gone, Scope, eraser
from jingwei.people.lists import Begins, personal

MINUTES = personal("meeting_minutes", _("Minutes of meetings"), Begins.STORED)


@eraser(MINUTES)
def erase_minutes(scope: Scope) -> Sequence[Gone]:
    """Minutes kept at or before the scope's moment; that there was a meeting, and its resolutions, stay."""
    if scope.before is None:
        return []  # minutes belong to no one resident
    kept = Meeting.objects.filter(county=scope.county_code, recorded_at__lte=scope.before).exclude(minutes="")
    meetings = list(kept.select_related("organisation__ground").order_by("pk")[: scope.limit])
    Meeting.objects.filter(pk__in=[one.pk for one in meetings]).update(minutes="")
    return [Gone(("meeting", one.pk), 1, one.organisation.ground.path) for one in meetings]
