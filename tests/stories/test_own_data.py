"""A resident asks what is kept of her, reads it, has it erased, and finds nothing of hers afterwards."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from stories.hands import Hands

WORDS = "三号楼下的垃圾两天没清，请打我电话。"


def worked() -> None:
    """What the worker does every few seconds."""
    from jingwei.affairs.privacy.acts import carry_out_granted

    carry_out_granted(timezone.now())


@pytest.mark.browser
@pytest.mark.drawn
@pytest.mark.parametrize("width", ["telephone", "desk"])
def test_she_sees_what_is_kept_of_her_and_has_it_erased(
    width: str, somebody: Callable[..., Any], site: str, qingshi: Any
) -> None:
    from jingwei.casework.models import Case

    hands = Hands(site, width)
    resident = somebody(at=width)
    resident.goto(f"{site}/information/")
    hands.look(resident, "what-we-keep")
    resident.goto(f"{site}/q/{qingshi.place('compound', 2).qr}/")
    resident.locator('[name="words"]').fill(WORDS)
    resident.get_by_text("联系方式").first.click()
    resident.locator('[name="who"]').nth(1).check(force=True)
    resident.locator('[name="name"]').fill("赵大娘")
    resident.locator('[name="telephone"]').fill("13800006021")
    hands.look(resident, "report")
    resident.get_by_role("button", name="提交").click()
    resident.get_by_text("您的查询码").wait_for()
    code = resident.locator(".code").first.inner_text()
    case = Case.objects.get(kind="incident")

    ask(resident, site, hands, "see", code)
    request = Case.objects.get(kind="own_data")
    hands.take(somebody("county_caller", at=width), request.number, "recognise", words="凭查询码核对。")
    hands.take(somebody("county", at=width), request.number, "grant")
    worked()
    resident.goto(f"{site}/c/")
    hands.look(resident, "granted")
    resident.get_by_role("link", name="保存着我的哪些信息").click()
    resident.get_by_text("13800006021").wait_for()
    assert [said in resident.content() for said in ("赵大娘", WORDS, case.number)] == [True, True, True]
    hands.look(resident, "kept-of-me")

    withdrawn(resident, site, code)
    ask(resident, site, hands, "erase", code)
    request = Case.objects.filter(kind="own_data").latest("pk")
    hands.take(somebody("county_caller", at=width), request.number, "recognise", words="凭查询码核对。")
    hands.take(somebody("county", at=width), request.number, "grant")
    worked()
    resident.goto(f"{site}/c/")
    hands.look(resident, "erased")
    assert "已删除" in resident.content()
    resident.goto(f"{site}/c/{code}/")
    hands.look(resident, "nothing-left")
    told = resident.content()
    assert [said in told for said in (WORDS, "赵大娘", "内容已删除")] == [False, False, True]


def ask(resident: Any, site: str, hands: Hands, sort: str, code: str) -> None:
    """Fill in the form of the residents' door, and read the receipt."""
    resident.goto(f"{site}/my-data/")
    resident.locator(f'[name="sort"][value="{sort}"]').check(force=True)
    resident.locator('[name="code"]').fill(code)
    hands.look(resident, f"ask-to-{sort}")
    resident.get_by_role("button", name="提交").or_(resident.get_by_role("button", name="发送")).first.click()
    resident.get_by_text("您的查询码").wait_for()


def withdrawn(resident: Any, site: str, code: str) -> None:
    """Take the report back, so that it has ended."""
    resident.goto(f"{site}/c/{code}/")
    form = resident.locator('form:has(input[value="withdraw"])')
    form.locator("xpath=ancestor::details").first.locator("summary").first.click()
    form.locator("button").last.click()
    resident.get_by_text("已撤回").first.wait_for()


def reported_and_assigned(qingshi: Any) -> str:
    """A report of Auntie Zhao's, with the housing bureau; its number."""
    from jingwei.affairs.incidents.kinds import Incident
    from jingwei.casework.acts.opening import Intake, open_case
    from jingwei.casework.acts.steps import take
    from jingwei.casework.needs import Evidence
    from jingwei.people.models import Person
    from jingwei.trail.actor import Actor

    at = timezone.now()
    asker = Person.named(qingshi.county_code, "赵大娘", "13800006021", purpose=Person.ASKER, ground="request")
    intake = Intake(
        place=qingshi.place("grid"), title="下水道堵了", words=WORDS, source="resident_qr", grade="general",
        category="property_repair", asker=asker, asks_back=True,
    )  # fmt: skip
    case = open_case(Incident, intake, actor=Actor.machine("residents' door"), at=at)
    evidence = Evidence(posts={"handler": qingshi.post("housing.desk").pk})
    return str(take(Incident.assign, case, actor=qingshi.actor("dispatcher"), at=at, evidence=evidence).number)


@pytest.mark.browser
@pytest.mark.drawn
@pytest.mark.parametrize("width", ["telephone", "desk"])
def test_the_handling_unit_looks_at_the_number_once_and_the_auditor_reads_why(
    width: str, somebody: Callable[..., Any], site: str, qingshi: Any
) -> None:
    hands, number = Hands(site, width), reported_and_assigned(qingshi)
    housing = somebody("housing", at=width)
    housing.goto(f"{site}/desk/case/{number}/")
    assert [said in housing.content() for said in ("138****6021", "13800006021", "赵大娘")] == [True, False, False]
    housing.get_by_role("link", name="查看姓名和电话").click()
    housing.locator('[name="reason"]').select_option(label="上门办理，需要约定时间")
    housing.locator('[name="words"]').fill("约明天上午上门疏通")
    hands.look(housing, "before-looking")
    housing.get_by_role("button", name="显示这一次").click()
    housing.get_by_text("13800006021").wait_for()
    hands.look(housing, "looked")
    housing.goto(f"{site}/desk/case/{number}/contact/")
    assert "13800006021" not in housing.content()
    auditor = somebody("auditor", at=width)
    auditor.goto(f"{site}/desk/records/unmaskings/")
    auditor.get_by_role("link", name=qingshi.post("housing.desk").full_title).click()
    auditor.get_by_text("约明天上午上门疏通").wait_for()
    hands.look(auditor, "counted")


@pytest.mark.browser
def test_who_watches_reads_the_records_and_the_list(somebody: Callable[..., Any], site: str, qingshi: Any) -> None:
    hands = Hands(site, "desk")
    for who, pages in (
        ("auditor", ("records/unmaskings", "records/sharings", "records/erasures", "information")),
        ("security", ("records/assessments", "records/sharings")),
        ("clerk", ("own-data",)),
    ):
        page = somebody(who)
        for address in pages:
            page.goto(f"{site}/desk/{address}/")
            for fold in page.locator("main details:not([open]) > summary").all():
                fold.click()
            hands.look(page, f"{who}-{address.replace('/', '-')}")
            assert page.locator("h1").count() == 1
