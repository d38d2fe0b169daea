"""Posts made, retitled, ended, and everything one owes handed to another."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.organisations import owed
from jingwei.organisations.acts.keeping import changed, day_of, line, locked, locked_posts, of_one_county
from jingwei.organisations.models import Appointment, Organisation, Post
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import KEPT_APART, Role
from jingwei.organisations.queries import posts_with
from jingwei.organisations.refusals import OrganisationRefused, StillOwed
from jingwei.places.models import Place
from jingwei.policy.queries import book
from jingwei.policy.telling import says
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record_many
from jingwei.trail.verbs import verb

MADE = verb("post.made", gettext_lazy("make the post"), gettext_lazy("made the post"))
ALTERED = verb("post.altered", gettext_lazy("change the post"), gettext_lazy("changed the post"))
ENDED = verb("post.ended", gettext_lazy("end the post"), gettext_lazy("ended the post"))
HANDED = verb("post.handed_over", gettext_lazy("hand over the post"), gettext_lazy("handed over what it owed"))

OWED_BY = (Role.DISPATCHER, Role.INSPECTOR, Role.CALLER, Role.ARBITER, *sorted(KEPT_APART))
"""Roles without which work on some ground would have no owner, or the county no officer."""
GIVEN = tuple(role for role in Role if role not in (Role.RESIDENT, Role.LEAD, Role.SYSTEM))
"""Roles that a post can be given."""


@transaction.atomic
def create_post(
    organisation: Organisation, *, title: str, actor: Actor, at: datetime, roles: Sequence[str] = (),
    ground: Place | None = None, english: str = "", key: str = "", team: str = "", front_desk: bool = False,
) -> Post:  # fmt: skip
    """Make a post in an organisation, by default on the organisation's ground; a key that ended stands again."""
    row = locked(organisation)
    roles = _roles(roles)
    ground = ground or row.ground
    _refuse_elsewhere(row, ground, team)
    post = row.posts.filter(key=key).first() if key else None
    if post is not None and post.until is None:
        raise OrganisationRefused(_("There is a post with the key «%(key)s» already.") % {"key": key}, "key")
    if front_desk and row.posts.filter(front_desk=True, until=None).exists():
        raise OrganisationRefused(_("«%(name)s» has a front desk already.") % {"name": row}, "front_desk")
    post = post or Post(organisation=row, key=key or f"own_{row.posts.count() + 1}_{row.pk}", since=day_of(at))
    post.title, post.english, post.roles, post.ground = _titled(title), english.strip()[:120], roles, ground
    post.team, post.front_desk, post.by_hand, post.until, post.successor = team, front_desk, True, None, None
    post.save()
    record_many([line(actor, MADE, at, post, roles=" ".join(roles))])
    return post


@transaction.atomic
def alter_post(post: Post, *, actor: Actor, at: datetime, **says: Any) -> Post:
    """Retitle a post, or give it another ground, other roles or another place in its grid's team.

    `says`: any of title, english, ground, roles, team. Past days, and what was done on cases, keep the old title.
    """
    (row,) = locked_posts(post)
    before = row.full_title
    if "title" in says:
        says["title"] = _titled(says["title"])
    if "roles" in says:
        says["roles"] = _roles(says["roles"])
        if KEPT_APART.intersection(says["roles"]) != KEPT_APART.intersection(row.roles):
            raise OrganisationRefused(
                _("Whether a post administers, keeps security or audits is not changed. Make a new post."), "roles"
            )
        gone = [role for role in OWED_BY if role in row.roles and role not in says["roles"]]
        refuse_last_of_its_role([row], gone)
    if {"ground", "team"} & says.keys():
        _refuse_elsewhere(row.organisation, says.get("ground", row.ground), says.get("team", row.team))
    if "ground" in says:
        refuse_last_of_its_role([row], [role for role in OWED_BY if role in row.roles], says["ground"].path)
    stored = {"ground_id" if key == "ground" else key: getattr(value, "pk", value) for key, value in says.items()}
    if changed(row, day_of(at), stored):
        changed(row, day_of(at), {"by_hand": True})
        row.refresh_from_db()
        record_many([line(actor, ALTERED, at, row, before=before, roles=" ".join(row.roles), ground=row.ground_id)])
    return row


@transaction.atomic
def end_post(post: Post, *, actor: Actor, at: datetime, successor: Post | None = None) -> Post:
    """End a post from the day of `at` on. Raises StillOwed where it owes anything and no successor is named."""
    if post.until is not None:
        raise OrganisationRefused(_("«%(name)s» has ended already.") % {"name": post.full_title})
    close_posts([post], {post.pk: successor} if successor else {}, actor=actor, at=at)
    return Post.objects.get(pk=post.pk)


@transaction.atomic
def hand_over(post: Post, to: Post, *, actor: Actor, at: datetime) -> int:
    """Hand everything a post owes to another; both go on. How much it was. Raises Unfit, OrganisationRefused."""
    row, heir = locked_posts(post, to)
    return _handed(row, heir, actor, at)


def close_posts(posts: Sequence[Post], successors: Mapping[int, Post], *, actor: Actor, at: datetime) -> None:
    """End posts in the caller's transaction, all they owe handed on first; StillOwed names every one left open."""
    if not posts:
        return
    heirs = {pk: heir for pk, heir in successors.items() if pk in {post.pk for post in posts}}
    every = {one.pk: one for one in locked_posts(*posts, *heirs.values())}
    for post in posts:
        heir = heirs.get(post.pk)
        if heir is not None and heir.pk in {one.pk for one in posts}:
            raise OrganisationRefused(_("«%(post)s» ends as well; choose another.") % {"post": heir}, "successor")
    many = owed.counts(posts)
    if left := [(post.full_title, many[post.pk]) for post in posts if post.pk in many and post.pk not in heirs]:
        raise StillOwed(left)
    refuse_last_of_its_role(posts)
    for post in posts:
        row, heir = every[post.pk], every[heirs[post.pk].pk] if post.pk in heirs else None
        if heir is not None:
            _handed(row, heir, actor, at)
        _end(row, heir, actor, at)


