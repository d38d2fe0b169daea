"""Assigned responsibility 包联: a post answers for a place beside its own work, until it ends or is handed on."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.organisations.acts.keeping import day_of, line, locked_posts
from jingwei.organisations.models import Organisation, Post, Responsibility
from jingwei.organisations.offices import OfficesSection, word
from jingwei.organisations.owed import Holder, Owed, holds
from jingwei.organisations.queries import front_desk
from jingwei.organisations.refusals import OrganisationRefused
from jingwei.places.models import Place
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record_many
from jingwei.trail.verbs import verb

GIVEN = verb(
    "organisations.responsible", gettext_lazy("assign responsibility"), gettext_lazy("assigned responsibility")
)
TAKEN = verb(
    "organisations.no_longer", gettext_lazy("end the responsibility"), gettext_lazy("ended the responsibility")
)


@transaction.atomic
def assign(post: Post, places: Sequence[Place], *, sort: str, actor: Actor, at: datetime) -> int:
    """Let a post answer for places, of one of the county's sorts; how many were new.

    A unit is responsible through its front desk (`desk_of`). Raises OrganisationRefused.
    """
    (row,) = locked_posts(post)
    lines = book(row.organisation.county_id)[OfficesSection].responsibilities
    if sort not in {one.key for one in lines if not one.retired}:
        raise OrganisationRefused(_("The county has no such sort of responsibility."), "sort")
    if any(place.county_id != row.organisation.county_id for place in places):
        raise OrganisationRefused(_("This ground is another county's."), "place")
    title = next(one.name for one in lines if one.key == sort)
    there = set(row.responsibilities.filter(until=None).values_list("place_id", flat=True))
    fresh = [place for place in {one.pk: one for one in places}.values() if place.pk not in there]
    on = day_of(at)
    Responsibility.objects.bulk_create(
        [Responsibility(post=row, place=place, title=title, sort=sort, since=on) for place in fresh],
        update_conflicts=True, unique_fields=["post", "place", "since"], update_fields=["until", "title", "sort"],
    )  # fmt: skip
    record_many(line(actor, GIVEN, at, row, sort=sort, place=place.name, id=place.pk) for place in fresh)
    return len(fresh)


@transaction.atomic
def relieve(responsibility: Responsibility, *, actor: Actor, at: datetime) -> None:
    """End a post's responsibility for a place. Twice is once."""
    row = Responsibility.objects.select_for_update().select_related(
        "post__organisation", "post__ground", "place"
    ).get(pk=responsibility.pk)  # fmt: skip
    if row.until is None:
        row.until = day_of(at)
        row.save(update_fields=["until"])
        record_many([line(actor, TAKEN, at, row.post, place=row.place.name, id=row.place_id)])


def desk_of(organisation: Organisation) -> Post:
    """The post through which a unit is responsible: its front desk. Raises OrganisationRefused where it has no post."""
    post = front_desk(organisation)
    if post is None:
        raise OrganisationRefused(
            _("«%(name)s» has no post yet. Make one first; it answers for the unit.") % {"name": organisation}, "post"
        )
    return post


def _counted(posts: Sequence[int]) -> dict[int, int]:
    found = Responsibility.objects.filter(post__in=posts, until=None).values("post").annotate(many=Count("pk"))
    return {row["post"]: row["many"] for row in found}


def _listed(post: Post, _reader: Actor) -> Iterator[Owed]:
    lines = book(post.organisation.county_id)[OfficesSection].responsibilities
    for one in post.responsibilities.filter(until=None).select_related("place").order_by("place__path", "place__code"):
        yield Owed(word(lines, one.sort) if one.sort else one.title, one.place.code, str(one.place))


def _handed(post: Post, to: Post, actor: Actor, at: datetime) -> int:
    on, standing = day_of(at), list(post.responsibilities.filter(until=None).select_related("place"))
    there = set(to.responsibilities.filter(until=None).values_list("place_id", flat=True))
    Responsibility.objects.filter(pk__in=[one.pk for one in standing]).update(until=on)
    Responsibility.objects.bulk_create(
        [
            Responsibility(post=to, place_id=one.place_id, title=one.title, sort=one.sort, since=on)
            for one in standing
            if one.place_id not in there
        ],
        update_conflicts=True, unique_fields=["post", "place", "since"], update_fields=["until", "title", "sort"],
    )  # fmt: skip
    return len(standing)


holds(Holder("responsibilities", gettext_lazy("Assigned responsibility"), _counted, _listed, _handed))
