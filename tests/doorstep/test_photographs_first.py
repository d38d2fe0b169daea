"""At the door, photographs go first and the form follows: the whole of it, or nothing."""

import hashlib
import re
from typing import Any
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from jingwei.casework.models import Attachment, Case
from jingwei.casework.pages.limiting import PHOTOGRAPHS
from jingwei.casework.pages.record import digest
from jingwei.files.acts import LIMIT
from jingwei.files.models import Blob, Handing

from .conftest import Resident, photograph, php

pytestmark = pytest.mark.django_db


def puts(client: Any, data: bytes, sha256: str = "", **more: Any) -> Any:
    """Send a photograph ahead."""
    sha256 = sha256 or hashlib.sha256(data).hexdigest()
    return client.put(f"/photographs/{sha256}/", data, content_type="image/jpeg", **more)


def drawn(chen: Resident) -> str:
    """The form at the door, which gives the browser its cookie."""
    page: str = chen.client.get(f"/q/{chen.token}/").content.decode()  # type: ignore[attr-defined]
    return page


def test_a_photograph_that_went_first_belongs_to_the_report_that_follows(chen: Resident) -> None:
    drawn(chen)
    data = photograph().read()
    answers = [puts(chen.client, data) for _again in range(2)]
    sha256 = hashlib.sha256(data).hexdigest()
    assert [(answer.status_code, answer.json()) for answer in answers] == [
        (201, {"photograph": sha256}),
        (200, {"photograph": sha256}),
    ]
    case = chen.reports(photo_sha256=[sha256, sha256])
    assert [a.blob_id for a in case.attachments.all()] == [sha256]


def test_nobody_attaches_what_another_browser_sent_ahead_and_her_own_is_first_all_the_same(chen: Resident) -> None:
    drawn(chen)
    data = photograph().read()
    assert puts(chen.client, data).status_code == 201
    zhao = Resident(Client(), chen.token)
    drawn(zhao)
    answer = zhao.sends(category="noise", photo_sha256=hashlib.sha256(data).hexdigest())
    assert (answer.status_code, Case.objects.count()) == (422, 0)
    assert puts(zhao.client, data).status_code == 201
    assert zhao.reports(photo_sha256=hashlib.sha256(data).hexdigest()).attachments.count() == 1


def test_bytes_that_are_not_those_of_the_address_are_refused_with_a_sentence(chen: Resident) -> None:
    data = photograph().read()
    answer = puts(chen.client, data, "0" * 64)
    assert (answer.status_code, answer.content.decode()) == (400, "照片没有传完整，请重新上传。")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert (Blob.objects.count(), Handing.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (php().read(), 415),
        (b"<!doctype html><script>alert(1)</script>", 415),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 415),
        (b"\0\0\0\x18ftypheic" + b"\0" * 64, 415),
        (b"\0" * (LIMIT + 1), 413),
    ],
)
def test_what_is_no_photograph_is_refused_each_with_its_status(chen: Resident, data: bytes, status: int) -> None:
    answer = puts(chen.client, data)
    assert (answer.status_code, answer["Content-Type"]) == (status, "text/plain; charset=utf-8")
    assert Blob.objects.count() == 0


def test_a_photograph_without_a_length_or_under_no_digest_has_no_address(chen: Resident) -> None:
    for length in ("", "9" * 5000):  # Python reads no number of more than 4300 digits
        assert puts(chen.client, b"x", CONTENT_LENGTH=length).status_code == 411
    for address in ("A" * 64, "0" * 63, "0" * 65, "..%2f" + "0" * 59):
        assert chen.client.put(f"/photographs/{address}/", b"x").status_code in (404, 405)  # type: ignore[attr-defined]
    assert chen.client.get(f"/photographs/{'a' * 64}/").status_code == 405  # type: ignore[attr-defined]


def test_another_site_sends_nothing_ahead_in_her_name(chen: Resident) -> None:
    assert puts(Client(enforce_csrf_checks=True), photograph().read()).status_code == 403
    assert Blob.objects.count() == 0


