"""Who owes a duty: posts by seat, role or assigned responsibility, organisations by sort, whoever else registers."""

import re
from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Q, QuerySet

from jingwei.duties.laying import Debtor
from jingwei.duties.pack import OwedBy
from jingwei.organisations.models import Organisation, Post, Responsibility
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import OrganisationsSection
from jingwei.policy.queries import book

Source = Callable[[str], Iterable[Debtor]]
"""The debtors of a register, for a county's code."""

SOURCES: dict[str, Source] = {}
"""Registers of debtors that rooms above name: units that registered, members, stations."""


def debtors(county_code: str, owed_by: OwedBy) -> list[Debtor]:
    """Everyone who owes it, also those who stood only for a time."""
    if owed_by.source is not None:
        return list(SOURCES[owed_by.source](county_code))
    if owed_by.responsible is not None:
        return [_answering(one) for one in _responsibilities(county_code, owed_by.responsible)]
    if owed_by.organisations is not None:
        kinds = book(county_code)[OfficesSection].kinds_of(owed_by.organisations)
        kept = Organisation.objects.filter(county_id=county_code, kind__in=kinds)
        return [Debtor(one.pk, since=one.since, until=one.until) for one in kept.order_by("pk")]
    return [
        Debtor(post.organisation_id, post.pk, since=post.since, until=_until(post))
        for post in _posts(county_code, owed_by)
    ]


def _responsibilities(county_code: str, sort: str) -> QuerySet[Responsibility]:
    """The assigned responsibilities of a sort; those that the pack dealt out bear its line's name as their title."""
    lines = book(county_code)[OrganisationsSection].responsibilities
    dealt = Q(sort="", title__in=[line.name for line in lines if line.key == sort])
    found = Responsibility.objects.filter(Q(sort=sort) | dealt, post__organisation__county_id=county_code)
    return found.select_related("post__organisation").order_by("pk")


def _answering(one: Responsibility) -> Debtor:
    ends = [day for day in (one.until, _until(one.post)) if day is not None]
    return Debtor(
        one.post.organisation_id, one.post_id, place=one.place_id, since=one.since, until=min(ends, default=None)
    )


def _posts(county_code: str, owed_by: OwedBy) -> QuerySet[Post]:
    posts = Post.objects.filter(organisation__county_id=county_code).select_related("organisation").order_by("pk")
    if owed_by.role is not None:
        return posts.filter(roles__contains=[owed_by.role.value])
    organisation, _dot, post = (owed_by.post or "").partition(".")
    return posts.filter(organisation__key__regex=_seats(organisation), key__regex=_seats(post))


def _seats(key: str) -> str:
    """A pack's key, and the numbered ones that `each` and assigned seats make of it."""
    return rf"^{re.escape(key)}(_[0-9]+)?$"


def _until(post: Post) -> date | None:
    ends = [day for day in (post.until, post.organisation.until) if day is not None]
    return min(ends) if ends else None
