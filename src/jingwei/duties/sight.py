"""Who sees which turns: one's own unit's, and from a post that directs, those of every unit on its ground."""

from django.db.models import Q, QuerySet

from jingwei.duties.models import Turn
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.pack import Role

OVERSEEING = frozenset({Role.LEADER, Role.DISPATCHER, Role.ARBITER, Role.INSPECTOR, Role.ADMINISTRATOR})
"""Roles that see how the units of their ground stand. Turns say nothing of persons or cases."""
ANSWERING = frozenset({Role.LEADER, Role.SIGNER})
"""Roles that answer for an organisation, and so may excuse it."""


def turns_seen_by(post: Post) -> QuerySet[Turn]:
    """Every turn that a post may see."""
    return Turn.objects.filter(_units(post, "organisation__"))


def units_seen_by(post: Post) -> QuerySet[Organisation]:
    """Every organisation whose turns a post may see."""
    return Organisation.objects.filter(_units(post, ""))


def _units(post: Post, of: str) -> Q:
    seen = Q(**{f"{of}id" if of else "pk": post.organisation_id})
    if OVERSEEING.intersection(post.roles):
        seen |= Q(**{f"{of}county": post.organisation.county_id, f"{of}ground__path__startswith": post.ground.path})
    return seen


def may_excuse(post: Post, unit: Organisation) -> bool:
    """Whether a post may say that a unit owes nothing for some days: its own head, or one that stands above it."""
    answers = bool(ANSWERING.intersection(post.roles))
    above = unit.ground.path.startswith(post.ground.path) and unit.county_id == post.organisation.county_id
    return answers and (post.organisation_id == unit.pk or (above and Role.LEADER in post.roles))
