"""By-laws of a server that is full: everybody is answered soon, most by a sentence, nobody by a time-out."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import psycopg

from jingwei.running.gate import Places
from jingwei.running.web import SPARE, entry_for_requests

Served = Callable[..., AbstractContextManager[str]]


def get(address: str, path: str, **headers: str) -> tuple[int, HTTPResponse, str, float]:
    """Status, response, body and seconds of one request on a connection of its own."""
    begun = time.monotonic()
    connection = HTTPConnection(address, timeout=30)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, response, body, time.monotonic() - begun


def test_so_many_enter_as_there_are_places_and_so_many_wait() -> None:
    places = Places(slots=2, queue=1, patience=0.05)
    assert [places.enter(), places.enter()] == [True, True]
    assert not places.enter(), "waited in vain"
    places.leave()
    assert places.enter()


def test_who_waits_gets_the_place_that_becomes_free_and_the_next_one_does_not_wait() -> None:
    places = Places(slots=1, queue=1, patience=10)
    assert places.enter()
    got: list[bool] = []
    waiting = threading.Thread(target=lambda: got.append(places.enter()))
    waiting.start()
    while places._waiting == 0:
        time.sleep(0.001)
    begun = time.monotonic()
    assert not places.enter()
    assert time.monotonic() - begun < 1
    places.leave()
    waiting.join()
    assert got == [True]


def test_of_sixty_four_at_once_on_a_slow_page_everybody_is_answered_within_seconds(
    own_database: str, server_of: Served
) -> None:
    with server_of(own_database, SLOTS="4", JINGWEI_QUEUE="16") as address, ThreadPoolExecutor(64) as clients:
        answers = list(clients.map(lambda _: get(address, "/slow"), range(64)))
        watched = get(address, "/-/alive")
    counted = Counter(status for status, *_ in answers)
    assert set(counted) == {200, 503}
    assert 4 <= counted[200] <= 20, "those who had a place, and those who got one in time"
    assert max(seconds for *_, seconds in answers) < 8
    turned_away = [(response, body) for status, response, body, _ in answers if status == 503]
    assert {response.headers["Retry-After"] for response, _ in turned_away} == {"5"}
    assert {"当前使用的人较多" in body for _, body in turned_away} == {True}
    assert watched[0] == 200


def test_a_statement_that_takes_too_long_ends_in_a_sentence(own_database: str, server_of: Served) -> None:
    with server_of(own_database, JINGWEI_STATEMENT_TIMEOUT="300") as address:
        status, response, body, seconds = get(address, "/stuck")
        metrics = get(address, "/-/metrics")[2]
    assert (status, response.headers["Retry-After"]) == (503, "5")
    assert "请过半分钟再试" in body
    assert seconds < 5
    assert 'jingwei_database_pool{state="used"}' in metrics
    assert 'jingwei_turned_away_total{why="statement took too long"} 1.0' in metrics
    assert 'jingwei_requests_total{method="GET",status="503",view="stuck"} 1.0' in metrics


def test_whoever_watches_gets_in_while_all_places_are_taken(own_database: str, server_of: Served) -> None:
    with (
        server_of(own_database, SLOTS="1", JINGWEI_QUEUE="1") as address,
        ThreadPoolExecutor(8) as clients,
    ):
        slow = [clients.submit(get, address, "/slow") for _ in range(6)]
        time.sleep(0.2)
        seen = [get(address, path)[0] for path in ("/-/alive", "/-/ready", "/-/metrics")]
        done = [one.result()[0] for one in slow]
    assert seen == [200, 200, 200]
    assert Counter(done)[503] >= 4


def owner(server: Path, database: str) -> psycopg.Connection[Any]:
    """A connection of the owner's, beside the server's own."""
    return psycopg.connect(host=str(server), user="jingwei_owner", dbname=database, autocommit=True)


def test_whoever_waits_for_a_lock_is_told_so_and_the_next_one_is_served(
    own_database: str, server: Path, server_of: Served
) -> None:
    with server_of(own_database, JINGWEI_LOCK_TIMEOUT="300") as address, owner(server, own_database) as other:
        with other.transaction():
            other.execute("LOCK TABLE running_bucket IN ACCESS EXCLUSIVE MODE")
            status, _, body, seconds = get(address, "/c/K7P4X-29XDM/")
        after = get(address, "/c/K7P4X-29XDM/")[0]
    assert (status, after) == (503, 422)
    assert seconds < 5
    assert "请过半分钟再试" in body


def test_connections_that_the_database_cut_are_replaced(own_database: str, server: Path, server_of: Served) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = %s"
    with server_of(own_database) as address, owner(server, own_database) as other:
        before = get(address, "/progress/")[0], get(address, "/c/K7P4X-29XDM/")[0]
        other.execute(cut, ["jingwei_server"])
        after = [get(address, "/c/K7P4X-29XDM/")[0] for _ in range(4)]
    assert before == (200, 422)
    assert after == [422] * 4


def test_a_page_s_connection_has_bounds_and_comes_from_a_pool_as_large_as_the_gate(settings: Any) -> None:
    entry = entry_for_requests({"NAME": "jingwei", "CONN_MAX_AGE": 600, "OPTIONS": {"application_name": "jingwei"}})
    assert entry["CONN_MAX_AGE"] == 0
    assert entry["OPTIONS"]["application_name"] == "jingwei"
    assert entry["OPTIONS"]["options"] == (
        "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"
    )
    assert entry["OPTIONS"]["pool"]["max_size"] == settings.GATE_SLOTS + SPARE
