"""What the tests of accounts share: people with a password of the test's own, and the trail's lines of a verb."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jingwei.trail.models import Line
from people_fixtures.qingshi import Qingshi

PASSWORD = "Moss-lamp-finch-0001"  # the test's own


@pytest.fixture
def secret(qingshi: Qingshi) -> Callable[[str], str]:
    """Gives somebody the test's password; her username."""

    def _set(username: str) -> str:
        account = qingshi.account(username)
        account.set_password(PASSWORD)
        account.save()
        return username

    return _set


@pytest.fixture
def told() -> Callable[[str], list[dict[str, Any]]]:
    """The facts of the trail's lines of a verb, oldest first."""
    return lambda verb: list(Line.objects.filter(verb=verb).order_by("id").values_list("facts", flat=True))


def enter(client: Client, username: str, password: str = PASSWORD, **more: Any) -> Any:
    """Try to sign in."""
    return client.post(reverse("desk:sign_in"), {"username": username, "password": password}, **more)


def body_of(answer: Any) -> bytes:
    """An answer read to its end, its file closed; the test's connection stays open, as `answer.close()` would not."""
    if not answer.streaming:
        return bytes(answer.content)
    body = b"".join(answer.streaming_content)
    for close in answer._resource_closers:
        close()
    return body
