"""The residents' door in Chromium: three taps, no script, both sizes, two widths, and what it weighs."""

import gzip
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from jingwei.casework.acts.opening import case_code
from jingwei.casework.models import Case
from jingwei.files.acts import make_ready
from people_fixtures.qingshi import Qingshi

from .conftest import handled, photograph

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("doorstep")]

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK = """rules => axe.run(document, {runOnly: rules}).then(found =>
  found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | ')))"""
SHOTS = os.environ.get("JINGWEI_SHOTS", "")
HEAVIEST = 20 * 1024
"""Bytes a resident's first page may weigh with its styles and scripts, compressed."""


@pytest.fixture
def quiet(page: "Page") -> "Iterator[Page]":
    """A page that fails the test if anything is written to the console as an error, but for answers of 422."""
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda said: wrong.append(str(said)))
    yield page
    assert [w for w in wrong if "422" not in w] == []


@pytest.fixture
def door(site: str, qingshi, settings, tmp_path) -> str:  # type: ignore[no-untyped-def]
    """The address a QR code of Qingshi's first compound leads to."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.BASE_URL = site
    settings.CSRF_TRUSTED_ORIGINS = [site]
    return f"{site}/q/{qingshi.place('compound').qr}/"


def keep_picture(page: "Page", name: str) -> None:
    """A picture for the eyes, where JINGWEI_SHOTS names a folder."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def faults_of(page: "Page", *, axe: bool = True) -> list[str]:
    """What axe finds, if it is asked, and how far the page scrolls sideways."""
    if axe and not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(ASK, RULES) if axe else []
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, *([f"scrolls sideways by {over} px"] if over > 0 else [])]


def test_a_resident_reports_from_a_code_in_three_taps_without_typing(quiet: "Page", door: str) -> None:
    quiet.goto(door)  # the first tap opened it
    quiet.get_by_text("噪音扰民").click()
    quiet.get_by_role("button", name="提交").click()
    quiet.wait_for_url("**/case/")
    case = Case.objects.get()
    assert quiet.locator(".receipt__code").inner_text() == case_code(case.pk)
    assert (case.category, case.source) == ("noise", "resident_qr")


