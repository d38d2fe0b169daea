"""Who reads records of visits, and who keeps them."""

from datetime import date

from django.db.models import Q, QuerySet

from jingwei.affairs.visits.models import Visit
from jingwei.casework.may import post_of
from jingwei.duties.sight import OVERSEEING
from jingwei.organisations.models import Post, Responsibility
from jingwei.organisations.natures import Nature
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import KEPT_APART
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor


def visits_seen_by(post: Post) -> QuerySet[Visit]:
    """The visits of one's own unit; those on one's ground from a post that directs there, or of a community."""
    if KEPT_APART.intersection(post.roles):
        return Visit.objects.none()
    unit = post.organisation
    seen = Q(organisation=unit.pk)
    communities = book(unit.county_id)[OfficesSection].kinds_of(Nature.COMMUNITY)
    if OVERSEEING.intersection(post.roles) or unit.kind in communities:
        seen |= Q(county=unit.county_id, ground_path__startswith=post.ground.path)
    return Visit.objects.filter(seen)


def seen_of(actor: Actor) -> Q:
    """The same, as a condition on visits."""
    post = post_of(actor)
    return Q(pk__in=visits_seen_by(post).values("pk")) if post else Q(pk__in=[])


def answered_by(post: Post, on: date) -> QuerySet[Responsibility]:
    """The places that a post answers for on a day."""
    standing = post.responsibilities.filter(since__lte=on).exclude(until__lte=on)
    return standing.select_related("place").order_by("place__path", "place__rank", "place__code", "pk")