def test_who_sends_very_many_waits_and_an_official_does_not(chen: Resident, qingshi: Any, settings: Any) -> None:
    settings.LIMITS_FACTOR = 1
    drawn(chen)
    shades = [photograph().read() + bytes([n]) for n in range(PHOTOGRAPHS.browser.burst + 1)]
    assert [puts(chen.client, shades[0]).status_code for _again in range(40)] == [201] + [200] * 39
    assert [puts(chen.client, data).status_code for data in shades[1:-1]] == [201] * (len(shades) - 2)
    answer = puts(chen.client, shades[-1])
    assert (answer.status_code, 1 <= int(answer["Retry-After"]) <= 90) == (429, True)
    assert "再试" in answer.content.decode()
    assert puts(qingshi.sign_in(Client(), "housing"), shades[-1]).status_code == 201


def fields_of(page: str, **said: str) -> list[tuple[str, str]]:
    """The hidden fields of the report's form in the order of the page, and what was said between them."""
    form = page[page.index('name="record"') - 200 : page.index('name="whole"') + 60]
    hidden = re.findall(r'<input type="hidden" name="(record|key|lon|lat|whole)" value="([^"]*)">', form)
    assert (hidden[0], hidden[-1]) == (("record", "open"), ("whole", "1"))
    return [*hidden[:-1], *said.items(), hidden[-1]]


def test_a_form_that_lacks_its_end_is_refused_and_keeps_what_was_said(chen: Resident) -> None:
    fields = fields_of(drawn(chen), category="noise", words="半夜施工", who="anonymous")
    for kept in range(1, len(fields)):
        answer = chen.sends(**dict(fields[:kept]))
        assert (kept, answer.status_code) == (kept, 422)
    assert "没有传完整" in answer.content.decode()
    assert "半夜施工" in answer.content.decode()
    assert Case.objects.count() == 0
    assert chen.reports(**dict(fields)).title == "半夜施工"


def test_a_form_that_came_to_something_else_than_it_says_is_refused(chen: Resident) -> None:
    said = {"key": str(uuid4()), "category": "noise", "words": "一号楼\r\n二号楼", "whole": "1"}
    query = QueryDict(mutable=True)
    query.update(said)
    record = digest(query)
    for name, value in (("words", "一号楼"), ("category", "water"), ("where", "门口"), ("record", "0" * 64)):
        assert chen.sends(**(said | {"record": record, name: value})).status_code == 422
    less = {name: value for name, value in said.items() if name != "category"}
    assert chen.sends(**less, record=record).status_code == 422
    assert Case.objects.count() == 0
    assert chen.reports(**said, record=record).title == "一号楼"


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    fields=st.lists(st.tuples(st.sampled_from(["words", "who", "photo_sha256"]), TEXT), min_size=1, max_size=6),
    data=st.data(),
)
def test_the_digest_tells_a_form_from_any_part_of_it(fields: list[tuple[str, str]], data: st.DataObject) -> None:
    def record_of(some: list[tuple[str, str]]) -> str:
        query = QueryDict(mutable=True)
        for name, value in some:
            query.appendlist(name, value)
        return digest(query)

    lost = data.draw(st.integers(0, len(fields) - 1))
    assert record_of([*fields, ("record", "open")]) == record_of(fields)
    assert record_of(fields[:lost] + fields[lost + 1 :]) != record_of(fields)
    name, value = fields[lost]
    assert record_of([*fields[:lost], (name, f"{value}x"), *fields[lost + 1 :]]) != record_of(fields)
    with_breaks = [(name, value.replace("\r", "").replace("\n", "\r\n")) for name, value in fields]
    plain = [(name, value.replace("\r", "")) for name, value in fields]
    assert record_of(with_breaks) == record_of(plain)


def test_an_addition_takes_the_photograph_that_went_first(chen: Resident) -> None:
    case = chen.reports()
    data = photograph("blue").read()
    puts(chen.client, data)
    sha256 = hashlib.sha256(data).hexdigest()
    chen.client.post("/c/", {"do": "add", "key": str(uuid4()), "words": "又来了", "photo_sha256": sha256})  # type: ignore[attr-defined]
    assert [(a.case_id, a.blob_id) for a in Attachment.objects.all()] == [(case.pk, sha256)]
