"""What an actor may see of cases: one policy, used by list, page, search, export and figure alike.

Read aloud: a case is seen by whoever bears its code; by the organisations whose hands have been on it; and by
the posts that watch over its ground. A confidential case is seen on its ground only by those who assign,
arbitrate, verify and call back; and by the organisations whose hands have been on it. While an exception is in force,
the post it names sees a further ground too: what is open there and not confidential.
"""

from functools import lru_cache, reduce
from operator import or_
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingwei.accounts.permitted import further_grounds
from jingwei.casework.may import post_of
from jingwei.casework.models import OPEN, Case, Hand
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.pack import KEPT_APART, Role
from jingwei.places.models import Place
from jingwei.places.queries import subtree
from jingwei.trail.actor import Actor

NEED_CONFIDENTIAL = {Role.DISPATCHER, Role.ARBITER, Role.INSPECTOR, Role.CALLER}
"""Roles on the ground whose work needs confidential cases too."""

ON_THE_GROUND = NEED_CONFIDENTIAL | {
    Role.LEADER,
    Role.GRID_WORKER,
    Role.FIRST_SECRETARY,
    Role.COMMITTEE_MEMBER,
}
"""Roles that see the cases of their ground."""


def cases_seen_by(actor: Actor) -> QuerySet[Case]:
    """The cases an actor may see; every door's rows come from here."""
    if actor.kind == "machine":
        return Case.objects.all()
    if actor.kind == "bearer":
        return Case.objects.none()
    post = post_of(actor)
    return cases_seen_from(post) if post else Case.objects.none()


def cases_seen_from(post: Post) -> QuerySet[Case]:
    """The cases that may be seen from a post, whoever sits there."""
    seen = _on_ground(post)
    if has_hands(post):
        seen = seen | Q(Exists(Hand.objects.filter(case=OuterRef("pk"), organisation_id=post.organisation_id)))
    for further in further_grounds(post):
        seen = seen | _by_exception(further)
    return Case.objects.filter(seen, county_id=post.organisation.county_id)


def sees(actor: Actor, case_id: int) -> bool:
    """Whether an actor may see one case: by the same rows as `cases_seen_by`, whose words are made once for a post."""
    if actor.kind != "person":
        return cases_seen_by(actor).filter(pk=case_id).exists()
    post = post_of(actor)
    if post is None:
        return False
    sql, params = _question(
        post.organisation.county_id, post.organisation_id, tuple(post.roles), post.ground_id, post.ground.path,
        tuple(further_grounds(post)),
    )  # fmt: skip
    if not sql:
        return False
    with connection.cursor() as cursor:
        cursor.execute(sql, [case_id if said == _THIS else said for said in params])
        return cursor.fetchone() is not None


_THIS = -1
"""Stands for the case in a question that is kept; no id is below 1."""


@lru_cache(maxsize=1024)
def _question(
    county: str, organisation: int, roles: tuple[str, ...], ground: int, path: str, further: tuple[str, ...]
) -> tuple[str, list[Any]]:
    """The words of `cases_seen_from(post)` for one case, made anew where anything of the post has changed; none
    where the post sees no case at all.
    """
    post = Post(organisation_id=organisation, roles=list(roles), ground_id=ground)
    post.organisation, post.ground = Organisation(pk=organisation, county_id=county), Place(pk=ground, path=path)
    vars(post)["further"] = list(further)
    try:
        sql, params = cases_seen_from(post).filter(pk=_THIS).values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "", []
    return sql, list(params)


def ways_to_see(post: Post) -> list[QuerySet[Case]]:
    """The same cases once for each sentence that lets the post see them; some stand in both.

    Measured: asked whether one sentence *or* the other holds, the database reads a million cases to find thirty;
    asked for each, it reads thirty and thirty.
    """
    here = Case.objects.filter(county_id=post.organisation.county_id)
    ways = [here.filter(ground)] if (ground := _on_ground(post)) != NOWHERE else []
    if has_hands(post):
        ways.append(here.filter(hands__organisation_id=post.organisation_id))
    return ways + [here.filter(_by_exception(further)) for further in further_grounds(post)]


NOWHERE = Q(pk__in=[])


def _on_ground(post: Post) -> Q:
    roles = {Role(role) for role in post.roles}
    if not roles & ON_THE_GROUND:
        return NOWHERE
    ground = _below(post.ground.path)
    return ground if roles & NEED_CONFIDENTIAL else ground & Q(tier=OPEN)


def _below(path: str) -> Q:
    return Q(**{f"ground_path__{k.split('__')[1]}": v for k, v in subtree(path).items()})


def _by_exception(path: str) -> Q:
    return _below(path) & Q(tier=OPEN, is_open=True)


def has_hands(post: Post) -> bool:
    """Whether what its organisation has had its hands on is shown to a post; to the three officers it is not."""
    return bool({Role(role) for role in post.roles} - KEPT_APART)


def may_see_any(post: Post) -> bool:
    """Whether a post could ever see a case; where not, no page offers it a search for one."""
    return has_hands(post) or _on_ground(post) != NOWHERE or bool(further_grounds(post))


BECAUSE = {
    "hands": _("your unit has had its hands on it"),
    "ground": _("it lies on the ground that your post watches over"),
    "need": _("it is confidential, and on its ground your post assigns, decides, verifies or calls back"),
    "exception": _("an exception that is in force lets your post see what is open on this ground"),
}
"""The sentences of the policy, as they are told to whoever sees a case by them."""


def why_seen(case: Case, post: Post) -> list[str]:
    """Which sentences of the policy let a post see a case, by their names in `BECAUSE`; none if it may not."""
    here = Case.objects.filter(pk=case.pk, county_id=post.organisation.county_id)
    ways = {"need" if case.tier else "ground": here.filter(_on_ground(post))}
    if has_hands(post):
        ways = {"hands": here.filter(hands__organisation_id=post.organisation_id)} | ways
    if further := [_by_exception(path) for path in further_grounds(post)]:
        ways["exception"] = here.filter(reduce(or_, further))
    return [name for name, way in ways.items() if way.exists()]


def because(case: Case, post: Post) -> str:
    """Why a post sees a case, in one sentence; empty if it does not."""
    told = gettext("; ").join(str(BECAUSE[name]) for name in why_seen(case, post))
    return gettext("You see this case because %(reasons)s.") % {"reasons": told} if told else ""
