"""By-laws of a backup: one moment of a county at work, whole, brought back row for row, and going on from there."""

import hashlib
import io
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from PIL import Image

from jingwei.affairs.incidents.kinds import Incident
from jingwei.backups import bringing, moments, programs, taking
from jingwei.backups.chest import BLOCK, DATABASE, HEADS, members, prove
from jingwei.backups.keys import brought, gathered
from jingwei.backups.refusals import BackupRefused
from jingwei.casework.acts.opening import Intake, case_code, open_case
from jingwei.casework.models import Case
from jingwei.cli import house
from jingwei.cli.check import key_faults
from jingwei.files import acts as files
from jingwei.files import shelf
from jingwei.files.models import Handing
from jingwei.people.keyfile import make
from jingwei.people.models import Person
from jingwei.postgres import held
from jingwei.trail.models import Line
from jingwei.trail.models import Seal as SealRow
from jingwei.trail.proof import verify
from jingwei.trail.sealer import log_file, seal_all
from people_fixtures.qingshi import Qingshi

from .copies import command, database, rows, run_the_demonstration, turned_to

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
def take_one(settings: Any, tmp_path: Path) -> Callable[..., Backed]:
    """Takes a backup of the county, its keys with it, while somebody goes on reporting."""

    def take(county: Any, state: Path = tmp_path / "county") -> Backed:
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


def restored_whole(county: Any, backed: Backed, into: Path, settings: Any) -> None:
    """The real command restores the backup, and every row, photograph and head is that of the moment."""
    said = command("restore", backed.file, "--into", into, home=into.parent)
    assert (said.returncode, said.stdout.splitlines()[-1:], said.stderr) == (
        0,
        [f"Restored into {into}, and it equals the backup."],
        "",
    )
    with held(into) as socket:
        assert rows({"host": str(socket), "user": "jingwei_owner", "dbname": "jingwei"}) == backed.rows
        assert {path.name: path.read_bytes() for path in (into / "files").glob("*/*/*")} == backed.files
        assert (into / "trail-heads.log").read_bytes() == backed.heads
        with turned_to(socket, into, settings):
            goes_on(county, backed)


def test_a_county_backed_up_while_somebody_writes_comes_back_row_for_row_and_goes_on(
    own_database: str, qingshi: Any, take_one: Callable[..., Backed], settings: Any, tmp_path: Path
) -> None:
    restored_whole(qingshi, take_one(qingshi), tmp_path / "恢复 到这里", settings)


