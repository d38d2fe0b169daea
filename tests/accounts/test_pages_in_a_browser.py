"""The pages of accounts in Chromium: whole at every width, in both sizes of type, and axe finds nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK = """rules => axe.run(document, {runOnly: rules}).then(found =>
  found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | ')))"""
PAGES = {
    "administrator": ("/desk/accounts/", "/desk/accounts/new/", "/desk/accounts/{clerk}/"),
    "security": ("/desk/security/",),
    "auditor": ("/desk/audit/",),
    "clerk": ("/desk/account/", "/desk/account/password/", "/desk/sign-in/code/set-up/", "/desk/accounts/"),
}


@pytest.fixture
def context(chromium: "Browser", site: str, qingshi: Any) -> Iterator[Any]:
    made = chromium.new_context(base_url=site, locale="zh-CN", timezone_id="Asia/Shanghai")
    made.set_default_timeout(10_000)
    yield made
    made.close()


@pytest.mark.browser
@pytest.mark.parametrize("size", ["standard", "elder"])
@pytest.mark.parametrize("username", PAGES)
def test_a_page_is_whole_at_every_width_and_axe_finds_nothing(
    context: Any, site: str, qingshi: Any, username: str, size: str
) -> None:
    key = qingshi.sign_in(Client(), username).cookies["sessionid"].value
    cookies = {"sessionid": key, "size": size}
    context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
    page: Page = context.new_page()
    for path in PAGES[username]:
        for width in (320, 390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(path.format(clerk=qingshi.account("clerk").pk))
            assert page.evaluate("document.documentElement.scrollWidth") == width, (path, width)
            if width != 320:
                page.evaluate(AXE.read_text(encoding="utf-8"))
                assert page.evaluate(ASK, RULES) == [], (path, width)
