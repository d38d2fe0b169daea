"""What the page of an organisation, a post, an alliance, an agreement, a forming or a grid's team shows."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from jingwei.accounts.sitting import Sitting
from jingwei.doors.desk.offices.drawn import Cell, Table, View
from jingwei.organisations import owed
from jingwei.organisations.bonds import Agreement, Alliance, Forming
from jingwei.organisations.models import Appointment, Leave, Organisation, Post, Responsibility, Served
from jingwei.organisations.offices import OfficesSection, word
from jingwei.organisations.past import organisations_on, posts_on, stood
from jingwei.places.models import Place
from jingwei.policy.queries import book


def address(sort: str, pk: int) -> str:
    """The page of a thing."""
    return reverse("desk:office", args=[sort, pk])


def day(on: dt.date | None) -> str:
    """A day as pages write it."""
    return on.isoformat() if on else ""


def words_of(sitting: Sitting) -> OfficesSection:
    """The county's words for organisations."""
    return book(sitting.county_code)[OfficesSection]


def link(row: Organisation | Post | None) -> Cell:
    """A cell that leads to an organisation or a post."""
    if row is None:
        return Cell("—")
    sort = "post" if isinstance(row, Post) else "organisation"
    return Cell(str(row), address(sort, row.pk))


def holders(post: Post, on: dt.date) -> list[Appointment]:
    """Who holds a post on a day, those who act for somebody last."""
    return sorted((one for one in post.appointments.all() if one.holds(on)), key=lambda one: (one.acting, one.pk))


def held_by(post: Post, on: dt.date) -> Cell:
    """The names of the holders, or that the post is vacant."""
    names = [one.person.name + (_(" (acting)") if one.acting else "") for one in holders(post, on)]
    return Cell(_(", ").join(names)) if names else Cell(_("Vacant"), level="late")


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
    view.tables += [table for table in _around(row, offices, on) if table.rows or table.empty]
    former = [
        [Cell(day(one.since)), Cell(day(one.until)), Cell(str(one)), Cell(str(one.parent or "—"))]
        for one in row.former.order_by("since").select_related("parent")
    ]
    if former:
        view.tables.append(Table(_("How it was before"), [_("Since"), _("Ended on"), _("Name"), _("Below")], former))
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
                _button("leave_place", one.pk, now),
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
            [Cell(word(offices.support, one.sort)), Cell(day(one.since)), _button("end_help", one.pk, now)]
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


def _button(deed: str, row: int, shown: bool = True) -> Cell:
    return Cell(deed=deed if shown else "", row=row)


def post(row: Post, sitting: Sitting, on: dt.date, today: dt.date) -> View:
    """A post: who holds it, what it answers for, how much it owes."""
    offices, now = words_of(sitting), row.until is None
    view = View(row.full_title, (address("organisation", row.organisation_id), str(row.organisation)))
    standing = [
        one
        for one in row.appointments.select_related("person").order_by("since")
        if one.until is None or one.until > today
    ]
    if not now:
        view.tags.append((_("Ended"), "late"))
    elif not any(one.holds(today) for one in standing):
        view.tags.append((_("Vacant"), "late"))
    if row.team:
        view.tags.append((word(offices.teams, row.team), "doing"))
    owes = owed.counts([row]).get(row.pk, 0)
    view.facts = [
        (_("Where it stands"), str(row.ground)),
        (_("Since"), day(row.since or row.organisation.since)),
        (_("Owes"), str(owes)),
    ]
    if row.until:
        view.facts.append((_("Ended on"), day(row.until)))
    if row.successor:
        view.facts.append((_("Successor"), row.successor.full_title))
    columns = [_("Who"), _("Since"), _("Ended on"), _("Term until"), _("Chosen from"), ""]
    view.tables = [
        Table(
            _("Held by"),
            columns,
            [_holder(one, offices, today, now) for one in standing],
            _("Nobody holds this post. Appoint somebody, or an acting holder."),
        ),
        _leaves(row, today),
        _answers(row, offices),
        Table(
            _("Held before"),
            columns[:4],
            [
                _holder(one, offices, today, False)[:4]
                for one in row.appointments.select_related("person").filter(until__lte=today).order_by("-until")[:50]
            ],
        ),
    ]
    former = [
        [Cell(str(one)), Cell(day(one.since)), Cell(day(one.until)), Cell(str(one.organisation))]
        for one in row.former.select_related("organisation").order_by("since")
    ]
    if former:
        view.tables.append(
            Table(
                _("How it was before"), [_("Title of the post"), _("Since"), _("Ended on"), _("Organisation")], former
            )
        )
    view.tables = [table for table in view.tables if table.rows or table.empty]
    view.links = [(reverse("desk:handover", args=[row.pk]), _("List to hand over"), "printer")]
    return view


