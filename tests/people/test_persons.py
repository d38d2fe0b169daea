"""Names and telephone numbers are locked; only the key that locked them opens them."""

import base64
import os
import stat
from pathlib import Path

import pytest
from django.db import connection

from jingwei.people.keys import Keyring, Locked
from jingwei.people.models import Person, masked_telephone
from jingwei.trail.models import Line
from people_fixtures.qingshi import Qingshi


def key(name: str) -> tuple[str, bytes]:
    return name, os.urandom(32)


def test_an_invented_official_has_a_name_and_a_number_that_nobody_has(qingshi: Qingshi) -> None:
    dispatcher = qingshi.person("dispatcher")
    assert dispatcher.name == "甲调度"
    assert dispatcher.telephone.startswith("1000000")
    assert dispatcher.masked_telephone == f"100****{dispatcher.telephone[-4:]}"


def test_no_name_and_no_number_lies_in_the_database_in_clear(qingshi: Qingshi) -> None:
    names = {p.name for p in Person.objects.all()} | {p.telephone for p in Person.objects.all()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(people_person::text, ' ') FROM people_person")
        (everything,) = cursor.fetchone()
    hidden = {base64.b16encode(name.encode()).decode().lower() for name in names}
    assert [name for name in names | hidden if name in everything] == []


def test_the_trail_says_how_many_were_taken_on_file_and_no_name(qingshi: Qingshi) -> None:
    line = Line.objects.get(verb="people.taken_in")
    assert line.facts == {"persons": Person.objects.count(), "purpose": "official", "ground": "duty"}


def test_an_equal_number_is_found_without_opening_any(qingshi: Qingshi) -> None:
    auntie_zhao = Person.named(qingshi.county_code, "赵大娘", "10000009999", purpose=Person.ASKER, ground="request")
    auntie_zhao.save()
    mark = Person.named(qingshi.county_code, "", "10000009999", purpose=Person.ASKER, ground="request").telephone_mark
    assert Person.objects.get(telephone_mark=mark) == auntie_zhao


def test_a_person_without_a_number_has_none_to_show(qingshi: Qingshi) -> None:
    nobody = Person.named(qingshi.county_code, "", purpose=Person.ASKER, ground="request")
    nobody.save()
    nobody.refresh_from_db()
    assert (nobody.name, nobody.telephone, nobody.masked_telephone, str(nobody)) == ("", "", "", f"person {nobody.pk}")


def test_the_same_words_are_locked_differently_each_time() -> None:
    keys = Keyring((key("k1"),))
    assert keys.lock("赵大娘", "name") != keys.lock("赵大娘", "name")
    assert keys.unlock(keys.lock("赵大娘", "name"), "name") == "赵大娘"


def test_a_locked_name_cannot_be_passed_off_as_a_number() -> None:
    keys = Keyring((key("k1"),))
    with pytest.raises(Locked, match="does not belong"):
        keys.unlock(keys.lock("10000001234", "name"), "telephone")


def test_what_an_older_key_locked_a_newer_ring_still_opens() -> None:
    first, second = key("k1"), key("k2")
    old = Keyring((first,)).lock("赵大娘", "name")
    ring = Keyring((first, second))
    assert ring.unlock(old, "name") == "赵大娘"
    assert ring.lock("赵大娘", "name").startswith(b"k2:")
    assert ring.mark("10000001234", "telephone") == Keyring((first,)).mark("10000001234", "telephone")


def test_without_its_key_a_name_stays_locked_and_the_way_out_is_said() -> None:
    locked = Keyring((key("k1"),)).lock("赵大娘", "name")
    with pytest.raises(Locked, match="bring back the file"):
        Keyring((key("k9"),)).unlock(locked, "name")


def test_a_key_file_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "fields"
    first = Keyring.read(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Keyring.read(file) == first


@pytest.mark.parametrize(
    ("number", "shown"), [("13800006021", "138****6021"), ("02066886", "020****6886"), ("110", "****")]
)
def test_a_masked_number_shows_its_ends(number: str, shown: str) -> None:
    assert masked_telephone(number) == shown
