"""The officials' pages in Chromium: signing in, taking in at the counter and on a telephone, papers as printed."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from jingwei.casework.acts.motions import SUPERVISION, raise_motion
from jingwei.casework.models import Case

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk_more")]

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK = """rules => axe.run(document, {runOnly: rules}).then(found =>
  found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | ')))"""
SHOTS = os.environ.get("JINGWEI_SHOTS", "")
PASSWORD = "moss-lamp-finch-0001"  # the test's own


@pytest.fixture
def at_desk(site: str, qingshi: Any, page: "Page") -> Callable[..., "Page"]:
    """Seats the browser at somebody's desk."""

    def _seat(username: str, path: str = "") -> "Page":
        from django.test import Client

        cookie = qingshi.sign_in(Client(), username, path).cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": site}])
        return page

    return _seat


def whole(page: "Page", address: str, name: str) -> None:
    """No sideways scroll and nothing for axe, in both sizes, on a telephone and on a desk."""
    url = address or page.url
    for size in ("standard", "elder"):
        page.context.add_cookies([{"name": "size", "value": size, "url": url}])
        for width in (320, 390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(url)
            assert (width, page.evaluate("document.documentElement.scrollWidth")) == (width, width), name
            if width == 320:
                continue
            page.evaluate(AXE.read_text(encoding="utf-8"))
            assert (name, size, width, page.evaluate(ASK, RULES)) == (name, size, width, [])
            shot(page, f"{name}-{size}-{width}")


def pages(pdf: bytes) -> int:
    """Sheets of paper."""
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf))


def shot(page: "Page", name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_a_person_with_two_posts_signs_in_and_chooses(site: str, qingshi: Any, page: "Page") -> None:
    account = qingshi.account("first_secretary")
    account.set_password(PASSWORD)
    account.save()
    page.goto(f"{site}/desk/new/")
    page.get_by_label("用户名").fill("first_secretary")
    page.get_by_label("密码", exact=True).fill("wrong")
    page.get_by_role("button", name="登录").click()
    page.get_by_text("用户名或密码不正确").wait_for()
    shot(page, "sign-in-wrong")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("驿站站长").check()
    whole(page, "", "choose-post")
    page.get_by_label("驿站站长").check()
    page.get_by_role("button", name="开始办公").click()
    page.get_by_role("heading", name="受理登记").wait_for()
    assert page.get_by_label("受理渠道").input_value() == "station"


def test_the_clerk_takes_in_a_call(site: str, qingshi: Any, at_desk: Callable[..., "Page"]) -> None:
    page = at_desk("clerk")
    page.goto(f"{site}/desk/new/")
    compound = str(qingshi.place("compound"))
    page.get_by_label("受理渠道").select_option("telephone")
    page.get_by_label("问题描述").fill("单元门坏了，关不上，晚上不安全。")
    page.get_by_label("按名称查找地点").fill(compound)
    page.get_by_label("类别").select_option("property_repair")
    page.get_by_role("button", name="查找地点和承办单位").click()
    page.get_by_label("地点", exact=True).select_option(str(qingshi.place("compound").pk))
    page.get_by_role("button", name="查找地点和承办单位").click()
    page.get_by_text("应由住建局").wait_for()
    page.get_by_label("联系电话").fill("13800006021")
    shot(page, "intake-filled")
    page.get_by_role("button", name="登记并出具回执").click()
    page.get_by_role("heading", name="回执").wait_for()
    case = Case.objects.get()
    assert (case.source, str(case.place), case.stage) == ("telephone", compound, "reported")
    whole(page, "", "receipt")


def test_the_grid_worker_settles_it_on_the_spot_with_a_telephone(
    site: str, qingshi: Any, at_desk: Callable[..., "Page"]
) -> None:
    page = at_desk("grid")
    whole(page, f"{site}/desk/new/", "intake-worker")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator(".tile").first.click()
    page.get_by_label("简要说明").fill("楼道堆物")
    page.get_by_text("已经当场办结").click()
    page.get_by_label("处置情况").fill("已劝导清走。")
    shot(page, "intake-worker-filled")
    page.get_by_role("button", name="当场办结").click()
    page.get_by_role("heading", name="回执").wait_for()
    assert Case.objects.get().stage in ("closed", "verifying")


def test_papers_fit_their_sheet_and_a_call_shows_its_number(
    site: str, qingshi: Any, at_desk: Callable[..., "Page"], handled: Any, at: Any
) -> None:
    case = handled()
    dispatcher = qingshi.actor("dispatcher")
    raise_motion(
        SUPERVISION, case, "该事项群众反映强烈，请限期核实办理。", actor=dispatcher, at=at + timedelta(hours=9)
    )
    page = at_desk("dispatcher")
    whole(page, f"{site}/desk/case/{case.number}/print/supervision/", "supervision")
    for name in ("assignment", "supervision", "reply"):
        page.goto(f"{site}/desk/case/{case.number}/print/{name}/")
        assert (name, pages(page.pdf(prefer_css_page_size=True))) == (name, 1)
    whole(page, f"{site}/desk/qr/?place={qingshi.place('community').pk}", "qr")
    assert pages(page.pdf(prefer_css_page_size=True)) == 1
    page = at_desk("caller")
    page.goto(f"{site}/desk/callbacks/{case.number}/")
    page.get_by_label("查看原因").fill("回访听取意见")
    page.get_by_role("button", name="显示号码").click()
    page.get_by_text("13800006021").wait_for()
    shot(page, "callback-unmasked")


def test_a_case_is_scanned_back_from_its_paper(
    site: str, at_desk: Callable[..., "Page"], handled: Callable[..., Case]
) -> None:
    case = handled()
    page = at_desk("housing")
    page.goto(f"{site}/desk/case/{case.number}/print/assignment/")
    assert page.locator(".sheet__code svg").count() == 1
    page.get_by_role("link", name="返回").click()
    page.wait_for_url(f"**/desk/case/{case.number}/")


def test_the_map_is_drawn_with_its_list_beside_it(at_desk: Callable[..., "Page"], site: str, qingshi: Any) -> None:
    from playwright.sync_api import expect

    page = at_desk("dispatcher")
    village = qingshi.place("community", 1)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{site}/desk/map/?place={village.pk}")
    expect(page.locator("#map[data-ready]")).to_be_visible(timeout=30_000)
    shot(page, "map-drawn")
    whole(page, f"{site}/desk/map/?place={village.pk}", "map")
