"""Limits at the residents' door: who writes or guesses too much rests a while, and nobody else with her.

A household of three thousand may stand behind one address, so nobody is counted by address alone. Each write
takes from two buckets: the browser's own, small; and one of its address, far larger, of which there are two:
for browsers known for an hour, and for newcomers, who can make themselves anew as often as they like. So
somebody who tries codes without end exhausts the newcomers of that address, and never the neighbours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from jingwei.running import metrics
from jingwei.running.addresses import household_of
from jingwei.running.browsers import STRANGER, browser_of, mark

ALWAYS = timedelta(0)


@dataclass(frozen=True)
class Rate:
    """A bucket that holds `burst` and gains one every `every`."""

    burst: int
    every: timedelta

    def __post_init__(self) -> None:
        if self.burst < 1 or self.every <= ALWAYS:
            raise ValueError("A bucket holds at least one and is filled again: burst ≥ 1, every > 0.")


@dataclass(frozen=True)
class Limit:
    """What is limited, and the buckets: of one browser, of newcomers at an address, of known ones at it."""

    name: str
    browser: Rate
    newcomers: Rate
    known: Rate


@dataclass(frozen=True)
class Taken:
    """What was taken from the buckets; `wait` is how long to rest first, nothing where it was granted."""

    keys: tuple[tuple[str, Rate], ...]
    at: datetime
    wait: timedelta | None = None

    @property
    def refused(self) -> bool:
        return self.wait is not None

    @property
    def again_at(self) -> datetime:
        """When to try again, to the full minute after."""
        then = self.at + (self.wait or ALWAYS)
        return then.replace(second=0, microsecond=0) + timedelta(minutes=1) if self.wait else self.at

    @property
    def seconds(self) -> int:
        """For Retry-After."""
        return max(1, round((self.again_at - self.at).total_seconds())) if self.wait else 0


TAKE = """
WITH said AS (
    SELECT %(at)s::timestamptz AS at, %(own)s::text AS own, %(house)s::text AS house,
        %(own_each)s::interval AS own_each, %(own_each)s::interval * %(own_burst)s::int AS own_holds,
        %(house_each)s::interval AS house_each, %(house_each)s::interval * %(house_burst)s::int AS house_holds
), asked AS (
    SELECT *, at + own_holds + interval '2 minutes' AS own_wrong, at + house_holds + interval '2 minutes' AS house_wrong
    FROM said
), own AS (
    INSERT INTO running_bucket AS b (key, full_at) SELECT own, at + own_each FROM asked WHERE own <> ''
    ON CONFLICT (key) DO UPDATE
    SET full_at = (SELECT own_each FROM asked) + (
        SELECT CASE WHEN b.full_at > own_wrong THEN at ELSE GREATEST(b.full_at, at) END FROM asked)
    WHERE (SELECT own_each - own_holds + CASE WHEN b.full_at > own_wrong THEN at ELSE GREATEST(b.full_at, at) END <= at
        FROM asked)
    RETURNING 1
), house AS (
    INSERT INTO running_bucket AS b (key, full_at) SELECT house, at + house_each FROM asked
    WHERE own = '' OR EXISTS (SELECT FROM own)
    ON CONFLICT (key) DO UPDATE
    SET full_at = (SELECT house_each FROM asked) + (
        SELECT CASE WHEN b.full_at > house_wrong THEN at ELSE GREATEST(b.full_at, at) END FROM asked)
    WHERE (SELECT house_each - house_holds
        + CASE WHEN b.full_at > house_wrong THEN at ELSE GREATEST(b.full_at, at) END <= at FROM asked)
    RETURNING 1
)
SELECT own = '' OR EXISTS (SELECT FROM own), EXISTS (SELECT FROM house),
    (SELECT full_at FROM running_bucket WHERE key = own), (SELECT full_at FROM running_bucket WHERE key = house)
FROM asked
"""
"""One statement, so that it holds across threads and processes. The address' bucket is touched only after the
browser's has given; both in this order always, so that two never wait for each other. Outside a transaction it
locks for as long as it runs. A moment that no bucket can reach was written by a clock that was ahead:
such a bucket counts as full, or it would give nothing until that moment comes."""

GIVE_BACK = "UPDATE running_bucket SET full_at = full_at - %s::interval WHERE key = %s"


def take(request: HttpRequest, limit: Limit, at: datetime) -> Taken:
    """Take one from the buckets of whoever asks; where they are empty, nothing is taken and `wait` is set.

    Call it outside a transaction. Where the browser's bucket gave and the address' did not, the browser's one
    stays taken: it costs a wait that is shorter than the address'.
    """
    if settings.LIMITS_FACTOR <= 0:
        return Taken((), at)
    browser = browser_of(request, at)
    own = "" if browser is STRANGER else _key(limit.name, "browser", browser.mark)
    known = browser.is_known(at)
    house = _key(limit.name, "known" if known else "newcomers", household_of(request))
    rates = _scaled(limit.browser), _scaled(limit.known if known else limit.newcomers)
    given: dict[str, datetime | str | int] = {
        "at": at,
        "own": own,
        "own_each": _interval(rates[0]),
        "own_burst": rates[0].burst,
        "house": house,
        "house_each": _interval(rates[1]),
        "house_burst": rates[1].burst,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, given)
        own_gave, house_gave, own_full, house_full = cursor.fetchone()
    keys = tuple((key, rate) for key, rate in ((own, rates[0]), (house, rates[1])) if key)
    if own_gave and house_gave:
        return Taken(keys, at)
    metrics.LIMITS_MET.labels(limit.name).inc()
    full, rate = (house_full, rates[1]) if own_gave else (own_full, rates[0])
    return Taken((), at, wait_until_fits(full, rate, at))


def give_back(taken: Taken) -> None:
    """Put back what a request took that wrote nothing after all: a right code, a form sent twice."""
    with connection.cursor() as cursor:
        for key, rate in taken.keys:
            cursor.execute(GIVE_BACK, [_interval(rate), key])


def wait_until_fits(full_at: datetime | None, rate: Rate, at: datetime) -> timedelta:
    """How long from `at` until one more fits in a bucket that is full again at `full_at`.

    None: others took from it while the statement ran, and it was not there before.
    """
    empty = at + rate.every * rate.burst
    full = min(full_at or empty, empty)
    return max(full - rate.every * (rate.burst - 1) - at, timedelta(seconds=1))


def limited(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page on which a limit is taken from: it gives the browser its mark when it is looked at."""

    @wraps(page)
    def marking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = page(request, *args, **kwargs)
        if isinstance(response, HttpResponse):
            mark(response, request, timezone.now())
        return response

    return marking


def sweep(at: datetime) -> int:
    """Clear away buckets that are full again; how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM running_bucket WHERE full_at <= %s", [at])
        return int(cursor.rowcount)


def _interval(rate: Rate) -> str:
    return f"{rate.every.total_seconds()} seconds"


def _scaled(rate: Rate) -> Rate:
    factor = settings.LIMITS_FACTOR
    return Rate(max(1, round(rate.burst * factor)), rate.every / factor)


def _key(*parts: str) -> str:
    """A digest with the secret: who reads the table learns no address and no mark."""
    return sha256("\0".join([settings.SECRET_KEY, *parts]).encode()).hexdigest()
