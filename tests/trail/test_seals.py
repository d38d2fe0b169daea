"""What was sealed cannot be changed, removed or added to unseen, not even by whoever owns the database."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection, transaction
from pytest_django import Settings

from jingwei.trail.actor import Actor
from jingwei.trail.acts import Entry, record_many
from jingwei.trail.models import Seal as SealRow
from jingwei.trail.proof import Broken, verify
from jingwei.trail.queries import unsealed
from jingwei.trail.sealer import log_file, logged, seal, seal_all
from jingwei.trail.verbs import verb

EVENING = datetime(2026, 3, 2, 18, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SWEEP = Actor.machine("clock sweep")
TELL = verb("trail_test.told", "tell", "told")


@pytest.fixture(autouse=True)
def kept_in(own_database: str, settings: Settings, tmp_path: Path) -> Path:
    """A trail of its own for every test, and a folder for its log of heads."""
    settings.STATE = tmp_path
    return tmp_path


def write(lines: int) -> list[int]:
    """So many committed lines."""
    return record_many([Entry(SWEEP, TELL, EVENING, ("case", n), facts={"n": n}) for n in range(lines)])


def seal_what_is_written() -> None:
    """Seal every line there is."""
    seal_all(EVENING)
    assert unsealed() is None


@contextmanager
def behind_its_back() -> Iterator[Callable[[str], object]]:
    """As the tables' owner with the guards switched off, as somebody with the server's keys could."""
    ours = connection.settings_dict
    with psycopg.connect(
        host=ours["HOST"], port=ours["PORT"] or None, dbname=ours["NAME"], user="jingwei_owner"
    ) as owner:
        owner.execute("ALTER TABLE trail_line DISABLE TRIGGER USER; ALTER TABLE trail_seal DISABLE TRIGGER USER")
        yield lambda said: owner.execute(said.encode())
        for table in ("trail_line", "trail_seal"):
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER trail_fill".encode())
            owner.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER trail_refuse_change".encode())
            owner.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER trail_refuse_truncate".encode())


def found() -> list[tuple[str, int | None]]:
    """What is broken, and which line."""
    return [(broken.what, broken.line) for broken in verify()]


def test_a_sound_trail_proves_itself() -> None:
    write(3)
    seal_what_is_written()
    first = SealRow.objects.get()
    assert (first.id, first.id_from, first.lines, first.sealed_at) == (1, 1, 3, EVENING)
    write(2)
    seal_what_is_written()
    assert list(SealRow.objects.order_by("id").values_list("lines", flat=True)) == [3, 2]
    assert seal(EVENING) is None
    write(1)
    assert found() == []


def test_the_head_stands_outside_the_database_when_the_seal_is_made() -> None:
    write(3)
    seal_what_is_written()
    write(1)
    seal_what_is_written()
    assert list(logged()) == [(row.id, bytes(row.head).hex()) for row in SealRow.objects.order_by("id")]
    assert [number for number, _head in logged()] == [1, 2]


def test_a_log_torn_by_a_crash_is_made_good() -> None:
    write(3)
    seal_what_is_written()
    with open(log_file(), "a") as log:
        log.write("2 ab")
    write(1)
    seal_what_is_written()
    assert [number for number, _head in logged()] == [1, 2]
    assert found() == []


@pytest.mark.parametrize("sealed_first", [True, False])
def test_a_line_altered_behind_its_back_is_found(sealed_first: bool) -> None:
    _, second, _ = write(3)
    if sealed_first:
        seal_what_is_written()
    with behind_its_back() as alter:
        alter(f"UPDATE trail_line SET subject_id = 99 WHERE id = {second}")
    assert found() == [("altered", second)]


def test_a_line_altered_with_a_fresh_digest_is_found_by_its_seal() -> None:
    _, second, _ = write(3)
    seal_what_is_written()
    with behind_its_back() as alter:
        alter(f"UPDATE trail_line SET facts = '{{\"n\": 5}}' WHERE id = {second}")
        alter(f"UPDATE trail_line SET digest = trail_digest(trail_line) WHERE id = {second}")
    assert found() == [("altered", second)]


def test_a_line_and_its_seal_altered_together_are_found_by_the_log() -> None:
    _, second, _ = write(3)
    seal_what_is_written()
    with behind_its_back() as alter:
        alter(f"UPDATE trail_line SET actor_title = 'nobody' WHERE id = {second}")
        alter(f"UPDATE trail_line SET digest = trail_digest(trail_line) WHERE id = {second}")
        alter("UPDATE trail_seal SET digests = (SELECT array_agg(digest ORDER BY id) FROM trail_line)")
        alter("UPDATE trail_seal SET head = trail_head(trail_seal, ids, digests)")
    assert found() == [("log", None)]


def test_a_line_taken_out_is_missing_and_one_slipped_in_is_found() -> None:
    first, second, third = write(3)
    with transaction.atomic():
        write(1)
        transaction.set_rollback(True)
    write(1)
    seal_what_is_written()
    copied = "tx, written_at, at, verb, actor_kind, actor_title, subject_type, subject_id, place, facts, digests, salt"
    with behind_its_back() as alter:
        alter(f"DELETE FROM trail_line WHERE id = {second}")
        alter(
            f"INSERT INTO trail_line (id, digest, {copied})"
            f" SELECT {third + 1}, digest, {copied} FROM trail_line WHERE id = {first}"
        )
        alter(f"UPDATE trail_line SET digest = trail_digest(trail_line) WHERE id = {third + 1}")
    assert found() == [("missing", second), ("inserted", third + 1)]


def test_a_seal_altered_or_taken_out_is_found() -> None:
    for _ in range(3):
        write(2)
        seal_what_is_written()
    with behind_its_back() as alter:
        alter("UPDATE trail_seal SET sealed_at = '2020-01-01' WHERE id = 3")
    assert found() == [("seal", None)]
    with behind_its_back() as alter:
        alter("DELETE FROM trail_seal WHERE id = 2")
    assert {what for what, _line in found()} == {"seal", "inserted", "log"}


def test_the_last_seals_taken_out_are_named_by_the_log() -> None:
    write(2)
    seal_what_is_written()
    with behind_its_back() as alter:
        alter("DELETE FROM trail_seal")
    (broken,) = verify()
    assert broken.what == "log"


def test_a_guard_switched_off_is_told() -> None:
    ours = connection.settings_dict
    with psycopg.connect(
        host=ours["HOST"], port=ours["PORT"] or None, dbname=ours["NAME"], user="jingwei_owner"
    ) as owner:
        owner.execute("ALTER TABLE trail_line DISABLE TRIGGER trail_refuse_change")
    (broken,) = verify()
    assert (broken.what, broken.line) == ("guard", None)
    assert "trail_refuse_change" in broken.sentence


def test_the_owner_too_is_refused_with_a_sentence_while_the_guards_are_on() -> None:
    write(1)
    seal_what_is_written()
    ours = connection.settings_dict
    for said in ("TRUNCATE {}", "DELETE FROM {}", "UPDATE {} SET id = id"):
        for table in ("trail_line", "trail_seal"):
            with (
                psycopg.connect(
                    host=ours["HOST"], port=ours["PORT"] or None, dbname=ours["NAME"], user="jingwei_owner"
                ) as owner,
                pytest.raises(psycopg.errors.InsufficientPrivilege, match="only ever added to"),
            ):
                owner.execute(said.format(table).encode())
    assert found() == []


def test_a_line_still_being_written_holds_the_seal_back_and_is_sealed_in_its_place() -> None:
    """The clerk's long transaction draws its id first and commits last."""
    drawn, finish, ids = threading.Event(), threading.Event(), list[int]()

    def clerk() -> None:
        try:
            with transaction.atomic():
                ids.extend(write(1))
                drawn.set()
                finish.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=clerk)
    thread.start()
    drawn.wait(10)
    later = write(3)
    held_back = seal(EVENING)
    finish.set()
    thread.join()
    seal_what_is_written()
    sealed = SealRow.objects.get()
    assert held_back is None
    assert ids[0] < later[0]
    assert (sealed.id_from, sealed.lines) == (1, 4)
    assert found() == []


