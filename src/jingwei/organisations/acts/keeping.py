"""Changing an organisation or a post so that what was true on a past day stays true."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from jingwei.organisations.models import FormerOrganisation, FormerPost, Organisation, Post
from jingwei.organisations.refusals import OrganisationRefused
from jingwei.trail.actor import Actor
from jingwei.trail.acts import Entry
from jingwei.trail.verbs import Verb

KEPT_OF_ORGANISATION = ("name", "english", "kind", "ground_id", "parent_id")
KEPT_OF_POST = ("organisation_id", "title", "english", "ground_id")


def changed(row: Organisation | Post, on: dt.date, says: Mapping[str, Any]) -> bool:
    """Save what is new in `says` (attribute names as stored) and keep how the row was until `on`; whether anything was.

    Twice changed on one day, the last word is the day's. Raises OrganisationRefused where it was changed later
    than `on`: the past is not rewritten.
    """
    different = {name: value for name, value in says.items() if getattr(row, name) != value}
    if not different:
        return False
    kept = KEPT_OF_ORGANISATION if isinstance(row, Organisation) else KEPT_OF_POST
    if different.keys() & set(kept):
        _keep_as_it_was(row, on, {name: getattr(row, name) for name in kept})
    for name, value in different.items():
        setattr(row, name, value)
    row.save(update_fields=[*different])
    return True


def _keep_as_it_was(row: Organisation | Post, on: dt.date, was: Mapping[str, Any]) -> None:
    begun = present_since(row)
    if on < begun:
        raise OrganisationRefused(
            _("«%(name)s» was changed on %(day)s already, which is later.") % {"name": row, "day": begun}
        )
    if on == begun:
        return
    if isinstance(row, Organisation):
        FormerOrganisation.objects.create(organisation=row, since=begun, until=on, **was)
    else:
        FormerPost.objects.create(post=row, since=begun, until=on, **was)


def present_since(row: Organisation | Post) -> dt.date:
    """Since when a row has been as it is now."""
    last: dt.date | None = row.former.aggregate(last=Max("until"))["last"]
    return last or row.since


def locked(organisation: Organisation) -> Organisation:
    """The organisation as it stands, locked until the transaction ends. Raises where it has ended.

    As of `locked_posts`: whoever only writes the organisation down does not wait.
    """
    rows = Organisation.objects.select_for_update(of=("self",), no_key=True).select_related("county", "ground")
    found = rows.get(pk=organisation.pk)
    if found.until is not None:
        raise OrganisationRefused(_("«%(name)s» has been dissolved already.") % {"name": found})
    return found


def locked_posts(*posts: Post) -> list[Post]:
    """Posts as they stand, locked in order of age until the transaction ends. Raises where one has ended.

    Whoever names a locked post in an act waits, and then finds it ended. Whoever only writes it down (who acted, who is
    told) does not: holding a case and waiting here, while the post's end waits for that case, neither would go on.
    """
    rows = Post.objects.select_for_update(of=("self",), no_key=True).select_related("organisation__county", "ground")
    found = {row.pk: row for row in rows.filter(pk__in=[post.pk for post in posts]).order_by("pk")}
    for row in found.values():
        if row.until is not None:
            raise OrganisationRefused(_("«%(name)s» has ended already.") % {"name": row.full_title})
    return [found[post.pk] for post in posts]


def hold_standing(posts: Sequence[Post]) -> None:
    """Let none of the posts end or move until the transaction ends. Raises where one has ended.

    Others hold them at the same time: whoever appoints to a post does not wait for whoever assigns to it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [[post.pk for post in posts]])
        ended = {pk for pk, until in cursor.fetchall() if until is not None}
    for post in posts:
        if post.pk in ended:
            raise OrganisationRefused(_("«%(name)s» has ended already.") % {"name": post.full_title}, "post")


_HOLD = "SELECT id, until FROM organisations_post WHERE id = ANY(%s) ORDER BY id FOR SHARE"


def of_one_county(*rows: Organisation | Post) -> None:
    """Refuse to bind what belongs to different counties."""
    codes = {row.county_id if isinstance(row, Organisation) else row.organisation.county_id for row in rows}
    if len(codes) > 1:
        raise OrganisationRefused(_("These belong to different counties."))


def line(
    actor: Actor, verb: Verb, at: dt.datetime, row: Organisation | Post, **facts: str | int | bool | None
) -> Entry:
    """A line of the trail about an organisation or a post, with its name as it is at the moment of the act."""
    name = row.full_title if isinstance(row, Post) else row.name
    subject = ("post" if isinstance(row, Post) else "organisation", row.pk)
    return Entry(actor, verb, at, subject, row.ground.path, {"name": name[:200], **facts})


def day_of(at: dt.datetime) -> dt.date:
    """The day on which an act takes effect."""
    return localdate(at)
