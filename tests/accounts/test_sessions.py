"""Where one is signed in: listed for oneself, ended by oneself, over after a while, over when posts change."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jingwei.accounts.models import Session
from jingwei.accounts.sessions import browser_of, digest_of
from jingwei.organisations.acts import appoint, dismiss
from jingwei.trail.actor import Actor
from people_fixtures.qingshi import Qingshi

from .conftest import PASSWORD, enter

OFFICE = Actor.machine("office")
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120 Safari/537.36 Edg/120"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 MicroMessenger/8.0"


def signed_in(client: Client, username: str, **more: Any) -> str:
    """Sign in; the browser's key."""
    assert enter(client, username, **more).status_code == 302
    return client.cookies["sessionid"].value


def is_in(client: Client) -> bool:
    return client.get("/desk/new/").status_code == 200


def row_of(client: Client) -> Session:
    return Session.objects.get(session_key=digest_of(client.cookies["sessionid"].value))


@pytest.mark.parametrize(
    ("agent", "words"), [(EDGE, "Edge · Windows"), (WECHAT, "WeChat · iOS"), ("curl/8", ""), ("", "")]
)
def test_a_browser_is_called_what_its_owner_calls_it(agent: str, words: str) -> None:
    assert browser_of(agent) == words


def test_the_key_changes_at_sign_in_and_is_kept_only_as_its_digest(client: Client, secret: Any) -> None:
    client.get("/desk/sign-in/")
    client.session["before"] = True
    client.session.save()
    before = client.session.session_key
    key = signed_in(client, secret("clerk"))
    assert key != before
    assert list(Session.objects.values_list("session_key", flat=True)) == [digest_of(key)]
    assert is_in(client)


def test_she_sees_her_own_browsers_and_nobody_else_s_and_ends_one(client: Client, secret: Any, told: Any) -> None:
    there, other = Client(headers={"user-agent": WECHAT}), Client()
    signed_in(client, secret("clerk"), headers={"user-agent": EDGE})
    signed_in(there, "clerk")
    signed_in(other, secret("dispatcher"))
    page = client.get("/desk/account/").content.decode()
    assert ("Edge · Windows" in page, "WeChat · iOS" in page, page.count('name="session"')) == (True, True, 1)
    client.post("/desk/account/end/", {"session": row_of(other).session_key})
    assert is_in(other)
    client.post("/desk/account/end/", {"session": row_of(there).session_key})
    assert (is_in(client), is_in(there), is_in(other)) == (True, False, True)
    assert told("accounts.sessions_ended") == [{"sessions": 1}]


def test_she_ends_all_but_this_one(client: Client, secret: Any) -> None:
    others = [Client() for _n in range(3)]
    signed_in(client, secret("clerk"))
    for one in others:
        signed_in(one, "clerk")
    client.post("/desk/account/end/", {"all": "1"})
    assert (is_in(client), [is_in(one) for one in others]) == (True, [False] * 3)


def test_a_new_password_ends_every_other_session(client: Client, secret: Any) -> None:
    other = Client()
    signed_in(client, secret("clerk"))
    signed_in(other, "clerk")
    new = {"old": PASSWORD, "new": "Heron-cloud-7", "again": "Heron-cloud-7"}
    assert client.post("/desk/account/password/", new).status_code == 302
    assert (is_in(client), is_in(other)) == (True, False)


def test_it_is_over_when_nothing_was_done_for_half_an_hour(client: Client, secret: Any) -> None:
    signed_in(client, secret("clerk"))
    row = row_of(client)
    assert timedelta(minutes=29) < row.expire_date - timezone.now() <= timedelta(minutes=30)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/desk/new/").headers["Location"] == "/desk/sign-in/?next=/desk/new/"


def test_use_puts_the_end_off_and_an_open_queue_that_looks_by_itself_does_not(client: Client, secret: Any) -> None:
    signed_in(client, secret("clerk"))
    nearly = timezone.now() + timedelta(minutes=5)

    def left_after(page: str) -> timedelta:
        Session.objects.update(expire_date=nearly, used_at=timezone.now() - timedelta(minutes=25))
        assert client.get(page).status_code == 200
        return row_of(client).expire_date - timezone.now()

    assert left_after("/desk/rows/") < timedelta(minutes=6)
    assert left_after("/desk/new/") > timedelta(minutes=29)


def test_it_is_over_after_twelve_hours_in_any_case(client: Client, secret: Any) -> None:
    signed_in(client, secret("clerk"))
    session = client.session
    session["until"] = (timezone.now() + timedelta(minutes=3)).isoformat()
    session.save()
    Session.objects.update(used_at=timezone.now() - timedelta(minutes=10))
    assert is_in(client)
    assert row_of(client).expire_date <= timezone.now() + timedelta(minutes=3)


def test_a_session_ends_when_an_appointment_does(client: Client, secret: Any, qingshi: Qingshi) -> None:
    signed_in(client, secret("first_secretary"))
    client.post("/desk/post/", {"post": qingshi.post("station_1.head").pk})
    assert is_in(client)
    first = qingshi.person("first_secretary").appointments.order_by("id")[0]
    dismiss(first, actor=OFFICE, at=timezone.now())
    answer = client.get("/desk/new/", follow=True)
    assert "登录后您的任职有变动，请重新登录。" in answer.content.decode()
    assert Session.objects.filter(account=qingshi.account("first_secretary")).count() == 0


def test_a_session_ends_when_a_post_is_added_or_a_role_is_taken_away(
    client: Client, secret: Any, qingshi: Qingshi
) -> None:
    signed_in(client, secret("dispatcher"))
    assert is_in(client)
    appoint([(qingshi.post("police.desk"), qingshi.person("dispatcher").pk)], actor=OFFICE, at=timezone.now())
    assert not is_in(client)
    other = Client()
    signed_in(other, secret("county"))
    assert other.get("/desk/qr/").status_code == 200
    post = qingshi.post("county_centre.dispatcher")
    post.roles = ["dispatcher"]
    post.save()
    assert other.get("/desk/qr/").status_code == 302


def test_a_closed_account_is_out_at_once(client: Client, secret: Any, qingshi: Qingshi) -> None:
    signed_in(client, secret("clerk"))
    account = qingshi.account("clerk")
    account.is_active = False
    account.save()
    assert not is_in(client)
    assert enter(Client(), "clerk").status_code == 422
