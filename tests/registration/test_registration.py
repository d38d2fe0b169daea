"""Laws of double registration: of one's own will, met by what was held anyway, counted by unit, gone when withdrawn."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from people_fixtures.qingshi import CODE

pytestmark = pytest.mark.django_db

BEFORE = datetime(2025, 12, 31, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
IN_MARCH = datetime(2026, 3, 6, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DUTIES = """
[[meetings]]
key = "joint_meeting"
name = "联席会议"
joint = true

[[duties]]
key = "joint_meeting"
name = "联席会议"
owed_by = {source = "alliance_cores"}
every = "quarter"
since = 2026-01-01

[[duties]]
key = "unit_meeting"
duty = "coming_to_joint_meeting"
name = "报到单位每年一次会议"
owed_by = {source = "registered_units"}
every = "year"
since = 2026-01-01

[[duties]]
key = "unit_service"
duty = "service"
name = "报到单位每年一次服务"
owed_by = {source = "registered_units"}
every = "year"
since = 2026-01-01

[[duties]]
key = "member_service"
name = "报到党员每年一次志愿服务"
owed_by = {source = "registered_members"}
every = "year"
since = 2026-01-01

[[duties]]
key = "member_meeting"
name = "报到党员每年一次组织生活"
owed_by = {source = "registered_members"}
every = "year"
since = 2026-01-01
"""
SORTS = """
[[activities]]
key = "volunteers"
meets = ["unit_service", "member_service"]

