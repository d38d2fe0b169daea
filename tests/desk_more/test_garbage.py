"""Whoever types garbage into addresses and forms is answered, and nothing breaks behind the page."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from jingwei.casework.models import Case
from jingwei.people.models import Unmasking

pytestmark = pytest.mark.django_db

LONG = "9" * 5000
"""More digits than Python reads as a number."""


@pytest.mark.parametrize("mark", ["~²", f"~{LONG}", "2026-13-45~5", "~\x00"])
def test_a_mark_that_is_none_shows_the_queue_from_its_beginning(qingshi: Any, client: Client, mark: str) -> None:
    qingshi.sign_in(client, "dispatcher")
    assert client.get("/desk/", {"after": mark}).status_code == 200


@pytest.mark.parametrize("address", ["/desk/case/%00/", "/desk/case/%00/print/reply/", "/desk/new/%00/"])
def test_a_number_that_no_case_can_have_is_not_there(qingshi: Any, client: Client, address: str) -> None:
    qingshi.sign_in(client, "dispatcher")
    assert client.get(address).status_code == 404


def test_a_place_with_too_many_digits_is_not_there(qingshi: Any, client: Client) -> None:
    qingshi.sign_in(client, "dispatcher")
    assert client.get("/desk/qr/", {"place": LONG}).status_code == 404


def test_a_search_for_a_place_with_hidden_marks_still_searches(qingshi: Any, client: Client) -> None:
    qingshi.sign_in(client, "clerk")
    assert client.post("/desk/new/", {"find": "a\x00"}).status_code == 422
    assert client.get("/report/", {"find": "a\x00"}).status_code == 200


@pytest.mark.parametrize("rating", ["²", LONG])
def test_a_rating_that_is_none_is_left_out_of_a_call(
    qingshi: Any, handled: Callable[..., Case], client: Client, rating: str
) -> None:
    case = handled()
    qingshi.sign_in(client, "caller")
    said = {"answer_solved": "yes", "answer_rating": rating, "key": str(uuid4())}
    assert client.post(f"/desk/callbacks/{case.number}/", said).status_code == 302
    assert Case.objects.get(pk=case.pk).rating is None


def test_hidden_marks_are_taken_out_of_the_reason_for_a_telephone(
    qingshi: Any, handled: Callable[..., Case], client: Client
) -> None:
    case = handled()
    qingshi.sign_in(client, "caller")
    assert client.post(f"/desk/callbacks/{case.number}/telephone/", {"reason": "回访\x00核实\u202e"}).status_code == 200
    assert Unmasking.objects.get().words == "回访核实"


@pytest.mark.parametrize("name", ["\x00clerk2", "a" * 5000])
def test_a_name_that_nobody_can_have_is_a_wrong_name(qingshi: Any, client: Client, name: str) -> None:
    assert client.post("/desk/sign-in/", {"username": name, "password": "x"}).status_code == 422


@pytest.mark.parametrize("address", ["foo", "desk:queue"])
def test_a_next_page_that_is_no_address_breaks_nothing(qingshi: Any, client: Client, address: str) -> None:
    qingshi.sign_in(client, "dispatcher")
    assert client.get("/desk/sign-in/", {"next": address}).status_code == 302
