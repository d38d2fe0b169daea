"""By-laws of a server that is full: everybody is answered soon, most by a sentence, nobody by a time-out."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from http.client import HTTPConnection, HTTPResponse

from jingwei.running.gate import Places

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
