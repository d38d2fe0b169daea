"""A change of keys loses nothing, wherever it is broken off, and whatever is written meanwhile."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from jingwei.people import keyfile
from jingwei.people.keys import keyring
from jingwei.people.models import Person
from jingwei.people.rotation import faults, held, left, names_held, rewrap

REWRAP = """
import os, sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from pathlib import Path
settings.FIELD_KEY_FILE = Path(sys.argv[2])
import django; django.setup()
from jingwei.people.rotation import rewrap
print("ready", flush=True)
sys.stdin.readline()
print("done", rewrap(batch=int(sys.argv[3])), flush=True)
"""


@pytest.fixture
def own_keys(tmp_path: Path, settings: Settings) -> Path:
    """A key file of the test's own."""
    settings.FIELD_KEY_FILE = tmp_path / "fields"
    keyfile.make(tmp_path / "fields")
    return tmp_path / "fields"


def many(code: str, number: int) -> dict[int, tuple[str, str]]:
    """So many invented residents, and what is known of each."""
    from jingwei.policy.queries import book

    of = book(code)
    persons = [
        Person.named(code, f"赵{n}", f"1000{n:07}", purpose=Person.ASKER, ground="request", book=of)
        for n in range(number)
    ]
    kept = Person.objects.bulk_create(persons, batch_size=5000)
    return {person.pk: (f"赵{n}", f"1000{n:07}") for n, person in enumerate(kept)}


def known(ids: dict[int, tuple[str, str]]) -> dict[int, tuple[str, str]]:
    return {p.pk: (p.name, p.telephone) for p in Person.objects.filter(pk__in=ids).iterator(chunk_size=5000)}


def empty_of_others() -> None:
    """Qingshi's own people were locked with the tests' common key; here only ours are looked at."""
    Person.objects.update(name_locked=None, telephone_locked=None, telephone_mark="")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE casework_statement SET words = ''")


@pytest.mark.django_db
def test_every_value_is_carried_over_found_again_and_the_old_keys_can_go(qingshi, own_keys: Path) -> None:  # type: ignore[no-untyped-def]
    empty_of_others()
    people = many(qingshi.county_code, 30)
    keyfile.add(own_keys)
    keyfile.add(own_keys, "find")
    told: list[tuple[str, int, int]] = []
    assert left() == 60
    assert rewrap(lambda *said: told.append(said), batch=20) == 60
    assert (left(), names_held(), {one.label for one in held()}) == (0, {"k2", "f2"}, {"k2.aes"})
    assert [said[1:] for said in told if said[0] == "people_person.telephone_locked"] == [(20, 30), (30, 30)]
    for name in ("k1", "f1"):
        keyfile.retire(own_keys, name)
    assert known(people) == people
    [pk] = [pk for pk, said in people.items() if said[0] == "赵7"]
    assert Person.objects.get(telephone_mark__in=keyring().marks("10000000007", "telephone")).pk == pk


@pytest.mark.django_db
def test_what_is_not_locked_or_cannot_be_opened_is_a_fault(qingshi, own_keys: Path) -> None:  # type: ignore[no-untyped-def]
    empty_of_others()
    people = many(qingshi.county_code, 2)
    assert list(faults()) == []
    Person.objects.filter(pk__in=people).update(name_locked=b"in clear")
    lines = own_keys.read_text().splitlines()
    own_keys.write_text("\n".join([lines[0].replace("k1", "k7"), lines[1]]) + "\n")
    said = list(faults())
    assert [len(said), "2 personal values" in said[0], "lacks k1" in said[1]] == [2, True, True]


@pytest.mark.django_db
def test_another_cipher_is_carried_over_like_another_key(qingshi, own_keys: Path, settings: Settings) -> None:  # type: ignore[no-untyped-def]
    empty_of_others()
    people = many(qingshi.county_code, 5)
    settings.FIELD_CIPHER = "sm4"
    assert (left(), rewrap(), left()) == (10, 10, 0)
    assert ({one.label for one in held()}, known(people)) == ({"k1.sm4"}, people)


def test_what_is_half_carried_over_is_found_under_both_keys(qingshi, own_database: str, own_keys: Path) -> None:  # type: ignore[no-untyped-def]
    empty_of_others()
    people = many(qingshi.county_code, 20)
    keyfile.add(own_keys, "find")

    class Enough(Exception):
        pass

    def stop(_column: str, done: int, _of: int) -> None:
        if done == 10:
            raise Enough

    with pytest.raises(Enough):
        rewrap(stop, batch=10)
    assert left() == 10
    found = [
        Person.objects.filter(telephone_mark__in=keyring().marks(telephone, "telephone")).count()
        for _name, telephone in people.values()
    ]
    assert found == [1] * 20


def run_and_kill(database: str, keys: Path, batch: int, after: float) -> bool:
    """Carry over in a process of its own, killed after so many seconds; whether it came to its end first."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "settings_of_tests", "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-P", "-c", REWRAP, database, str(keys), str(batch)]
    with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin
        assert child.stdout
        assert child.stdout.readline() == "ready\n"
        child.stdin.write("go\n")
        child.stdin.flush()
        time.sleep(after)
        child.send_signal(signal.SIGKILL)
        return child.stdout.read().startswith("done")


def killed_until_done(qingshi, database: str, keys: Path, number: int, batch: int, longest: float) -> int:  # type: ignore[no-untyped-def]
    empty_of_others()
    people = many(qingshi.county_code, number)
    keyfile.add(keys)
    chance, kills = random.Random(7), 0
    while left():
        kills += not run_and_kill(database, keys, batch, chance.uniform(0, longest))
        assert {one.label for one in held()} <= {"k1.aes", "k2.aes"}
    assert known(people) == people
    assert names_held() == {"k2", "f1"}
    return kills


def test_killed_again_and_again_it_goes_on_and_loses_nobody(qingshi, own_database: str, own_keys: Path) -> None:  # type: ignore[no-untyped-def]
    assert killed_until_done(qingshi, own_database, own_keys, 800, 10, 0.4) >= 1


@pytest.mark.long
def test_a_hundred_thousand_people_lose_nothing(qingshi, own_database: str, own_keys: Path) -> None:  # type: ignore[no-untyped-def]
    assert killed_until_done(qingshi, own_database, own_keys, 100_000, 500, 3.0) >= 2