def test_reporting_and_looking_up_need_no_script(chromium: "Browser", door: str, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(door)
    page.get_by_role("button", name="提交").click()
    assert "还差一点" in page.locator("#errors").inner_text()
    page.get_by_text("环境卫生").click()
    page.locator("input[type=file]").first.set_input_files(
        {"name": "shell.jpg", "mimeType": "image/jpeg", "buffer": b"<?php ?>"}
    )
    page.get_by_role("button", name="提交").click()
    assert "不是照片" in page.locator("#errors").inner_text()
    assert page.locator("input[name=category]:checked").count() == 1
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/case/")
    code = page.locator(".receipt__code").inner_text()
    page.goto(f"{site}/progress/")
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询").click()
    page.get_by_role("button", name="催一催").click()
    assert "已催办 1 次" in page.locator("main").inner_text()
    page.get_by_role("button", name="大字版").click()
    assert page.locator("html[data-size=elder]").count() == 1
    page.get_by_role("button", name="English").click()
    assert page.get_by_role("button", name="Urge them").count() == 1
    context.close()


def test_going_back_and_sending_again_is_one_case(quiet: "Page", door: str) -> None:
    quiet.goto(door)
    quiet.get_by_text("噪音扰民").click()
    quiet.get_by_role("button", name="提交").dblclick()
    quiet.wait_for_url("**/case/")
    first = quiet.locator(".receipt__code").inner_text()
    quiet.go_back()
    quiet.wait_for_url("**/q/**")
    quiet.get_by_text("噪音扰民").click()
    quiet.get_by_role("button", name="提交").click()
    quiet.wait_for_url("**/case/")
    assert quiet.locator(".receipt__code").inner_text() == first
    quiet.reload()
    assert Case.objects.count() == 1


def test_the_first_page_weighs_at_most_twenty_kilobytes(quiet: "Page", door: str) -> None:
    answers: list[Response] = []
    quiet.on("response", lambda answer: answers.append(answer))
    quiet.goto(door, wait_until="networkidle")
    weights = {answer.url: len(gzip.compress(answer.body())) for answer in answers}
    assert len(weights) >= 5
    assert sum(weights.values()) <= HEAVIEST, weights


def test_where_i_am_is_asked_for_only_on_a_tap(chromium: "Browser", door: str, site: str, qingshi) -> None:  # type: ignore[no-untyped-def]
    compound = qingshi.place("compound", 3)
    context = chromium.new_context(
        geolocation={"longitude": compound.lon, "latitude": compound.lat}, permissions=["geolocation"]
    )
    page = context.new_page()
    page.goto(f"{site}/report/")
    assert page.locator("input[name=lon]").input_value() == ""
    page.get_by_role("button", name="使用当前位置").click()
    page.get_by_text("已取得位置").wait_for()
    page.get_by_text("噪音扰民").click()
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/case/")
    assert Case.objects.get().place == compound.grid
    context.close()


def reported(page: "Page", door: str) -> None:
    page.goto(door)
    page.get_by_text("噪音扰民").click()
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/case/")


def ended(page: "Page", door: str) -> None:
    reported(page, door)
    page.goto(door.partition("/q/")[0] + "/c/")
    page.get_by_text("已经解决，或者报错了？").click()
    page.get_by_role("button", name="撤回").click()
    page.get_by_text("已撤回").first.wait_for()


def wrong(page: "Page", door: str) -> None:
    page.goto(door)
    page.get_by_text("默认不留姓名").click()
    page.locator("input[value=named]").check()
    page.get_by_role("button", name="提交").click()
    page.locator("#errors").wait_for()


def wrong_code(page: "Page", door: str) -> None:
    page.goto(door.partition("/q/")[0] + "/progress/")
    page.get_by_label("查询码").fill(str(uuid4())[:8])
    page.get_by_role("button", name="查询").click()
    page.locator("#errors").wait_for()


def at(path: str) -> Callable[["Page", str], Any]:
    return lambda page, door: page.goto(door.partition("/q/")[0] + path)


def after_reporting(path: str) -> Callable[["Page", str], Any]:
    def go(page: "Page", door: str) -> None:
        reported(page, door)
        page.goto(door.partition("/q/")[0] + path)

    return go


def rating(page: "Page", door: str) -> None:
    """A handled case with photographs of its own, rated on the telephone and not yet by herself."""
    reported(page, door)
    case, address = Case.objects.get(), door.partition("/q/")[0] + "/c/"
    page.goto(address)
    page.get_by_label("说两句").fill("晚上十一点以后声音更大，孩子睡不着。")
    page.locator("input[type=file]").last.set_input_files(
        [{"name": f"{c}.jpg", "mimeType": "image/jpeg", "buffer": photograph(c).read()} for c in ("navy", "tomato")]
    )
    page.locator(".thumb").nth(1).wait_for()
    page.get_by_role("button", name="提交补充").click()
    page.get_by_text("已补充").wait_for()
    for attachment in case.attachments.select_related("blob"):
        make_ready(attachment.blob, at=case.recorded_at)
    handled(case, Qingshi())
    Case.objects.update(rating=4, rating_told=True)
    page.goto(address)


PAGES: dict[str, Callable[["Page", str], Any]] = {
    "found": at("/report/?find=%E8%8B%91"),
    "wrong": wrong,
    "wrong_code": wrong_code,
    "receipt": reported,
    "progress": after_reporting("/c/"),
    "ended": ended,
    "rating": rating,
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(quiet: "Page", door: str, name: str) -> None:
    """Axe at 390 and 1440 px: at 320 px the rules draw the same as at 390 px, less one mark."""
    PAGES[name](quiet, door)
    for size in ("standard", "elder"):
        if quiet.locator("html").get_attribute("data-size") != size:
            quiet.locator("[data-size-switch] button").click()
        for width in (390, 1440, 320):
            quiet.set_viewport_size({"width": width, "height": 844})
            assert (width, size, faults_of(quiet, axe=width != 320)) == (width, size, [])
            keep_picture(quiet, f"{name}-{width}-{size}")
