"""Laws of the limits: never more than a bucket holds, never an empty one for ever, and nobody pays for another."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import signing
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.running.browsers import COOKIE, KEPT, KNOWN_AFTER, browser_of, mark
from jingwei.running.limits import Limit, Rate, give_back, sweep, take, wait_until_fits
from jingwei.running.models import Bucket

from .conftest import asked

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MINUTE = timedelta(minutes=1)
SMALL = Limit("small", browser=Rate(3, MINUTE), newcomers=Rate(8, MINUTE), known=Rate(50, MINUTE))


def from_browser(name: str, since: datetime = MONDAY, address: str = "203.0.113.7") -> HttpRequest:
    """A request of the browser whose mark is `name`."""
    request = asked(REMOTE_ADDR=address)
    if name:
        request.COOKIES[COOKIE] = signing.dumps([name, int(since.timestamp())], salt="browser's mark")
    return request


def granted(request: HttpRequest, times: int, at: datetime = MONDAY) -> int:
    return sum(not take(request, SMALL, at).refused for _ in range(times))


class Reference:
    """A bucket as one would explain it: so many tokens, one more every so often, never more than it holds."""

    def __init__(self, rate: Rate) -> None:
        self.rate, self.tokens, self.at = rate, float(rate.burst), MONDAY

    def take(self, at: datetime) -> bool:
        self.tokens = min(self.rate.burst, self.tokens + (at - self.at) / self.rate.every)
        self.at = at
        if self.tokens < 1 - 1e-9:
            return False
        self.tokens -= 1
        return True


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    burst=st.integers(1, 6),
    every=st.integers(1, 90),
    gaps=st.lists(st.integers(0, 200), min_size=1, max_size=30),
)
def test_a_bucket_gives_what_a_plain_one_would(burst: int, every: int, gaps: list[int]) -> None:
    Bucket.objects.all().delete()
    rate = Rate(burst, timedelta(seconds=every))
    limit = Limit("any", browser=rate, newcomers=Rate(10_000, MINUTE), known=Rate(10_000, MINUTE))
    plain, at = Reference(rate), MONDAY
    for gap in gaps:
        at += timedelta(seconds=gap)
        taken = take(from_browser("wang"), limit, at)
        assert (not taken.refused) == plain.take(at)
        if taken.wait is not None:
            assert timedelta(0) < taken.wait <= rate.every
            assert taken.at + taken.wait <= taken.again_at <= taken.at + taken.wait + MINUTE


@pytest.mark.django_db
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(tries=st.integers(4, 40))
def test_after_the_wait_that_was_told_one_more_is_granted(tries: int) -> None:
    Bucket.objects.all().delete()
    for _ in range(tries):
        taken = take(from_browser("wang"), SMALL, MONDAY)
    assert taken.wait is not None
    assert not take(from_browser("wang"), SMALL, MONDAY + taken.wait).refused
    assert take(from_browser("wang"), SMALL, MONDAY + taken.wait).refused


@pytest.mark.django_db
def test_a_browser_that_has_had_enough_leaves_its_neighbours_alone() -> None:
    assert granted(from_browser("wang"), 20) == 3
    assert granted(from_browser("li"), 1) == 1


@pytest.mark.django_db
def test_what_a_browser_is_refused_is_not_taken_from_its_house() -> None:
    granted(from_browser("wang"), 1000)
    assert [granted(from_browser(name), 3) for name in ("li", "zhao")] == [3, 2], "8 newcomers, 3 of them Wang"


@pytest.mark.django_db
def test_who_makes_himself_anew_for_every_try_exhausts_the_newcomers_and_not_the_neighbours() -> None:
    assert sum(granted(from_browser(f"new{n}"), 1) for n in range(100)) == 8
    assert granted(from_browser(""), 1) == 0
    assert granted(from_browser("li", since=MONDAY - KNOWN_AFTER), 1) == 1
    assert granted(from_browser("", address="203.0.113.8"), 1) == 1


@pytest.mark.django_db
def test_a_household_has_all_addresses_of_its_ipv6_network_and_no_more_patience_for_that() -> None:
    assert sum(granted(from_browser("", address=f"2001:db8:1:2::{n:x}"), 1) for n in range(1, 30)) == 8
    assert granted(from_browser("", address="2001:db8:1:3::1"), 1) == 1


@pytest.mark.django_db
def test_what_wrote_nothing_is_given_back() -> None:
    for _ in range(20):
        taken = take(from_browser("wang"), SMALL, MONDAY)
        assert not taken.refused
        give_back(taken)


@pytest.mark.django_db
def test_the_setting_multiplies_the_limits_or_switches_them_off(settings: Any) -> None:
    settings.LIMITS_FACTOR = 2.0
    assert granted(from_browser("wang"), 20) == 6
    settings.LIMITS_FACTOR = 0
    assert granted(from_browser("wang"), 20) == 20


def test_of_many_threads_at_once_as_many_are_granted_as_the_bucket_holds(own_database: str) -> None:
    def one(n: int) -> bool:
        try:
            return take(from_browser(f"browser{n}"), SMALL, MONDAY).refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(one, range(40))).count(False) == 8


@pytest.mark.django_db
def test_buckets_that_are_full_again_are_cleared_away_and_the_others_stay() -> None:
    granted(from_browser("wang"), 3)
    granted(from_browser("li"), 1)
    assert sweep(MONDAY + timedelta(seconds=61)) == 1
    assert granted(from_browser("wang"), 3, MONDAY + timedelta(seconds=61)) == 1


@pytest.mark.django_db
def test_the_table_holds_no_address_and_no_mark_and_no_log() -> None:
    granted(from_browser("wang"), 1)
    keys = list(Bucket.objects.values_list("pk", flat=True))
    assert [len(key) for key in keys] == [64, 64]
    assert set("".join(keys)) <= set("0123456789abcdef")
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'running_bucket'")
        assert cursor.fetchone() == ("u",)


def test_a_mark_is_ours_or_none() -> None:
    response = HttpResponse()
    mark(response, asked(), MONDAY)
    value = response.cookies[COOKIE].value
    assert response.cookies[COOKIE]["httponly"]
    request = asked()
    request.COOKIES[COOKIE] = value
    assert browser_of(request, MONDAY).mark != ""
    assert browser_of(request, MONDAY + KEPT).mark == ""
    for wrong in (value[:-1], f"x{value}", "", "a:b:c", value + "\x00"):
        request.COOKIES[COOKIE] = wrong
        assert browser_of(request, MONDAY).mark == ""


def test_a_browser_with_a_mark_keeps_it() -> None:
    response = HttpResponse()
    mark(response, from_browser("wang"), MONDAY)
    assert COOKIE not in response.cookies


@given(over=st.integers(0, 10_000))
def test_nobody_is_told_to_wait_for_less_than_a_second(over: int) -> None:
    rate = Rate(5, MINUTE)
    assert wait_until_fits(MONDAY + timedelta(seconds=over), rate, MONDAY) >= timedelta(seconds=1)


@pytest.mark.django_db
def test_a_clock_that_was_ahead_empties_no_bucket_until_its_moment_comes() -> None:
    granted(from_browser("chen"), 8, MONDAY + timedelta(days=300))
    assert [granted(from_browser("chen"), 4), granted(from_browser("chen"), 1)] == [3, 0]
