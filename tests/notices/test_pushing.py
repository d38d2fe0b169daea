"""A county's relay is told once, by a signed push without personal data, and holds nobody up."""

import hashlib
import hmac
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import Settings

from jingwei.notices.acts import tell
from jingwei.notices.addresses import BadWebhook, webhooks
from jingwei.notices.pushing import NoSecret, NotTaken, push
from jingwei.notices.resting import LeftAlone
from jingwei.outbox.models import Message
from jingwei.outbox.worker import work_once
from jingwei.policy.notices import Event

from .conftest import NOON, SECRET, Office, Relay

LATER = NOON + timedelta(minutes=1)


def told(office: Office, key: str = "case:123:overdue") -> None:
    """Tell the water company that 123 is overdue."""
    tell(Event.OVERDUE, office.water, subject=("case", 123), label="WS123 供水·桂花苑", at=NOON, key=key, due=NOON)


def fault() -> tuple[int, str]:
    """Tries and last error of the push that waits."""
    return Message.objects.values_list("tries", "fault").get(topic="notice.webhook")


def test_a_push_is_signed_and_says_what_happened_without_personal_data(office: Office, relay: Relay) -> None:
    told(office)
    work_once(NOON)
    (sent,) = relay.taken
    expected = hmac.new(SECRET.encode(), sent.body, hashlib.sha256).hexdigest()
    assert sent.headers["X-Jingwei-Signature"] == f"sha256={expected}"
    assert sent.path == "/notices?of=weishui"
    assert sent.said == {
        "id": "notice.webhook:case:123:overdue",
        "event": "overdue",
        "heading": "已逾期",
        "words": "WS123 供水·桂花苑 已逾期。期限：2026-03-02 12:00。",
        "label": "WS123 供水·桂花苑",
        "county": "990121",
        "post": {"id": office.water.pk, "title": "供水公司·受理岗"},
        "subject": {"type": "case", "id": 123},
        "at": "2026-03-02T12:00:00+08:00",
        "due": "2026-03-02T12:00:00+08:00",
        "link": "http://127.0.0.1:8000/desk/",
    }


def test_told_twice_is_pushed_once(office: Office, relay: Relay) -> None:
    for _time in range(2):
        told(office)
        work_once(NOON)
    assert len(relay.taken) == 1


def test_a_push_the_relay_fails_at_is_tried_again_under_the_same_key(office: Office, relay: Relay) -> None:
    told(office)
    relay.status = 500
    work_once(NOON)
    assert fault() == (1, "jingwei.notices.pushing.NotTaken")
    work_once(NOON)
    assert len(relay.taken) == 1
    relay.status = 204
    work_once(LATER)
    first, second = relay.taken
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert first.body == second.body
    assert not Message.objects.filter(topic="notice.webhook").exists()


def test_a_redirect_is_not_followed(relay: Relay) -> None:
    relay.status, relay.location = 302, relay.address
    with pytest.raises(NotTaken, match="302"):
        push(relay.address, {}, key="k", secret=SECRET)
    assert len(relay.taken) == 1


def test_a_relay_that_says_nothing_is_hung_up_on(relay: Relay, in_seconds: Callable[[float], None]) -> None:
    in_seconds(0.2)
    relay.pause = 1.0
    began = time.monotonic()
    with pytest.raises((OSError, NotTaken)):
        push(relay.address, {}, key="k", secret=SECRET)
    assert time.monotonic() - began < 0.9


def test_a_relay_that_trickles_is_hung_up_on_too(relay: Relay, in_seconds: Callable[[float], None]) -> None:
    in_seconds(0.3)
    relay.trickles = True
    began = time.monotonic()
    with pytest.raises(Exception):  # noqa: B017 (what a torn line is called differs)
        push(relay.address, {}, key="k", secret=SECRET)
    assert time.monotonic() - began < 1.5


def test_a_relay_that_hung_is_left_alone_and_holds_nobody_else_up(
    office: Office, relay: Relay, in_seconds: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_seconds(0.2)
    monkeypatch.setattr("jingwei.notices.resting.LONG", 0.1)
    relay.pause = 0.6
    for number in range(20):
        told(office, f"case:{number}")
    began = time.monotonic()
    work_once(NOON, limit=100)
    assert time.monotonic() - began < 2
    assert len(relay.taken) == 1
    with pytest.raises(LeftAlone):
        push(relay.address, {}, key="k", secret=SECRET)


def test_nothing_is_pushed_unsigned(relay: Relay) -> None:
    with pytest.raises(NoSecret):
        push(relay.address, {}, key="k", secret="")
    assert relay.taken == []


def test_a_county_without_a_relay_pushes_nothing(office: Office, settings: Settings) -> None:
    settings.JINGWEI_WEBHOOK = {}
    told(office)
    work_once(NOON)
    assert not Message.objects.filter(topic="notice.webhook").exists()


def test_webhooks_are_read_from_the_environment() -> None:
    assert webhooks("") == {}
    assert webhooks("990121=https://a.test/n?k=v 990122=http://10.0.0.7:8080/x") == {
        "990121": "https://a.test/n?k=v",
        "990122": "http://10.0.0.7:8080/x",
    }
    for bad in ("990121", "990121=ftp://a.test/", "990121=file:///etc/passwd", "1=http://a/ 1=http://b/"):
        with pytest.raises(BadWebhook):
            webhooks(bad)