[[activities]]
key = "study"
meets = ["member_meeting"]
"""


@pytest.fixture
def county(qingshi: Any, tmp_path: Path) -> Any:
    """Qingshi, where whoever registers undertakes one service and one meeting a year."""
    return qingshi.works_by(tmp_path, BEFORE, duties=DUTIES, activities=SORTS)


def owed(county: Any) -> dict[str, tuple[int, int]]:
    """Of the turns of 2026: how many there are of each duty, and how many are met."""
    from jingwei.duties.acts import lay_out
    from jingwei.duties.models import Turn

    lay_out(CODE, at=IN_MARCH)
    turns = Turn.objects.filter(county=CODE, first=date(2026, 1, 1))
    keys = sorted(set(turns.values_list("key", flat=True)))
    return {k: (turns.filter(key=k).count(), turns.filter(key=k).exclude(met_at=None).count()) for k in keys}


def held(county: Any, username: str, sort: str) -> Any:
    """An activity that was announced, held and written down in March."""
    from jingwei.affairs.activities.acts import Outcome, Plan, hold, plan, publish

    post, actor = county.post_of(username), county.actor(username)
    begins = IN_MARCH - timedelta(days=1)
    what = Plan(sort=sort, title=f"三月{sort}", where="村口", begins_at=begins, ends_at=begins + timedelta(hours=2))
    row = plan(post.organisation, what, by=post, actor=actor, at=BEFORE, key=uuid4())
    publish(row, actor=actor, at=BEFORE)
    hold(row, Outcome(30), actor=actor, at=IN_MARCH)
    return row


def alliance_of_the_village(county: Any) -> Any:
    """An alliance with the first village at its core and the housing bureau as a further member."""
    from jingwei.organisations.bonds import Alliance, Membership

    village, housing = county.post_of("community").organisation, county.post_of("housing").organisation
    since = date(2025, 12, 1)
    one = Alliance.objects.create(county_id=CODE, name="联盟", sort="alliance", core=village, since=since)
    Membership.objects.create(alliance=one, organisation=housing, since=since)
    return one


def a_member(county: Any, at: datetime = BEFORE, unit: Any = None) -> Any:
    """Somebody who registers in the first village."""
    from jingwei.affairs.registration.acts import Joining, register_member

    committee = county.post_of("community").organisation
    joining = Joining(committee.ground, "周五一", "13800001234", unit)
    return register_member(joining, committee, at=at, key=uuid4())


def test_a_unit_meets_its_year_by_a_service_it_held_and_a_joint_meeting_it_came_to(county: Any) -> None:
    from jingwei.affairs.meetings.acts import Minutes, keep, strike
    from jingwei.affairs.meetings.invited import invited_by
    from jingwei.affairs.meetings.pack import sort_of
    from jingwei.affairs.meetings.sight import meetings_seen_by
    from jingwei.affairs.registration.acts import end_unit, register_unit

    alliance_of_the_village(county)
    village, desk, actor = county.post_of("community"), county.post_of("housing"), county.actor("housing")
    key = uuid4()
    rows = {
        register_unit(
            desk.organisation, village.ground, ["policy"], "", by=desk, actor=actor, at=BEFORE, key=one
        ).pk
        for one in (key, key, uuid4())
    }  # fmt: skip
    assert len(rows) == 1
    assert owed(county) == {"joint_meeting": (1, 0), "unit_meeting": (1, 0), "unit_service": (1, 0)}

    held(county, "housing", "study")
    assert owed(county)["unit_service"] == (1, 0)  # the wrong sort
    held(county, "housing", "volunteers")
    members = tuple(invited_by(village.organisation))
    assert members == (desk.organisation,)
    sort = sort_of(county.book, "joint_meeting") or sort_of(_today(), "joint_meeting")
    minutes = Minutes(sort, village.organisation, IN_MARCH, "议定共建事项", attended=members)
    meeting = keep(minutes, by=village, actor=county.actor("community"), at=IN_MARCH, key=uuid4())
    assert owed(county) == {"joint_meeting": (1, 1), "unit_meeting": (1, 1), "unit_service": (1, 1)}
    assert meetings_seen_by(desk).get().pk == meeting.pk
    assert not meetings_seen_by(county.post_of("urban")).exists()
    strike(meeting, actor=county.actor("community"), at=IN_MARCH)
    assert owed(county) == {"joint_meeting": (1, 0), "unit_meeting": (1, 0), "unit_service": (1, 1)}

    from jingwei.affairs.registration.models import RegisteredUnit

    end_unit(RegisteredUnit.objects.get(), actor=actor, at=IN_MARCH)
    end_unit(RegisteredUnit.objects.get(), actor=actor, at=IN_MARCH + timedelta(days=1))
    assert RegisteredUnit.objects.get().until == IN_MARCH.date()


def _today() -> Any:
    from jingwei.policy.queries import book

    return book(CODE)


def test_a_member_meets_her_year_by_what_she_says_she_took_part_in_and_owes_nothing_once_she_withdrew(
    county: Any,
) -> None:
    from jingwei.affairs.registration.acts import name_parts, withdraw_member
    from jingwei.affairs.registration.duties import held_at
    from jingwei.affairs.registration.models import RegisteredMember
    from jingwei.duties.models import Turn
    from jingwei.trail.models import Line
    from jingwei.worktime import Period

    housing = county.post_of("housing").organisation
    member, late = a_member(county, unit=housing), a_member(county, at=IN_MARCH)
    assert owed(county) == {"member_meeting": (1, 0), "member_service": (1, 0)}  # who came in March owes nothing yet
    assert set(Turn.objects.values_list("organisation", "person")) == {(housing.pk, member.person_id)}

    service, _elsewhere = held(county, "community", "volunteers"), held(county, "housing", "volunteers")
    member = RegisteredMember.objects.select_related("community", "county").get(pk=member.pk)
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    offered = held_at(member, "member_service", year, member.county.edition_id)
    assert [found.record for found in offered] == [service.pk]
    for _twice in range(2):
        name_parts(member, offered, [service.pk, 10**9], at=IN_MARCH)
    assert owed(county) == {"member_meeting": (1, 0), "member_service": (1, 1)}
    name_parts(member, offered, [], at=IN_MARCH)
    assert owed(county)["member_service"] == (1, 0)

    for _twice in range(2):
        withdraw_member(member, at=IN_MARCH)
    member.refresh_from_db()
    assert (member.name, member.telephone, owed(county)) == ("", "", {})
    assert RegisteredMember.objects.get(withdrawn_at=None).pk == late.pk
    assert not [line for line in Line.objects.all() if "周五一" in str(line.facts) or "1380000" in str(line.facts)]


def test_names_are_for_the_front_desk_of_the_community_and_go_with_their_term(county: Any) -> None:
    from jingwei.affairs.registration.models import RegisteredMember
    from jingwei.affairs.registration.personal import erase_names, erase_telephones
    from jingwei.affairs.registration.sight import counted_for, members_seen_by
    from jingwei.people.erasing import Scope

    a_member(county, unit=county.post_of("housing").organisation)
    names = ("community", "village_section", "head", "leader", "housing", "urban", "administrator")
    posts = {name: county.post_of(name) for name in names}
    assert {name for name, post in posts.items() if members_seen_by(post).exists()} == {"community"}
    counted = {name for name, post in posts.items() if counted_for(post).exists()}
    assert counted == {"community", "village_section", "head", "leader", "housing"}

    scope = Scope(CODE, IN_MARCH, before=BEFORE)
    assert [len(erase_names(scope)), len(erase_telephones(scope)), len(erase_names(scope))] == [1, 1, 0]
    gone = RegisteredMember.objects.get()
    assert (gone.name, gone.telephone, gone.withdrawn_at) == ("", "", IN_MARCH)


def test_a_resident_registers_by_herself_with_consent_and_withdraws_by_her_code(county: Any, client: Client) -> None:
    from jingwei.affairs.registration.models import RegisteredMember

    door, village = f"/registration/?county={CODE}", county.post_of("community").ground
    assert "不积分、不排名" in client.get(door).content.decode()
    said = {
        "do": "register", "key": str(uuid4()), "community": village.pk, "name": "周五一", "telephone": "13800001234",
        "offers": ["policy", "x"], "agree": "1",
    }  # fmt: skip
    for wrong, sentence in (
        ({"agree": ""}, "不勾选同意"), ({"community": "9"}, "请选择您居住的社区"), ({"telephone": "138"}, "电话"),
        ({"name": " "}, "姓名"),
    ):  # fmt: skip
        answer = client.post(door, said | wrong)
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True), wrong
    assert RegisteredMember.objects.count() == 0
    assert {client.post(door, said)["Location"] for _twice in range(2)} == {door}
    row = RegisteredMember.objects.get()
    assert (row.offers, row.organisation, row.telephone) == (["policy"], county.post_of("community").organisation,
                                                             "13800001234")  # fmt: skip
    page = client.get(door).content.decode()
    code = page.partition('class="code">')[2][:9]
    assert ("我的报到" in page, "13800001234" in page) == (True, False)

    elsewhere = Client()
    assert elsewhere.post(door, {"do": "look_up", "code": "AAAA-2222"}).status_code == 422
    assert elsewhere.post(door, {"do": "look_up", "code": code.lower()}).status_code == 302
    assert elsewhere.post(door, {"do": "parts", "part": ["1", "x"]}).status_code == 302
    desk = county.sign_in(Client(), "community").get("/desk/registered/").content.decode()
    head = county.sign_in(Client(), "head").get("/desk/registered/").content.decode()
    assert ("周五一" in desk, "周五一" in head, "各单位报到党员人数" in head) == (True, False, True)
    assert elsewhere.post(door, {"do": "withdraw"}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.withdrawn_at is not None, client.get(door).status_code) == ("", True, 200)
    assert client.post(door, {"do": "parts"}).status_code == 422


def test_a_department_registers_at_its_own_desk_and_nobody_ends_it_for_it(county: Any) -> None:
    from jingwei.affairs.registration.models import RegisteredUnit

    village = county.post_of("community").ground
    housing = county.sign_in(Client(), "housing")
    assert housing.post("/desk/registered/", {"community": "9", "key": str(uuid4())}).status_code == 422
    said = {"community": village.pk, "offers": ["policy"], "words": "每月义务咨询", "key": str(uuid4())}
    assert [housing.post("/desk/registered/", said).status_code for _twice in range(2)] == [302, 302]
    row = RegisteredUnit.objects.get()
    village_desk = county.sign_in(Client(), "community")
    assert "每月义务咨询" in village_desk.get("/desk/registered/").content.decode()
    assert village_desk.post("/desk/registered/", said).status_code == 403
    end = f"/desk/registered/{row.pk}/end/"
    others = {
        name: county.sign_in(Client(), name).post(end, {"key": "x"}).status_code for name in ("community", "urban")
    }
    assert others == {"community": 403, "urban": 404}
    assert housing.post(end, {"key": str(uuid4())}).status_code == 302
    row.refresh_from_db()
    assert row.until is not None


def test_the_minutes_of_a_joint_meeting_name_the_organisations_that_came(county: Any, client: Client) -> None:
    from jingwei.affairs.meetings.models import Meeting
    from jingwei.casework.models import Case

    alliance_of_the_village(county)
    housing = county.post_of("housing")
    county.sign_in(client, "community")
    page = client.get("/desk/meetings/new/?sort=joint_meeting").content.decode()
    assert ("到会的联盟成员单位" in page, page.count('name="attended"')) == (True, 1)
    from django.utils import timezone

    now = timezone.localtime()
    said = {
        "held_at": f"{now:%Y-%m-%dT%H:%M}", "words": "议定", "attended": [housing.organisation_id], "key": str(uuid4()),
        "words_1": "每季上门服务", "owner_1": housing.pk, "until_1": f"{now.date() + timedelta(days=9)}",
    }  # fmt: skip
    wrong = client.post("/desk/meetings/new/?sort=joint_meeting", said | {"attended": ["1"]})
    assert (wrong.status_code, Meeting.objects.count()) == (422, 0)
    answer = client.post("/desk/meetings/new/?sort=joint_meeting", said)
    kept = client.get(answer["Location"]).content.decode()
    assert ("住建局" in kept, Case.objects.get(kind="resolution").owner_id) == (True, housing.pk)
