"""Which exceptions are in force: for a post, on a ground, for a step; outside its time none of them exists."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import Now

from jingwei.accounts.exceptions import PHOTOGRAPH_ASKED, WIDER_SIGHT
from jingwei.accounts.models import Permit
from jingwei.organisations.models import Post


def in_force(at: datetime | Now) -> QuerySet[Permit]:
    """The exceptions that are granted, have begun and have not ended at a moment."""
    return Permit.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), granted=True, since__lte=at, until__gt=at)


def with_further_grounds(posts: QuerySet[Post]) -> QuerySet[Post]:
    """The posts, with the paths of grounds that an exception lets each of them see; asked by the database's clock."""
    return posts.annotate(further=ArraySubquery(_wider(OuterRef("pk")).values("place__path")))


def further_grounds(post: Post) -> list[str]:
    """The paths of grounds that an exception lets a post see further; asked once for a post at hand."""
    found: list[str] | None = vars(post).get("further")
    if found is None:
        found = vars(post)["further"] = list(_wider(post.pk).values_list("place__path", flat=True))
    return found


def _wider(post: int | OuterRef) -> QuerySet[Permit]:
    return in_force(Now()).filter(permission=WIDER_SIGHT.name, post=post).order_by("place__path")


def permits_on(path: str, county_code: str, at: datetime) -> list[Permit]:
    """The exceptions in force that affect the ground at `path`, to be told there."""
    found = in_force(at).filter(county_id=county_code).select_related("place", "post__organisation").order_by("until")
    return [permit for permit in found if permit.place.covers(path)]


def photograph_asked(permits: Iterable[Permit], kind: str, step: str) -> Permit | None:
    """The exception among those of a ground by which a step asks for a photograph."""
    asked = (one for one in permits if one.permission == PHOTOGRAPH_ASKED.name)
    return next((one for one in asked if (one.kind, one.step) == (kind, step)), None)


def permits_of_post(post: Post, at: datetime) -> list[Permit]:
    """The exceptions by which a post sees further."""
    found = in_force(at).filter(post=post, permission=WIDER_SIGHT.name).select_related("place")
    return list(found.order_by("until"))


def all_permits(county_code: str) -> QuerySet[Permit]:
    """Every exception of a county that was ever asked for, the latest first."""
    found = Permit.objects.filter(county_id=county_code).select_related("place", "post__organisation")
    return found.order_by("-pk")
