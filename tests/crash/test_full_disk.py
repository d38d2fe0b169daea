"""By-law: a full disk is said so, costs nothing that was acknowledged, and work goes on once there is room."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from jingwei.places.models import Place

from .broken import what_is_broken
from .browser import Answer, Browser
from .conftest import ALONE, copied, eyes_in
from .county import County, until
from .writers import Acknowledged, report

pytestmark = ALONE

ROOM = "192m"
"""The county takes about 60 MB when it begins."""

MOST = 400
"""Reports that may still fit into the room that the database had set aside."""

SAID = {(507, "存储空间已满"), (503, "当前使用的人较多")}
"""What one is told: that the disk is full; or that the database is away, where it had no room to go on at all."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, so small that it can be filled."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "jingwei", disk], capture_output=True)
    if made.returncode:
        pytest.skip("Only who may mount a disk can fill one without harm to the others on this machine.")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def filled(disk: Path) -> Path:
    """A file that takes all the room there is left."""
    filler = disk / "filler"
    with suppress(OSError), open(filler, "wb", buffering=0) as out:
        while True:
            out.write(bytes(1 << 12))
    assert shutil.disk_usage(disk).free == 0
    return filler


def send(browser: Browser, token: str, words: str) -> Answer:
    """Send one report, once."""
    page = browser.ask("GET", f"/q/{token}/")
    if page.status != 200:
        return page
    filled = page.form(page.path).filled(words=words, who="anonymous")
    return browser.ask("POST", page.path, urlencode(filled).encode())


def test_a_full_disk_is_said_so_and_nothing_acknowledged_is_lost(
    standing: Path, small_disk: Path, django_db_blocker: Any
) -> None:
    with County(copied(standing, small_disk)).running() as county, django_db_blocker.unblock():
        with eyes_in(county.folder):
            token = Place.objects.filter(until=None, layer="compound").values_list("qr", flat=True)[0]
        told = Acknowledged([report(Browser(county.port), token, f"满之前的第{n}件事") for n in range(5)])
        filler = filled(small_disk)
        refused: list[Answer] = []
        for n in range(MOST):
            answer = send(Browser(county.port), token, f"满了以后的第{n}件事")
            if answer.status != 302:
                refused.append(answer)
            if len(refused) == 5:
                break
        filler.unlink()
        until(lambda: send(Browser(county.port), token, "又有地方了").status == 302, what="writing to go on")
        told.reports.append(report(Browser(county.port), token, "最后一件事"))
        with eyes_in(county.folder):
            assert what_is_broken(told) == []
    assert len(refused) == 5
    assert {(answer.status, answer.heading) for answer in refused} <= SAID
