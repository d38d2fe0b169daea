"""By-laws of exceptions: two people, one reason, a last day; and some things that no exception permits."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from jingwei.accounts.auditing import sort_of
from jingwei.accounts.exceptions import NeverPermitted, Scene, Widens, permission, permissions
from jingwei.accounts.models import Permit
from jingwei.accounts.permitted import further_grounds, permits_on
from jingwei.accounts.permitting import ExceptionRefused, Wanted, ask, close_lapsed, decide, end
from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.opening import Intake, case_code, code_mark, open_case
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Case
from jingwei.casework.needs import Evidence, Wanting
from jingwei.casework.sight import cases_seen_from, why_seen
from jingwei.organisations.models import Post
from jingwei.policy.models import County
from jingwei.trail.models import Line
from jingwei.trail.queries import lines_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
AT = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def wanted(qingshi: Any, at: datetime, **other: Any) -> Wanted:
    said: dict[str, Any] = {
        "permission": "wider_sight", "scene": Scene.EMERGENCY, "place": qingshi.place("town", 1),
        "reason": "汛期转移群众",
        "law": "《中华人民共和国防汛条例》", "since": at, "until": at + 3 * DAY,
        "post": qingshi.post("power.desk"),
    }  # fmt: skip
    return Wanted(**{**said, **other})


def asked(qingshi: Any, at: datetime, *, key: UUID | None = None, **other: Any) -> Permit:
    county = County.objects.get(pk=qingshi.county_code)
    return ask(wanted(qingshi, at, **other), county, actor=qingshi.actor("administrator"), at=at, key=key or uuid4())


def granted(qingshi: Any, at: datetime, **other: Any) -> Permit:
    return decide(asked(qingshi, at, **other), grant=True, actor=qingshi.actor("security"), at=at)


def reported(qingshi: Any, at: datetime, **said: Any) -> Case:
    intake = Intake(
        place=qingshi.place("compound", 1), title="积水", source="counter", words="门口积水", grade="general", **said
    )
    return open_case(Incident, intake, actor=qingshi.actor("clerk"), at=at, key=uuid4())


def verbs_of(permit: Permit) -> list[str]:
    return [line.verb for line in lines_of("exception", permit.pk)]


@pytest.mark.parametrize(
    "name",
    ["check_in", "patrol_checkin", "tracks", "location_trail", "points", "ranking", "league_table", "online_hours",
     "登录时长", "打卡", "签到", "轨迹", "积分", "排名", "face_photograph"],
)  # fmt: skip
def test_check_ins_tracks_points_and_rankings_cannot_be_registered(name: str) -> None:
    with pytest.raises(NeverPermitted):
        permission(name, "Something", "something", Widens.EVIDENCE)
    with pytest.raises(NeverPermitted):
        permission("harmless", name, "something", Widens.EVIDENCE)
    with pytest.raises(NeverPermitted):
        permission("harmless", "Something", name, Widens.EVIDENCE)


def test_an_exception_widens_what_is_seen_or_what_a_step_asks_and_nothing_else() -> None:
    assert {(one.name, one.widens.value) for one in permissions()} == {
        ("wider_sight", "sight"),
        ("photograph_asked", "evidence"),
    }
    with pytest.raises(ValueError, match="presence"):
        permission("harmless", "Something", "something", "presence")  # type: ignore[arg-type]


def test_a_post_sees_a_further_ground_from_the_grant_until_the_last_moment(qingshi: Any) -> None:
    now = timezone.now()
    case, secret = reported(qingshi, now), reported(qingshi, now, confidential=True)
    permit = asked(qingshi, now - DAY)

    def sees() -> tuple[bool, bool]:
        seen = set(cases_seen_from(qingshi.post("power.desk")).values_list("pk", flat=True))
        return case.pk in seen, secret.pk in seen

    before = sees()
    decide(permit, grant=True, actor=qingshi.actor("security"), at=now)
    during, why = sees(), why_seen(case, qingshi.post("power.desk"))
    Permit.objects.filter(pk=permit.pk).update(until=timezone.now())
    assert (before, during, why, sees()) == ((False, False), (True, False), ["exception"], (False, False))
    assert further_grounds(qingshi.post("housing.desk")) == []


def test_it_ends_by_itself_and_the_trail_says_each_turn(qingshi: Any) -> None:
    permit = granted(qingshi, AT)
    place, code = permit.place.path, qingshi.county_code
    in_force = [bool(permits_on(place, code, at)) for at in (AT - DAY, AT, AT + 3 * DAY - DAY / 24, AT + 3 * DAY)]
    assert in_force == [False, True, True, False]
    assert [close_lapsed(AT + 2 * DAY), close_lapsed(AT + 4 * DAY), close_lapsed(AT + 5 * DAY)] == [0, 1, 0]
    permit.refresh_from_db()
    assert (permit.ended_at, permit.ended_title) == (AT + 3 * DAY, "")
    assert verbs_of(permit) == ["exceptions.asked", "exceptions.granted", "exceptions.lapsed"]
    assert {sort_of(verb) for verb in verbs_of(permit)} == {"exceptions"}


def test_ended_early_it_permits_nothing_from_then_on(qingshi: Any) -> None:
    permit = granted(qingshi, AT)
    for _twice in range(2):
        end(permit, actor=qingshi.actor("security"), at=AT + DAY)
    assert [bool(permits_on(permit.place.path, permit.county_id, at)) for at in (AT, AT + 2 * DAY)] == [True, False]
    assert verbs_of(permit)[2:] == ["exceptions.ended"]


def test_whoever_asked_does_not_decide_and_what_is_decided_stays(qingshi: Any) -> None:
    permit = asked(qingshi, AT, key=UUID(int=7))
    assert asked(qingshi, AT, key=UUID(int=7)) == permit
    with pytest.raises(ExceptionRefused, match="自己申请"):
        decide(permit, grant=True, actor=qingshi.actor("administrator"), at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Permit.objects.filter(pk=permit.pk).update(decided_by=permit.asked_by, granted=True)
    decide(permit, grant=False, actor=qingshi.actor("security"), at=AT)
    with pytest.raises(ExceptionRefused, match="审批过"):
        decide(permit, grant=True, actor=qingshi.actor("security"), at=AT)
    assert permits_on(permit.place.path, permit.county_id, AT + DAY) == []


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("until", {"until": AT + 31 * DAY}),
        ("until", {"until": AT}),
        ("reason", {"reason": " 汛 "}),
        ("law", {"law": ""}),
        ("post", {"post": None}),
        ("permission", {"permission": "check_in"}),
        ("step", {"permission": "photograph_asked"}),
    ],
)
def test_what_is_not_bounded_or_not_told_why_is_refused(qingshi: Any, field: str, other: dict[str, Any]) -> None:
    with pytest.raises(ExceptionRefused) as refused:
        asked(qingshi, AT, **other)
    assert (refused.value.field, Permit.objects.count()) == (field, 0)


def test_the_three_officers_see_no_cases_by_any_exception(qingshi: Any) -> None:
    for username in ("auditor", "administrator", "security"):
        post = qingshi.post_of(username)
        with pytest.raises(ExceptionRefused, match="不得查看"):
            asked(qingshi, AT, post=post)


def test_no_row_lasts_longer_than_thirty_days(qingshi: Any) -> None:
    permit = asked(qingshi, AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Permit.objects.filter(pk=permit.pk).update(until=AT + 31 * DAY)


def test_a_step_asks_for_a_photograph_while_the_exception_is_in_force(qingshi: Any) -> None:
    now = timezone.now()
    step = ("incident", Incident.report_handled.name)
    permit = granted(qingshi, now, permission="photograph_asked", post=None, step=step)
    case = reported(qingshi, now)
    lead = Evidence(posts={"handler": qingshi.post("housing.desk").pk})
    take(Incident.assign, case, actor=qingshi.actor("dispatcher"), at=now, evidence=lead)
    take(Incident.sign_for, case, actor=qingshi.actor("housing"), at=now)
    said = {"actor": qingshi.actor("housing"), "evidence": Evidence(words={"reply": "已抽排"})}
    with pytest.raises(Wanting, match="汛期转移群众"):
        take(Incident.report_handled, case, at=now + DAY, **said)
    asks = qingshi.sign_in(Client(), "housing").get(f"/desk/case/{case.number}/").content.decode()
    assert (permit.reason in asks, "例外" in asks) == (True, True)
    assert take(Incident.report_handled, case, at=now + 4 * DAY, **said).is_open


def test_asked_granted_told_and_read_on_the_pages(qingshi: Any, client: Client) -> None:
    now = timezone.now()
    case, today = reported(qingshi, now), timezone.localdate()
    Case.objects.filter(pk=case.pk).update(code_mark=code_mark(case_code(case.pk)))
    qingshi.sign_in(client, "administrator")
    said = {
        "permission": "wider_sight", "scene": "emergency", "place": qingshi.place("town", 1).pk,
        "post": qingshi.post("power.desk").pk, "reason": "汛期转移群众", "law": "《防汛条例》", "key": str(uuid4()),
        "since": str(today), "until": str(today + 40 * DAY),
    }  # fmt: skip
    assert client.post("/desk/exceptions/new/", said).status_code == 422
    said["until"] = str(today + 2 * DAY)
    assert [client.post("/desk/exceptions/new/", said).status_code for _twice in range(2)] == [302, 302]
    permit = Permit.objects.get()
    refused = client.post(f"/desk/exceptions/{permit.pk}/decide/", {"grant": "yes"})
    progress = f"/c/{case_code(case.pk)}/"
    before = Client().get(progress, follow=True).content.decode()
    security = qingshi.sign_in(Client(), "security")
    assert "批准" in security.get("/desk/exceptions/").content.decode()
    answers = [security.post(f"/desk/exceptions/{permit.pk}/decide/", {"grant": "yes"}).status_code for _twice in "12"]
    assert (refused.status_code, answers) == (403, [302, 302])
    during = Client().get(progress, follow=True).content.decode()
    power = qingshi.post("power.desk")
    told = "例外正在生效" in before, "例外正在生效" in during, power.full_title in during
    assert told == (False, True, True)
    auditor = qingshi.sign_in(Client(), "auditor")
    assert "汛期转移群众" in auditor.get("/desk/exceptions/").content.decode()
    sheet = auditor.get("/desk/exceptions.xlsx")
    assert (sheet.status_code, b"".join(sheet.streaming_content)[:2]) == (200, b"PK")  # type: ignore[attr-defined]
    exported = Line.objects.get(verb="exceptions.exported")
    assert (exported.facts["rows"], verbs_of(permit)) == (1, ["exceptions.asked", "exceptions.granted"])


def test_an_officer_of_a_town_ends_none_that_reaches_beyond_it(qingshi: Any, client: Client) -> None:
    at = timezone.now()
    wide, own = (granted(qingshi, at, place=qingshi.place(layer)) for layer in ("county", "town"))
    Post.objects.filter(pk=qingshi.post("county_centre.administrator").pk).update(ground=qingshi.place("town"))
    page = qingshi.sign_in(client, "administrator").get("/desk/exceptions/").content.decode()
    assert [f"/desk/exceptions/{one.pk}/end/" in page for one in (wide, own)] == [False, True]
    answers = [client.post(f"/desk/exceptions/{one.pk}/end/").status_code for one in (wide, own)]
    assert answers == [404, 302]
    assert [Permit.objects.get(pk=one.pk).ended_at is None for one in (wide, own)] == [True, False]


def test_another_county_s_exceptions_are_not_there(qingshi: Any, client: Client) -> None:
    permit = asked(qingshi, timezone.now())
    County.objects.create(code="990999", name="邻县", english="Next", edition_id=qingshi.book.edition)
    Permit.objects.filter(pk=permit.pk).update(county="990999")
    security = qingshi.sign_in(client, "security")
    assert security.post(f"/desk/exceptions/{permit.pk}/decide/", {"grant": "yes"}).status_code == 404
    assert "汛期" not in security.get("/desk/exceptions/").content.decode()
