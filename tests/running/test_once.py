"""Laws of a form that is sent twice: the first is done, the second is not, and what failed was never sent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory

from jingwei.running.models import Bucket, Sent
from jingwei.running.once import KEPT, once, sweep

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
KEY = "7f1c2f5e-6f0a-4f63-9d5c-1c0b7c1d2e3f"


def sent(key: str = KEY, path: str = "/form/") -> HttpRequest:
    return RequestFactory().post(path, {"key": key})


def is_new(request: HttpRequest) -> bool:
    with once(request, MONDAY) as new:
        return new


@pytest.mark.django_db
def test_a_form_is_new_once_and_another_form_with_its_key_is_another() -> None:
    assert [is_new(sent()), is_new(sent()), is_new(sent(path="/other/"))] == [True, False, True]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "no key", "7f1c2f5e", "\x00"])
def test_a_form_without_a_key_is_always_new(key: str) -> None:
    assert [is_new(sent(key)), is_new(sent(key))] == [True, True]


@pytest.mark.django_db
def test_what_failed_may_be_sent_again() -> None:
    def fails_half_way() -> None:
        with once(sent(), MONDAY):
            Bucket.objects.create(key="half", full_at=MONDAY)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails_half_way()
    assert Bucket.objects.count() == 0
    assert is_new(sent())


def test_of_many_at_the_same_moment_one_is_done(own_database: str) -> None:
    def send(n: int) -> bool:
        try:
            with once(sent(), MONDAY) as new:
                if new:
                    Bucket.objects.create(key=f"done by {n}", full_at=MONDAY)
                return new
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(send, range(16))) == [False] * 15 + [True]
    assert Bucket.objects.count() == 1


@pytest.mark.django_db
def test_keys_are_forgotten_after_two_days() -> None:
    is_new(sent())
    assert [sweep(MONDAY + KEPT), sweep(MONDAY + KEPT + timedelta(seconds=1))] == [0, 1]
    assert Sent.objects.count() == 0


def test_the_tag_draws_a_key_of_its_own_each_time() -> None:
    drawn = engines["django"].from_string("{% load once %}{% once %}{% once %}").render({})
    first, second = drawn.split("><")
    assert first != second
    assert drawn.count('type="hidden" name="key"') == 2
