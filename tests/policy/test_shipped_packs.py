"""The packs that are shipped are sound, and Weishui says what its document says."""

from datetime import date
from typing import Any

import pytest

from jingwei.affairs.incidents.kinds import Incident
from jingwei.affairs.incidents.pack import HotlineSection, IncidentsSection, RequestClass
from jingwei.casework.pack import CaseworkSection, Clock, NoSpan
from jingwei.organisations.pack import DemoSection, OrganisationsSection, Role
from jingwei.places.pack import PlacesSection
from jingwei.policy import Book, prove
from jingwei.policy.county import CountySection
from jingwei.policy.notices import Channel, Event, NoticesSection
from jingwei.worktime import Span

from .conftest import PACKS, TODAY


@pytest.mark.parametrize("pack", sorted(p.name for p in PACKS.iterdir() if p.is_dir()))
def test_a_shipped_pack_has_no_fault(pack: str) -> None:
    assert prove(PACKS / pack, today=TODAY) == []


def test_weishui_counts_what_document_4_counts(weishui: Book) -> None:
    places = weishui[PlacesSection]
    organisations = weishui[OrganisationsSection]

    def post(path: str) -> Any:
        found = organisations.post(path)
        assert found
        return found[1]

    assert (places.counts.communities, places.counts.compounds, places.counts.grids) == (6, 208, 50)
    assert len(places.communities) == 6
    assert post("community.grid_worker").spread == 69
    assert post("town_committee.member").seats == 11
    assert post("county_leadership.leader").seats == 6
    assert post("community.first_secretary").seats * len(places.communities) == 6
    assert [(r.post, r.over.value) for r in organisations.responsibilities] == [
        ("county_leadership.leader", "community"),
        ("town_committee.member", "grid"),
    ]


def test_every_role_that_keeps_a_case_moving_has_a_post(weishui: Book) -> None:
    held = {role for o in weishui[OrganisationsSection].organisations for p in o.posts for role in p.roles}

    assert set(Role) - held - {Role.TEAM} == {
        Role.RESIDENT,
        Role.LEAD,
        Role.OWNER,
        Role.OPENER,
        Role.SYSTEM,
    }  # they follow from the case


def test_an_unknown_category_goes_to_the_town_centre(weishui: Book) -> None:
    incidents = weishui[IncidentsSection]

    assert incidents.handler("a thing nobody thought of") == "town_centre"


def test_a_child_says_what_it_says_and_its_category_the_rest(weishui: Book) -> None:
    sort = weishui[IncidentsSection].sort("building_danger")

    assert sort is not None
    assert (sort.handler, sort.grade, sort.request_class) == ("housing", "major", RequestClass.REPORT)
    assert sort.category.key == "safety"


def test_every_clock_of_an_incident_has_a_span_for_every_grade(weishui: Book) -> None:
    casework = weishui[CaseworkSection]
    handling = [str(casework.span("incident", Clock.HANDLING, g.key)) for g in weishui[IncidentsSection].grades]

    assert handling == ["24 hours", "3 working days", "7 working days", "15 working days"]
    for clock in (Clock(name) for name in Incident.clocks):
        for grade in weishui[IncidentsSection].grades:
            assert isinstance(casework.span("incident", clock, grade.key), Span)
    with pytest.raises(NoSpan):
        casework.span("dispute", Clock.HANDLING)


def test_grave_replies_wait_for_a_signature(weishui: Book) -> None:
    sign_off = weishui[CaseworkSection].sign_off

    assert [sign_off.needed(g) for g in ("simple", "general", "prominent", "major")] == [
        False,
        False,
        True,
        True,
    ]


def test_every_event_is_told_in_the_page(weishui: Book) -> None:
    notices = weishui[NoticesSection]

    assert all(Channel.PAGE in notices.channels_for(event) for event in Event)


def test_the_hotline_sheet_has_the_forty_four_columns_of_the_hotline(weishui: Book) -> None:
    headings = [column.heading for column in weishui[HotlineSection].columns]

    assert len(headings) == 44
    assert (headings[0], headings[-1]) == ("工单号", "下级回复时间")


def test_invented_names_differ_until_all_are_used(weishui: Book) -> None:
    demo = weishui[DemoSection]
    many = len(demo.family_names) * len(demo.given_names)

    assert len({demo.name(n) for n in range(many)}) == many
    assert demo.name(many) == demo.name(0)


def test_a_demo_name_is_seen_to_be_invented(weishui: Book) -> None:
    demo = weishui[DemoSection]

    assert [s.name for s in demo.sign_ins if not s.name.endswith(tuple(demo.given_names))] == []


def test_every_label_a_page_shows_has_english(weishui: Book) -> None:
    assert list(_without_english(weishui.document, ())) == []


def _without_english(said: Any, path: tuple[str, ...]) -> Any:
    if isinstance(said, dict):
        for chinese, english in (("name", "english"), ("title", "english"), ("words", "words_english")):
            if (
                chinese in said
                and not said.get(english)
                and path[:1] not in (("hotline",), ("demo",), ("living",), ("rosters",))
            ):
                yield ".".join(path)
        for key, below in said.items():
            yield from _without_english(below, (*path, key))
    elif isinstance(said, list):
        for below in said:
            yield from _without_english(below, path)


def test_the_code_of_the_example_county_is_nobodys(weishui: Book) -> None:
    assert weishui[CountySection].code.startswith("99")


def test_a_year_the_calendar_does_not_know_is_warned_of_sixty_days_ahead() -> None:
    early = prove(PACKS / "weishui", today=date(2026, 11, 1))
    late = prove(PACKS / "weishui", today=date(2026, 11, 2))

    assert early == []
    assert [(f.file, f.warning) for f in late] == [("packs/base/worktime.toml", True)]
    assert "2027" in late[0].what
