"""A poster and the certificates of an activity as PDF, to hang up, to hand out and to keep."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.formats import get_format
from django.utils.translation import gettext as _

from jingwei.affairs.activities.models import Activity, Certificate
from jingwei.paper.press import pressed


def poster_pdf(activity: Activity, at: datetime) -> bytes:
    """A poster with the code that leads to the activity's page. Raises NotPrinted."""
    address = f"{settings.BASE_URL}{reverse('doorstep:activity', args=[activity.pk])}"
    inviting = _("Scan to take a place; no account is needed.") if activity.sign_up else _("Scan for more.")
    said = {
        "title": activity.title,
        "county": str(activity.county),
        "unit": str(activity.organisation),
        "when": list(_when(activity)),
        "where": activity.where,
        "words": activity.words,
        "code": _code(address),
        "code_alt": _("QR code: %(address)s") % {"address": address},
        "invitation": inviting,
        "address": address,
    }
    return pressed("poster", said, at)


def certificates_pdf(activity: Activity, given: Iterable[Certificate], at: datetime) -> bytes:
    """The certificates of a course, one on each sheet, each with the code of the page that verifies it.

    Raises NotPrinted.
    """
    verify = f"{settings.BASE_URL}{reverse('doorstep:certificate')}"
    dates = {"from": _day(activity.begins_at), "to": _day(activity.ends_at)}
    words = _("completed «%(title)s» %(batch)s, held from %(from)s to %(to)s. This certificate attests it.")
    note = _(
        "To verify it, open %(verify)s at the residents' door and give its number and the first character of the name."
    )
    said = {
        "title": f"{_('Certificates')} · {activity.title}",
        "county": str(activity.county),
        "name": _("Certificate of completion"),
        "unit": str(activity.organisation),
        "words": words % {"title": activity.title, "batch": activity.batch, **dates},
        "note": note % {"verify": verify},
        "code_alt": _("QR code: %(address)s") % {"address": verify},
        "certificates": [
            {
                "number": _("No. %(number)s") % {"number": one.number},
                "name": one.name or "—",
                "dated": _day(one.issued_at),
                "code": _code(verify),
            }
            for one in given
        ],
    }
    return pressed("certificates", said, at)


def _when(activity: Activity) -> Iterable[str]:
    if activity.further:
        return (f"{_day(day)} {_hour(day)}" for day in activity.days)
    begins, ends = (timezone.localtime(one) for one in (activity.begins_at, activity.ends_at))
    until = _hour(ends) if begins.date() == ends.date() else f"{_day(ends)} {_hour(ends)}"
    return [f"{_day(begins)} {_hour(begins)} — {until}"]


def _day(moment: datetime) -> str:
    return dateformat.format(timezone.localtime(moment), get_format("DATE_FORMAT"))


def _hour(moment: datetime) -> str:
    return dateformat.format(timezone.localtime(moment), "H:i")


def _code(address: str) -> str:
    drawing: str = segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=2)
    return drawing
