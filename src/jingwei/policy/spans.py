"""Spans of time as a pack writes them: "30 working minutes", "24 hours", "7 working days"."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from django.utils.translation import gettext_noop, ngettext
from msgspec import Meta

from jingwei.worktime import BadSpan, Basis, Span, Unit

DAY = timedelta(days=1)
LONGEST = 1096 * DAY
"""Three years, after which a claim is barred (Civil Code art. 188): nobody promises an answer later than that."""
LONGEST_KEPT = 30 * 366 * DAY


def _reads(said: str) -> bool:
    try:
        return Span.parse(said).length(DAY) <= LONGEST
    except BadSpan:
        return False


def _plain_days(said: str) -> bool:
    try:
        span = Span.parse(said)
    except BadSpan:
        return False
    return span.basis is Basis.PLAIN and span.unit is Unit.DAY and span.length(DAY) <= LONGEST_KEPT


SpanText = Annotated[
    str,
    Meta(
        max_length=60,
        description=gettext_noop("a span of time from 1 minute to 1096 days, as 30 working minutes or 24 hours"),
        examples=["7 working days"],
        extra={"reads": _reads},
    ),
]
"""How long somebody has."""
TermText = Annotated[
    str,
    Meta(
        max_length=60,
        description=gettext_noop("plain days, from 1 to 10980"),
        examples=["365 days"],
        extra={"reads": _plain_days},
    ),
]
"""How long something is kept."""


def in_words(said: str) -> str:
    """A span as an official says it: 3 个工作日, 30 分钟."""
    try:
        span = Span.parse(said)
    except BadSpan:
        return said
    n = span.amount
    match span.unit, span.basis:
        case Unit.MINUTE, Basis.PLAIN:
            words = ngettext("%(count)s minute", "%(count)s minutes", n)
        case Unit.HOUR, Basis.PLAIN:
            words = ngettext("%(count)s hour", "%(count)s hours", n)
        case Unit.DAY, Basis.PLAIN:
            words = ngettext("%(count)s day", "%(count)s days", n)
        case Unit.MINUTE, Basis.WORKING:
            words = ngettext("%(count)s working minute", "%(count)s working minutes", n)
        case Unit.HOUR, Basis.WORKING:
            words = ngettext("%(count)s working hour", "%(count)s working hours", n)
        case _:
            words = ngettext("%(count)s working day", "%(count)s working days", n)
    return words % {"count": n}
