"""Duties as a feed for a calendar of one's own: a post's, a unit's, or those of every unit on a post's ground."""

from datetime import timedelta

from django.core import signing
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from jingwei.accounts.models import Account
from jingwei.accounts.sitting import Sitting
from jingwei.duties.acts import AHEAD
from jingwei.duties.models import Turn
from jingwei.duties.pages.calendar import as_calendar
from jingwei.duties.pages.frame import sitting_of
from jingwei.duties.queries import State, owed_by_post, owed_within, standing_on
from jingwei.duties.sight import turns_seen_by, units_seen_by
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.queries import posts_of
from jingwei.worktime import Period

FEED = "duties.feed"
AS_LONG_AS = timedelta(days=366)
"""For which an address of the feed opens; then it is copied anew from the page."""
GROUND = -1
"""In an address, for all units on the ground; another number is a unit's, and none is the post's own."""


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Duties as an iCalendar feed (RFC 5545), for whoever holds its address.

    A calendar cannot sign in, so the address is the key: it names account and post, and opens nothing once the
    account is closed, its password is another, the post is held by somebody else, or a year has gone by. It tells
    titles and days, and nothing personal. What leaves no record stands in the post's own feed alone.
    """
    post, whose = _opened(token)
    today = timezone.localdate()
    days = Period(today.replace(day=1), today + AHEAD)
    turns = owed_by_post(post, days) if whose is None else owed_within(_turns(post, whose), days)
    stood = standing_on(turns, today)
    if whose is not None:
        stood = [one for one in stood if one.state is not State.SHOWN]
    said = as_calendar(stood, timezone.now(), whose=whose is not None)
    return HttpResponse(said, content_type="text/calendar; charset=utf-8")


def _turns(post: Post, whose: int) -> QuerySet[Turn]:
    """What is asked for, as far as the post may see it today."""
    seen = turns_seen_by(post)
    if whose == GROUND:
        return seen
    if not units_seen_by(post).filter(pk=whose).exists():
        raise Http404
    return seen.filter(organisation=whose)


def address_of_feed(request: HttpRequest, unit: Organisation | None = None, *, ground: bool = False) -> str:
    """Where the calendar of the post one sits at reads what it owes, or what a unit or the units of its ground do."""
    sitting: Sitting = sitting_of(request)
    said = [sitting.account.pk, sitting.post.pk, mark_of(sitting.account)]
    if unit is not None or ground:
        said.append(unit.pk if unit is not None else GROUND)
    return request.build_absolute_uri(reverse("desk:duties_feed", args=[signing.dumps(said, salt=FEED)]))


def mark_of(account: Account) -> str:
    """What becomes another with the password, so that whoever lost an address takes it back by a new password."""
    return account.get_session_auth_hash()[:16]


def _opened(token: str) -> tuple[Post, int | None]:
    """The post that an address was made for, and whose duties it asks for; Http404 where it opens nothing."""
    try:
        account_id, post_id, mark, *whose = signing.loads(token, salt=FEED, max_age=AS_LONG_AS)
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404 from None
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None or not constant_time_compare(mark, mark_of(account)):
        raise Http404
    post = posts_of(account.person_id, timezone.localdate()).filter(pk=post_id).first()
    if post is None:
        raise Http404
    return post, whose[0] if whose else None
