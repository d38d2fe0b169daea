"""A county stands up from its pack alone: Qingshi, which nothing in the code knows."""

from collections import Counter
from pathlib import Path

from django.contrib.auth import authenticate
from django.test import RequestFactory
from pytest_django import Settings

from jingwei.affairs.county import set_up, sign_ins
from jingwei.affairs.invented import password_file
from jingwei.organisations.models import Appointment, Organisation, Post, Responsibility
from jingwei.organisations.pack import DemoSection
from jingwei.people.models import Person
from jingwei.places.models import Place
from jingwei.places.pack import Layer, PlacesSection
from jingwei.trail.models import Line
from people_fixtures.qingshi import PACK, STOOD_UP, Qingshi

SRC = Path(__file__).parents[2] / "src"


def quietly(*said: object) -> None:
    """Progress that nobody watches."""


def test_qingshi_has_its_own_words_over_those_of_the_base(qingshi: Qingshi) -> None:
    layers = qingshi.book[PlacesSection].layers
    assert (layers[Layer.COMMUNITY].name, layers[Layer.GRID].name) == ("村", "网格")
    assert qingshi.place("county").name == "青石县"


def test_nothing_in_the_code_knows_qingshi() -> None:
    known = ("qingshi", "青石县", "990302")
    assert [f for f in SRC.rglob("*.py") if any(word in f.read_text(encoding="utf-8") for word in known)] == []


def test_every_seat_is_filled_and_a_second_post_is_not_filled_twice(qingshi: Qingshi) -> None:
    held = Counter(Appointment.objects.values_list("post_id", flat=True))
    assert set(held) == set(Post.objects.values_list("id", flat=True))
    assert qingshi.post("station_1.head").appointments.get().person == qingshi.person("first_secretary")


def test_those_the_pack_names_have_their_names_and_nobody_else_has(qingshi: Qingshi) -> None:
    names = Counter(person.name for person in Person.objects.all())
    assert {line.name: names[line.name] for line in qingshi.book[DemoSection].sign_ins} == {
        line.name: 1 for line in qingshi.book[DemoSection].sign_ins
    }


def test_everyone_the_pack_names_can_sign_in_with_the_password_that_is_told(qingshi: Qingshi) -> None:
    told = sign_ins()
    assert [username for _title, username, _password in told] == [
        line.username for line in qingshi.book[DemoSection].sign_ins
    ]
    assert told[0] == ("青石乡网格中心·调度席", "dispatcher", password_file().read_text().strip())
    for _title, username, password in told[:3]:
        account = authenticate(RequestFactory().post("/"), username=username, password=password)
        assert account == qingshi.account(username)


def test_set_up_again_nothing_is_added(qingshi: Qingshi) -> None:
    rooms = (Place, Organisation, Post, Appointment, Responsibility, Person, Line)
    before = [room.objects.count() for room in rooms]
    set_up(PACK, quietly, at=STOOD_UP, data_folder=PACK)
    assert [room.objects.count() for room in rooms] == before


def test_a_lost_password_file_is_made_anew_and_the_new_password_opens(
    qingshi: Qingshi, settings: Settings, tmp_path: Path
) -> None:
    kept = password_file().read_text()
    settings.STATE = tmp_path  # a folder of its own: the tests' own is shared by all workers
    set_up(PACK, quietly, at=STOOD_UP, data_folder=PACK)
    _title, username, password = sign_ins()[0]
    assert password != kept.strip()
    assert authenticate(RequestFactory().post("/"), username=username, password=password) is not None


def test_the_password_lies_where_nobody_else_can_read_it(qingshi: Qingshi) -> None:
    assert password_file().stat().st_mode & 0o077 == 0
