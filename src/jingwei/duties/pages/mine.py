"""What the post one sits at owes this week or month, on paper too."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import at_a_post
from jingwei.duties.pages.feeds import address_of_feed
from jingwei.duties.pages.frame import by_day, counts, frame, period_of, shown_once, sitting_of
from jingwei.duties.pages.wording import day
from jingwei.duties.queries import owed_by_post, standing_on
from jingwei.duties.sight import OVERSEEING
from jingwei.organisations.models import Post
from jingwei.worktime import Every, Period


@require_safe
@at_a_post
def mine(request: HttpRequest) -> HttpResponse:
    """What falls to the post one sits at, by the day it is due."""
    sitting, today = sitting_of(request), timezone.localdate()
    period = period_of(request, Every.WEEK, today)
    stood = standing_on(owed_by_post(sitting.post, period), today)
    said = {
        "days": by_day(stood, may_begin=True),
        "shown": shown_once(stood),
        "counts": counts(stood),
        "post": sitting.post,
        "coming": None if stood else _coming(sitting.post, period, today),
        "feed": address_of_feed(request),
        "sheet": {
            "red": sitting.post.organisation,
            "title": _("Duties of the post “%(title)s”") % {"title": sitting.post},
        },
        "back": reverse("desk:duties"),
        "oversees": bool(OVERSEEING.intersection(sitting.post.roles)),
        **frame(request, period, today),
    }
    return render(request, "duties/printed.html" if "print" in request.GET else "duties/mine.html", said)


def _coming(post: Post, period: Period, today: date) -> dict[str, str] | None:
    """What is due next after an empty period, and where its week is read."""
    later = standing_on(owed_by_post(post, Period(period.last + timedelta(days=1), date.max))[:1], today)
    if not later or period.last == date.max:
        return None
    due = later[0].turn.due
    return {"name": later[0].name, "day": day(due), "period": str(Period.of(Every.WEEK, due))}
