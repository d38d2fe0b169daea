"""Who keeps a unit's registration, and who reads who registered."""

from django.db.models import Q, QuerySet

from jingwei.affairs.registration.models import RegisteredMember, RegisteredUnit
from jingwei.duties.sight import OVERSEEING
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.natures import AROUND, Nature
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import KEPT_APART
from jingwei.policy.queries import book

COMING = AROUND | {Nature.DEPARTMENT, Nature.OTHER}
"""Natures that register with a community; committees, centres and communities are there already."""


def may_register(post: Post) -> bool:
    """Whether a post registers its unit: at the front desk of one that comes from elsewhere."""
    unit = post.organisation
    return post.front_desk and book(unit.county_id)[OfficesSection].nature(unit.kind) in COMING


def units_seen_by(post: Post) -> QuerySet[RegisteredUnit]:
    """One's own unit's registrations, and those with communities on the ground of a community or of who directs."""
    if KEPT_APART.intersection(post.roles):
        return RegisteredUnit.objects.none()
    seen = Q(organisation=post.organisation_id)
    if OVERSEEING.intersection(post.roles) or is_community(post):
        seen |= Q(community__county=post.organisation.county_id, community__path__startswith=post.ground.path)
    return RegisteredUnit.objects.filter(seen)


def members_seen_by(post: Post) -> QuerySet[RegisteredMember]:
    """Members with name and telephone: for the committee of the community where they registered, and nobody else."""
    unit = post.organisation
    if not is_community(post) or KEPT_APART.intersection(post.roles) or not post.front_desk:
        return RegisteredMember.objects.none()
    here = RegisteredMember.objects.filter(county=unit.county_id, withdrawn_at=None)
    return here.filter(community__path__startswith=unit.ground.path)


def counted_for(post: Post) -> QuerySet[RegisteredMember]:
    """Members as they are counted by unit: one's own unit's, and those on the ground of who directs or is there."""
    if KEPT_APART.intersection(post.roles):
        return RegisteredMember.objects.none()
    seen = Q(organisation=post.organisation_id)
    if OVERSEEING.intersection(post.roles) or is_community(post):
        seen |= Q(community__path__startswith=post.ground.path)
    return RegisteredMember.objects.filter(seen, county=post.organisation.county_id, withdrawn_at=None)


def is_community(post: Post) -> bool:
    """Whether a post stands in a community or village."""
    unit = post.organisation
    return unit.kind in book(unit.county_id)[OfficesSection].kinds_of(Nature.COMMUNITY)


def committee_of(community_id: int, county: str) -> Organisation | None:
    """The committee of a community."""
    kinds = book(county)[OfficesSection].kinds_of(Nature.COMMUNITY)
    found = Organisation.objects.filter(county=county, kind__in=kinds, ground=community_id, until=None)
    return found.order_by("pk").first()
