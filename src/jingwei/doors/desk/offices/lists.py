"""Lists over all organisations of a county: vacancies, cross-appointments, grids without a worker, who is around."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.accounts.sitting import Sitting
from jingwei.doors.desk.offices.drawn import Cell, Table, posts
from jingwei.doors.desk.offices.seen.wording import address, day, held_by, link, words_of
from jingwei.organisations.bonds import Agreement, Alliance, Forming
from jingwei.organisations.models import Appointment, Leave, Organisation, Responsibility
from jingwei.organisations.natures import AROUND, CROSSED, Nature
from jingwei.organisations.offices import word
from jingwei.places.queries import standing

Listing = Callable[[Sitting, dt.date], list[Table]]


def appointments_on(on: dt.date) -> Q:
    """Appointments that hold on a day."""
    return Q(since__lte=on) & (Q(until=None) | Q(until__gt=on))


def vacancies(sitting: Sitting, on: dt.date) -> list[Table]:
    """Posts nobody holds, terms that are over, and holders who are away with nobody in their place."""
    held = Appointment.objects.filter(appointments_on(on), post=OuterRef("pk"))
    empty = posts(sitting.county_code).filter(~Exists(held))
    rows = [[Cell(one.full_title, address("post", one.pk)), Cell(str(one.ground))] for one in empty]
    here = Appointment.objects.filter(appointments_on(on), post__organisation__county_id=sitting.county_code)
    over = (
        here.filter(until=None, term_until__lte=on)
        .select_related("post__organisation", "person")
        .order_by("term_until")
    )
    terms = [
        [Cell(one.post.full_title, address("post", one.post_id)), Cell(one.person.name), Cell(day(one.term_until))]
        for one in over
    ]
    away = Leave.objects.filter(appointment__in=here, since__lte=on, until__gt=on, stand_in=None)
    alone = [
        [
            Cell(one.appointment.post.full_title, address("post", one.appointment.post_id)),
            Cell(one.appointment.person.name),
            Cell(day(one.until)),
        ]
        for one in away.select_related("appointment__post__organisation", "appointment__person")
    ]
    return [
        Table(
            _("Vacant posts"), [_("Post"), _("Where it stands")], rows, _("Every post is held."), icon="circle-check"
        ),
        Table(_("Terms that are over"), [_("Post"), _("Who"), _("Term until")], terms),
        Table(_("Away, and nobody stands in"), [_("Post"), _("Who"), _("Back on")], alone),
    ]


def cross(sitting: Sitting, on: dt.date) -> list[Table]:
    """Persons who hold posts of different natures among community, Party, property company and owners' committee."""
    kinds = words_of(sitting).kinds_of(*CROSSED)
    here = Appointment.objects.filter(
        appointments_on(on), post__organisation__county_id=sitting.county_code, post__organisation__kind__in=kinds
    ).select_related("post__organisation", "person")
    of_person: defaultdict[int, list[Appointment]] = defaultdict(list)
    for one in here.order_by("pk"):
        of_person[one.person_id].append(one)
    offices = words_of(sitting)
    rows = []
    for held in of_person.values():
        if len({offices.nature(one.post.organisation.kind) for one in held}) > 1:
            first, *others = held
            also = _(", ").join(one.post.full_title for one in others)
            rows.append(
                [Cell(first.person.name), Cell(first.post.full_title, address("post", first.post_id)), Cell(also)]
            )
    empty = _(
        "Nobody holds posts on two sides. Appoint a branch secretary to a company's post, or the other way round."
    )
    forming = Forming.objects.filter(until=None, organisation__county_id=sitting.county_code).select_related(
        "organisation"
    )
    under_way = [[Cell(str(one.organisation), address("forming", one.pk)), Cell(day(one.since))] for one in forming]
    return [
        Table(_("Cross-appointments"), [_("Who"), _("Post"), _("And")], rows, empty, icon="arrow-left-right"),
        Table(_("Owners' committees being formed"), [_("Organisation"), _("Since")], under_way),
    ]


def grids(sitting: Sitting, on: dt.date) -> list[Table]:
    """Grid teams: how many of each, by class and grade; and the grids without a worker."""
    offices = words_of(sitting)
    here = posts(sitting.county_code).exclude(team="")
    held = Appointment.objects.filter(appointments_on(on), post__in=here)
    many = Counter(held.values_list("post__team", flat=True))
    graded = Counter(held.exclude(grade="").values_list("grade", flat=True))
    seats = Counter(here.values_list("team", flat=True))
    teams = [
        [Cell(str(one)), Cell(str(seats[one.key])), Cell(str(many[one.key]))]
        for one in offices.teams
        if not one.retired or seats[one.key]
    ]
    grades = [
        [Cell(one.within), Cell(str(one)), Cell(str(graded[one.key]))]
        for one in offices.grades
        if not one.retired or graded[one.key]
    ]
    working = [one.key for one in offices.teams if one.works]
    manned = set(held.filter(post__team__in=working).values_list("post__ground_id", flat=True))
    every = standing(sitting.county_code, "grid").defer("boundary").select_related("parent").order_by("path")
    bare = [
        [Cell(str(one), address("place", one.pk)), Cell(str(one.parent or ""))] for one in every if one.pk not in manned
    ]
    whole = [
        [Cell(str(one), address("place", one.pk)), Cell(str(one.parent or ""))] for one in every if one.pk in manned
    ]
    return [
        Table(
            _("Grids without a worker"),
            [_("Grid"), _("Community")],
            bare,
            _("Every grid has its worker."),
            icon="circle-check",
        ),
        Table(_("Grid teams by place"), [_("Place in the team"), _("Posts"), _("Held")], teams),
        Table(_("Full-time workers by class and grade"), [_("Class"), _("Grade of the worker"), _("Persons")], grades),
        Table(_("Grids with a worker"), [_("Grid"), _("Community")], whole),
    ]


