"""What people do on the pages, the same in every story."""

import os
from pathlib import Path
from typing import Any

SHOTS = os.environ.get("JINGWEI_SHOTS", "")
"""A folder that keeps what the people saw, for somebody to look at."""


class Hands:
    """What people do with a case on the desk's pages, and with its code at the residents' door."""

    def __init__(self, site: str, width: str) -> None:
        self.site, self.width, self.seen = site, width, 0

    def look(self, page: Any, name: str) -> None:
        """Nothing may scroll sideways; keep a picture where asked."""
        wide = page.locator("html").evaluate("page => page.scrollWidth - page.clientWidth")
        assert wide <= 0, f"{name} scrolls sideways by {wide} px"
        if SHOTS:
            self.seen += 1
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{SHOTS}/{self.width}-{self.seen:02}-{name}.png", full_page=self.width == "telephone")

    def take(self, page: Any, number: str, step: str, *, stays: bool = False, **given: str) -> None:
        """Take a step on the case's page: unfold its form, fill it in, press its button, which `stays` or goes."""
        from playwright.sync_api import expect

        page.goto(f"{self.site}/desk/case/{number}/")
        form = page.locator(f'form[action*="/step/{step}/"]').first
        folded = form.locator("xpath=ancestor::details[not(@open)]")
        if folded.count():
            folded.first.locator("summary").first.click()
        for name, value in given.items():
            field = form.locator(f'[name="{name}"]').first
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(label=value)
            elif field.get_attribute("type") == "radio":
                form.locator(f'[name="{name}"][value="{value}"]').check(force=True)
            else:
                field.fill(value)
        self.look(page, f"before-{step}")
        with page.expect_response(lambda said: said.request.method == "POST" and f"/step/{step}/" in said.url):
            form.locator("button").last.click()
        if stays:
            page.wait_for_load_state("networkidle")
        else:
            expect(page.locator(f'form[action*="/step/{step}/"]')).to_have_count(0)
        self.look(page, f"after-{step}")
