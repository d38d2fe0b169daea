"""What the page of an organisation shows: its posts, what stands below it, what it serves, signed and was given."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from jingwei.accounts.sitting import Sitting
from jingwei.doors.desk.offices.drawn import Cell, Table, View
from jingwei.doors.desk.offices.seen.wording import address, button, day, held_by, link, words_of
from jingwei.organisations.bonds import Agreement, Alliance
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.offices import OfficesSection, word
from jingwei.organisations.past import organisations_on, posts_on, stood
from jingwei.places.models import Place


def organisation(row: Organisation, sitting: Sitting, on: dt.date, today: dt.date) -> View:
    """An organisation, as it was on a day."""
    tree = organisations_on(sitting.county_code, on)
    was, offices = tree.get(row.pk), words_of(sitting)
    kind, parent = (was.kind, was.parent) if was else (row.kind, row.parent_id)
    view = View(str(was or row), (reverse("desk:organisations"), _("Organisations and posts")))
    view.tags.append((word(offices.kinds, kind), "doing"))
    if row.until is not None and row.until <= on:
        view.tags.append((_("Dissolved"), "late"))
    if on != today:
        view.notes.append((_("As it was on %(day)s.") % {"day": day(on)}, "soon"))
    above = tree.get(parent or 0)
    ground = Place.objects.get(pk=was.ground) if was else row.ground
    view.facts = [(_("Below"), str(above) if above else _("none")), (_("Where it stands"), str(ground))]
    view.facts += [(_("Since"), day(row.since))] + ([(_("Ended on"), day(row.until))] if row.until else [])
    if row.successor:
        view.facts.append((_("In its place"), str(row.successor)))
    view.tables = [_posts(row, sitting, on), _below(row, tree, offices)]
    view.tables += _around(row, offices, on)
    former = [
        [Cell(day(one.since)), Cell(day(one.until)), Cell(str(one)), Cell(str(one.parent or "—"))]
        for one in row.former.order_by("since").select_related("parent")
    ]
    if former:
        view.tables.append(Table(_("How it was before"), [_("Since"), _("Ended on"), _("Name"), _("Below")], former))
    view.tables = [table for table in view.tables if table.rows or table.empty]
    view.links = [(reverse("desk:organisations") + f"?below={row.pk}", _("Organisation chart"), "list")]
    return view


def _posts(row: Organisation, sitting: Sitting, on: dt.date) -> Table:
    stood_then = {pk: one for pk, one in posts_on(sitting.county_code, on).items() if one.organisation == row.pk}
    found = Post.objects.filter(pk__in=stood_then).prefetch_related("appointments__person").order_by("pk")
    rows = [
        [
            Cell(str(stood_then[one.pk]), address("post", one.pk)),
            held_by(one, on),
            Cell(_("front desk") if one.front_desk else ""),
        ]
        for one in found
    ]
    empty = _("No post yet. What the organisation is to do is owed by a post, so make one first.")
    return Table(_("Posts"), [_("Post"), _("Held by"), ""], rows, empty)


def _below(row: Organisation, tree: Any, offices: OfficesSection) -> Table:
    rows = [
        [Cell(str(one), address("organisation", one.pk)), Cell(word(offices.kinds, one.kind))]
        for one in tree.values()
        if one.parent == row.pk
    ]
    return Table(_("Organisations below"), [_("Organisation"), _("Kind of organisation")], rows)


def _around(row: Organisation, offices: OfficesSection, on: dt.date) -> Iterable[Table]:
    serves = row.serves.filter(stood(on)).select_related("place").order_by("place__path", "place__code")
    now = row.until is None
    yield Table(
        _("Places it serves"),
        [_("Place"), _("Since"), ""],
        [
            [
                Cell(str(one.place), address("place", one.place_id)),
                Cell(day(one.since)),
                button("leave_place", one.pk, now),
            ]
            for one in serves
        ],
    )
    alliances = Alliance.objects.filter(stood(on)).filter(
        Q(core=row) | Q(memberships__organisation=row, memberships__until=None)
    )
    yield Table(
        _("Alliances"),
        [_("Alliance"), _("Core")],
        [
            [Cell(str(one), address("alliance", one.pk)), Cell(str(one.core))]
            for one in alliances.distinct().select_related("core")
        ],
    )
    agreements = (
        Agreement.objects.filter(stood(on)).filter(Q(first=row) | Q(second=row)).select_related("first", "second")
    )
    yield Table(
        _("Agreements"),
        [_("Agreement"), _("Signed with"), _("Term until")],
        [
            [
                Cell(str(one), address("agreement", one.pk)),
                link(one.second if one.first_id == row.pk else one.first),
                Cell(day(one.term_until) or "—"),
            ]
            for one in agreements
        ],
    )
    help_given = row.supports.filter(stood(on)).order_by("since")
    yield Table(
        _("Help given"),
        [_("Sort"), _("Since"), ""],
        [
            [Cell(word(offices.support, one.sort)), Cell(day(one.since)), button("end_help", one.pk, now)]
            for one in help_given
        ],
    )
    yield Table(
        _("Formings and renewals"),
        [_("Since"), _("Ended on")],
        [
            [Cell(day(one.since), address("forming", one.pk)), Cell(day(one.until) or _("under way"))]
            for one in row.formings.order_by("-pk")
        ],
    )
