"""By-laws of a backup: one moment of a county at work, whole, brought back row for row, and going on from there."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from PIL import Image

from jingwei.affairs.incidents.kinds import Incident
from jingwei.backups import moments, taking
from jingwei.backups.keys import gathered
from jingwei.casework.acts.opening import Intake, case_code, open_case
from jingwei.casework.models import Case
from jingwei.files import acts as files
from jingwei.people.models import Person
from jingwei.postgres import held
from jingwei.trail.models import Line
from jingwei.trail.models import Seal as SealRow
from jingwei.trail.proof import verify
from jingwei.trail.sealer import log_file, seal_all

from .copies import command, database, rows, turned_to

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def silent(what: str, done: float | None = None, of: float | None = None) -> None:
    pass


def reported(county: Any, number: int) -> Case:
    """王秀兰 reports a lamp, and asks to be told."""
    asker = Person.named(county.county_code, "王秀兰", "13800001234", purpose=Person.ASKER, ground="request")
    intake = Intake(
        place=county.place("compound", 1),
        title=f"路灯不亮 {number}",
        source="counter",
        words=f"第 {number} 盏路灯不亮。",
        grade="general",
        category="street_light",
        asker=asker,
        with_code=True,
    )
    return open_case(Incident, intake, actor=county.holder("town_centre.clerk"), at=MONDAY)


def photograph(colour: str) -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(made, "JPEG")
    made.seek(0)
    return made


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.01)


@dataclass
class Writer:
    """Somebody who goes on reporting; `written` counts what was committed."""

    county: Any
    written: int = 0

    def wait_for(self, more: int) -> None:
        enough = self.written + more
        until(lambda: self.written >= enough)


@contextmanager
def writing(county: Any) -> Iterator[Writer]:
    writer, stop = Writer(county), threading.Event()

    def work() -> None:
        try:
            while not stop.is_set():
                reported(county, writer.written)
                writer.written += 1
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield writer
    finally:
        stop.set()
        thread.join()


@dataclass
class Backed:
    """A backup that was taken, and what the county was at its moment."""

    file: Path
    rows: dict[str, str]
    files: dict[str, bytes]
    heads: bytes
    case: int
    ready: str


@pytest.fixture
def take_one(settings: Any, tmp_path: Path) -> Callable[[Any], Backed]:
    """Takes a backup of the county, its keys with it, while somebody goes on reporting."""

    def take(county: Any) -> Backed:
        state = tmp_path / "county"
        settings.STATE, settings.FILES_ROOT = state, state / "files"
        first = reported(county, 0)
        ready = files.keep(photograph("red"), at=MONDAY)
        files.make_waiting_ready(MONDAY)
        files.keep(photograph("blue"), at=MONDAY)
        seal_all(MONDAY)
        keys = gathered(state / "keys", Path(settings.FIELD_KEY_FILE), settings.SECRET_KEY)
        file = tmp_path / "county.tar"
        with writing(county) as writer:
            writer.wait_for(3)
            with taking.becoming(file) as out, moments.held(database()) as moment:
                at_the_moment = rows(database(), moment.snapshot)
                writer.wait_for(3)
                files.make_waiting_ready(MONDAY)  # the blue original goes; the moment still names it
                until(lambda: seal_all(MONDAY))  # sealing does not wait for the backup
                heads = log_file().read_bytes().splitlines(keepends=True)
                said, _digest = taking.take(out, moment, database(), keys, silent)
                writer.wait_for(3)
        assert said.photographs.missing == ()
        assert len(heads) > said.trail.seal
        assert rows(database()) != at_the_moment
        lying = {path.name: path.read_bytes() for path in (state / "files").glob("*/*/*.*")}
        of_the_moment = {name: held for name, held in lying.items() if name.startswith(ready.sha256)}
        of_the_moment[f"{blue()[0]}.original"] = blue()[1]
        return Backed(file, at_the_moment, of_the_moment, b"".join(heads[: said.trail.seal]), first.pk, ready.sha256)

    return take


def blue() -> tuple[str, bytes]:
    import hashlib

    content = photograph("blue").getvalue()
    return hashlib.sha256(content).hexdigest(), content


def goes_on(county: Any, backed: Backed) -> None:
    """The restored county serves its pages, reads its names, is written to, and seals."""
    page = Client().get(f"/c/{case_code(backed.case)}/")
    assert (page.status_code, "第 0 盏路灯不亮" in page.content.decode()) == (200, True)
    assert Person.objects.filter(purpose=Person.ASKER).latest("pk").name == "王秀兰"
    lines, seals = Line.objects.count(), SealRow.objects.count()
    reported(county, 1)
    files.make_waiting_ready(MONDAY)
    assert files.Blob.objects.filter(ready_at=None).count() == 0
    sealed = seal_all(MONDAY)
    assert SealRow.objects.count() > seals
    assert sum(SealRow.objects.values_list("lines", flat=True)) == Line.objects.count() > lines
    assert sealed > 0
    assert list(verify()) == []


def test_a_county_backed_up_while_somebody_writes_comes_back_row_for_row_and_goes_on(
    own_database: str, qingshi: Any, take_one: Callable[[Any], Backed], settings: Any, tmp_path: Path
) -> None:
    backed = take_one(qingshi)
    restored = tmp_path / "恢复 到这里"
    said = command("restore", backed.file, "--into", restored, home=tmp_path)
    assert (said.returncode, said.stdout.splitlines()[-1:], said.stderr) == (
        0,
        [f"Restored into {restored}, and it equals the backup."],
        "",
    )
    with held(restored) as socket:
        assert rows({"host": str(socket), "user": "jingwei_owner", "dbname": "jingwei"}) == backed.rows
        assert {path.name: path.read_bytes() for path in (restored / "files").glob("*/*/*")} == backed.files
        assert (restored / "trail-heads.log").read_bytes() == backed.heads
        with turned_to(socket, restored, settings):
            goes_on(qingshi, backed)
