"""What is not on the county's list cannot be stored: the forms do not ask for it, and the acts refuse it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from jingwei.affairs.activities.personal import CERTIFICATE_NAME, NAME, TELEPHONE
from jingwei.affairs.activities.personal import PHOTOGRAPHS as ACTIVITY_PHOTOGRAPHS
from jingwei.affairs.meetings.personal import MINUTES
from jingwei.affairs.registration.personal import NAME as REGISTERED_NAME
from jingwei.affairs.registration.personal import TELEPHONE as REGISTERED_TELEPHONE
from jingwei.affairs.visits.personal import WORDS as VISIT_WORDS
from jingwei.casework.listed import Unlisted, refuse_unlisted_intake, refuse_unlisted_words
from jingwei.casework.models import Case
from jingwei.organisations.candidacies import CANDIDACY
from jingwei.people.erasing import ERASERS
from jingwei.people.lists import REGISTERED, InformationSection, NotOnTheList, refuse_unlisted
from jingwei.people.models import Person
from jingwei.people.sheets import refuse_unlisted_file
from jingwei.policy import Book, load
from jingwei.policy.folders import shelf
from people_fixtures.qingshi import PACK

Store = Callable[[str, Book], object]


def _person(purpose: str, name: str, telephone: str) -> Store:
    return lambda code, book: Person.named(code, name, telephone, purpose=purpose, ground="request")


def _intake(**said: Any) -> Store:
    given = {"words": "", "where": "", "located": False, "photographs": ()} | said
    return lambda code, book: refuse_unlisted_intake(book, **given)


def _words(kind: str, **said: Any) -> Store:
    return lambda code, book: refuse_unlisted_words(book, kind, **({"words": False, "photographs": ()} | said))


STORING: dict[str, list[Store]] = {
    "resident_name": [_person(Person.ASKER, "赵大娘", "")],
    "resident_telephone": [_person(Person.ASKER, "", "13800006021")],
    "staff_name": [_person(Person.OFFICIAL, "甲一测", "")],
    "staff_telephone": [_person(Person.OFFICIAL, "", "10000000001")],
    "report_words": [_intake(words="路灯不亮"), _words("bearer", words=True)],
    "report_where": [_intake(where="3号楼"), _intake(located=True)],
    "report_photographs": [_intake(photographs=("0" * 64,)), _words("person", photographs=("0" * 64,))],
    "case_words": [_words("person", words=True)],
    "activity_name": [lambda code, book: refuse_unlisted(book, NAME)],
    "activity_telephone": [lambda code, book: refuse_unlisted(book, TELEPHONE)],
    "certificate_name": [lambda code, book: refuse_unlisted(book, CERTIFICATE_NAME)],
    "activity_photographs": [lambda code, book: refuse_unlisted(book, ACTIVITY_PHOTOGRAPHS)],
    "meeting_minutes": [lambda code, book: refuse_unlisted(book, MINUTES)],
    "visit_words": [lambda code, book: refuse_unlisted(book, VISIT_WORDS)],
    "registered_name": [lambda code, book: refuse_unlisted(book, REGISTERED_NAME)],
    "registered_telephone": [lambda code, book: refuse_unlisted(book, REGISTERED_TELEPHONE)],
    "staff_candidacy": [lambda code, book: refuse_unlisted(book, CANDIDACY)],
    "staff_roster_file": [lambda code, book: refuse_unlisted_file(book)],
}
"""How each field would be stored. Accounts hold the other two; without them nobody could sign in to change a list."""

OF_ACCOUNTS = {"staff_account", "staff_sign_ins"}


def test_every_field_that_can_be_stored_is_tried_here_and_can_be_erased() -> None:
    assert set(STORING) | OF_ACCOUNTS == set(REGISTERED) == set(ERASERS)


@pytest.mark.parametrize(
    "pack",
    [PACK, *sorted(file.parent for file in shelf().glob("*/pack.toml") if "[county]" in file.read_text("utf-8"))],
)
def test_every_county_has_a_line_for_every_field(pack: Any) -> None:
    lines = {line.key: line for line in load(pack)[InformationSection].fields}
    assert set(lines) == set(REGISTERED)
    assert [key for key, line in lines.items() if line.term.days < 1 or not line.article or not line.seen] == []


@pytest.mark.django_db
@pytest.mark.parametrize("how", [{"retired": True}, None], ids=["retired", "taken out"])
@pytest.mark.parametrize("key", sorted(STORING))
def test_a_field_off_the_list_is_refused_with_a_sentence_and_one_on_it_is_not(
    qingshi: Any, amended: Callable[..., Book], key: str, how: Any
) -> None:
    for store in STORING[key]:
        store(qingshi.county_code, qingshi.book)
    book = amended(**{key: how})
    for store in STORING[key]:
        with pytest.raises((NotOnTheList, Unlisted)) as refused:
            store(qingshi.county_code, book)
        assert str(REGISTERED[key].title) in refused.value.sentence
    for other in set(STORING) - {key}:
        for store in STORING[other]:
            store(qingshi.county_code, book)


ASKED_AT_THE_DOOR = {
    "resident_name": ("name", 'name="name"'),
    "resident_telephone": ("telephone", 'name="telephone"'),
    "report_words": ("words", 'name="words"'),
    "report_where": ("where", 'name="where"'),
}
SAID = {
    "name": "陈雨", "telephone": "13812346021", "words": "垃圾没清", "where": "3号楼",
}  # fmt: skip


@pytest.mark.parametrize("key", sorted(ASKED_AT_THE_DOOR))
def test_the_residents_door_neither_asks_for_it_nor_takes_it(
    qingshi: Any, amended: Callable[..., Book], client: Client, key: str
) -> None:
    address, (name, drawn) = f"/report/?county={qingshi.county_code}", ASKED_AT_THE_DOOR[key]
    assert drawn in client.get(address).content.decode()
    amended(**{key: {"retired": True}})
    assert drawn not in client.get(address).content.decode()
    form = {"key": str(uuid4()), "category": "sanitation", "who": "named", **SAID}
    answer = client.post(address, form)
    assert (answer.status_code, Case.objects.count()) == (422, 0)
    assert "不在本县的信息采集清单上" in answer.content.decode()
    del form[name]
    assert (client.post(address, form).status_code, Case.objects.count()) == (302, 1)


def test_photographs_off_the_list_are_not_asked_for(qingshi: Any, amended: Callable[..., Book], client: Client) -> None:
    address = f"/report/?county={qingshi.county_code}"
    assert 'name="photo"' in client.get(address).content.decode()
    amended(report_photographs=None)
    assert 'name="photo"' not in client.get(address).content.decode()


@pytest.mark.parametrize("key", ["resident_name", "resident_telephone"])
def test_the_counter_neither_asks_for_it_nor_takes_it(
    qingshi: Any, amended: Callable[..., Book], client: Client, key: str
) -> None:
    qingshi.sign_in(client, "clerk")
    name, drawn = ASKED_AT_THE_DOOR[key]
    assert drawn in client.get("/desk/new/").content.decode()
    amended(**{key: {"retired": True}})
    assert drawn not in client.get("/desk/new/").content.decode()
    said = {
        "key": str(uuid4()), "source": "counter", "words": "垃圾没清", "place": qingshi.place("grid").pk,
        "category": "sanitation", name: SAID[name],
    }  # fmt: skip
    answer = client.post("/desk/new/", said)
    assert (answer.status_code, Case.objects.count()) == (422, 0)
    assert "不在本县的信息采集清单上" in answer.content.decode()


def test_residents_read_what_is_kept_of_them_and_officials_the_whole_list(
    qingshi: Any, amended: Callable[..., Book], client: Client
) -> None:
    amended(resident_name={"retired": True})
    public = client.get("/information/").content.decode()
    told = ["反映人电话" in public, "反映人姓名" in public, "工作人员姓名" in public, "90天" in public]
    assert told == [True, False, False, True]
    qingshi.sign_in(client, "clerk")
    inside = client.get("/desk/information/").content.decode()
    assert ["工作人员姓名" in inside, "不少于六个月" in inside] == [True, True]


def test_a_list_with_a_field_nobody_stores_or_a_term_in_working_days_is_refused(tmp_path: Any) -> None:
    from jingwei.policy import PackFaults

    for file in PACK.glob("*.toml"):
        (tmp_path / file.name).write_text(file.read_text())
    (tmp_path / "information.toml").write_text(
        '[[information.fields]]\nkey = "shoe_size"\nname = "鞋码"\npurpose = "无"\nground = "consent"\n'
        'article = "无"\nkeep = "9 working days"\nseen_by = "无"\n'
    )
    with pytest.raises(PackFaults) as refused:
        load(tmp_path)
    said = str(refused.value)
    assert ["shoe_size" in said, "自然日" in said] == [True, True]
