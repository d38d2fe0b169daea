"""Coverage: how much of the ground and of the companies a county's branches, stations and committees reach, and by how
many community workers its people are served. What is which is said in the pack; what stands where, in the rosters."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db.models import Exists, Model, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingwei.figures.declared import About, Condition, Dimension, Figures, Share, Sight, Stock, Told, Word
from jingwei.figures.of_places import PLACES, PlaceFigures
from jingwei.figures.of_posts import ORGANISATIONS, SEATS_HELD, everybody
from jingwei.organisations.bonds import Agreement
from jingwei.organisations.models import Appointment, Organisation, Responsibility, Served
from jingwei.organisations.natures import Nature, PartyBody
from jingwei.organisations.offices import KindLine, OfficesSection
from jingwei.organisations.pack import Role
from jingwei.organisations.past import stood
from jingwei.organisations.sorts import of_kinds, of_nature, of_teams
from jingwei.places.opening import RESIDENTS_COMMUNITY
from jingwei.policy.books import Book

PARTY = _("County reports: Party organisations down to grids and compounds")
STATIONS = _("County reports: service stations in the compounds")
COMPANIES = _("County reports: Party work in property companies; owners' committees")
WORKERS = _("National plan for community services: community workers per 10,000 urban permanent residents")
BONDS = _("County reports: units that signed agreements with communities")

Fits = Callable[[KindLine], bool]


def of_body(*bodies: PartyBody) -> Fits:
    """Whether a kind is such an organisation of the Party."""
    return lambda line: line.body in bodies


def with_one(layer: str, fits: Fits) -> Callable[[datetime], Condition]:
    """Places of a layer on which an organisation that fits stands, or that one serves."""

    def rows(at: datetime) -> Condition:
        day = timezone.localdate(at)
        standing = Organisation.objects.filter(of_kinds(fits), stood(day))
        served = Served.objects.filter(stood(day), place=OuterRef("pk"), organisation__in=standing)
        return Q(layer=layer) & (Exists(standing.filter(ground=OuterRef("pk"))) | Exists(served))

    return rows


def within(layer: str, fits: Fits) -> Callable[[datetime], Condition]:
    """Organisations that fit, and that stand on a place of a layer or serve one."""

    def rows(at: datetime) -> Condition:
        served = Served.objects.filter(stood(timezone.localdate(at)), organisation=OuterRef("pk"), place__layer=layer)
        return of_kinds(fits) & (Q(ground__layer=layer) | Exists(served))

    return rows


def companies_with_a_branch(at: datetime) -> Condition:
    """Property companies right below which an organisation of the Party stands."""
    below = Organisation.objects.filter(stood(timezone.localdate(at)), of_kinds(of_nature(Nature.PARTY)))
    return of_kinds(of_nature(Nature.PROPERTY)) & Exists(below.filter(parent=OuterRef("pk")))


def answered_for(at: datetime) -> Condition:
    """Grids for which a leader, unit, legal worker or branch head answers."""
    assigned = Responsibility.objects.filter(stood(timezone.localdate(at)), place=OuterRef("pk"))
    return Q(layer="grid") & Exists(assigned)


def workers(national: bool) -> Callable[[datetime], Condition]:
    """Community workers of the communities of residents, each person once.

    National: who sits in the community's Party organisation or residents' committee, and the full-time workers of its
    grids. The county's: in the kinds and places in a team that its pack names.
    """

    def rows(at: datetime) -> Condition:
        day, home = timezone.localdate(at), "post__organisation__"
        teams = of_teams(
            (lambda line: line.works) if national else (lambda line: line.community_workers),
            "post__team", home + "county",
        )  # fmt: skip
        kinds = of_kinds(_seats_of_workers if national else (lambda line: line.community_workers), before=home)
        ground = {f"{home}ground__layer": "community", f"{home}ground__code__regex": RESIDENTS_COMMUNITY}
        counting = (
            Q(acting=False, **ground)
            & ~Q(post__roles__contains=[Role.FIRST_SECRETARY.value])
            & (teams | (kinds & Q(post__team="")))
        )
        earlier = Appointment.objects.filter(counting, stood(day), person=OuterRef("person"), pk__lt=OuterRef("pk"))
        return counting & ~Exists(earlier)

    return rows


def _seats_of_workers(line: KindLine) -> bool:
    """A community's committee and its Party organisation: a general branch, or the branch a county says so of."""
    of_party = line.body is PartyBody.GENERAL_BRANCH or (line.body is not None and line.community_workers)
    return line.nature is Nature.COMMUNITY or of_party


