"""The desk in Chromium: keys, what comes by itself, batches, and two dispatchers at the same case."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from browser_fixtures import DESK, TELEPHONE
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Case
from jingwei.casework.needs import Evidence

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk")]

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK = """rules => axe.run(document, {runOnly: rules}).then(found =>
  found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | ')))"""
NARROW = {"width": 320, "height": 700}
Seated = Callable[..., Page]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A queue that asks every second instead of every fifteenth."""
    from jingwei.casework.pages import desk

    monkeypatch.setattr(desk, "POLLED_EVERY", "1s")


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_a_case_is_assigned_by_one_key_and_taken_back_by_another(seated: Seated, report: Any) -> None:
    one, two = report("路灯不亮", category="street_light"), report("半夜施工", category="construction_noise")
    page = seated("dispatcher")
    page.goto("/desk/")
    page.keyboard.press("j")
    expect(page.locator(".case__head h1")).to_have_text(two.title)
    page.keyboard.press("j")
    expect(page.locator(".case__head h1")).to_have_text(one.title)
    expect(page).to_have_url(f"{page.url.split('/desk')[0]}/desk/case/{one.number}/")
    page.keyboard.press("k")
    expect(page.locator(".case__head h1")).to_have_text(two.title)
    page.keyboard.press("1")
    expect(page.locator(".toast")).to_contain_text(f"已分派 {two.number}")
    assert fresh(two).stage == "assigned"
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator("#navigation a").first.locator(".n")).to_have_text("1")
    page.keyboard.press("u")
    expect(page.locator(".toast")).to_contain_text("分派已撤回")
    assert fresh(two).stage == "accepted"
    expect(page.locator(".row")).to_have_count(2)
    more, form = page.locator(".case__head .more>summary"), page.locator(".case__head .act__form").first
    stood = more.bounding_box() or {}
    page.keyboard.press("a")
    expect(form).to_be_visible()
    assert (more.bounding_box(), (form.bounding_box() or {})["y"] > stood["y"] + stood["height"]) == (stood, True)


def test_keys_open_forms_search_and_help(seated: Seated, report: Any) -> None:
    case = report("路灯不亮")
    page = seated("dispatcher")
    page.goto(f"/desk/case/{case.number}/")
    page.keyboard.press("a")
    expect(page.locator('form[action*="/step/assign/"] select')).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.get_by_label("主案编号")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.get_by_role("textbox", name="备注")).to_be_focused()
    page.keyboard.type("ajk1")
    expect(page.get_by_role("textbox", name="备注")).to_have_value("ajk1")
    page.locator("h1").focus()
    page.keyboard.press("Shift+Slash")
    expect(page.locator("#keys")).to_contain_text("分派")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("路灯")
    page.keyboard.press("Enter")
    expect(page.locator(".row")).to_have_count(1)
    assert "q=" in page.url


@pytest.mark.usefixtures("quick")
def test_a_new_case_appears_by_itself_and_disturbs_nothing(seated: Seated, report: Any) -> None:
    first, second = report("路灯不亮"), report("井盖松动")
    page = seated("dispatcher")
    page.goto("/desk/")
    page.locator(f"#row-{first.number} a").click()
    expect(page.locator(".case__head h1")).to_have_text(first.title)
    page.locator(f"#row-{second.number} [data-pick]").check()
    page.locator(f"#row-{first.number} a").focus()
    page.get_by_role("textbox", name="备注").fill("写了一半")
    page.locator(f"#row-{first.number} a").focus()
    report("垃圾堆积")
    expect(page.locator("#news")).to_have_text("有1件新来件。")
    expect(page.locator(".row")).to_have_count(3)
    expect(page.locator("#count")).to_have_text("3 件")
    expect(page.locator(".row--new")).to_have_count(1)
    expect(page.locator(f"#row-{first.number}.is-current")).to_have_count(1)
    expect(page.locator(f"#row-{first.number} a")).to_be_focused()
    expect(page.locator(f"#row-{second.number} [data-pick]")).to_be_checked()
    expect(page.locator("[data-picked]")).to_have_text("1")
    expect(page.get_by_role("textbox", name="备注")).to_have_value("写了一半")


def test_ticked_cases_are_assigned_together_and_each_is_told(seated: Seated, report: Any, qingshi: Any) -> None:
    from jingwei.affairs.incidents.kinds import Incident

    cases = [report(f"第{n}件") for n in range(3)]
    page = seated("dispatcher")
    page.goto("/desk/")
    page.get_by_label("本页全选").or_(page.locator("[data-pick]").first).first.check()
    for box in page.locator("[data-pick]").all():
        box.check()
    handler = qingshi.post("housing.desk")
    evidence = Evidence(posts={"handler": handler.pk})
    take(Incident.assign, cases[0], actor=qingshi.actor("county"), at=timezone.now(), evidence=evidence)
    page.get_by_label("派给哪个单位").select_option(label="住建局")
    page.locator("#batch").get_by_role("button", name="分派").click()
    told = f"已分派：2件。 1件没有办成：{cases[0].number} 有人先办了一步"
    expect(page.locator(".toast")).to_contain_text(told)
    assert {fresh(case).owner_id for case in cases} == {handler.pk}


def test_the_second_dispatcher_reads_who_was_first(seated: Seated, report: Any) -> None:
    case = report("路灯不亮", category="street_light")
    first, second = seated("dispatcher"), seated("county")
    for page in (first, second):
        page.goto(f"/desk/case/{case.number}/?queue=seen")
    second.keyboard.press("a")
    form = second.locator('form[action*="/step/assign/"]').first
    form.get_by_label("意见").fill("请消防一并到场。")
    form.locator("select").select_option(index=1)
    first.keyboard.press("1")
    expect(first.locator(".toast")).to_contain_text("已分派")
    form.get_by_role("button", name="分派").click()
    expect(second.get_by_role("alert").first).to_contain_text("有人先办了一步：本案现在处于“待签收”")
    expect(second.get_by_role("textbox", name="备注")).to_have_value("请消防一并到场。")
    assert fresh(case).stage == "assigned"


def test_phrases_go_into_the_reply_and_a_missing_one_is_asked_for(seated: Seated, report: Any, qingshi: Any) -> None:
    from jingwei.affairs.incidents.kinds import Incident

    case, at, handler = report("路灯不亮"), timezone.now(), qingshi.post("housing.desk").pk
    take(Incident.assign, case, actor=qingshi.actor("dispatcher"), at=at, evidence=Evidence(posts={"handler": handler}))
    page = seated("housing")
    page.goto(f"/desk/case/{case.number}/")
    page.keyboard.press("s")
    expect(page.locator(".toast")).to_contain_text("已签收")
    page.keyboard.press("d")
    page.get_by_role("button", name="已办结").click()
    expect(page.get_by_label("给来件人的答复")).not_to_have_value("")
    page.get_by_role("button", name="报告办结").last.click()
    expect(page.locator(".toast")).to_contain_text("已报告办结")
    assert fresh(case).stage == "verifying"


@pytest.mark.parametrize(
    ("username", "size"),
    [("dispatcher", "elder"), ("housing", "standard")],
)
def test_every_width_is_whole_and_axe_finds_nothing(
    seated: Seated, report: Any, qingshi: Any, site: str, username: str, size: str
) -> None:
    from jingwei.affairs.incidents.kinds import Incident
    from jingwei.casework.acts.motions import EXTENSION, SUPERVISION, raise_motion

    case, at, dispatcher = report("路灯不亮" * 12, category="noise"), timezone.now(), qingshi.actor("dispatcher")
    twin = report("路灯又不亮了", category="noise")
    evidence = Evidence(posts={"handler": qingshi.post("housing.desk").pk})
    take(Incident.assign, case, actor=dispatcher, at=at, evidence=evidence)
    raise_motion(SUPERVISION, case, "三日内办结。", actor=dispatcher, at=at)
    raise_motion(EXTENSION, case, "等材料。", actor=qingshi.actor("housing"), at=at, until=at + timedelta(days=9))
    page = seated(username)
    page.context.add_cookies([{"name": "size", "value": size, "url": site}])
    for viewport in (DESK, TELEPHONE, NARROW):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        for address in ("/desk/?queue=seen", f"/desk/case/{case.number}/", f"/desk/case/{twin.number}/?queue=seen"):
            page.goto(address)
            for fold in page.locator("details:not([open]):not(.me) > summary:visible").all():
                if fold.is_visible():
                    fold.click()
            if viewport is not TELEPHONE:  # it is drawn by the same rules as the narrow one
                page.evaluate(AXE.read_text(encoding="utf-8"))
                assert page.evaluate(ASK, RULES) == [], (viewport, address)
            assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"], (viewport, address)


@pytest.mark.usefixtures("quick")
def test_a_queue_whose_session_is_over_leads_to_the_gate(seated: Seated, report: Any) -> None:
    case = report("路灯不亮")
    page = seated("dispatcher")
    page.goto(f"/desk/case/{case.number}/?queue=seen")
    page.context.clear_cookies()
    expect(page.get_by_label("用户名").or_(page.locator("#id_username")).first).to_be_visible()
    assert page.url.endswith(f"?next=%2Fdesk%2Fcase%2F{case.number}%2F%3Fqueue%3Dseen")
