"""`./jingwei keys`, as an engineer types it, over a county with people in it."""

import argparse
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from jingwei.cli import keys
from jingwei.cli.refusal import Refusal
from jingwei.cli.said import Steps
from jingwei.people import keyfile
from jingwei.people.models import Person
from jingwei.people.rotation import left
from jingwei.trail.models import Line

pytestmark = pytest.mark.django_db


def types(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command says, with the database already open."""
    parser = argparse.ArgumentParser()
    keys.arguments(parser)
    keys._do(parser.parse_args(words), Steps())
    return capsys.readouterr().out


@pytest.fixture
def auntie_zhao(qingshi: Any, settings: Settings, tmp_path: Path) -> Person:
    """The only person on file, under a key file of the test's own."""
    settings.FIELD_KEY_FILE = tmp_path / "fields"
    keyfile.make(tmp_path / "fields")
    Person.objects.update(name_locked=None, telephone_locked=None, telephone_mark="")
    person = Person.named(qingshi.county_code, "赵大娘", "13800006021", purpose=Person.ASKER, ground="request")
    person.save()
    return person


def test_a_rotation_is_told_written_to_the_trail_and_the_old_key_can_go(
    auntie_zhao: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "k1.aes" in types(capsys)
    with pytest.raises(keyfile.InUse):
        keyfile.retire(Path(keys._file()), "k1")
    said = types(capsys, "rotate")
    assert ["k2" in said, "2 项" in said, "0 left" in said, left()] == [True, True, True, 0]
    assert "k1" not in types(capsys, "retire", "k1").splitlines()[-1]
    auntie_zhao.refresh_from_db()
    assert (auntie_zhao.name, auntie_zhao.telephone) == ("赵大娘", "13800006021")
    deeds = [(line.facts["deed"], line.facts["key"]) for line in Line.objects.filter(verb="people.rekeyed")]
    assert deeds == [("add", "k2"), ("rewrap", "k2.aes"), ("retire", "k1")]


def test_a_rotation_that_broke_off_goes_on_without_another_key(
    auntie_zhao: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    types(capsys, "add")
    assert left() == 2
    said = types(capsys, "rotate")
    assert ["going on" in said, "k3" in said, left()] == [True, False, 0]


def test_a_key_that_something_needs_is_not_retired(auntie_zhao: Person, capsys: pytest.CaptureFixture[str]) -> None:
    types(capsys, "add")
    with pytest.raises(Refusal, match="rewrap"):
        types(capsys, "retire", "k1")


def test_the_key_that_finds_is_rotated_alike(auntie_zhao: Person, capsys: pytest.CaptureFixture[str]) -> None:
    types(capsys, "rotate", "--find")
    auntie_zhao.refresh_from_db()
    assert auntie_zhao.telephone_mark.startswith("f2:")
    types(capsys, "retire", "f1")
