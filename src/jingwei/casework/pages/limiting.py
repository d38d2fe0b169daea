"""How often one may write at the residents' door, and what is said to whoever has to wait."""

from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from jingwei.policy.county import CountySection
from jingwei.policy.models import County
from jingwei.policy.queries import book
from jingwei.running.limits import Limit, Rate, Taken

GUESSES = Limit(
    "codes",
    browser=Rate(20, timedelta(seconds=30)),
    newcomers=Rate(400, timedelta(seconds=2)),
    known=Rate(2000, timedelta(seconds=1)),
)
"""Wrong codes of cases. A code is one of 600 million million, so the limit keeps the server, not the code."""

REPORTS = Limit(
    "reports",
    browser=Rate(10, timedelta(minutes=3)),
    newcomers=Rate(200, timedelta(seconds=6)),
    known=Rate(1000, timedelta(seconds=2)),
)
"""New reports. Two hundred at once from one compound is a burst main, not an attack."""

WORDS = Limit(
    "words",
    browser=Rate(30, timedelta(minutes=1)),
    newcomers=Rate(400, timedelta(seconds=3)),
    known=Rate(2000, timedelta(seconds=1)),
)
"""What is said to a case one has: additions, urgings, ratings."""

PHOTOGRAPHS = Limit(
    "photographs",
    browser=Rate(30, timedelta(seconds=30)),
    newcomers=Rate(300, timedelta(seconds=4)),
    known=Rate(1500, timedelta(seconds=1)),
)
"""Photographs sent ahead of a form. Three go with a report; some are taken away again and others chosen."""

HOTLINE = "12345"


def sentence(taken: Taken, county: County | None) -> str:
    """When to try again, and whom to ring until then."""
    said = _("Much was sent from here in a short time. Try again after %(moment)s, or ring %(telephone)s.")
    return said % _when_and_whom(taken, county)


def kept(taken: Taken, county: County | None) -> str:
    """The same above a form that holds what was written."""
    said = _(
        "Much was sent from here in a short time. What you wrote is kept below: "
        "send it again after %(moment)s, or ring %(telephone)s."
    )
    return said % _when_and_whom(taken, county)


def _when_and_whom(taken: Taken, county: County | None) -> dict[str, str]:
    return {"moment": timezone.localtime(taken.again_at).strftime("%H:%M"), "telephone": telephone(county)}


def telephone(county: County | None) -> str:
    """The number to ring in a county: its pack's, or the hotline of the whole country."""
    return book(county.pk)[CountySection].hotline if county else HOTLINE


def rest(response: HttpResponse, taken: Taken) -> HttpResponse:
    """The answer to whoever has to wait: 429, and after how many seconds."""
    response.status_code = 429
    response.headers["Retry-After"] = str(taken.seconds)
    return response
