"""By-laws of proxies: what strangers write into a header is nobody's address."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from jingwei.running.addresses import BadProxies, client, household_of, is_near, networks
from jingwei.running.arriving import Arriving

from .conftest import asked

OURS = networks("10.0.0.0/24, 2001:db8::5")


@pytest.mark.parametrize(
    ("remote", "forwarded", "believed"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "1.2.3.4, 198.51.100.1, 10.0.0.6", "198.51.100.1"),
        ("10.0.0.5", "10.0.0.7, 10.0.0.6", "10.0.0.7"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "198.51.100.1, nonsense", "10.0.0.5"),
        ("10.0.0.5", "nonsense, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.5", '"[2001:db8:9::1]:4711"', "2001:db8:9::1"),
        ("2001:db8::5", "::ffff:198.51.100.1", "198.51.100.1"),
        ("::ffff:10.0.0.5", "198.51.100.1", "198.51.100.1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_last_hop_that_is_not_ours_is_believed(remote: str, forwarded: str, believed: str) -> None:
    assert client(remote, forwarded, OURS) == believed


@given(said=st.text(max_size=60), stranger=st.ip_addresses(v=4).map(str).filter(lambda a: not a.startswith("10.0.0.")))
def test_whatever_a_stranger_writes_he_stays_who_he_is(said: str, stranger: str) -> None:
    assert client(stranger, said, OURS) == stranger
    assert client("10.0.0.5", f"{said},{stranger}", OURS) == stranger


def test_a_setting_that_is_no_network_is_refused_by_name() -> None:
    with pytest.raises(BadProxies, match=r"proxy\.local' is no address"):
        networks("10.0.0.5, proxy.local")


def arrived(settings: Any, proxies: str, path: str = "/", **meta: str) -> HttpRequest:
    """A request as the pages see it."""
    settings.TRUSTED_PROXIES = networks(proxies)
    request = asked(path, **meta)
    Arriving(lambda request: HttpResponse())(request)
    return request


def test_only_a_proxy_of_ours_makes_a_connection_secure(settings: Any) -> None:
    secure = {"HTTP_X_FORWARDED_PROTO": "https"}
    assert arrived(settings, "10.0.0.5", REMOTE_ADDR="10.0.0.5", **secure).is_secure()
    assert not arrived(settings, "10.0.0.5", REMOTE_ADDR="203.0.113.9", **secure).is_secure()
    assert not arrived(settings, "", REMOTE_ADDR="127.0.0.1", **secure).is_secure()
    both = {"HTTP_X_FORWARDED_PROTO": "https, http"}
    assert not arrived(settings, "10.0.0.5", REMOTE_ADDR="10.0.0.5", **both).is_secure()


def test_the_name_of_our_own_mark_cannot_be_sent(settings: Any) -> None:
    assert not arrived(settings, "", **{"HTTP_JINGWEI_SCHEME": "https", "HTTP_JINGWEI.SCHEME": "https"}).is_secure()


@pytest.mark.parametrize(
    ("meta", "near"),
    [
        ({}, True),
        ({"REMOTE_ADDR": "::1"}, True),
        ({"REMOTE_ADDR": "203.0.113.9"}, False),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        ({"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, False),
        ({"HTTP_X_REAL_IP": "203.0.113.9"}, False),
        ({"HTTP_VIA": "1.1 proxy"}, False),
        ({"REMOTE_ADDR": ""}, False),
    ],
)
@pytest.mark.parametrize("proxies", ["", "127.0.0.1"])
def test_near_is_who_comes_from_this_machine_and_through_nobody(
    settings: Any, meta: dict[str, str], near: bool, proxies: str
) -> None:
    assert is_near(arrived(settings, proxies, **meta)) is near


def test_a_request_that_did_not_arrive_through_the_door_is_not_near() -> None:
    assert not is_near(asked())


def test_a_number_is_taken_over_from_our_proxy_only_and_only_if_it_is_one(settings: Any) -> None:
    number = "0af7651916cd43dd8448eb211c80319c"
    ours = {"REMOTE_ADDR": "10.0.0.5", "HTTP_X_REQUEST_ID": number}
    assert arrived(settings, "10.0.0.5", **ours).number == number  # type: ignore[attr-defined]
    for other in ({**ours, "REMOTE_ADDR": "203.0.113.9"}, {**ours, "HTTP_X_REQUEST_ID": "a\nb" * 9}):
        assert arrived(settings, "10.0.0.5", **other).number not in (number, "a\nb" * 9)  # type: ignore[attr-defined]


def test_a_household_is_counted_as_one(settings: Any) -> None:
    assert household_of(asked(REMOTE_ADDR="203.0.113.9")) == "203.0.113.9"
    assert household_of(asked(REMOTE_ADDR="2001:db8:1:2:3:4:5:6")) == "2001:db8:1:2::/64"
    assert household_of(asked(REMOTE_ADDR="")) == "None"
