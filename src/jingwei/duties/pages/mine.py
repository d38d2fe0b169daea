"""What the post one sits at owes this week or month, on paper too, and as a feed for a calendar of one's own."""

from datetime import timedelta

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from jingwei.accounts.models import Account
from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.duties.acts import AHEAD
from jingwei.duties.pages.calendar import as_calendar
from jingwei.duties.pages.frame import by_day, counts, frame, period_of, shown_once, sitting_of
from jingwei.duties.queries import owed_by_post, standing_on
from jingwei.duties.sight import OVERSEEING
from jingwei.organisations.models import Post
from jingwei.organisations.queries import posts_of
from jingwei.worktime import Every, Period

FEED = "duties.feed"
AS_LONG_AS = timedelta(days=366)
"""For which an address of the feed opens; then it is copied anew from the page."""


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
        "feed": request.build_absolute_uri(reverse("desk:duties_feed", args=[_token(sitting)])),
        "oversees": bool(OVERSEEING.intersection(sitting.post.roles)),
        **frame(request, period, today),
    }
    return render(request, "duties/printed.html" if "print" in request.GET else "duties/mine.html", said)


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The duties of a post as an iCalendar feed (RFC 5545), for whoever holds its address.

    A calendar cannot sign in, so the address is the key: it names account and post, and opens nothing once the
    account is closed, its password is another, the post is held by somebody else, or a year has gone by. It tells
    titles and days, and nothing personal.
    """
    post, today = _post_of(token), timezone.localdate()
    days = Period(today.replace(day=1), today + AHEAD)
    stood = standing_on(owed_by_post(post, days), today)
    return HttpResponse(as_calendar(stood, timezone.now()), content_type="text/calendar; charset=utf-8")


def _token(sitting: Sitting) -> str:
    return signing.dumps([sitting.account.pk, sitting.post.pk, mark_of(sitting.account)], salt=FEED)


def mark_of(account: Account) -> str:
    """What becomes another with the password, so that whoever lost an address takes it back by a new password."""
    return account.get_session_auth_hash()[:16]


def _post_of(token: str) -> Post:
    try:
        account_id, post_id, mark = signing.loads(token, salt=FEED, max_age=AS_LONG_AS)
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404 from None
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None or not constant_time_compare(mark, mark_of(account)):
        raise Http404
    post = posts_of(account.person_id, timezone.localdate()).filter(pk=post_id).first()
    if post is None:
        raise Http404
    return post
