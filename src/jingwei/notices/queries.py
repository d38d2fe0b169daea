"""What a post has been told, and who is reached by telling it."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from jingwei.accounts.models import Account
from jingwei.notices.models import Notice
from jingwei.organisations.models import Appointment, Post

MOST_COUNTED = 100
"""A bell that has not been read for months says «99+»; counting on costs every page, and tells nobody anything."""


def unread(posts: Iterable[Post]) -> int:
    """How many notices of these posts nobody has read, counted to `MOST_COUNTED`."""
    return Notice.objects.filter(post__in=list(posts), read_at=None)[:MOST_COUNTED].count()


def latest(posts: Iterable[Post], limit: int, *, before: int | None = None) -> list[Notice]:
    """The newest notices of these posts, at most `limit`; numbered below `before`, for the next page."""
    told = Notice.objects.filter(post__in=list(posts))
    if before is not None:
        told = told.filter(pk__lt=before)
    return list(told.order_by("-pk")[:limit])


def newer(posts: Iterable[Post], limit: int, *, than: int) -> list[Notice]:
    """The `limit` notices of these posts that came next after one, the newest first: the page before."""
    told = Notice.objects.filter(post__in=list(posts), pk__gt=than)
    return list(told.order_by("pk")[:limit])[::-1]


def addressees(post_ids: Collection[int], on: dt.date) -> dict[int, list[Account]]:
    """The accounts with a mail address of the persons who hold each post on a day, by post."""
    held = _held(on).filter(post__in=post_ids, person__account__in=_reachable())
    accounts: dict[int, dict[int, Account]] = {pk: {} for pk in post_ids}
    for appointment in held.select_related("person__account").order_by("pk"):
        account = appointment.person.account
        accounts[appointment.post_id][account.pk] = account
    return {pk: list(found.values()) for pk, found in accounts.items()}


def out_of_reach(county_code: str, on: dt.date) -> list[Post]:
    """The posts that no mail reaches on a day: who sits there learns of a clock of an hour in the page only."""
    reached = _held(on).filter(person__account__in=_reachable()).values("post")
    posts = Post.objects.filter(organisation__county=county_code, until=None).exclude(pk__in=reached)
    return list(posts.select_related("organisation").order_by("pk"))


def _held(on: dt.date) -> QuerySet[Appointment]:
    return Appointment.objects.filter(Q(until=None) | Q(until__gt=on), since__lte=on, post__until=None)


def _reachable() -> QuerySet[Account]:
    return Account.objects.filter(is_active=True).exclude(email="")
