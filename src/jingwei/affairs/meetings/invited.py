"""Who is invited to a joint meeting: the members of the alliances that a unit is the core of."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from jingwei.duties.debtors import SOURCES
from jingwei.duties.laying import Debtor
from jingwei.organisations.bonds import Alliance, Membership
from jingwei.organisations.models import Organisation


def invited_by(unit: Organisation) -> QuerySet[Organisation]:
    """The organisations in the alliances that `unit` leads today."""
    stands = Q(memberships__alliance__core=unit, memberships__alliance__until=None, memberships__until=None)
    return Organisation.objects.filter(stands, until=None).exclude(pk=unit.pk).distinct().order_by("kind", "key")


def _cores(county: str) -> Iterator[Debtor]:
    for one in Alliance.objects.filter(county=county).order_by("pk"):
        yield Debtor(one.core_id, since=one.since, until=one.until)


def _members(county: str) -> Iterator[Debtor]:
    for one in Membership.objects.filter(alliance__county=county).select_related("alliance").order_by("pk"):
        ends = [day for day in (one.until, one.alliance.until) if day is not None]
        yield Debtor(one.organisation_id, since=max(one.since, one.alliance.since), until=min(ends, default=None))


SOURCES["alliance_cores"] = _cores
SOURCES["alliance_members"] = _members
