"""A form that is sent twice is done once, where what it writes has no key of its own to tell it by."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.http import HttpRequest

from jingwei.running.models import Sent

KEPT = timedelta(days=2)
"""Longer than any session, so that a page left open overnight is still known in the morning."""


@contextmanager
def once(request: HttpRequest, at: datetime) -> Iterator[bool]:
    """Whether the form of this request was not done before. What is done in the block and the note of it stand or
    fall together; of two sent at the same moment the second waits for the first.

    The form carries `{% once %}`; one without a key is taken for a new one.
    """
    with transaction.atomic():
        yield _is_new(request, at)


def sweep(at: datetime) -> int:
    """Forget forms that were sent long ago; how many."""
    return Sent.objects.filter(at__lt=at - KEPT).delete()[0]


def was_sent(request: HttpRequest) -> bool:
    """Whether the form of this request was done before, for whoever asks before anything of it is looked at."""
    key = _key(request)
    return key is not None and Sent.objects.filter(key=key).exists()


def _is_new(request: HttpRequest, at: datetime) -> bool:
    key = _key(request)
    return key is None or Sent.objects.get_or_create(key=key, defaults={"at": at})[1]


def _key(request: HttpRequest) -> UUID | None:
    try:
        return uuid5(UUID(request.POST.get("key", "")), request.path_info)
    except ValueError:
        return None
