"""By which channel the county tells what: in the page, by mail, by webhook, at once or in the morning."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import Meta

from jingwei.policy.sections import Label, Section, Wrong, section

if TYPE_CHECKING:
    from jingwei.policy.books import Book

HourOfDay = Annotated[int, Meta(ge=0, le=23, examples=[8])]


class Channel(StrEnum):
    """The ways a notice can travel."""

    PAGE = "page"
    MAIL = "mail"
    WEBHOOK = "webhook"


class Event(StrEnum):
    """What can be told."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    HALF_TIME = "half_time"
    LAST_HOUR = "last_hour"
    OVERDUE = "overdue"
    RETURNED = "returned"
    ARBITRATION = "arbitration"
    APPROVAL = "approval"
    DECIDED = "decided"
    URGED = "urged"
    SUPERVISED = "supervised"
    INSTRUCTED = "instructed"
    HANDLED = "handled"
    VERIFICATION_FAILED = "verification_failed"
    BAD_RATING = "bad_rating"
    REOPENED = "reopened"
    CALENDAR_MISSING = "calendar_missing"
    DUTY_DUE = "duty_due"
    PLACE_FREE = "place_free"


class EventLine(Label, frozen=True, kw_only=True):
    """One thing that is told: its words, its channels, and whether it may wait for the digest."""

    by: tuple[Channel, ...]
    digest: bool = False
    """Mail may wait for the morning digest; what has a clock of hours may not."""


class NoticesSection(Section, frozen=True, kw_only=True):
    """Channels switched on, the hour of the digest, and what travels by which."""

    channels: tuple[Channel, ...]
    digest_hour: HourOfDay
    events: dict[Event, EventLine]

    def channels_for(self, event: Event) -> tuple[Channel, ...]:
        """The channels of `event` that the county has switched on."""
        line = self.events.get(event)
        return tuple(c for c in line.by if c in self.channels) if line else ()


def _check(notices: NoticesSection, book: Book) -> Iterator[Wrong]:
    if Channel.PAGE not in notices.channels:
        yield Wrong(
            ("notices", "channels"),
            _("notices in the page are switched off, so nobody would be told at the desk."),
            'channels = ["page", "mail"]',
        )
    for event in Event:
        if event not in notices.events:
            yield Wrong(
                ("notices", "events"),
                _("nothing says how «%(event)s» is told.") % {"event": event.value},
                f'{event.value} = {{name = "…", english = "…", by = ["page"]}}',
            )


TITLES = {
    "": gettext_lazy("Notices"),
    "channels": gettext_lazy("Channels switched on"),
    "digest_hour": gettext_lazy("Hour of the digest"),
    "events": gettext_lazy("What is told"),
    "by": gettext_lazy("Told by"),
    "digest": gettext_lazy("May wait for the digest"),
}

section("notices", NoticesSection, check=_check, titles=TITLES)