def _holder(one: Appointment, offices: OfficesSection, today: dt.date, now: bool) -> list[Cell]:
    over = one.term_until is not None and one.term_until <= today and one.until is None
    name = one.person.name or _("(erased)")
    grade = f" · {word(offices.grades, one.grade)}" if one.grade else ""
    term = Cell(day(one.term_until) + (_(" · term is over") if over else ""), level="late" if over else "")
    acting = _(" (acting)") if one.acting else ""
    return [
        Cell(f"{name}{acting}{grade}"),
        Cell(day(one.since)),
        Cell(day(one.until) or "—"),
        term if one.term_until else Cell("—"),
        Cell(word(offices.chosen_from, one.chosen_from) if one.chosen_from else "—"),
        _button("dismiss", one.pk, now),
    ]


def _leaves(row: Post, today: dt.date) -> Table:
    found = Leave.objects.filter(appointment__post=row, until__gt=today).select_related(
        "appointment__person", "stand_in__person"
    )
    rows = [
        [
            Cell(one.appointment.person.name),
            Cell(day(one.since)),
            Cell(day(one.until)),
            Cell(one.stand_in.person.name) if one.stand_in else Cell(_("nobody"), level="late"),
            _button("back", one.pk),
        ]
        for one in found
    ]
    return Table(_("Away"), [_("Who"), _("Away from"), _("Back on"), _("Stands in"), ""], rows)


def _answers(row: Post, offices: OfficesSection) -> Table:
    found = row.responsibilities.filter(until=None).select_related("place").order_by("place__path", "place__code")
    rows = [
        [
            Cell(str(one.place), address("place", one.place_id)),
            Cell(_sort(one, offices)),
            Cell(day(one.since)),
            _button("relieve", one.pk),
        ]
        for one in found
    ]
    return Table(_("Answers for"), [_("Place"), _("Sort"), _("Since"), ""], rows)


def _sort(one: Responsibility, offices: OfficesSection) -> str:
    return word(offices.responsibilities, one.sort) if one.sort else one.title


def alliance(row: Alliance, sitting: Sitting, on: dt.date, today: dt.date) -> View:
    """An alliance: its core, its standing sorts of member, any further ones, its agreements."""
    offices = words_of(sitting)
    said = next((one for one in offices.alliances if one.key == row.sort), None)
    view = View(str(row), (reverse("desk:office_list", args=["alliances"]), _("Alliances")))
    view.facts = [(_("Sort"), str(said or row.sort)), (_("Core"), str(row.core)), (_("Since"), day(row.since))]
    if row.until:
        view.facts.append((_("Ended on"), day(row.until)))
    members = list(row.memberships.filter(stood(on)).select_related("organisation").order_by("pk"))
    parts = [*(said.members if said else ()), None]
    for part in parts:
        here = [one for one in members if one.part == (part.key if part else "")]
        title = str(part) if part else (_("Further members") if said and said.members else _("Members"))
        rows = [
            [link(one.organisation), Cell(day(one.since)), _button("leave_alliance", one.pk, row.until is None)]
            for one in here
        ]
        empty = _("None yet. Add the organisation as this sort of member.") if part else ""
        view.tables.append(Table(title, [_("Organisation"), _("Since"), ""], rows, empty))
    agreements = [
        [Cell(str(one), address("agreement", one.pk)), link(one.first), link(one.second)]
        for one in row.agreements.select_related("first", "second")
    ]
    view.tables.append(Table(_("Agreements"), [_("Agreement"), "", ""], agreements))
    view.tables = [table for table in view.tables if table.rows or table.empty]
    return view


