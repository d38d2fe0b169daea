"""Names and telephone numbers are locked in the database, found unopened, and shown covered."""

import base64

import pytest
from django.db import connection

from jingwei.people.models import Person, masked_name, masked_telephone
from jingwei.trail.models import Line
from people_fixtures.qingshi import Qingshi


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


@pytest.mark.parametrize(
    ("number", "shown"), [("13800006021", "138****6021"), ("02066886", "020****6886"), ("110", "****")]
)
def test_a_masked_number_shows_its_ends(number: str, shown: str) -> None:
    assert masked_telephone(number) == shown


@pytest.mark.parametrize(("name", "shown"), [("赵大娘", "赵**"), ("Zhao", "Z**"), ("", "")])
def test_a_masked_name_shows_its_first_character(name: str, shown: str) -> None:
    assert masked_name(name) == shown
