"""Founding a county's organisations from its pack."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from jingwei.organisations.acts.keeping import changed
from jingwei.organisations.acts.posts import close_posts
from jingwei.organisations.drawing import DrawnOrganisation, DrawnPost, Ground, answers_for, drawn
from jingwei.organisations.models import Organisation, Post, Responsibility, Served
from jingwei.organisations.pack import OrganisationsSection
from jingwei.places.models import Place
from jingwei.policy import Book
from jingwei.policy.county import CountySection
from jingwei.policy.models import County
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb

FOUNDED = verb("organisations.founded", _("found the organisations"), _("founded the organisations"))

Posts = dict[tuple[str, str], Post]
"""Posts by the keys of organisation and post."""


@transaction.atomic
def found_from_pack(book: Book, *, actor: Actor, at: datetime) -> int:
    """Let the county have the organisations, posts and assigned responsibility its pack names; how many changed.

    Known by key: what stands already takes on today's words and roles, and what the pack retired ends; what it
    does not speak of stays. Done again it changes nothing. Raises NoGround where the ground is not laid.
    """
    county = County.objects.select_for_update(no_key=True).get(pk=book[CountySection].code)
    organisations, posts, ground = drawn(book)
    on = localdate(at)
    many = _found(organisations, county, on)
    by_key, seated = _seat(posts, county, on)
    many += seated + _assign(book, posts, by_key, ground, on) + _retire(book, county, by_key, actor, at)
    if many:
        facts = {"organisations": len(organisations), "posts": len(posts), "changed": many}
        record(actor, FOUNDED, at=at, subject=("county", int(county.code)), place=county.name, facts=facts)
    return many


def _found(drawn_ones: Sequence[DrawnOrganisation], county: County, on: date) -> int:
    there = {one.key: one for one in Organisation.objects.filter(county=county)}
    many = 0
    for one in drawn_ones:  # those above come first, so a parent is there
        row = there.get(one.key) or Organisation(county=county, key=one.key, since=on)
        many += _told(
            row,
            on,
            name=one.label.name,
            english=one.label.english,
            kind=one.line.kind,
            ground_id=one.ground.pk,
            parent_id=there[one.parent].pk if one.parent else None,
            until=None,
        )
        there[one.key] = row
    return many + _let_serve([(there[one.key], place) for one in drawn_ones for place in one.serves], on)


def _let_serve(wanted: Sequence[tuple[Organisation, Place]], on: date) -> int:
    """Let organisations serve places beside their own ground; what they serve already stays."""
    homes = {home.pk for home, _place in wanted}
    there = set(Served.objects.filter(organisation__in=homes, until=None).values_list("organisation", "place"))
    fresh = [(home, place) for home, place in wanted if (home.pk, place.pk) not in there and not home.by_hand]
    Served.objects.bulk_create(
        [Served(organisation=home, place=place, since=on) for home, place in fresh],
        update_conflicts=True, unique_fields=["organisation", "place", "since"], update_fields=["until"],
    )  # fmt: skip
    return len(fresh)


def _seat(drawn_ones: Sequence[DrawnPost], county: County, on: date) -> tuple[Posts, int]:
    homes = {one.key: one for one in Organisation.objects.filter(county=county)}
    there: Posts = {
        (one.organisation.key, one.key): one
        for one in Post.objects.filter(organisation__county=county).select_related("organisation")
    }
    many = 0
    # An organisation has one front desk at a time, so the one that is given up comes before the new one.
    for one in sorted(drawn_ones, key=lambda one: one.line.front_desk):
        if row := there.get((one.organisation, one.key)):
            many += _told(row, on, **_of_post(one))
    fresh = {
        (one.organisation, one.key): Post(organisation=homes[one.organisation], key=one.key, since=on, **_of_post(one))
        for one in drawn_ones
        if (one.organisation, one.key) not in there
    }
    Post.objects.bulk_create(fresh.values())
    return there | fresh, many + len(fresh)


def _of_post(one: DrawnPost) -> dict[str, Any]:
    return {
        "title": one.label.name,
        "english": one.label.english,
        "roles": [role.value for role in one.line.roles],
        "ground_id": one.ground.pk,
        "front_desk": one.line.front_desk,
        "team": one.line.team,
        "until": None,
        "successor_id": None,
    }


def _retire(book: Book, county: County, by_key: Posts, actor: Actor, at: datetime) -> int:
    """End what the pack retired: organisations with all their posts, and single posts; successors take over.

    Raises StillOwed where a retired post owes anything and the pack names nobody who takes over.
    """
    many = 0
    for line in book[OrganisationsSection].organisations:
        named = Organisation.objects.filter(county=county, key__regex=_of_key(line.key), until=None)
        for post in line.posts:
            if line.retired or post.retired:
                seats = Post.objects.filter(
                    organisation__county=county, organisation__key__regex=_of_key(line.key),
                    key__regex=_of_key(post.key), until=None,
                ).select_related("organisation", "ground")  # fmt: skip
                many += _end_seats(list(seats), post.successor or line.successor, by_key, actor, at)
        if line.retired:
            many += named.update(until=localdate(at))
    return many


def _end_seats(seats: Sequence[Post], successor: str | None, by_key: Posts, actor: Actor, at: datetime) -> int:
    heirs = _heirs(seats, successor, by_key) if successor else {}
    close_posts(seats, heirs, actor=actor, at=at)
    Post.objects.filter(pk__in=[seat.pk for seat in seats]).update(by_hand=False)
    return len(seats)


def _heirs(seats: Sequence[Post], successor: str, by_key: Posts) -> dict[int, Post]:
    """Of the posts that the pack's path names, for each seat the one of its own organisation, on its own ground."""
    organisation, _dot, key = successor.partition(".")
    named = [
        post
        for (home, name), post in by_key.items()
        if re.match(_of_key(organisation), home) and re.match(_of_key(key), name)
    ]
    heirs: dict[int, Post] = {}
    for seat in seats:
        near = sorted(
            named, key=lambda one: (one.organisation_id != seat.organisation_id, one.ground_id != seat.ground_id)
        )
        if near:
            heirs[seat.pk] = near[0]
    return heirs


