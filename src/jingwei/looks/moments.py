"""Moments and spans as people say them: 今天 14:52, 剩 28 分, 超时 3 小时 20 分."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

Level = Literal["late", "soon", "ok"]
SOON = timedelta(hours=2)


@dataclass(frozen=True)
class Left:
    """What is left of a time, in words, and how pressing it is."""

    words: str
    level: Level


def when(moment: datetime, at: datetime) -> str:
    """`moment` as said at `at`: today and yesterday by name, this year without the year."""
    here, now = timezone.localtime(moment), timezone.localtime(at)
    clock = here.strftime("%H:%M")
    match (now.date() - here.date()).days:
        case 0:
            return _("today %(clock)s") % {"clock": clock}
        case 1:
            return _("yesterday %(clock)s") % {"clock": clock}
        case -1:
            return _("tomorrow %(clock)s") % {"clock": clock}
    this_year = here.year == now.year
    pattern = pgettext("date pattern", "j M H:i") if this_year else pgettext("date pattern", "j M Y H:i")
    return dateformat.format(here, pattern)


def span(length: timedelta) -> str:
    """`3 小时 20 分`: the two largest units; from three days on, days alone. Sign is ignored."""
    minutes = int(abs(length).total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts: list[str] = []
    if days:
        parts.append(ngettext("%(count)s day", "%(count)s days", days) % {"count": days})
    if hours and days < 3:
        parts.append(ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours})
    if (minutes and not days) or not parts:
        parts.append(ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes})
    return " ".join(parts)


def left(length: timedelta, soon: timedelta = SOON) -> Left:
    """`length` still to go (negative: gone by), in words; within `soon` it presses."""
    said = {"span": span(length)}
    if length < timedelta(0):
        return Left(_("%(span)s late") % said, "late")
    return Left(_("%(span)s left") % said, "soon" if length <= soon else "ok")


def used(left_over: timedelta, whole: timedelta) -> int:
    """How much of `whole` is used up, in per cent from 0 to 100; a late clock is full."""
    if whole <= timedelta(0):
        return 100
    return max(0, min(100, round(100 * (1 - left_over / whole))))
