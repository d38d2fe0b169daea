"""By-laws of the pages there are when there is no page: in the house's look, in words, with a next move."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

import jingwei.urls
from jingwei.running.addresses import networks
from jingwei.running.busy import why_busy
from jingwei.running.web import entry_for_requests

WORDS = re.compile(r"<[^>]+>")


def shown(answer: Any) -> str:
    """What one reads on the page."""
    return " ".join(WORDS.sub(" ", answer.content.decode()).split())


@contextmanager
def with_page(page: Any) -> Iterator[str]:
    """The address of `page` while the block lasts."""
    from django.urls import clear_url_caches

    at = f"only-for-this-test-{uuid4().hex[:8]}"
    jingwei.urls.urlpatterns.append(path(at, page, name="odd"))
    clear_url_caches()
    try:
        yield f"/{at}"
    finally:
        jingwei.urls.urlpatterns.pop()
        clear_url_caches()


def failing(error: Exception) -> Any:
    """A page that fails so."""

    def page(request: HttpRequest) -> HttpResponse:
        raise error

    return page


@pytest.fixture
def quiet() -> Client:
    """A client that gets the answer to an error, and not the error."""
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_is_told_so_and_leads_on(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到这个页面" in shown(answer)
    assert 'href="/"' in answer.content.decode()
    assert 'href="/desk/"' in client.get("/desk/nowhere/").content.decode()


@pytest.mark.django_db
def test_it_speaks_the_reader_s_language_and_in_her_size(client: Client) -> None:
    client.cookies["language"], client.cookies["size"] = "en", "elder"
    answer = client.get("/nowhere/")
    assert "There is no such page" in shown(answer)
    assert 'data-size="elder"' in answer.content.decode()


@pytest.mark.django_db
def test_a_form_from_a_stale_page_is_told_to_reload(qingshi: Any) -> None:
    answer = Client(enforce_csrf_checks=True).post("/desk/sign-in/", {"username": "clerk"})
    assert answer.status_code == 403
    assert "页面停留时间过长" in shown(answer)


def test_an_error_of_ours_shows_its_number_and_nothing_else(quiet: Client) -> None:
    with with_page(failing(KeyError("13812346021"))) as address:
        answer = quiet.get(address)
    assert answer.status_code == 500
    assert "系统出错了" in shown(answer)
    assert answer["X-Request-Id"] in shown(answer)
    assert "13812346021" not in answer.content.decode()


def test_a_refusal_is_shown_with_its_own_sentence(client: Client) -> None:
    with with_page(failing(PermissionDenied("回访由回访员岗位进行。"))) as address:
        answer = client.get(address)
    assert answer.status_code == 403
    assert "回访由回访员岗位进行。" in shown(answer)


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["/desk/callbacks/QS-2026-1/", "/desk/new/QS-2026-1/"])
def test_the_pages_for_one_post_refuse_another_in_words(client: Client, qingshi: Any, where: str) -> None:
    answer = qingshi.sign_in(client, "inspector").get(where)
    assert answer.status_code in (403, 404)
    assert len(shown(answer)) > 40


def test_an_act_by_the_wrong_method_is_told_so(client: Client) -> None:
    answer = client.get("/language/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "不支持这种操作" in shown(answer)


def test_a_database_that_is_away_is_not_an_error_of_ours(client: Client) -> None:
    with with_page(failing(OperationalError("the connection is closed"))) as address:
        answer = client.get(address)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "请过半分钟再试" in shown(answer)


def test_a_piece_of_a_page_is_answered_by_a_piece(client: Client) -> None:
    whole, piece = client.get("/nowhere/"), client.get("/nowhere/", headers={"hx-request": "true"})
    assert "<html" in whole.content.decode()
    assert "<html" not in piece.content.decode()
    assert "没有找到这个页面" in shown(piece)


def test_a_program_that_wants_no_page_gets_a_line(client: Client) -> None:
    answer = client.get("/nowhere/", headers={"accept": "application/json"})
    assert answer["Content-Type"].startswith("text/plain")
    assert "<" not in answer.content.decode()


@pytest.mark.parametrize("host", ["evil.example", "a b"])
def test_a_foreign_host_is_refused_in_words(client: Client, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "请求有误" in shown(answer)


def test_every_answer_carries_its_number(client: Client, settings: Any) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", client.get("/-/alive")["X-Request-Id"])
    settings.TRUSTED_PROXIES = networks("127.0.0.1")
    assert client.get("/-/alive", headers={"x-request-id": "from-our-proxy-1"})["X-Request-Id"] == "from-our-proxy-1"


def test_a_pool_without_a_free_connection_means_busy(own_database: str) -> None:
    wrapper = connections["default"]
    before = dict(wrapper.settings_dict)
    wrapper.close()
    wrapper.settings_dict.update(entry_for_requests(before))
    wrapper.settings_dict["OPTIONS"]["pool"] |= {"max_size": 1, "timeout": 0.1}
    try:
        wrapper.pool.open()  # type: ignore[attr-defined]
        with wrapper.pool.connection(timeout=10), pytest.raises(OperationalError) as none_left:  # type: ignore[attr-defined]
            wrapper.ensure_connection()
    finally:
        wrapper.close_pool()  # type: ignore[attr-defined]
        wrapper.settings_dict.update(before)
    assert why_busy(none_left.value) == "all connections are in use"


@pytest.mark.django_db
def test_the_page_of_an_error_names_the_county_s_own_number(client: Client, qingshi: Any, monkeypatch: Any) -> None:
    from jingwei.policy.queries import book
    from jingwei.running import answers

    monkeypatch.setattr(answers, "HOTLINES", {})
    before = shown(client.get("/nowhere/"))
    monkeypatch.setitem(answers.HOTLINES, qingshi.county_code, "0311-99030212")
    assert ("12345" in before, "0311-99030212" in shown(client.get("/nowhere/"))) == (True, True)
    monkeypatch.undo()
    said = book(qingshi.county_code).document["county"].get("hotline", "12345")
    assert answers.HOTLINES[qingshi.county_code] == said


@pytest.mark.django_db
def test_without_the_keys_of_personal_data_every_page_says_so_in_a_sentence(
    client: Client, qingshi: Any, monkeypatch: Any
) -> None:
    from jingwei.people import locked, models
    from jingwei.people.keys import Keyring, keyring

    qingshi.sign_in(client, "dispatcher")
    ring = keyring()
    other = Keyring(tuple((name, bytes(32)) for name, _key in ring.keys), ring.finding, ring.cipher)
    for room in (locked, models):
        monkeypatch.setattr(room, "keyring", lambda: other)
    client.raise_request_exception = False
    answer = client.get("/desk/")
    assert (answer.status_code, "密钥" in shown(answer)) == (503, True)
