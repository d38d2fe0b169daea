"""Who reads minutes, and who keeps them."""

from django.db.models import Q, QuerySet

from jingwei.affairs.meetings.models import Meeting
from jingwei.affairs.meetings.pack import MeetingLine
from jingwei.duties.models import Turn
from jingwei.duties.sight import OVERSEEING
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.pack import KEPT_APART, Role


def meetings_seen_by(post: Post) -> QuerySet[Meeting]:
    """The meetings of one's own unit, joint ones it came to, and from a post that directs, those on its ground."""
    if KEPT_APART.intersection(post.roles):
        return Meeting.objects.none()
    came = Meeting.attended.through.objects.filter(organisation=post.organisation_id)
    seen = Q(organisation=post.organisation_id) | Q(pk__in=came.values("meeting"))
    if OVERSEEING.intersection(post.roles):
        seen |= Q(county=post.organisation.county_id, organisation__ground__path__startswith=post.ground.path)
    return Meeting.objects.filter(seen)


def owed_by_others(unit: Organisation) -> set[str]:
    """Sorts of meeting and report that other units owe and this one does not; it is not offered them."""
    owed = Turn.objects.filter(county=unit.county_id)
    own = owed.filter(organisation=unit).values_list("key", flat=True)
    return {*owed.values_list("key", flat=True).distinct()} - {*own.distinct()}


def may_keep(post: Post, sort: MeetingLine) -> bool:
    """Whether a post keeps the minutes of its unit's meetings of a sort, or signs its reports off: who owes it, may."""
    called = bool({Role(role) for role in post.roles}.intersection(sort.called_by)) or post.front_desk
    return called or Turn.objects.filter(post=post, key=sort.key).exists()
