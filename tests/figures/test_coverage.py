"""By-laws of coverage: what reaches whom is counted from the rosters, part and whole, and each opens to its rows."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client
from django.utils.translation import override

from jingwei.figures.asking import Asked
from jingwei.figures.counting import Question
from jingwei.figures.declared import BOOKS, Counted, Share
from jingwei.figures.of_posts import PostFigures
from jingwei.figures.telling import by_dimension, said
from jingwei.organisations.acts.allying import sign
from jingwei.organisations.acts.appointing import appoint
from jingwei.organisations.acts.posts import create_post
from jingwei.organisations.acts.tree import found, serve
from jingwei.organisations.models import Appointment, Organisation, Responsibility
from jingwei.people.models import Person
from jingwei.places.models import Place
from jingwei.policy.models import County
from jingwei.worktime import Every, Period
from people_fixtures.qingshi import STOOD_UP, Qingshi

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
MARCH = Period.of(Every.MONTH, date(2026, 3, 1))
RESIDENTS = "990302200001"
"""The code of a community of residents; those of Qingshi are villages, until one becomes a community."""


@pytest.fixture
def founded(qingshi: Qingshi) -> Qingshi:
    """A branch that serves two grids and a courtyard, a group, a station, two companies, committees, four workers."""
    chief: dict[str, Any] = {"actor": qingshi.holder("county_centre.administrator"), "at": STOOD_UP}
    county = County.objects.get(pk=qingshi.county_code)
    town, village, compound = (qingshi.place(layer) for layer in ("town", "community", "compound"))
    Place.objects.filter(pk=village.pk).update(code=RESIDENTS, residents=4000, residents_source="派出所")

    def one(kind: str, name: str, ground: Place = village, parent: Organisation | None = None) -> Organisation:
        return found(county, name=name, kind=kind, ground=ground, parent=parent, **chief)

    general = one("general_branch", "社区党总支", parent=one("party_committee", "党工委", town))
    branch = one("grid_branch", "第一党支部", parent=general)
    serve(branch, [qingshi.place("grid", 1), qingshi.place("grid", 2), compound], **chief)
    one("party_group", "一号院党小组", compound, branch)
    one("station", "一号院服务站", compound)
    company = one("property", "甲物业公司")
    serve(company, [compound, qingshi.place("compound", 2)], **chief)
    one("company_branch", "甲物业公司党支部", parent=company)
    one("property", "乙物业公司")
    one("owners_committee", "一号院业委会", compound)
    one("management_committee", "二号院物管会", qingshi.place("compound", 2))
    sign(general, company, title="共建协议", sort="co_building", since=STOOD_UP.date(), **chief)
    committee = qingshi.organisation("community_1")
    secretary = create_post(general, title="党总支书记", **chief)
    director = create_post(committee, title="居委会主任", **chief)
    worker = create_post(committee, title="网格员", team="full_time", roles=["grid_worker"], **chief)
    helper = create_post(committee, title="兼职网格员", team="part_time", **chief)
    people = [
        Person.named(county.pk, name, "", purpose=Person.OFFICIAL, ground="duty") for name in ("测甲", "测乙", "测丙")
    ]
    for person in people:
        person.save()
    held = [(secretary, 0), (director, 0), (worker, 1), (helper, 2)]
    appoint([(post, people[n].pk) for post, n in held], **chief)
    return qingshi


def workers(*teams: str) -> set[int]:
    """With a pencil: who sits in the committee or the general branch of the community, in one of these teams."""
    held = Appointment.objects.filter(
        Q(post__organisation__name="社区党总支") | Q(post__organisation__key="community_1"), post__team__in=teams
    )
    return {one.person_id for one in held.select_related("post") if "first_secretary" not in one.post.roles}


def answered_for() -> int:
    """With a pencil: grids for which somebody answers."""
    return len({one.place_id for one in Responsibility.objects.filter(until=None, place__layer="grid")})


def test_each_part_and_whole_is_what_the_rosters_carry(founded: Qingshi, client: Client) -> None:
    county, post = founded.place("county"), founded.post_of("leader")
    asked = Asked(founded.actor("leader"), post, county, MARCH, NOW)
    figures = BOOKS["coverage"].figures
    numbers = {
        name: one.count() for name, f in figures.items() if isinstance(f, Counted) for one in [asked.question(f)]
    }
    assert numbers == {
        "grids_with_branch": 2, "grids_answered_for": answered_for(), "compounds_with_station": 1,
        "compounds_with_branch": 1, "compounds_with_owners": 2, "compounds_managed": 2, "companies": 2,
        "companies_with_branch": 1, "owners_committees": 2, "compound_branches": 1, "compound_groups": 1,
        "branches_of_grids": 1, "groups_of_grids": 0, "agreements": 1, "urban_residents": 4000,
        "community_workers": len(workers("", "full_time")), "own_workers": len(workers("")),
    }  # fmt: skip
    shares = {name: said(asked.ask(f, [MARCH])[0]) for name, f in figures.items() if isinstance(f, Share)}
    assert shares["grid_branches"] == "50.0%"
    assert shares["company_share"] == "50.0%"
    assert shares["workers_rate"] == f"{len(workers('', 'full_time')) / 4000 * 10_000:,.1f}"
    assert len(workers("")) < len(workers("", "full_time"))
    page = founded.sign_in(client, "leader").get("/desk/figures/coverage.grid_branches/?place=990302/").content.decode()
    assert all(f"/desk/figures/{name}/rows/" in page for name in ("coverage.grids_with_branch", "places.grids"))
    rows = client.get("/desk/figures/coverage.companies_with_branch/rows/?place=990302/&period=2026-03")
    assert "甲物业公司" in rows.content.decode()
    assert "乙物业公司" not in rows.content.decode()


def test_organisations_and_seats_are_counted_by_level(founded: Qingshi) -> None:
    asked = Asked(founded.actor("leader"), founded.post_of("leader"), founded.place("county"), MARCH, NOW)
    figure = PostFigures.figures["organisations"]
    assert figure.about is not None
    level = figure.about.dimension("level")
    assert level is not None
    with override("en"):
        block = by_dimension(figure, level, asked)
    assert block is not None
    told = {line.title.partition(":")[0]: line.number for line in block.lines if line.title.startswith("Level")}
    assert told == {"Level 1": "1", "Level 2": "1", "Level 3": "2", "Level 4": "1"}
    picked = Question(figure, asked.place, MARCH, NOW, None, {"level": "level 3"}, {"level 3": ("grid_branch",)})
    assert picked.count() == 1
