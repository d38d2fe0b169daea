"""Who reads a unit's activities at the desk, and who keeps them."""

from django.db.models import Q, QuerySet

from jingwei.affairs.activities.models import Activity
from jingwei.casework.may import post_of
from jingwei.duties.sight import OVERSEEING
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.natures import AROUND, Nature
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import KEPT_APART
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor

HOSTED = AROUND | {Nature.STATION, Nature.PARTY, Nature.TEAM}
"""Natures whose activities a community keeps for them: those that work on its ground without a desk of their own."""


def units_kept_by(post: Post) -> QuerySet[Organisation]:
    """The units whose activities a post keeps: its own, and from a community those that work on its ground."""
    if KEPT_APART.intersection(post.roles):
        return Organisation.objects.none()
    own = post.organisation
    kept, offices = Q(pk=own.pk), book(own.county_id)[OfficesSection]
    if own.kind in offices.kinds_of(Nature.COMMUNITY):
        kinds = {kind for nature in HOSTED for kind in offices.kinds_of(nature)}
        kept |= Q(county=own.county_id, kind__in=kinds, ground__path__startswith=own.ground.path)
    return Organisation.objects.filter(kept, until=None)


def may_keep(post: Post, activity: Activity) -> bool:
    """Whether a post plans, announces and records this activity."""
    return units_kept_by(post).filter(pk=activity.organisation_id).exists()


def activities_seen_by(post: Post) -> QuerySet[Activity]:
    """The activities a post keeps, and from one that directs, those of the units on its ground."""
    if KEPT_APART.intersection(post.roles):
        return Activity.objects.none()
    seen = Q(organisation=post.organisation_id) | Q(organisation__in=units_kept_by(post).values("pk"))
    if OVERSEEING.intersection(post.roles):
        seen |= Q(county=post.organisation.county_id, ground_path__startswith=post.ground.path)
    return Activity.objects.filter(seen)


def seen_of(actor: Actor) -> Q:
    """The same, as a condition on activities."""
    post = post_of(actor)
    return Q(pk__in=activities_seen_by(post).values("pk")) if post else Q(pk__in=[])
