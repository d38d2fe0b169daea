"""Wrong tries close the gate to one name from one place for a while, and to nobody for ever."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.accounts import lockout
from jingwei.accounts.models import WrongTry
from jingwei.accounts.pack import AccountsSection
from jingwei.trail.models import Line
from people_fixtures.qingshi import Qingshi

from .conftest import PASSWORD, enter

OFFICE, HOME, ATTACKER = "10.0.0.1", "10.0.0.2", "10.9.9.9"
RULES = AccountsSection()


def request_from(address: str, cookie: str = "") -> HttpRequest:
    request = RequestFactory().post("/", REMOTE_ADDR=address)
    if cookie:
        request.COOKIES[lockout.COOKIE] = cookie
    return request


def tries(username: str, address: str, many: int, at: datetime, cookie: str = "") -> list[bool]:
    """Wrong tries, one a second; for each whether it was let as far as the password."""
    coming = lockout.coming(username, request_from(address, cookie))
    return [lockout.begin_try(coming, RULES, at + timedelta(seconds=n)) is None for n in range(many)]


def open_to(username: str, address: str, at: datetime, cookie: str = "") -> bool:
    return lockout.closed(lockout.coming(username, request_from(address, cookie)), RULES, at) is None


def cookie_of(qingshi: Qingshi, username: str) -> str:
    """What a browser holds in which the account was used."""
    response = HttpResponse()
    lockout.remember(response, request_from(OFFICE), qingshi.account(username), secure=False)
    return str(response.cookies[lockout.COOKIE].value)


@pytest.mark.django_db
def test_five_wrong_tries_are_let_and_no_sixth() -> None:
    assert tries("clerk", OFFICE, 7, timezone.now()) == [True] * 5 + [False] * 2
    assert WrongTry.objects.count() == 5


@pytest.mark.django_db
def test_the_gate_opens_by_itself_however_often_it_is_tried_meanwhile() -> None:
    at = timezone.now()
    tries("clerk", OFFICE, 5, at)
    last = at + timedelta(seconds=4)
    for minute in range(1, 15):
        assert tries("clerk", OFFICE, 1, at + timedelta(minutes=minute)) == [False]
    assert not open_to("clerk", OFFICE, last + RULES.locked - timedelta(seconds=1))
    assert open_to("clerk", OFFICE, last + RULES.locked)


def let_by_hand(past: list[tuple[int, int]], place: int, at: int) -> bool:
    """The lock-out as a citizen would tell it: `past` are wrong tries, (place, second); may one be tried now?"""
    here = [second for where, second in past if where == place]
    together = [second for second in here if second > max(here) - 900] if here else []
    if len(together) >= 5 and at < max(here) + 900:
        return False
    return len([second for _where, second in past if second > at - 3600]) < 50


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 400)), min_size=1, max_size=40))
def test_any_row_of_wrong_tries_is_let_and_refused_as_the_rule_is_told(db: None, tries: list[tuple[int, int]]) -> None:
    WrongTry.objects.all().delete()
    start, now, past = timezone.now(), 0, []
    for place, pause in tries:
        now += pause
        coming = lockout.coming("clerk", request_from(f"10.0.1.{place}"))
        let = lockout.begin_try(coming, RULES, start + timedelta(seconds=now)) is None
        assert let == let_by_hand(past, place, now), (past, place, now)
        past += [(place, now)] if let else []


@pytest.mark.django_db
def test_one_who_is_locked_out_locks_out_nobody_else_behind_her_address() -> None:
    at = timezone.now()
    tries("clerk", OFFICE, 5, at)
    assert not open_to("clerk", OFFICE, at + timedelta(seconds=9))
    assert not open_to("CLERK", OFFICE, at + timedelta(seconds=9))
    assert open_to("dispatcher", OFFICE, at + timedelta(seconds=9))
    assert open_to("clerk", HOME, at + timedelta(seconds=9))


def test_a_colleague_behind_the_same_address_cannot_lock_the_browser_she_uses(qingshi: Qingshi) -> None:
    at, hers = timezone.now(), cookie_of(qingshi, "clerk")
    tries("clerk", OFFICE, 5, at)
    assert open_to("clerk", OFFICE, at + timedelta(seconds=9), hers)
    assert tries("clerk", OFFICE, 6, at + timedelta(seconds=10), hers) == [True] * 5 + [False]


def test_tries_from_everywhere_leave_only_browsers_that_know_the_name(qingshi: Qingshi) -> None:
    at, hers = timezone.now(), cookie_of(qingshi, "clerk")
    for n in range(10):
        assert tries("clerk", f"10.9.9.{n}", 5, at) == [True] * 5
    later = at + timedelta(minutes=20)
    assert not open_to("clerk", HOME, later)
    assert open_to("clerk", HOME, later, hers)
    assert not open_to("clerk", HOME, later, cookie_of(qingshi, "dispatcher"))
    assert open_to("dispatcher", HOME, later)
    assert open_to("clerk", HOME, at + timedelta(minutes=61))


def test_a_new_password_makes_browsers_forget(qingshi: Qingshi, secret: Callable[[str], str]) -> None:
    hers = cookie_of(qingshi, "clerk")
    assert lockout.is_known("clerk", request_from(HOME, hers))
    secret("clerk")
    assert not lockout.is_known("clerk", request_from(HOME, hers))
    assert not lockout.is_known("clerk", request_from(HOME, hers[:-1] + "x"))


def test_the_right_password_makes_the_wrong_ones_before_it_count_no_more(
    client: Client, secret: Callable[[str], str]
) -> None:
    username = secret("clerk")
    for _round in range(3):
        assert [enter(client, username, "wrong").status_code for _try in range(4)] == [422] * 4
        assert enter(client, username).status_code == 302
        client.post("/desk/sign-out/")
        client.cookies.clear()


def test_what_was_typed_as_a_name_is_kept_nowhere_in_clear(client: Client, qingshi: Qingshi) -> None:
    typed = "Geheim-wort-im-falschen-feld-7"
    enter(client, typed, "egal")
    line = Line.objects.get(verb="account.sign_in_failed")
    assert line.facts == {"known": False, "ok": False, "name": lockout.mark_of(typed)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(t::text, ''), '') FROM accounts_wrongtry t")
        [(tried,)] = cursor.fetchall()
        cursor.execute("SELECT coalesce(string_agg(t::text, ''), '') FROM trail_line t")
        [(trail,)] = cursor.fetchall()
    assert (typed in tried + trail, "127.0.0.1" in tried + trail) == (False, False)


def test_many_tries_at_the_same_moment_are_all_counted(own_database: str) -> None:
    let: list[bool] = []
    ready = threading.Barrier(12)

    def try_once() -> None:
        coming = lockout.coming("nobody", request_from(ATTACKER))
        ready.wait()
        let.append(lockout.begin_try(coming, RULES, timezone.now()) is None)
        connection.close()

    threads = [threading.Thread(target=try_once) for _n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(let) == 12
    assert sum(let) <= RULES.attempts


def test_the_pack_says_how_many_and_how_long(qingshi: Qingshi, monkeypatch: Any) -> None:
    rules = AccountsSection(attempts=3, locked_minutes=60)
    at, coming = timezone.now(), lockout.coming("clerk", request_from(OFFICE))
    assert [lockout.begin_try(coming, rules, at) is None for _n in range(5)] == [True] * 3 + [False] * 2
    assert lockout.closed(coming, rules, at) == lockout.Closed(at + timedelta(minutes=60))


def test_a_gate_that_is_closed_says_so_to_the_right_password_too(client: Client, secret: Callable[[str], str]) -> None:
    username = secret("clerk")
    assert [enter(client, username, "wrong").status_code for _try in range(5)] == [422] * 4 + [429]
    assert enter(client, username, PASSWORD).status_code == 429
    assert enter(client, username, PASSWORD, REMOTE_ADDR=HOME).status_code == 302


@pytest.mark.django_db
def test_tries_of_a_clock_that_was_ahead_close_the_gate_to_nobody() -> None:
    at = timezone.now()
    tries("clerk", OFFICE, 5, at + timedelta(days=300))
    assert [open_to("clerk", OFFICE, at), tries("clerk", OFFICE, 6, at)] == [True, [True] * 5 + [False]]
    assert lockout.forget_old(at) == 5
