"""Turns as a calendar feed: one entry of a whole day for each, on the day it is due."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from jingwei.duties.pages.wording import row
from jingwei.duties.queries import NOT_OWED, Standing, State


def as_calendar(stood: Iterable[Standing], at: datetime, *, whose: bool = False) -> bytes:
    """The calendar as RFC 5545 writes it, saying `whose` duty each is where it is of many.

    What is excused or ended is left out; the same turn keeps its identifier.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Jingwei//duties//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for one in stood:
        if one.state in NOT_OWED and one.state is not State.SHOWN:
            continue
        said, entry = row(one), Event()
        entry.add("uid", f"turn-{one.turn.pk}@{settings.BASE_URL.partition('//')[2]}")
        entry.add("dtstamp", at)
        entry.add("dtstart", one.turn.due)
        entry.add("dtend", one.turn.due + timedelta(days=1))
        entry.add(
            "summary", _("%(duty)s (%(whose)s)") % {"duty": said.name, "whose": said.whose} if whose else said.name
        )
        entry.add("description", said.state)
        entry.add("transp", "TRANSPARENT")
        calendar.add_component(entry)
    return bytes(calendar.to_ical())
