"""People at the desk of Qingshi, and the matters that come to them."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from browser_fixtures import DESK

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture
def report(qingshi: Any) -> Callable[..., Any]:
    """Open an incident as the counter clerk does: `report("路灯不亮", category="…")`."""
    from jingwei.affairs.incidents.kinds import Incident
    from jingwei.casework.acts.opening import Intake, open_case

    def opened(title: str, *, at: datetime | None = None, by: str = "clerk", **said: Any) -> Any:
        given: dict[str, Any] = {
            "place": qingshi.place("grid"), "source": "counter", "words": f"{title}，请尽快处理。", "grade": "general",
        }  # fmt: skip
        intake = Intake(title=title, **(given | said))
        return open_case(Incident, intake, actor=qingshi.actor(by), at=at or timezone.now())

    return opened


@pytest.fixture
def at_desk(qingshi: Any) -> Callable[[str], Client]:
    """A browser without script, signed in as one of Qingshi's people."""
    return lambda username, path="": qingshi.sign_in(Client(), username, path)


@pytest.fixture
def seated(chromium: "Browser", site: str, qingshi: Any) -> "Iterator[Callable[..., Page]]":
    """A page of one of Qingshi's people at her desk: `seated("dispatcher")`, `seated("housing", TELEPHONE)`.

    The test fails if a page writes an error to the console that the test did not ask for.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def page_of(username: str, viewport: dict[str, int] = DESK) -> "Page":
        context = chromium.new_context(
            base_url=site,
            viewport=viewport,  # type: ignore[arg-type]
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        session = qingshi.sign_in(Client(), username).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page = context.new_page()
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda said: wrong.append(str(said)))
        return page

    yield page_of
    for context in contexts:
        context.close()
    assert [said for said in wrong if "409" not in said and "422" not in said and "404" not in said] == []