def _handed(row: Post, heir: Post, actor: Actor, at: datetime) -> int:
    of_one_county(row, heir)
    if row.pk == heir.pk:
        raise OrganisationRefused(_("Choose another post than the one that hands over."), "successor")
    if KEPT_APART.intersection(heir.roles) and not KEPT_APART.intersection(row.roles):
        raise OrganisationRefused(_("«%(post)s» has no work with cases; choose another.") % {"post": heir}, "successor")
    if held_by([heir], actor, day_of(at)):
        raise OrganisationRefused(
            _("You hold «%(post)s» yourself; another administrator hands work to it.") % {"post": heir}, "successor"
        )
    how_much = owed.hand_all(row, heir, actor, at)
    if sum(how_much.values()):
        record_many([line(actor, HANDED, at, row, to=heir.full_title, to_post=heir.pk, **how_much)])
    return sum(how_much.values())


def held_by(posts: Sequence[Post], actor: Actor, on: dt.date) -> list[Post]:
    """Those of the posts that whoever acts holds herself, now or from a later day."""
    if actor.person_id is None:
        return []
    standing = Appointment.objects.filter(Q(until=None) | Q(until__gt=on), post__in=posts, person=actor.person_id)
    mine = set(standing.values_list("post_id", flat=True))
    return [post for post in posts if post.pk in mine]


def _end(row: Post, heir: Post | None, actor: Actor, at: datetime) -> None:
    on, was_desk = day_of(at), row.front_desk
    Appointment.objects.filter(Q(until=None) | Q(until__gt=on), post=row, since__gt=on).delete()
    Appointment.objects.filter(Q(until=None) | Q(until__gt=on), post=row).update(until=on)
    row.until, row.successor, row.front_desk, row.by_hand = on, heir, False, True
    row.save(update_fields=["until", "successor", "front_desk", "by_hand"])
    if was_desk and heir is not None and heir.organisation_id == row.organisation_id and not heir.front_desk:
        heir.front_desk = True
        heir.save(update_fields=["front_desk"])
    record_many([line(actor, ENDED, at, row, successor=heir.full_title if heir else "")])


def refuse_last_of_its_role(posts: Sequence[Post], roles: Sequence[str] | None = None, within: str = "") -> None:
    """Refuse to take away the last posts that hold a role on their ground, since work there would have no owner.

    `within`: the ground the post keeps its role on, so that only what it leaves behind is asked about.
    """
    gone = {post.pk for post in posts}
    for post in posts:
        if within and (post.ground.path.startswith(within) or post.ground.rank != 0):
            continue
        for role in roles if roles is not None else [one for one in OWED_BY if one in post.roles]:
            if not posts_with(role, post.ground.path).exclude(pk__in=gone).exists():
                raise OrganisationRefused(
                    _("No other post is %(role)s for %(ground)s. Give another post that role first.")
                    % {"role": ROLES[Role(role)], "ground": post.ground}, "successor",
                )  # fmt: skip


def _roles(said: Sequence[str]) -> list[str]:
    roles = [role.value for role in GIVEN if role.value in said]
    if len(roles) != len(set(said)):
        raise OrganisationRefused(_("A post cannot have such a role."), "roles")
    if KEPT_APART.intersection(roles) and len(roles) > 1:
        raise OrganisationRefused(
            _("a post that administers, keeps security or audits has no other role, and sees no cases."), "roles"
        )
    return roles


def _refuse_elsewhere(row: Organisation, ground: Place, team: str) -> None:
    if ground.county_id != row.county_id:
        raise OrganisationRefused(_("This ground is another county's."), "ground")
    if team and book(row.county_id)[OfficesSection].team(team) is None:
        raise OrganisationRefused(_("The county has no such place in a grid's team."), "team")


def _titled(title: str) -> str:
    said = re.sub(r"\s+", " ", title.replace("\x00", "")).strip()
    if not said or len(said) > 80:
        raise OrganisationRefused(_("Give a title of at most 80 characters."), "title")
    return said


ROLES = {
    Role.GRID_WORKER: gettext_lazy("grid worker"),
    Role.CLERK: gettext_lazy("clerk"),
    Role.DISPATCHER: gettext_lazy("dispatcher"),
    Role.DEPARTMENT: gettext_lazy("front desk of a department"),
    Role.SECTION: gettext_lazy("section that handles"),
    Role.SIGNER: gettext_lazy("who signs"),
    Role.INSPECTOR: gettext_lazy("inspector"),
    Role.CALLER: gettext_lazy("caller"),
    Role.ARBITER: gettext_lazy("arbiter"),
    Role.LEADER: gettext_lazy("leader"),
    Role.FIRST_SECRETARY: gettext_lazy("first secretary"),
    Role.COMMITTEE_MEMBER: gettext_lazy("member of the leading group"),
    Role.TEAM: gettext_lazy("service team"),
    Role.ADMINISTRATOR: gettext_lazy("administrator"),
    Role.SECURITY_OFFICER: gettext_lazy("security officer"),
    Role.AUDITOR: gettext_lazy("auditor"),
}
"""What each role is called."""
says(Role, lambda _document: ROLES)
