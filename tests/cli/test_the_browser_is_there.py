"""By-laws of the browser tests' browser: it is named, found, or said how to install."""

import os

import pytest

from jingwei.cli import browser
from jingwei.cli.refusal import Refusal


def test_the_environment_may_name_another_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGWEI_CHROMIUM", "/opt/chromium")
    assert browser.chromium() == "/opt/chromium"


def test_without_chromium_an_ordinary_user_is_told_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JINGWEI_CHROMIUM", raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    with pytest.raises(Refusal, match="apt-get install -y --no-install-recommends chromium-headless-shell"):
        browser.make_sure()
