"""Organisations founded, renamed, moved, merged, dissolved: each an act of one day; nothing is owed by nobody."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.organisations import owed
from jingwei.organisations.acts.allying import end_bonds
from jingwei.organisations.acts.keeping import changed, day_of, line, locked, locked_posts, of_one_county
from jingwei.organisations.acts.posts import close_posts, held_by
from jingwei.organisations.models import Organisation, Post, Served
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import KEPT_APART
from jingwei.organisations.refusals import OrganisationRefused
from jingwei.places.models import Place
from jingwei.policy.models import County
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record_many
from jingwei.trail.verbs import verb

FOUNDED = verb("organisation.founded", gettext_lazy("found the organisation"), gettext_lazy("founded the organisation"))
ALTERED = verb(
    "organisation.altered", gettext_lazy("change the organisation"), gettext_lazy("changed the organisation")
)
SERVES = verb("organisation.serves", gettext_lazy("let it serve a place"), gettext_lazy("let it serve a place"))
LEFT = verb(
    "organisation.left", gettext_lazy("end its service of a place"), gettext_lazy("ended its service of a place")
)
MERGED = verb("organisation.merged", gettext_lazy("merge the organisation"), gettext_lazy("merged the organisation"))
DISSOLVED = verb(
    "organisation.dissolved", gettext_lazy("dissolve the organisation"), gettext_lazy("dissolved the organisation")
)


@transaction.atomic
def found(
    county: County, *, name: str, kind: str, ground: Place, parent: Organisation | None = None, english: str = "",
    key: str = "", since: dt.date | None = None, actor: Actor, at: datetime,
) -> Organisation:  # fmt: skip
    """Found an organisation of one of the county's kinds; `since` is the day it began, at the latest that of `at`.

    `key` is its name to the machine; without one it is given one. A key that was dissolved stands again.
    Raises OrganisationRefused.
    """
    on = since or day_of(at)
    if on > day_of(at):
        raise OrganisationRefused(_("It is entered on the day it begins, or later."), "since")
    if ground.county_id != county.pk:
        raise OrganisationRefused(_("This ground is another county's."), "ground")
    parent = locked(parent) if parent else None
    _refuse_place_in_tree(county.pk, kind, parent)
    name = _named(name)
    row = Organisation.objects.filter(county=county, key=key).first() if key else None
    if row is not None and row.until is None:
        raise OrganisationRefused(_("There is an organisation with the key «%(key)s» already.") % {"key": key}, "key")
    row = row or Organisation(county=county, key=key or _fresh_key(county), since=on)
    row.name, row.english, row.kind, row.ground, row.parent = name, english.strip()[:120], kind, ground, parent
    row.until, row.successor, row.by_hand = None, None, True
    row.save()
    record_many([line(actor, FOUNDED, at, row, kind=kind, parent=parent.pk if parent else None)])
    return row


@transaction.atomic
def alter(organisation: Organisation, *, actor: Actor, at: datetime, **says: Any) -> Organisation:
    """Rename an organisation, move it below another, give it another kind or ground, from the day of `at` on.

    `says`: any of name, english, kind, ground, parent (None: below none). What was true before stays so on past days.
    """
    row = locked(organisation)
    parent = says.get("parent", row.parent)
    if parent is not None and "parent" in says:
        of_one_county(row, locked(parent))
        if any(one.pk == row.pk for one in chain(parent)):
            raise OrganisationRefused(_("«%(name)s» would stand above itself.") % {"name": row}, "parent")
    if "ground" in says and says["ground"].county_id != row.county_id:
        raise OrganisationRefused(_("This ground is another county's."), "ground")
    if {"parent", "kind"} & says.keys():
        _refuse_place_in_tree(row.county_id, says.get("kind", row.kind), parent)
    if "name" in says:
        says["name"] = _named(says["name"])
    before = row.name
    stored = {
        f"{key}_id" if key in ("parent", "ground") else key: getattr(value, "pk", value) for key, value in says.items()
    }
    if changed(row, day_of(at), stored):
        changed(row, day_of(at), {"by_hand": True})
        row.refresh_from_db()
        told = {key: value for key, value in stored.items() if key != "name"}
        record_many([line(actor, ALTERED, at, row, before=before, **told)])
    return row


@transaction.atomic
def serve(organisation: Organisation, places: Sequence[Place], *, actor: Actor, at: datetime) -> int:
    """Let an organisation serve places beside its own ground, a branch its grids; how many were new."""
    row, on = locked(organisation), day_of(at)
    there = set(row.serves.filter(until=None).values_list("place_id", flat=True))
    fresh = [place for place in {place.pk: place for place in places}.values() if place.pk not in there]
    if any(place.county_id != row.county_id for place in fresh):
        raise OrganisationRefused(_("This ground is another county's."), "place")
    Served.objects.bulk_create(
        [Served(organisation=row, place=place, since=on) for place in fresh],
        update_conflicts=True, unique_fields=["organisation", "place", "since"], update_fields=["until"],
    )  # fmt: skip
    record_many(line(actor, SERVES, at, row, place=place.name, id=place.pk) for place in fresh)
    return len(fresh)


@transaction.atomic
def stop_serving(served: Served, *, actor: Actor, at: datetime) -> None:
    """End an organisation's service of a place. Twice is once."""
    row = Served.objects.select_for_update().select_related("organisation__ground", "place").get(pk=served.pk)
    if row.until is None:
        row.until = day_of(at)
        row.save(update_fields=["until"])
        record_many([line(actor, LEFT, at, row.organisation, place=row.place.name, id=row.place_id)])


