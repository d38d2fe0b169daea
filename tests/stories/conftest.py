"""What the stories share: browsers of several people at work on the same site."""

import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from browser_fixtures import DESK, TELEPHONE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ADD_A_KIND = Path(__file__).parents[2] / "docs" / "how" / "add-a-kind.md"
WIDTHS = {"telephone": TELEPHONE, "desk": DESK}


@pytest.fixture
def newcomer(chromium: "Browser", site: str) -> "Iterator[Callable[..., Page]]":
    """A new page of somebody nobody knows yet, in a county of the test's own making: `newcomer(at="desk")`."""
    contexts: list[BrowserContext] = []

    def page_of(at: str = "desk") -> "Page":
        size: Any = WIDTHS[at]
        contexts.append(chromium.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai"))
        contexts[-1].set_default_timeout(10_000)
        return contexts[-1].new_page()

    yield page_of
    for context in contexts:
        context.close()


@pytest.fixture
def somebody(chromium: "Browser", site: str, qingshi: Any) -> "Iterator[Callable[..., Page]]":
    """A new page of a person: `somebody("dispatcher", at="desk")` is signed in; `somebody()` is a resident.

    `post`: the post she sits at, where it is not her first.
    """
    contexts: list[BrowserContext] = []

    def page_of(username: str = "", at: str = "desk", javascript: bool = True, post: str = "") -> "Page":
        context = chromium.new_context(
            viewport=WIDTHS[at],  # type: ignore[arg-type]
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if username:
            client = qingshi.sign_in(Client(), username, post)
            host = urlsplit(site).hostname or ""
            session = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "domain": host, "path": "/"}])
        return context.new_page()

    yield page_of
    for context in contexts:
        context.close()


@pytest.fixture
def rectification(tmp_path: Path) -> Iterator[Any]:
    """The guide's kind, let into the house for one test."""
    from jingwei import affairs
    from jingwei.casework.entering import enter_all
    from jingwei.casework.kinds import KINDS
    from jingwei.trail import verbs

    found = re.search(r"```python\n(.*?)```", ADD_A_KIND.read_text(encoding="utf-8"), re.S)
    assert found is not None
    (tmp_path / "rectifications.py").write_text(found[1])
    affairs.__path__.append(str(tmp_path))
    module = import_module("jingwei.affairs.rectifications")
    enter_all()
    yield module.Rectification
    affairs.__path__.remove(str(tmp_path))
    del sys.modules["jingwei.affairs.rectifications"]
    kind = KINDS.pop("rectification")
    for verb in kind.verbs.values():
        del verbs._registered[verb.name]