def agreement(row: Agreement, sitting: Sitting, on: dt.date, today: dt.date) -> View:
    """An agreement: its promises, and how each was kept."""
    offices = words_of(sitting)
    view = View(str(row), (reverse("desk:office_list", args=["agreements"]), _("Agreements")))
    parties = [_party(row.first), _party(row.second)]
    view.facts = [
        (_("Sort"), word(offices.agreements, row.sort)),
        (_("Between"), parties[0]),
        (_("And"), parties[1]),
        (_("Signed on"), day(row.since)),
        (_("Term until"), day(row.term_until) or "—"),
    ]
    if row.until:
        view.tags.append((_("Ended"), "late"))
    elif row.term_until and row.term_until <= today:
        view.tags.append((_("Term is over"), "late"))
    rows = []
    for one in row.promises.select_related("by").prefetch_related("fulfilments__post").order_by("pk"):
        kept = sorted(one.fulfilments.all(), key=lambda each: each.on)
        late = not any(each.whole for each in kept) and one.due is not None and one.due < today
        state = _("; ").join(
            f"{day(each.on)} {each.evidence}" + ("" if each.whole else _(" (in part)")) for each in kept
        )
        rows.append(
            [
                Cell(one.words),
                Cell(str(one.by)),
                Cell(day(one.due) or "—"),
                Cell(state or (_("Not kept in time") if late else _("Not kept yet")), level="late" if late else ""),
            ]
        )
    empty = _("No promise is written down. Add what each of the two promised, so that it can be seen to be kept.")
    view.tables = [
        Table(_("Promises"), [_("What is promised"), _("By whom"), _("By when"), _("How it was kept")], rows, empty)
    ]
    return view


def _party(row: Organisation) -> str:
    """Who signed, and who stands in its place since."""
    return f"{row}（{row.successor}）" if row.successor else str(row)


def forming(row: Forming, sitting: Sitting, on: dt.date, today: dt.date) -> View:
    """The forming or renewal of an owners' committee, with its candidates."""
    offices = words_of(sitting)
    view = View(
        _("Renewal: %(name)s") % {"name": row.organisation}
        if row.renewal
        else _("Forming: %(name)s") % {"name": row.organisation},
        (address("organisation", row.organisation_id), str(row.organisation)),
    )
    view.facts = [(_("Since"), day(row.since)), (_("Ended on"), day(row.until) or _("under way"))]
    rows = [
        [
            Cell(one.person.name or _("(erased)")),
            Cell(day(one.put_forward_on)),
            _outcome(one.passed),
            Cell(word(offices.objections, one.objection) if one.objection else "—"),
        ]
        for one in row.candidates.select_related("person").order_by("pk")
    ]
    empty = _("Nobody has been put forward. Put somebody forward; another person decides on her.")
    view.tables = [
        Table(_("Candidates"), [_("Who"), _("Put forward"), _("Outcome of the vetting"), _("Objection")], rows, empty)
    ]
    view.notes.append(
        (
            _(
                "Only candidates without objection can be appointed. Whoever signs or leads here decides; "
                "never who put her forward."
            ),
            "",
        )
    )
    return view


def _outcome(passed: bool | None) -> Cell:
    if passed is None:
        return Cell(_("waiting"), level="check")
    return Cell(_("no objection"), level="done") if passed else Cell(_("not put forward"), level="late")


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
        [Cell(_sort(one, offices)), Cell(one.post.full_title, address("post", one.post_id)), held_by(one.post, on)]
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


Drawer = Callable[[Any, Sitting, dt.date, dt.date], View]
DRAWERS: dict[str, tuple[type[Any], str, Drawer]] = {
    "organisation": (Organisation, "county_id", organisation),
    "post": (Post, "organisation__county_id", post),
    "alliance": (Alliance, "county_id", alliance),
    "agreement": (Agreement, "county_id", agreement),
    "forming": (Forming, "organisation__county_id", forming),
    "place": (Place, "county_id", team),
}
"""Sorts of thing that have a page: their table, where their county stands, and what draws them."""