def _told_agreements(rows: Sequence[Model], _post: object, _at: datetime) -> list[Told]:
    whole = Agreement.objects.select_related("first", "second").in_bulk([row.pk for row in rows])
    return [Told(str(a), f"{a.first} · {a.second}", ()) for row in rows if (a := whole.get(row.pk))]


def _agreements(book: Book, _values: object) -> dict[str, str]:
    return {line.key: str(line) for line in book[OfficesSection].agreements}


SORT = Dimension("sort", _("Sort"), "sort", _agreements)
AGREEMENTS = About(Agreement, "county_id", "first__ground__path", Sight(everybody, _told_agreements), by=(SORT,))


GRIDS, COMPOUNDS = (PlaceFigures.grids, _("grids")), (PlaceFigures.compounds, _("compounds"))
"""Of how many places the share is told, and what they are called when they are counted."""


def _reached(
    ground: tuple[Stock, Word], source: Word, rows: Callable[[datetime], Condition],
    title: Word, says: Word, share_title: Word, share_says: Word,
) -> tuple[Stock, Share]:  # fmt: skip
    """The places that something reaches, and their share of all of that layer."""
    of, unit = ground
    part = Stock(title, says, source, about=PLACES, rows=rows, unit=unit, days=True)
    return part, Share(share_title, share_says, source, part=part, of=of, least=1)


def _serving(
    of: Stock, rows: Callable[[datetime], Condition],
    title: Word, says: Word, leaves_out: Word, rate_title: Word, rate_says: Word,
) -> tuple[Stock, Share]:  # fmt: skip
    """The community workers by one reading, and how many they are to every 10,000 residents."""
    part = Stock(title, says, WORKERS, about=SEATS_HELD, rows=rows, days=True, unit=_("persons"), leaves_out=leaves_out)
    return part, Share(rate_title, rate_says, WORKERS, part=part, of=of, per=10_000, least=1)


def _organisations(title: Word, says: Word, source: Word, rows: Callable[[datetime], Condition]) -> Stock:
    return Stock(title, says, source, about=ORGANISATIONS, rows=rows, unit=_("organisations"), days=True)


