"""Signing in, being locked out, and choosing a post."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jingwei.accounts.lockout import mark_of
from jingwei.accounts.sitting import CHOSEN

PASSWORD = "moss-lamp-finch-0001"  # the test's own


@pytest.fixture
def secret(qingshi: Any) -> Callable[[str], str]:
    """Gives somebody the test's password; her username."""

    def _set(username: str) -> str:
        account = qingshi.account(username)
        account.set_password(PASSWORD)
        account.save()
        return username

    return _set


def enter(client: Client, username: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(reverse("desk:sign_in"), {"username": username, "password": password, **more})


def test_whoever_knows_name_and_password_comes_to_where_she_wanted(client: Client, secret: Any, told: Any) -> None:
    answer = enter(client, secret("clerk"), next="/desk/new/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/new/")
    assert client.get("/desk/new/").status_code == 200
    assert len(told("account.signed_in")) == 1


@pytest.mark.parametrize("bad", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(client: Client, secret: Any, bad: str) -> None:
    assert enter(client, secret("clerk"), next=bad).headers["Location"] == "/desk/"


def test_a_wrong_try_is_told_without_saying_which_half_was_wrong_and_keeps_neither(
    client: Client, secret: Any, qingshi: Any, told: Any
) -> None:
    known, unknown = enter(client, secret("clerk"), "wrong-secret"), enter(client, "no-such-name", "wrong-secret")
    assert (known.status_code, unknown.status_code) == (422, 422)
    assert "用户名或密码不正确" in known.content.decode()
    assert "用户名或密码不正确" in unknown.content.decode()
    account = qingshi.account("clerk").pk
    said = told("account.sign_in_failed")
    assert [(line["subject_id"], line["facts"]) for line in said] == [
        (account, {"known": True, "ok": False}),
        (0, {"known": False, "ok": False, "name": mark_of("no-such-name")}),
    ]


def test_five_wrong_tries_close_the_gate_even_for_the_right_password(client: Client, secret: Any, told: Any) -> None:
    username = secret("clerk")
    answers = [enter(client, username, "wrong-secret") for _try in range(5)]
    assert [a.status_code for a in answers] == [422, 422, 422, 422, 429]
    locked = enter(client, username)
    assert locked.status_code == 429
    assert "连续输错次数过多" in locked.content.decode()
    assert "15 分" in locked.content.decode()
    assert len(told("account.locked_out")) == 2
    assert client.get("/desk/new/").status_code == 302


def test_signing_out_is_a_post_and_ends_the_session(seated: Callable[[str], Client], told: Any) -> None:
    client = seated("clerk")
    assert client.get(reverse("desk:sign_out")).status_code == 405
    assert client.post(reverse("desk:sign_out")).headers["Location"] == "/desk/sign-in/"
    assert client.get("/desk/new/").headers["Location"].startswith("/desk/sign-in/")
    assert len(told("account.signed_out")) == 1


def test_whoever_holds_two_posts_chooses_one_and_may_change_it(
    client: Client, secret: Any, qingshi: Any, told: Any
) -> None:
    enter(client, secret("first_secretary"))
    assert client.get("/desk/new/").headers["Location"].startswith("/desk/post/")
    page = client.get("/desk/post/", {"next": "/desk/new/"}).content.decode()
    assert page.count('type="radio"') == 2
    posts = [qingshi.post("community_1.first_secretary").pk, qingshi.post("station_1.head").pk]
    for post in posts:
        answer = client.post("/desk/post/", {"post": post, "next": "/desk/new/"})
        assert answer.headers["Location"] == "/desk/new/"
        assert client.session[CHOSEN] == post
    assert [line["actor_post"] for line in told("account.post_chosen")] == posts
    assert client.get("/desk/new/").status_code == 200  # the head of a station takes in reports


def test_a_post_one_does_not_hold_is_refused(seated: Callable[[str], Client], qingshi: Any, told: Any) -> None:
    client = seated("clerk")
    answer = client.post("/desk/post/", {"post": qingshi.post("town_centre.dispatcher").pk})
    assert answer.status_code == 403
    assert "您没有担任这个岗位" in answer.content.decode()
    assert client.session[CHOSEN] == qingshi.post("town_centre.clerk").pk
    assert told("account.post_chosen") == []
    assert [line["facts"]["ok"] for line in told("account.refused")] == [False]


def test_a_person_without_a_post_is_told_what_to_do(client: Client, secret: Any, qingshi: Any) -> None:
    from jingwei.organisations.models import Appointment

    Appointment.objects.filter(person=qingshi.person("auditor")).delete()
    enter(client, secret("auditor"))
    answer = client.get("/desk/new/", follow=True)
    assert "您目前没有担任任何岗位" in answer.content.decode()
