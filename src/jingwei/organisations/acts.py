"""Founding a county's organisations from its pack, and appointing persons to their posts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingwei.organisations.drawing import DrawnOrganisation, DrawnPost, Ground, answers_for, drawn
from jingwei.organisations.models import Appointment, Organisation, Post, Responsibility
from jingwei.organisations.pack import KEPT_APART, OrganisationsSection
from jingwei.people.models import Person
from jingwei.policy import Book
from jingwei.policy.county import CountySection
from jingwei.policy.models import County
from jingwei.trail.actor import Actor
from jingwei.trail.acts import Entry, record, record_many
from jingwei.trail.verbs import verb

FOUNDED = verb("organisations.founded", _("found the organisations"), _("founded the organisations"))
APPOINTED = verb("organisations.appointed", _("appoint"), _("appointed"))
DISMISSED = verb("organisations.dismissed", _("end the appointment"), _("ended the appointment"))


class KeptApart(ValueError):
    """三员分立: who administers, who keeps security and who audits are three persons (GB/T 22239-2019)."""

    def __init__(self, post: Post, other: Post) -> None:
        self.sentence = gettext(
            "Whoever holds «%(other)s» cannot hold «%(post)s» too: administrator, security officer and auditor are "
            "three persons. End the other appointment first, or appoint somebody else."
        ) % {"post": post, "other": other}
        super().__init__(self.sentence)


Posts = dict[tuple[str, str], Post]
"""Posts by the keys of organisation and post."""


@transaction.atomic
def found_from_pack(book: Book, *, actor: Actor, at: datetime) -> int:
    """Let the county have the organisations, posts and assigned responsibility its pack names; how many changed.

    Known by key: what stands already takes on today's words and roles, and what the pack retired ends; what it
    does not speak of stays. Done again it changes nothing. Raises NoGround where the ground is not laid.
    """
    county = County.objects.select_for_update().get(pk=book[CountySection].code)
    organisations, posts, ground = drawn(book)
    on = localdate(at)
    changed = _found(organisations, county, on)
    by_key, seated = _seat(posts, county)
    changed += seated + _assign(book, posts, by_key, ground, on) + _retire(book, county, on)
    if changed:
        facts = {"organisations": len(organisations), "posts": len(posts), "changed": changed}
        record(actor, FOUNDED, at=at, subject=("county", int(county.code)), place=county.name, facts=facts)
    return changed


def _found(drawn_ones: Sequence[DrawnOrganisation], county: County, on: date) -> int:
    there = {one.key: one for one in Organisation.objects.filter(county=county)}
    changed = 0
    for one in drawn_ones:  # those above come first, so a parent is there
        row = there.get(one.key) or Organisation(county=county, key=one.key, since=on)
        changed += _told(
            row,
            name=one.label.name,
            english=one.label.english,
            kind=one.line.kind.value,
            ground_id=one.ground.pk,
            parent_id=there[one.parent].pk if one.parent else None,
            until=None,
        )
        there[one.key] = row
    return changed


def _seat(drawn_ones: Sequence[DrawnPost], county: County) -> tuple[Posts, int]:
    homes = {one.key: one for one in Organisation.objects.filter(county=county)}
    there: Posts = {
        (one.organisation.key, one.key): one
        for one in Post.objects.filter(organisation__county=county).select_related("organisation")
    }
    changed = 0
    # An organisation has one front desk at a time, so the one that is given up comes before the new one.
    for one in sorted(drawn_ones, key=lambda one: one.line.front_desk):
        if row := there.get((one.organisation, one.key)):
            changed += _told(row, **_of_post(one))
    fresh = {
        (one.organisation, one.key): Post(organisation=homes[one.organisation], key=one.key, **_of_post(one))
        for one in drawn_ones
        if (one.organisation, one.key) not in there
    }
    Post.objects.bulk_create(fresh.values())
    return there | fresh, changed + len(fresh)


def _of_post(one: DrawnPost) -> dict[str, Any]:
    return {
        "title": one.label.name,
        "english": one.label.english,
        "roles": [role.value for role in one.line.roles],
        "ground_id": one.ground.pk,
        "front_desk": one.line.front_desk,
        "until": None,
    }


def _retire(book: Book, county: County, on: date) -> int:
    """End what the pack retired: organisations with all their posts, and single posts."""
    changed = 0
    for line in book[OrganisationsSection].organisations:
        named = Organisation.objects.filter(county=county, key__regex=_of_key(line.key))
        retired = line.retired and named.filter(until=None).update(until=on)
        changed += int(retired)
        for post in line.posts:
            if line.retired or post.retired:
                seats = Post.objects.filter(organisation__in=named, key__regex=_of_key(post.key), until=None)
                changed += seats.update(until=on)
    return changed


def _of_key(key: str) -> str:
    """What matches a key of the pack, and those numbered where it stands for several."""
    return f"^{key}(_[0-9]+)?$"


def _assign(book: Book, posts: Sequence[DrawnPost], by_key: Posts, ground: Ground, on: date) -> int:
    lines = [line for line in book[OrganisationsSection].responsibilities if not line.retired]
    wanted = {
        (by_key[post.organisation, post.key].pk, place.pk): line.name
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
        Responsibility(post_id=post, place_id=place, title=title, since=on)
        for (post, place), title in wanted.items()
        if (post, place) not in there
    ]
    # Ended and given again on one day, it goes on.
    Responsibility.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["post", "place", "since"],
        update_fields=["title", "until"],
    )
    return len(fresh) + len(ended)


def _told(row: Organisation | Post, **says: Any) -> bool:
    """Save the row where it does not say so yet; whether it had to be told."""
    different = {name: value for name, value in says.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    if different or row.pk is None:
        row.save()
    return bool(different)


@transaction.atomic
def appoint(pairs: Sequence[tuple[Post, int]], *, actor: Actor, at: datetime) -> None:
    """Appoint persons, by number, to posts from the day of `at` on, a line in the trail for each.

    Ended and given again on one day, an appointment goes on. Raises KeptApart.
    """
    since = localdate(at)
    _refuse_two_of_three(pairs, since)
    Appointment.objects.bulk_create(
        [Appointment(post=post, person_id=person, since=since) for post, person in pairs],
        update_conflicts=True,
        unique_fields=["post", "person", "since"],
        update_fields=["until"],
    )
    record_many(
        Entry(actor, APPOINTED, at, ("post", post.pk), post.ground.path, {"person": person, "title": post.title})
        for post, person in pairs
    )


def _refuse_two_of_three(pairs: Sequence[tuple[Post, int]], since: date) -> None:
    asked = [(post, person) for post, person in pairs if KEPT_APART.intersection(post.roles)]
    if not asked:
        return
    persons = sorted({person for _post, person in asked})
    list(Person.objects.select_for_update().filter(pk__in=persons).order_by("pk"))  # one appointment at a time
    standing = Appointment.objects.filter(
        Q(until=None) | Q(until__gt=since), person_id__in=persons, post__roles__overlap=sorted(KEPT_APART)
    ).select_related("post")
    held = [(one.post, one.person_id) for one in standing]
    for n, (post, person) in enumerate(asked):
        for other, whose in [*held, *asked[:n]]:
            if whose == person and set(other.roles) != set(post.roles):
                raise KeptApart(post, other)


@transaction.atomic
def dismiss(appointment: Appointment, *, actor: Actor, at: datetime) -> None:
    """End an appointment: from the day of `at` on the person no longer holds the post. Twice is once."""
    standing = Appointment.objects.select_for_update().select_related("post__ground").get(pk=appointment.pk)
    if standing.until is not None:
        return
    standing.until = localdate(at)
    standing.save(update_fields=["until"])
    record(
        actor,
        DISMISSED,
        at=at,
        subject=("post", standing.post_id),
        place=standing.post.ground.path,
        facts={"person": standing.person_id, "title": standing.post.title},
    )