def _of_key(key: str) -> str:
    """What matches a key of the pack, and those numbered where it stands for several."""
    return f"^{key}(_[0-9]+)?$"


def _assign(book: Book, posts: Sequence[DrawnPost], by_key: Posts, ground: Ground, on: date) -> int:
    lines = [line for line in book[OrganisationsSection].responsibilities if not line.retired]
    wanted = {
        (by_key[post.organisation, post.key].pk, place.pk): line
        for line in lines
        for post, place in answers_for([p for p in posts if p.path == line.post], ground.all(line.over))
    }
    standing = Responsibility.objects.filter(
        post__organisation__county_id=book[CountySection].code,
        title__in=[line.name for line in book[OrganisationsSection].responsibilities],
        until=None,
    )
    there = {(one.post_id, one.place_id): one.pk for one in standing}
    ended = [pk for key, pk in there.items() if key not in wanted]
    Responsibility.objects.filter(pk__in=ended).update(until=on)
    fresh = [
        Responsibility(post_id=post, place_id=place, title=line.name, sort=line.sort, since=on)
        for (post, place), line in wanted.items()
        if (post, place) not in there
    ]
    # Ended and given again on one day, it goes on.
    Responsibility.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["post", "place", "since"],
        update_fields=["title", "sort", "until"],
    )
    return len(fresh) + len(ended)


def _told(row: Organisation | Post, on: date, **says: Any) -> bool:
    """Let the row say so where it does not yet, its past kept; whether it had to be told. What was changed by hand,
    by an act, is left as it is."""
    if row._state.adding:
        for name, value in says.items():
            setattr(row, name, value)
        row.save()
        return True
    return not row.by_hand and changed(row, on, says)
