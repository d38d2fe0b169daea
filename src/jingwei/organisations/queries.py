"""Whom a matter falls to: the post with a role on a piece of ground, the front desk of an organisation."""

import datetime as dt

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Length

from jingwei.organisations.models import Organisation, Post
from jingwei.places.models import Place
from jingwei.strokes.glance import Glance, Rows


def _ancestors(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    return ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]


def posts_with(role: str, path: str) -> QuerySet[Post]:
    """The posts that hold `role` on the ground at `path`, the nearest ground first."""
    return (
        Post.objects.filter(roles__contains=[role], until=None, ground__path__in=_ancestors(path), ground__rank=0)
        .select_related("organisation", "ground")
        .order_by(Length("ground__path").desc(), F("front_desk").desc(), "id")
    )


NEAREST = """
    SELECT p.* FROM organisations_post p JOIN places_place g ON g.id = p.ground_id
    WHERE p.roles @> ARRAY[%(role)s::varchar] AND p.until IS NULL AND g.rank = 0 AND {above}
    ORDER BY length(g.path) DESC, p.front_desk DESC, p.id LIMIT 1
"""
"""The post of `role` that is nearest above a path; `above` says which paths `g.path` may be."""

_NEAREST = Glance(
    f"WITH nearest AS ({NEAREST.format(above='g.path = ANY(%(above)s::varchar[])')})",
    post=Rows(Post, "t.id = (SELECT id FROM nearest)"),
    organisation=Rows(Organisation, "t.id = (SELECT organisation_id FROM nearest)"),
    ground=Rows(Place, "t.id = (SELECT ground_id FROM nearest)", without=("boundary",)),
)


def post_for(role: str, path: str) -> Post | None:
    """The post on whose desk a matter for `role` at `path` lands: the nearest above it, or None."""
    seen = _NEAREST(role=role, above=_ancestors(path))
    post: Post | None = seen.one("post")
    if post is not None:
        post.organisation, post.ground = seen.one("organisation"), seen.one("ground")
    return post


_WHOLE = Glance(
    post=Rows(Post, "t.id = %(post)s::bigint"),
    organisation=Rows(
        Organisation, "t.id = (SELECT organisation_id FROM organisations_post WHERE id = %(post)s::bigint)"
    ),
    ground=Rows(
        Place,
        "t.id = (SELECT ground_id FROM organisations_post WHERE id = %(post)s::bigint)",
        without=("boundary",),
    ),
)


def post_whole(pk: int) -> Post:
    """A post with its organisation and its ground; Post.DoesNotExist where there is none."""
    seen = _WHOLE(post=pk)
    post: Post | None = seen.one("post")
    if post is None:
        raise Post.DoesNotExist(f"There is no post {pk}.")
    post.organisation, post.ground = seen.one("organisation"), seen.one("ground")
    return post


def front_desk(organisation: Organisation | int) -> Post | None:
    """Where an organisation receives what it owes: its front desk, or its first post."""
    pk = organisation if isinstance(organisation, int) else organisation.pk
    return (
        Post.objects.filter(organisation_id=pk, until=None)
        .select_related("organisation", "ground")
        .order_by(F("front_desk").desc(), "id")
        .first()
    )


def post_in(organisation_id: int, role: str) -> Post | None:
    """The post of an organisation that holds `role`."""
    return (
        Post.objects.filter(organisation_id=organisation_id, roles__contains=[role], until=None)
        .select_related("organisation", "ground")
        .order_by("id")
        .first()
    )


def organisation_keyed(county_code: str, key: str) -> Organisation | None:
    """The organisation the pack calls `key`."""
    return Organisation.objects.filter(county_id=county_code, key=key, until=None).first()


def posts_of(person_id: int, on: dt.date) -> QuerySet[Post]:
    """The posts a person holds on a day, in the order of appointment."""
    return (
        Post.objects.filter(
            Q(appointments__until=None) | Q(appointments__until__gt=on),
            appointments__person_id=person_id,
            appointments__since__lte=on,
            until=None,
        )
        .select_related("organisation", "organisation__ground", "ground", "organisation__county")
        .order_by("appointments__id")
    )


def departments(county_code: str) -> QuerySet[Post]:
    """The front desks that a case may be assigned to, in the pack's order."""
    return front_desks(county_code, "department")


def front_desks(county_code: str, role: str) -> QuerySet[Post]:
    """The front desks with a role, in the pack's order."""
    found = Post.objects.filter(
        organisation__county_id=county_code, front_desk=True, roles__contains=[role], until=None
    )
    return found.select_related("organisation", "ground").order_by("organisation_id")


def serving(posts: QuerySet[Post], place: Place) -> QuerySet[Post]:
    """Those of the posts whose organisation has the place, or the compound that holds it, as its own to serve."""
    own = {place.pk, place.compound_id} - {None}
    serves = Q(organisation__ground__in=own) | Q(organisation__serves__until=None, organisation__serves__place__in=own)
    return posts.filter(serves).distinct()


def reaching(posts: QuerySet[Post], path: str) -> QuerySet[Post]:
    """Those of the posts whose ground holds the ground at `path`, the nearest first."""
    here = posts.filter(ground__path__in=_ancestors(path), ground__rank=0)
    return here.order_by(Length("ground__path").desc(), "organisation_id")


def successor_of(post: Post) -> Post | None:
    """The post that took over from an ended one, however many there were in between; None where there is none."""
    seen: Post | None = post
    for _turn in range(40):
        if seen is None or seen.until is None:
            return seen
        seen = Post.objects.select_related("organisation", "ground").filter(pk=seen.successor_id or 0).first()
    return None
