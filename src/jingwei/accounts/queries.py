"""Reading accounts: whom an administrator looks after, and which posts she may fill."""

import datetime as dt

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from jingwei.accounts.models import Account, Measure
from jingwei.organisations.models import Appointment, Post
from jingwei.people.models import Person


def accounts_under(post: Post, on: dt.date) -> QuerySet[Account]:
    """The accounts of the county's officials who hold no post outside the ground of `post`; with their posts."""
    elsewhere = _standing(on).filter(person=OuterRef("person")).exclude(post__ground__path__startswith=post.ground.path)
    return (
        Account.objects.filter(
            ~Exists(elsewhere),
            person__county_id=post.organisation.county_id,
            person__purpose=Person.OFFICIAL,
            person__erased_at=None,
        )
        .select_related("person", "person__county")
        .prefetch_related(Prefetch("person__appointments", _standing(on), to_attr="standing"))
    )


def narrowed(accounts: QuerySet[Account], words: str, state: str) -> QuerySet[Account]:
    """Those whose user name or post has these words, in a state: "active", "disabled", "waiting", or any."""
    if words:
        of_post = Appointment.objects.filter(Q(until=None), person=OuterRef("person")).filter(
            Q(post__title__icontains=words) | Q(post__organisation__name__icontains=words)
        )
        accounts = accounts.filter(Q(username__icontains=words) | Exists(of_post))
    match state:
        case "active":
            accounts = accounts.filter(is_active=True)
        case "disabled":
            accounts = accounts.filter(is_active=False)
        case "waiting":
            accounts = accounts.filter(is_active=True, password_since=None).exclude(first_until=None)
    return accounts.order_by("username")


def posts_under(post: Post) -> QuerySet[Post]:
    """The posts on the ground of `post` that somebody can be appointed to, by organisation."""
    return (
        Post.objects.filter(
            organisation__county_id=post.organisation.county_id,
            organisation__until=None,
            until=None,
            ground__path__startswith=post.ground.path,
        )
        .select_related("organisation", "ground")
        .order_by("organisation_id", "id")
    )


def without_account(post: Post, on: dt.date, words: str) -> QuerySet[Appointment]:
    """Standing appointments on the ground of `post` whose holders have no account, narrowed to posts with `words`."""
    found = _standing(on).filter(
        post__organisation__county_id=post.organisation.county_id,
        post__ground__path__startswith=post.ground.path,
        person__account=None,
        person__erased_at=None,
    )
    if words:
        found = found.filter(Q(post__title__icontains=words) | Q(post__organisation__name__icontains=words))
    return found.select_related("person").order_by("post__organisation_id", "post_id", "id")


def measures_of(county_code: str) -> QuerySet[Measure]:
    """What was done to accounts of the county, and why; the latest first."""
    found = Measure.objects.filter(account__person__county_id=county_code)
    return found.select_related("account").order_by("-id")


def _standing(on: dt.date) -> QuerySet[Appointment]:
    return (
        Appointment.objects.filter(Q(until=None) | Q(until__gt=on))
        .select_related("post", "post__organisation", "post__ground")
        .order_by("id")
    )