class CoverageFigures(Figures, name="coverage", about=PLACES):
    """What reaches whom: part and whole each open to the places and organisations they count."""

    title = _("Coverage")

    grids_with_branch, grid_branches = _reached(
        GRIDS, PARTY, with_one("grid", of_body(PartyBody.BRANCH)),
        _("Grids with a branch"),
        _("Grids on whose ground a Party branch stood on the last day, or that one served."),
        _("Grids that have a branch"),
        _("Grids with a branch, of all grids."),
    )  # fmt: skip
    grids_answered_for, grid_answers = _reached(
        GRIDS, PARTY, answered_for,
        _("Grids somebody answers for"),
        _("Grids for which a leader, unit, legal worker or branch head was responsible on the last day."),
        _("Grids that somebody answers for"),
        _("Grids somebody answers for, of all grids."),
    )  # fmt: skip
    compounds_with_station, stations = _reached(
        COMPOUNDS, STATIONS, with_one("compound", of_nature(Nature.STATION)),
        _("Compounds with a station"),
        _("Compounds in which a service station stood on the last day, or which one served."),
        _("Compounds that have a station"),
        _("Compounds with a station, of all compounds."),
    )  # fmt: skip
    compounds_with_branch, compound_branch_share = _reached(
        COMPOUNDS, PARTY, with_one("compound", of_body(PartyBody.BRANCH)),
        _("Compounds with a branch"),
        _("Compounds in which a Party branch stood on the last day, or which one served."),
        _("Compounds that have a branch"),
        _("Compounds with a branch, of all compounds."),
    )  # fmt: skip
    compounds_with_owners, owners_share = _reached(
        COMPOUNDS, COMPANIES, with_one("compound", of_nature(Nature.OWNERS)),
        _("Compounds with an owners' committee"),
        _("Compounds in which an owners' or property management committee stood on the last day, or which one served."),
        _("Compounds that have an owners' committee"),
        _("Compounds with an owners' committee, of all compounds."),
    )  # fmt: skip
    compounds_managed, managed_share = _reached(
        COMPOUNDS, COMPANIES, with_one("compound", of_nature(Nature.PROPERTY)),
        _("Compounds with a property company"),
        _("Compounds in which a property company stood on the last day, or which one served."),
        _("Compounds that have a property company"),
        _("Compounds with a property company, of all compounds."),
    )  # fmt: skip
    companies = _organisations(
        _("Property companies"), _("Property companies that stood on the last day."), COMPANIES,
        lambda at: of_kinds(of_nature(Nature.PROPERTY)),
    )  # fmt: skip
    companies_with_branch = _organisations(
        _("Property companies with a branch"),
        _("Property companies right below which an organisation of the Party stood on the last day."),
        COMPANIES, companies_with_a_branch,
    )  # fmt: skip
    company_share = Share(
        _("Property companies that have a branch"), _("Property companies with a branch, of all property companies."),
        COMPANIES, part=companies_with_branch, of=companies, least=1,
    )  # fmt: skip
    owners_committees = _organisations(
        _("Owners' committees"), _("Owners' and property management committees that stood on the last day."),
        COMPANIES, lambda at: of_kinds(of_nature(Nature.OWNERS)),
    )  # fmt: skip
    compound_branches = _organisations(
        _("Branches in compounds"), _("Party branches that stood in a compound on the last day, or served one."),
        PARTY, within("compound", of_body(PartyBody.BRANCH)),
    )  # fmt: skip
    compound_groups = _organisations(
        _("Groups in compounds"), _("Party groups that stood in a compound on the last day, or served one."),
        PARTY, within("compound", of_body(PartyBody.GROUP)),
    )  # fmt: skip
    branches_of_grids = _organisations(
        _("Branches in grids"), _("Party branches that stood in a grid on the last day, or served one."),
        PARTY, within("grid", of_body(PartyBody.BRANCH)),
    )  # fmt: skip
    groups_of_grids = _organisations(
        _("Groups in grids"), _("Party groups that stood in a grid on the last day, or served one."),
        PARTY, within("grid", of_body(PartyBody.GROUP)),
    )  # fmt: skip
    agreements = Stock(
        _("Agreements in force"), _("Agreements between two organisations that had been signed and not ended."), BONDS,
        about=AGREEMENTS, days=True, unit=_("agreements"),
    )  # fmt: skip
    urban_residents = Stock(
        _("Urban permanent residents"),
        _("Residents of the communities of residents that stood on the last day, as last counted there."), WORKERS,
        rows=Q(layer="community", code__regex=RESIDENTS_COMMUNITY), adds="residents", days=True, unit=_("persons"),
        leaves_out=_("Villages, and communities whose residents nobody has counted."),
    )  # fmt: skip
    community_workers, workers_rate = _serving(
        urban_residents, workers(national=True),
        _("Community workers, national reading"),
        _("Persons who held a post on the last day in the Party organisation or committee of a community of residents, "
          "or as a full-time worker of one of its grids; each once."),
        _("First secretaries, part-time and acting holders, and villages."),
        _("Community workers per 10,000 residents, national reading"),
        _("Community workers by the national reading, to every 10,000 urban permanent residents."),
    )  # fmt: skip
    own_workers, own_workers_rate = _serving(
        urban_residents, workers(national=False),
        _("Community workers, the county's reading"),
        _("Persons who held a post on the last day that the county's pack counts among community workers, in a "
          "community of residents; each once."),
        _("First secretaries, acting holders, and villages."),
        _("Community workers per 10,000 residents, the county's reading"),
        _("Community workers as the county counts them, to every 10,000 urban permanent residents."),
    )  # fmt: skip
