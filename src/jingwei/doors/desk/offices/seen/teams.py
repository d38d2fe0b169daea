"""What the page of a place's people shows: its team, whoever is assigned to it, the organisations that serve it."""

import datetime as dt
from collections import Counter

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from jingwei.accounts.sitting import Sitting
from jingwei.doors.desk.offices.drawn import Cell, Table, View
from jingwei.doors.desk.offices.seen.wording import address, day, held_by, link, sort_of, words_of
from jingwei.organisations.models import Post, Responsibility, Served
from jingwei.organisations.offices import OfficesSection, word
from jingwei.places.models import Place
from jingwei.policy.queries import book


def team(row: Place, sitting: Sitting, on: dt.date, today: dt.date) -> View:
    """Everyone who works for a place or is assigned to it: its team, those responsible, the branches that serve it."""
    offices = words_of(sitting)
    view = View(
        _("Who works for %(place)s") % {"place": row}, (reverse("desk:office_list", args=["grids"]), _("Grid teams"))
    )
    view.facts = [
        (_("Place"), str(row)),
        (_("Code of the place"), row.code),
        (_("Households"), str(row.households or "—")),
    ]
    members = team_posts(sitting.county_code, row)
    many = Counter(one.team for one in members if held(one, on))
    for said in offices.teams:
        if said.works and row.layer == "grid" and not many[said.key]:
            view.tags.append((_("No worker"), "late"))
        if said.wanted and row.layer == "grid" and many[said.key] < said.wanted:
            short = {"team": said, "many": many[said.key], "wanted": said.wanted}
            view.notes.append((_("%(team)s: %(many)s of %(wanted)s.") % short, "soon"))
    order = [one.key for one in offices.teams]
    members.sort(key=lambda one: (order.index(one.team) if one.team in order else 99, one.pk))
    rows = [
        [Cell(word(offices.teams, one.team)), Cell(one.full_title, address("post", one.pk)), held_by(one, on)]
        for one in members
    ]
    columns = [_("Place in the team"), _("Post"), _("Held by")]
    empty = _("Nobody is in this team. Make a post for this grid in its community, and choose its place in the team.")
    answering = (
        Responsibility.objects.filter(until=None, place=row)
        .select_related("post__organisation")
        .prefetch_related("post__appointments__person")
    )
    assigned = [
        [Cell(sort_of(one, offices)), Cell(one.post.full_title, address("post", one.post_id)), held_by(one.post, on)]
        for one in answering.order_by("sort", "pk")
    ]
    serving = Served.objects.filter(until=None, place=row).select_related("organisation")
    serves = [
        [link(one.organisation), Cell(word(offices.kinds, one.organisation.kind)), Cell(day(one.since))]
        for one in serving
    ]
    nobody = _("No leader, unit or legal worker is assigned. Assign the responsibility on the page of a post.")
    view.tables = [
        Table(_("Team"), columns, rows, empty),
        Table(_("Assigned responsibility"), [_("Sort"), _("Post"), _("Held by")], assigned, nobody),
        Table(_("Organisations that serve it"), [_("Organisation"), _("Kind of organisation"), _("Since")], serves),
    ]
    view.tables = [table for table in view.tables if table.rows or table.empty]
    return view


def team_posts(county: str, place: Place) -> list[Post]:
    """The posts in the team of a place: those for the place itself, and heads whose ground holds it."""
    above = [place.path[: n + 1] for n, sign in enumerate(place.path) if sign == "/"]
    found = Post.objects.filter(organisation__county_id=county, until=None).exclude(team="")
    heads = Q(ground__path__in=above, ground__rank=0, team__in=head_keys(county))
    posts = found.filter(Q(ground=place) | heads).select_related("organisation", "ground")
    return list(posts.prefetch_related("appointments__person"))


def head_keys(county: str) -> list[str]:
    """The places in a team that are heads of a level."""
    return [one.key for one in book(county)[OfficesSection].teams if one.head]


def held(post: Post, on: dt.date) -> bool:
    """Whether somebody holds a post on a day."""
    return any(one.holds(on) for one in post.appointments.all())