def responsible(sitting: Sitting, on: dt.date) -> list[Table]:
    """Assigned responsibility: who for which place."""
    offices = words_of(sitting)
    found = Responsibility.objects.filter(until=None, post__organisation__county_id=sitting.county_code)
    rows = [
        [
            Cell(word(offices.responsibilities, one.sort) if one.sort else one.title),
            Cell(one.post.full_title, address("post", one.post_id)),
            held_by(one.post, on),
            Cell(str(one.place), address("place", one.place_id)),
        ]
        for one in found.select_related("post__organisation", "place")
        .prefetch_related("post__appointments__person")
        .order_by("sort", "title", "post_id", "place__path")
    ]
    empty = _("Nothing is assigned. Assign leaders, units and legal workers on the page of their post.")
    return [
        Table(_("Assigned responsibility"), [_("Sort"), _("Post"), _("Held by"), _("Place")], rows, empty, icon="users")
    ]


def _of_natures(sitting: Sitting, natures: frozenset[Nature], empty: str) -> list[Table]:
    offices = words_of(sitting)
    tables = []
    for kind in offices.kinds:
        if kind.nature not in natures:
            continue
        found = Organisation.objects.filter(county_id=sitting.county_code, until=None, kind=kind.key).order_by("name")
        rows = [
            [
                link(one),
                Cell(str(one.ground)),
                Cell(day(one.since)),
                Cell(
                    _(", ").join(word(offices.support, each.sort) for each in one.supports.all() if each.until is None)
                ),
            ]
            for one in found.select_related("ground").prefetch_related("supports")
        ]
        if rows:
            tables.append(
                Table(str(kind), [_("Organisation"), _("Where it stands"), _("Since"), _("Help given")], rows)
            )
    return tables or [Table(_("Register"), [], [], empty, icon="building")]


def around(sitting: Sitting, on: dt.date) -> list[Table]:
    """The organisations around: economic, social, mass organisations, watch posts, units, property companies."""
    return _of_natures(
        sitting, AROUND, _("None is registered. Found it below the community it belongs to, or bring in a roster.")
    )


def service_teams(sitting: Sitting, on: dt.date) -> list[Table]:
    """Service teams."""
    empty = _("No service team is registered. Found one below a community or branch.")
    return _of_natures(sitting, frozenset({Nature.TEAM}), empty)


def alliances(sitting: Sitting, on: dt.date) -> list[Table]:
    """Alliances and joint working committees."""
    offices = words_of(sitting)
    found = Alliance.objects.filter(county_id=sitting.county_code, until=None).select_related("core")
    rows = [
        [
            Cell(str(one), address("alliance", one.pk)),
            Cell(word(offices.alliances, one.sort)),
            link(one.core),
            Cell(str(sum(each.until is None for each in one.memberships.all()))),
        ]
        for one in found.prefetch_related("memberships").order_by("pk")
    ]
    empty = _("No alliance yet. Form one on the page of the organisation that is to be its core.")
    return [Table(_("Alliances"), [_("Alliance"), _("Sort"), _("Core"), _("Members")], rows, empty, icon="users")]


def agreements(sitting: Sitting, on: dt.date) -> list[Table]:
    """Agreements, with how many of their promises were kept."""
    offices = words_of(sitting)
    found = Agreement.objects.filter(county_id=sitting.county_code, until=None).select_related("first", "second")
    rows = []
    for one in found.prefetch_related("promises__fulfilments").order_by("-since", "pk"):
        promises = list(one.promises.all())
        kept = sum(any(each.whole for each in promise.fulfilments.all()) for promise in promises)
        over = one.term_until is not None and one.term_until <= on
        term = Cell(day(one.term_until) or "—", level="late" if over else "")
        rows.append(
            [
                Cell(str(one), address("agreement", one.pk)),
                Cell(word(offices.agreements, one.sort)),
                link(one.first),
                link(one.second),
                term,
                Cell(f"{kept} / {len(promises)}"),
            ]
        )
    columns = [_("Agreement"), _("Sort"), _("Between"), _("And"), _("Term until"), _("Promises kept")]
    empty = _("No agreement yet. Enter one on the page of either organisation.")
    return [Table(_("Agreements"), columns, rows, empty, icon="file-text")]


LISTS: dict[str, tuple[object, Listing]] = {
    "vacancies": (gettext_lazy("Vacancies"), vacancies),
    "cross": (gettext_lazy("Cross-appointments"), cross),
    "grids": (gettext_lazy("Grid teams"), grids),
    "responsible": (gettext_lazy("Assigned responsibility"), responsible),
    "around": (gettext_lazy("Organisations around"), around),
    "teams": (gettext_lazy("Service teams"), service_teams),
    "alliances": (gettext_lazy("Alliances"), alliances),
    "agreements": (gettext_lazy("Agreements"), agreements),
}
"""The lists, by the name in their address."""