@transaction.atomic
def dissolve(
    organisation: Organisation, *, actor: Actor, at: datetime, successors: Mapping[int, Post] | None = None,
    heir: Organisation | None = None,
) -> Organisation:  # fmt: skip
    """Dissolve an organisation from the day of `at` on, with all its posts.

    `successors`: for each of its posts (by id) that owes anything, the post that owes it from now on. `heir`: where
    the organisations below it go. Raises StillOwed with all that is owed and has no successor, OrganisationRefused
    where organisations stand below it and no heir is named.
    """
    row, on = locked(organisation), day_of(at)
    below = list(Organisation.objects.filter(parent=row, until=None).order_by("pk"))
    if below and heir is None:
        told = _(", ").join(str(one) for one in below[:5])
        raise OrganisationRefused(
            _("%(many)s organisations stand below it (%(names)s). Say where they go.")
            % {"many": len(below), "names": told}, "heir",
        )  # fmt: skip
    heir = _heir(row, heir)
    for one in below:
        alter(one, parent=heir, actor=actor, at=at)
    close_posts(list(row.posts.filter(until=None).order_by("pk")), successors or {}, actor=actor, at=at)
    _end(row, heir, on, actor, at)
    record_many([line(actor, DISSOLVED, at, row, heir=heir.pk if heir else None)])
    return row


@transaction.atomic
def merge(
    organisation: Organisation, into: Organisation, *, actor: Actor, at: datetime,
    successors: Mapping[int, Post] | None = None,
) -> Organisation:  # fmt: skip
    """Merge an organisation into another from the day of `at` on.

    Its posts go over with their holders and all they owe, except those that `successors` names (by id), which end
    and hand everything to their successor. What stands below it, what it served and its bonds go over too, and the
    other sees the cases it had its hands on.
    """
    row, on = locked(organisation), day_of(at)
    heir = _heir(row, into)
    assert heir is not None
    named = successors or {}
    for one in Organisation.objects.filter(parent=row, until=None).order_by("pk"):
        alter(one, parent=heir, actor=actor, at=at)
    posts = list(row.posts.filter(until=None).order_by("pk"))
    close_posts([post for post in posts if post.pk in named], named, actor=actor, at=at)
    keys, desk = set(heir.posts.values_list("key", flat=True)), heir.posts.filter(front_desk=True, until=None).exists()
    going_over = [post for post in posts if post.pk not in named]
    if mine := [post for post in held_by(going_over, actor, on) if not KEPT_APART.intersection(post.roles)]:
        raise OrganisationRefused(
            _("You hold «%(post)s» yourself; it would see what «%(into)s» sees. Another administrator merges the two.")
            % {"post": mine[0].full_title, "into": heir}, "into",
        )  # fmt: skip
    for post in locked_posts(*going_over):
        key = post.key if post.key not in keys else f"{post.key}_{row.pk}_{post.pk}"[:80]
        keys.add(key)
        says = {"organisation_id": heir.pk, "key": key, "front_desk": post.front_desk and not desk, "by_hand": True}
        changed(post, on, says)
    serve(heir, [s.place for s in row.serves.filter(until=None).select_related("place")], actor=actor, at=at)
    owed.inherit(row, heir)
    _end(row, heir, on, actor, at)
    record_many([line(actor, MERGED, at, row, into=heir.pk, into_name=heir.name, posts=len(going_over))])
    return heir


def chain(organisation: Organisation) -> list[Organisation]:
    """The organisation and those above it, itself first."""
    found = [organisation]
    while found[-1].parent is not None and len(found) < 40:
        found.append(found[-1].parent)
    return found


def _heir(row: Organisation, heir: Organisation | None) -> Organisation | None:
    if heir is None:
        return None
    heir = locked(heir)
    of_one_county(row, heir)
    if any(one.pk == row.pk for one in chain(heir)):
        raise OrganisationRefused(_("Choose an organisation that neither is this one nor stands below it."), "heir")
    return heir


def _end(row: Organisation, heir: Organisation | None, on: dt.date, actor: Actor, at: datetime) -> None:
    end_bonds(row, heir, actor=actor, at=at)
    Served.objects.filter(organisation=row, until=None).update(until=on)
    row.until, row.successor, row.by_hand = on, heir, True
    row.save(update_fields=["until", "successor", "by_hand"])


def _refuse_place_in_tree(county_code: str, kind: str, parent: Organisation | None) -> None:
    offices = book(county_code)[OfficesSection]
    line_of = offices.kind(kind)
    if line_of is None or line_of.retired:
        raise OrganisationRefused(_("The county has no kind of organisation «%(kind)s».") % {"kind": kind}, "kind")
    if parent is not None and parent.county_id != county_code:
        raise OrganisationRefused(_("These belong to different counties."), "parent")
    if line_of.below and (parent is None or parent.kind not in line_of.below):
        kinds = _(", ").join(str(one) for one in offices.kinds if one.key in line_of.below)
        said = _("«%(kind)s» stands below one of: %(kinds)s.") % {"kind": line_of, "kinds": kinds}
        raise OrganisationRefused(said, "parent")


def _named(name: str) -> str:
    said = re.sub(r"\s+", " ", name.replace("\x00", "")).strip()
    if not said or len(said) > 80:
        raise OrganisationRefused(_("Give a name of at most 80 characters."), "name")
    return said


def _fresh_key(county: County) -> str:
    County.objects.select_for_update(no_key=True).get(pk=county.pk)  # one number at a time
    last = Organisation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return f"own_{last + 1}"