def test_a_long_transaction_in_a_neighbouring_database_holds_no_seal_back() -> None:
    ours = connection.settings_dict
    write(3)
    with psycopg.connect(
        host=ours["HOST"], port=ours["PORT"] or None, dbname="postgres", user="jingwei_owner"
    ) as neighbour:
        neighbour.execute("SELECT pg_current_xact_id()")
        write(1)
        seal_what_is_written()
        neighbour.rollback()
    assert sum(SealRow.objects.values_list("lines", flat=True)) == 4


def test_a_copy_restored_into_another_database_server_goes_on_being_sealed() -> None:
    """There the transaction numbers begin again, so the horizon's lies far in the future."""
    write(3)
    seal_what_is_written()
    write(2)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trail_horizon SET next_tx = next_tx + 1000000000")
    write(1)
    seal_what_is_written()
    assert sum(SealRow.objects.values_list("lines", flat=True)) == 6
    assert found() == []


def test_many_writers_and_two_sealers_leave_an_unbroken_chain() -> None:
    failed: list[BaseException] = []
    writing = threading.Event()
    writing.set()

    def through(work: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                failed.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def clerk(number: int) -> None:
        for turn in range(30):
            with transaction.atomic():
                write(1)
                write(number)
                transaction.set_rollback((turn + number) % 5 == 0)

    def sealer() -> None:
        while writing.is_set():
            seal(EVENING)

    clerks = [through(lambda number=number: clerk(number)) for number in (1, 2, 3, 4)]  # type: ignore[misc]
    sealers = [through(sealer) for _ in range(2)]
    for thread in clerks:
        thread.join()
    writing.clear()
    for thread in sealers:
        thread.join()
    seal_what_is_written()
    assert failed == []
    assert found() == []
    assert sum(SealRow.objects.values_list("lines", flat=True)) == 24 * (2 + 3 + 4 + 5)


def test_a_large_batch_is_sealed_in_parts() -> None:
    write(5001)
    seal_what_is_written()
    assert list(SealRow.objects.order_by("id").values_list("lines", flat=True)) == [5000, 1]
    assert found() == []


def test_what_is_broken_is_said_in_a_sentence() -> None:
    (only,) = write(1)
    with behind_its_back() as alter:
        alter("UPDATE trail_line SET place = 'elsewhere'")
    assert [type(broken) for broken in verify()] == [Broken]
    assert str(only) in str(next(verify()))
