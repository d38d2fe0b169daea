"""The auditor reads sign-ins and acts of her county by time, sort, post and success, and exports them."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from jingwei.accounts.auditing import Sought, lines, read, sort_of
from jingwei.accounts.fact_words import SORTS
from jingwei.accounts.verbs import REFUSED
from jingwei.policy.models import County, Edition
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.models import Line
from jingwei.trail.verbs import verbs
from people_fixtures.qingshi import Qingshi

from .conftest import body_of, enter

CODE = "990302"


@pytest.fixture
def auditor(qingshi: Qingshi) -> Client:
    return qingshi.sign_in(Client(), "auditor")


def deeds(page: str) -> list[str]:
    """The deeds of a page, the latest first."""
    return re.findall(r'data-label="操作">([^<]+)<', page)


def today(**said: Any) -> Sought:
    day = timezone.localdate()
    return Sought(day, day, **said)


def test_sign_ins_tries_and_refusals_are_read_the_latest_first(
    auditor: Client, client: Client, secret: Any, qingshi: Qingshi
) -> None:
    enter(client, secret("clerk"), "wrong")
    enter(client, "nobody-here", "wrong")
    enter(client, "clerk")
    client.get("/desk/accounts/")
    client.post("/desk/sign-out/")
    page = auditor.get("/desk/audit/").content.decode()
    assert deeds(page)[:6] == ["查看了留痕", "退出登录", "被拒绝", "登录", "登录失败", "登录失败"]
    found = list(read(lines(CODE, today())[:6]))
    assert [(one.line.verb, one.username, one.about, one.success) for one in found[1:]] == [
        ("account.signed_out", "clerk", "clerk", True),
        ("account.refused", "clerk", f"岗位 {qingshi.post('town_centre.clerk').pk}", False),
        ("account.signed_in", "clerk", "clerk", True),
        ("account.sign_in_failed", "", "没有对应账号", False),
        ("account.sign_in_failed", "", "clerk", False),
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"success": "no"}, {"account.sign_in_failed", "account.refused"}),
        ({"sort": "gate"}, {"account.signed_in", "account.sign_in_failed"}),
        ({"sort": "refused"}, {"account.refused"}),
        ({"sort": "gate", "success": "yes"}, {"account.signed_in"}),
    ],
)
def test_she_narrows_by_sort_and_success(
    client: Client, secret: Any, qingshi: Qingshi, said: dict[str, str], expected: set[str]
) -> None:
    enter(client, secret("clerk"), "wrong")
    enter(client, "clerk")
    client.get("/desk/accounts/")
    assert set(lines(CODE, today(**said)).values_list("verb", flat=True)) == expected


def test_she_narrows_by_post_and_by_day(qingshi: Qingshi) -> None:
    post = qingshi.post("town_centre.clerk")
    record(qingshi.actor("clerk"), REFUSED, at=timezone.now(), subject=("post", post.pk), facts={"ok": False})
    record(qingshi.actor("caller"), REFUSED, at=timezone.now(), subject=("post", 1), facts={"ok": False})
    assert [line.actor_post for line in lines(CODE, today(post=post.pk))] == [post.pk]
    yesterday = timezone.localdate() - timedelta(days=1)
    assert lines(CODE, Sought(yesterday, yesterday, sort="refused")).count() == 0


def test_another_county_s_lines_are_not_hers(qingshi: Qingshi) -> None:
    from jingwei.people.models import Person

    here = County.objects.get(pk=CODE)
    other = County.objects.create(code="990399", name="别县", edition=Edition.objects.get(pk=here.edition_id))
    person = Person.objects.create(county=other, purpose=Person.OFFICIAL, ground="contract")
    stranger = Actor.of_person(person.pk, None, "别县·调度")
    record(stranger, REFUSED, at=timezone.now(), subject=("post", 1), facts={"ok": False})
    assert lines(CODE, today(sort="refused")).count() == 0
    assert lines("990399", today(sort="refused")).count() == 1


def test_reading_and_exporting_are_themselves_written_down(auditor: Client, told: Any) -> None:
    auditor.get("/desk/audit/", {"sort": "gate"})
    auditor.get("/desk/audit/", {"sort": "gate", "before": "5"})
    body_of(auditor.get("/desk/audit.xlsx", {"sort": "gate"}))
    day = timezone.localdate()
    asked = f"since={day - timedelta(days=7)}&until={day}&sort=gate"
    assert told("audit.read") == [{"filter": asked}]
    assert told("audit.exported") == [{"filter": asked, "rows": 0}]


def test_the_sheet_holds_the_same_lines_and_no_cell_of_it_is_a_formula(auditor: Client, qingshi: Qingshi) -> None:
    actor = qingshi.actor("clerk")
    title = '=HYPERLINK("http://elsewhere.example","x")'
    hostile = Actor.of_person(actor.person_id or 0, actor.post_id, title)
    record(hostile, REFUSED, at=timezone.now(), subject=("post", 1), facts={"ok": False, "page": "+cmd|' /C calc'!A0"})
    answer = auditor.get("/desk/audit.xlsx", {"sort": "refused"})
    sheet = openpyxl.load_workbook(BytesIO(body_of(answer))).active
    assert sheet is not None
    headings, row = list(sheet.iter_rows())
    assert [cell.value for cell in headings] == [
        "时间",
        "用户名",
        "操作岗位",
        "操作",
        "对象",
        "成功",
        "详情",
        "留痕编号",
    ]
    assert [cell.data_type for cell in row] == ["s"] * 7 + ["n"]
    assert (row[2].value, row[6].value) == (title, "页面：+cmd|' /C calc'!A0")


@pytest.mark.parametrize(
    "garbage",
    [
        {"since": "tomorrow"}, {"since": "2026-11-21", "until": "2026-11-01"}, {"since": "0001-01-01"},
        {"until": "9999-12-31"}, {"post": "9" * 30}, {"post": "-1"}, {"sort": "\x00"}, {"before": "9" * 40},
        {"success": "perhaps"}, {"since": "2020-01-01", "until": "2026-01-01"},
    ],
)  # fmt: skip
def test_garbage_in_the_address_is_answered_with_a_page(auditor: Client, garbage: dict[str, str]) -> None:
    assert auditor.get("/desk/audit/", garbage).status_code == 200


def test_it_is_read_page_by_page_without_a_gap(auditor: Client, qingshi: Qingshi) -> None:
    for n in range(120):
        record(qingshi.actor("clerk"), REFUSED, at=timezone.now(), subject=("post", n), facts={"ok": False})
    expected = list(Line.objects.filter(verb="account.refused").order_by("-id").values_list("subject_id", flat=True))
    seen: list[int] = []
    address: str | None = "?sort=refused"
    while address:
        page = auditor.get(f"/desk/audit/{address}").content.decode()
        seen += [int(n) for n in re.findall(r'data-label="对象">岗位 (\d+)<', page)]
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else None
    assert seen == expected


def test_every_verb_has_its_sort_and_unmasking_and_exports_are_found(qingshi: Qingshi) -> None:
    assert {sort_of(one.name) for one in verbs()} <= set(SORTS)
    assert {sort_of(name) for name in ("case.exported", "audit.exported", "people.shared")} == {"taken"}
    assert (sort_of("people.unmasked"), sort_of("account.signed_in"), sort_of("organisations.appointed")) == (
        "uncovered", "gate", "accounts",
    )  # fmt: skip


def test_only_who_could_ever_see_a_case_is_offered_a_search_for_one(qingshi: Qingshi) -> None:
    pages = [("auditor", "/desk/audit/"), ("clerk", "/desk/account/"), ("dispatcher", "/desk/account/")]
    found = [qingshi.sign_in(Client(), who).get(page) for who, page in pages]
    assert [answer.status_code for answer in found] == [200, 200, 200]
    assert ['id="find"' in answer.content.decode() for answer in found] == [False, True, True]


def test_the_page_counts_no_person_s_hours_and_lists_nobody_as_present(auditor: Client) -> None:
    page = auditor.get("/desk/audit/").content.decode()
    forbidden = ("在线人数", "在线时长", "工作时长统计", "排名第", "活跃度")
    assert [words for words in forbidden if words in page] == []
    assert 'name="person"' not in page


def test_facts_and_filters_are_told_in_the_county_s_words_and_by_its_clock(auditor: Client, qingshi: Qingshi) -> None:
    clerk, ground = qingshi.post("town_centre.clerk"), qingshi.place("grid", 1)
    filtered = f"since=2026-03-01&sort=gate&success=no&post={clerk.pk}&queue=seen&due=late&ground={ground.path}&other=x"
    facts: list[dict[str, str | int | bool | None]] = [
        {"reason": "call_back"},
        {"means": "outside", "why": "no answer: TimeoutError"},
        {"permission": "photograph_asked", "scene": "emergency", "kind": "incident", "step": "report_handled",
         "since": "2026-03-01T16:30:00+00:00", "until": "2026-03-05"},
        {"page": "case", "status": 404},
        {"sheet": "breaches open", "filter": filtered},
    ]  # fmt: skip
    for one in facts:
        record(qingshi.actor("clerk"), REFUSED, at=timezone.now(), subject=("post", clerk.pk), facts=one)
    page = auditor.get("/desk/audit/", {"sort": "refused"}).content.decode()
    assert re.findall(r'data-label="详情">([^<]+)<', page)[::-1] == [
        "理由：回访",
        "方式：统一身份认证；原因：身份认证平台没有应答",
        "步骤：报告办结；例外事项：某区域的某一步骤要求附照片；情形：应急处置；自：2026-03-02 00:30；至：2026-03-05",
        "页面：/desk/case/…/；应答：404",
        "表：违诺清单；条件：自 2026-03-01，类别 登录与退出，结果 被拒绝或失败，"
        f"岗位 {clerk.full_title}，列表 全部，期限 超时，区域 {ground}",
    ]