def test_a_county_comes_back_into_a_database_server_of_one_s_own(
    own_database: str, qingshi: Any, take_one: Callable[..., Backed], server: Path, tmp_path: Path
) -> None:
    backed = take_one(qingshi)
    empty = f"{own_database}_empty"
    owner = {"host": str(server), "user": "jingwei_owner", "dbname": empty}
    with psycopg.connect(host=str(server), user="jingwei_owner", dbname="postgres", autocommit=True) as postgres:
        postgres.execute(f"CREATE DATABASE {empty}".encode())
        try:
            host = quote(str(server), safe="")
            theirs = {
                "DATABASE_URL": f"postgresql://jingwei_server@{host}/{empty}",
                "DATABASE_OWNER_URL": f"postgresql://jingwei_owner@{host}/{empty}",
            }
            said = command("restore", backed.file, "--into", tmp_path / "state", home=tmp_path, **theirs)
            assert (said.returncode, said.stderr) == (0, "")
            assert rows(owner) == backed.rows
            again = command("restore", backed.file, "--into", tmp_path / "twice", home=tmp_path, **theirs)
            assert (again.returncode, f"The database {empty} is not empty" in again.stderr) == (2, True)
            assert not (tmp_path / "twice").exists()
            with (
                psycopg.connect(host=str(server), user="jingwei_server", dbname=empty) as serving,
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                serving.execute("UPDATE trail_line SET verb = 'x'")
        finally:
            postgres.execute(f"DROP DATABASE {empty} WITH (FORCE)".encode())


def test_the_keys_of_another_county_are_refused_and_nothing_is_left(
    own_database: str, qingshi: Any, settings: Any, tmp_path: Path
) -> None:
    settings.STATE, settings.FILES_ROOT = tmp_path / "county", tmp_path / "county/files"
    reported(qingshi, 0)
    file, other = tmp_path / "county.tar", tmp_path / "keys"
    with taking.becoming(file) as out, moments.held(database()) as moment:
        taking.take(out, moment, database(), {}, silent)
    make(other / "fields")
    said = command("restore", file, "--keys", other, "--into", tmp_path / "new", home=tmp_path)
    assert (said.returncode, "The keys do not belong to this database" in said.stderr) == (2, True)
    assert not (tmp_path / "new").exists()


def test_restored_without_keys_a_county_waits_for_its_own(
    own_database: str, qingshi: Any, settings: Any, tmp_path: Path
) -> None:
    settings.STATE, settings.FILES_ROOT = tmp_path / "county", tmp_path / "county/files"
    reported(qingshi, 0)
    file, into = tmp_path / "county.tar", tmp_path / "new"
    with taking.becoming(file) as out, moments.held(database()) as moment:
        taking.take(out, moment, database(), {}, silent)
    said = command("restore", file, "--without-keys", "--into", into, home=tmp_path)
    assert (said.returncode, said.stderr, (into / "keys").exists()) == (0, "", False)
    with held(into) as socket, turned_to(socket, into, settings):
        assert list(key_faults()) == []
        settings.FIELD_KEY_FILE = into / "keys/fields"
        assert "The keys do not belong to this database" in "".join(key_faults())


@pytest.mark.long
def test_an_older_backup_is_brought_up_to_date(own_database: str, qingshi: Any, settings: Any, tmp_path: Path) -> None:
    with house.as_owner():
        call_command("migrate", "files", "0001", verbosity=0)
    settings.STATE, settings.FILES_ROOT = tmp_path / "county", tmp_path / "county/files"
    file, into = tmp_path / "county.tar", tmp_path / "new"
    with taking.becoming(file) as out, moments.held(database()) as moment:
        older, _digest = taking.take(out, moment, database(), {}, silent)
    assert "files_handing" not in older.tables
    said = command("restore", file, "--without-keys", "--into", into, home=tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    with held(into) as socket, turned_to(socket, into, settings):
        assert files.Blob.objects.count() == Handing.objects.count() == 0


def test_a_backup_whose_tables_are_ahead_is_refused(
    own_database: str, qingshi: Any, settings: Any, tmp_path: Path
) -> None:
    settings.STATE, settings.FILES_ROOT = tmp_path / "county", tmp_path / "county/files"
    with taking.becoming(tmp_path / "county.tar") as out, moments.held(database()) as moment:
        said, _digest = taking.take(out, moment, database(), {}, silent)
    bringing.refuse_unknown(said)
    ahead = {**said.migrations, "trail": (*said.migrations["trail"], "0999_of_next_year")}
    with pytest.raises(BackupRefused, match=r"newer than this program \(trail: 0999_of_next_year\)"):
        bringing.refuse_unknown(msgspec.structs.replace(said, migrations=ahead))


def test_rows_and_heads_that_differ_from_the_manifest_are_told_by_table(
    own_database: str, qingshi: Any, settings: Any, tmp_path: Path
) -> None:
    settings.STATE, settings.FILES_ROOT = tmp_path / "county", tmp_path / "county/files"
    seal_all(MONDAY)
    with taking.becoming(tmp_path / "county.tar") as out, moments.held(database()) as moment:
        said, _digest = taking.take(out, moment, database(), {}, silent)
    bringing.refuse_difference(database(), said)
    rows_more = {**said.tables, "casework_case": said.tables["casework_case"] + 1}
    with pytest.raises(BackupRefused, match="casework_case came back with 0 rows where the backup had 1"):
        bringing.refuse_difference(database(), msgspec.structs.replace(said, tables=rows_more))
    other = msgspec.structs.replace(said.trail, head="0" * 64)
    with pytest.raises(BackupRefused, match=f"seal {said.trail.seal} {said.trail.head}, and the backup had"):
        bringing.refuse_difference(database(), msgspec.structs.replace(said, trail=other))


def test_a_backup_says_which_photographs_were_not_on_the_disk(
    own_database: str, qingshi: Any, settings: Any, tmp_path: Path
) -> None:
    settings.STATE, settings.FILES_ROOT = tmp_path / "county", tmp_path / "county/files"
    red, green = (files.keep(photograph(colour), at=MONDAY) for colour in ("red", "green"))
    files.make_waiting_ready(MONDAY)
    shelf.place(red.sha256, "thumb").unlink()
    with taking.becoming(tmp_path / "county.tar") as out, moments.held(database()) as moment:
        said, _digest = taking.take(out, moment, database(), {}, silent)
    assert (said.photographs.missing, said.photographs.files) == ((f"{red.sha256}.thumb",), 3)
    assert green.sha256 != red.sha256


def test_the_keys_and_the_open_sessions_stay_out(
    own_database: str, qingshi: Any, settings: Any, client: Client, tmp_path: Path
) -> None:
    settings.STATE, settings.FILES_ROOT = tmp_path / "county", tmp_path / "county/files"
    qingshi.sign_in(client, "clerk")
    with taking.becoming(tmp_path / "county.tar") as out, moments.held(database()) as moment:
        said, _digest = taking.take(out, moment, database(), {}, silent)
    dump = subprocess.run(
        [programs._program("pg_restore"), "--data-only", "-f", "-"],
        input=(tmp_path / "county.tar").read_bytes()[BLOCK:],
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert said.keys is False
    assert "COPY public.trail_line" in dump
    assert client.session.session_key not in dump
    assert settings.SECRET_KEY not in dump


def test_the_command_writes_the_backup_and_the_keys_apart(
    own_database: str, qingshi: Any, server: Path, tmp_path: Path
) -> None:
    state, file, keys = tmp_path / "state", tmp_path / "county.tar", tmp_path / "county.keys"
    make(state / "keys/fields")
    (state / house.MARKER).touch()
    url = f"postgresql://jingwei_server@{quote(str(server), safe='')}/{own_database}"
    words = ("backup", file, "--keys", keys, "--data", state)
    said = command(*words, home=tmp_path, DATABASE_URL=url)
    assert (said.returncode, said.stderr) == (0, "")
    assert "keep them apart from the backup" in said.stdout
    assert [path.stat().st_mode & 0o777 for path in (file, keys)] == [0o600, 0o600]
    assert dict(brought(keys)) == {path.name: path.read_bytes() for path in (state / "keys").iterdir()}
    with file.open("rb") as packed:
        assert f"SHA256SUMS {prove(packed)}" in said.stdout
        assert [name for name, _pieces in members(packed)] == [DATABASE, HEADS, "manifest.json", "SHA256SUMS"]
    again = command(*words, home=tmp_path, DATABASE_URL=url)
    assert (again.returncode, "county.keys is there already" in again.stderr) == (2, True)


@pytest.mark.long
def test_the_whole_demonstration_comes_back(
    own_database: str, take_one: Callable[..., Backed], settings: Any, tmp_path: Path
) -> None:
    demo = tmp_path / "demo"
    run_the_demonstration(demo)
    keys = (demo / "keys/fields", (demo / "keys/secret").read_text())
    settings.FIELD_KEY_FILE, settings.SECRET_KEY = keys
    county = Qingshi("990121")
    with held(demo) as socket, turned_to(socket, demo, settings):
        backed = take_one(county, demo)
    restored_whole(county, backed, tmp_path / "restored", settings)
