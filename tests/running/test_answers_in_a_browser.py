"""The pages for when there is no page, as they are seen: on a telephone and at a desk, in both sizes."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser

from jingwei.running import answers

SAID = [said for said in vars(answers).values() if isinstance(said, answers.Said)]


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("size", ["standard", "elder"])
def test_each_page_fits_and_is_read_by_everybody(
    chromium: "Browser", site: str, width: int, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = chromium.new_context(base_url=site, viewport={"width": width, "height": 800}, locale="zh-CN")
    context.add_cookies([{"name": "size", "value": size, "url": site}])
    page = context.new_page()
    shots = os.environ.get("JINGWEI_SHOTS")
    for said in SAID:
        monkeypatch.setattr(answers, "NOT_FOUND", said)
        assert (page.goto("/desk/nowhere/") or pytest.fail("no answer")).status == said.status
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found: Any = Axe().run(page)
        assert found.response["violations"] == []
        if shots:
            page.screenshot(path=Path(shots) / f"{said.status}-{str(said.title)[:6]}-{width}-{size}.png")
    context.close()
