"""A county in a folder of its own, run by the real commands; and the tests' own eyes inside its database."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from .county import CODE, SECRET, County
from .relay import Relay

ALONE = pytest.mark.xdist_group("crash")
"""One worker runs what runs a county, one after the other: it loads the machine, and they share one."""


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county's folder, stood up and stopped: to be copied, not run."""
    if not sys.platform.startswith("linux"):
        pytest.skip("Whom to kill is looked up in /proc, which only Linux has.")
    return County(tmp_path_factory.mktemp("crash") / "county").stand_up().folder


@pytest.fixture(scope="session")
def relay() -> Iterator[Relay]:
    """The county's relay, which takes its pushes."""
    with Relay() as relay:
        yield relay


@pytest.fixture(scope="session")
def county(standing: Path, relay: Relay, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """The county that runs while these tests run."""
    more = {"JINGWEI_WEBHOOK": f"{CODE}={relay.address}", "JINGWEI_WEBHOOK_SECRET": SECRET}
    with County(copied(standing, tmp_path_factory.mktemp("running")), more).running() as county:
        yield county


@pytest.fixture
def inside(county: County, django_db_blocker: Any) -> Iterator[None]:
    """In this test the rows that are read are those of the county that runs."""
    with django_db_blocker.unblock(), eyes_in(county.folder):
        yield


def copied(standing: Path, to: Path) -> Path:
    """A copy of a county's folder with all owners as they are, since PostgreSQL minds whose its data are."""
    subprocess.run(["cp", "-a", str(standing), str(to / "county")], check=True)
    return to / "county"


@contextmanager
def eyes_in(folder: Path) -> Iterator[None]:
    """Inside this block the database and the files are those of a county's folder."""
    from django.db import connections
    from django.test import override_settings

    from jingwei.postgres import socket_folder

    ours = connections.settings["default"]
    before = {name: ours[name] for name in ("NAME", "HOST")}
    connections.close_all()
    ours.update(NAME="jingwei", HOST=str(socket_folder(folder)))
    try:
        with override_settings(STATE=folder, FILES_ROOT=folder / "files"):
            yield
    finally:
        connections.close_all()
        ours.update(before)
