"""Every component in Chromium: seen at three widths and two sizes, heard by axe, driven by keys."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from drawn import Some

from .conftest import ARRIVED

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("gallery")]

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ["report/", "report/?wrong=1", "progress/", "split/", "split/?case=4", "desk/", "sign_in/", "sheet/"]
ASK = """rules => axe.run(document, {runOnly: rules}).then(found =>
  found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | ')))"""


@pytest.fixture
def seen(chromium: "Browser", gallery: str) -> "Iterator[Page]":
    """A page that fails the test if anything is written to the console as an error."""
    context = chromium.new_context(base_url=gallery, viewport={"width": 390, "height": 844})
    context.set_default_timeout(10_000)
    page, wrong = context.new_page(), []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda said: wrong.append(str(said)))
    yield page
    context.close()
    assert [w for w in wrong if "ERR_INTERNET_DISCONNECTED" not in w and "ERR_FAILED" not in w] == []


def photograph() -> dict[str, object]:
    out = BytesIO()
    Image.effect_noise((3200, 2400), 60).convert("RGB").save(out, "JPEG", quality=95)
    return {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize("size", ["standard", "elder"])
def test_a_page_is_whole_at_every_width_and_axe_finds_nothing(
    seen: "Page", gallery: str, size: str, some: Some
) -> None:
    seen.context.add_cookies([{"name": "size", "value": size, "url": gallery}])
    for path in some(PAGES, 3):
        for width in (320, 390, 1024, 1440):
            seen.set_viewport_size({"width": width, "height": 900})
            seen.goto(f"/{path}")
            assert (path, seen.evaluate("document.documentElement.scrollWidth")) == (path, width)
        for width in (390, 1440):
            seen.set_viewport_size({"width": width, "height": 900})
            seen.evaluate(AXE.read_text(encoding="utf-8"))
            assert (path, seen.evaluate(ASK, RULES)) == (path, [])


def test_a_target_is_at_least_44_px_for_residents(seen: "Page") -> None:
    seen.goto("/report/")
    small = seen.evaluate(
        """[...document.querySelectorAll('main a,main button,main label,header button,footer a')]
        .filter(e => e.getClientRects().length && !e.classList.contains('label'))
        .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"""
    )
    assert small == []


def test_a_problem_is_reported_in_three_taps_and_nothing_typed(seen: "Page") -> None:
    posted: list[str] = []

    def answer(route: "Route") -> None:
        posted.append(route.request.post_data_buffer.decode("latin-1"))  # type: ignore[union-attr]
        route.fulfill(status=302, headers={"Location": "/progress/"})

    seen.goto("/report/")
    seen.route("**/report/", lambda r: answer(r) if r.request.method == "POST" else r.continue_())
    seen.locator("input[type=file]").nth(1).set_input_files(photograph())  # type: ignore[arg-type]
    seen.locator(".thumb--arrived").wait_for()
    seen.get_by_text("环境卫生").click()
    seen.get_by_role("button", name="提交").click()
    seen.wait_for_url("**/progress/")
    assert (posted[0].count('name="photo_sha256"'), posted[0].count('filename="p.jpg"')) == (1, 0)
    assert 'name="category"\r\n\r\ntrash-2' in posted[0]


def test_a_photograph_is_shrunk_before_it_is_sent(seen: "Page") -> None:
    seen.goto("/report/")
    big = photograph()
    with seen.expect_response("**/photographs/*/") as sent:
        seen.locator("input[type=file]").nth(0).set_input_files(big)  # type: ignore[arg-type]
    assert (sent.value.status, Image.open(BytesIO(ARRIVED[-1])).width) == (201, 1600)
    assert len(ARRIVED[-1]) < len(big["buffer"]) / 4  # type: ignore[arg-type]


def test_what_was_filled_in_stays_when_the_network_fails(seen: "Page") -> None:
    seen.goto("/report/")
    seen.locator("textarea").fill("井盖松了")
    seen.locator("input[type=file]").nth(1).set_input_files(photograph())  # type: ignore[arg-type]
    seen.locator(".thumb").wait_for()
    seen.route("**/report/", lambda route: route.abort())
    seen.get_by_role("button", name="提交").click()
    seen.get_by_text("网络不通").wait_for()
    assert seen.locator("textarea").input_value() == "井盖松了"
    assert seen.locator(".thumb").count() == 1
    assert seen.get_by_role("button", name="提交").is_enabled()


def test_large_type_comes_at_once_and_keeps_what_was_typed(seen: "Page") -> None:
    seen.goto("/report/")
    seen.locator("textarea").fill("井盖松了")
    seen.get_by_role("button", name="大字版").click()
    assert seen.locator("html").get_attribute("data-size") == "elder"
    assert seen.locator("textarea").input_value() == "井盖松了"
    seen.reload()
    assert seen.locator("html").get_attribute("data-size") == "elder"
    assert seen.locator("textarea").input_value() == "井盖松了"


def test_without_script_everything_is_still_there(chromium: "Browser", gallery: str) -> None:
    context = chromium.new_context(base_url=gallery, java_script_enabled=False)
    page = context.new_page()
    page.goto("/report/")
    assert page.locator("input[type=file]").nth(1).is_visible()
    page.get_by_role("button", name="大字版").click()
    assert page.locator("html").get_attribute("data-size") == "elder"
    page.goto("/split/?case=4")
    page.get_by_text("退回补充").click()
    assert page.get_by_label("退回原因").is_visible()
    context.close()


class TestKeys:
    """At the desk, with a keyboard."""

    @pytest.fixture(autouse=True)
    def desk(self, seen: "Page") -> None:
        seen.set_viewport_size({"width": 1440, "height": 900})
        seen.goto("/split/?case=4")

    def test_j_goes_to_the_next_case(self, seen: "Page") -> None:
        seen.keyboard.press("j")
        seen.wait_for_url("**/split/?case=5")

    def test_a_opens_the_step_and_puts_the_cursor_in_its_form(self, seen: "Page") -> None:
        seen.keyboard.press("a")
        assert seen.locator("#id_to").evaluate("e => e === document.activeElement")
        seen.keyboard.press("Escape")
        assert not seen.locator("#id_to").is_visible()

    def test_a_letter_typed_into_a_field_does_nothing_else(self, seen: "Page") -> None:
        seen.locator("#id_remark").fill("")
        seen.locator("#id_remark").press("j")
        assert seen.url.endswith("?case=4")
        assert seen.locator("#id_remark").input_value() == "j"

    def test_slash_searches(self, seen: "Page") -> None:
        seen.keyboard.press("/")
        assert seen.locator("#find").evaluate("e => e === document.activeElement")

    def test_help_lists_the_keys_of_this_very_page(self, seen: "Page") -> None:
        seen.keyboard.press("Shift+Slash")
        found = seen.locator("[data-found]").all_inner_texts()
        assert [said.split() for said in found] == [
            ["A", "派单"],
            ["R", "退回补充"],
            ["M", "合并"],
            ["1", "市政养护班"],
            ["2", "石榴巷网格员"],
        ]

    def test_keys_can_be_switched_off_for_good(self, seen: "Page") -> None:
        seen.keyboard.press("Shift+Slash")
        seen.get_by_label("启用单键快捷键").uncheck()
        seen.keyboard.press("Escape")
        seen.reload()
        seen.keyboard.press("a")
        assert not seen.locator("#id_to").is_visible()

    def test_a_phrase_goes_in_where_the_cursor_stood(self, seen: "Page") -> None:
        seen.keyboard.press("a")
        seen.locator("#id_note").fill("请尽快。")
        seen.get_by_role("button", name="有异味").click()
        assert seen.locator("#id_note").input_value() == "请尽快。有异味"

    def test_marked_cases_are_counted_for_the_batch(self, seen: "Page") -> None:
        assert not seen.locator("[data-batch]").is_visible()
        seen.keyboard.press("x")
        assert seen.locator("[data-picked]").inner_text() == "1"
        assert seen.locator("[data-batch]").bounding_box()["y"] < 900  # type: ignore[index]
        seen.get_by_label("本页全选").check()
        assert seen.locator("[data-picked]").inner_text() == "12"
