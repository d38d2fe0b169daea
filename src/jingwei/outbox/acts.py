"""Putting something into the outbox: it is done soon after, if and only if the deed that asked stands."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from jingwei.outbox.models import Message, UsedKey

KEYS_KEPT = timedelta(days=90)
"""How long a used key is remembered; nobody asks for the same thing again after that."""


def putting(rows: str, used: str) -> tuple[str, str]:
    """Two statements that put the messages which the relation `rows` tells, as parts of one statement.

    `rows` has the columns topic, key, payload, at and due; `used` is the name the first statement goes by.
    """
    return (
        f"INSERT INTO outbox_usedkey (key, put_at) SELECT key, at FROM {rows} ON CONFLICT DO NOTHING RETURNING key",
        "INSERT INTO outbox_message (topic, key, payload, due_at) "
        f"SELECT r.topic, r.key, r.payload, r.due FROM {rows} r JOIN {used} USING (key) "
        "ON CONFLICT DO NOTHING RETURNING 1",
    )


_TOLD = """
WITH told AS (
    SELECT %s::text AS topic, %s::text AS key, %s::jsonb AS payload, %s::timestamptz AS at, %s::timestamptz AS due
), fresh AS ({}), waiting AS ({}) SELECT 1
""".format(*putting("told", "fresh"))


def put(topic: str, payload: Mapping[str, Any], *, key: str, at: datetime, due: datetime | None = None) -> None:
    """Keep a message for the worker, in the caller's transaction; it is due at `due`, else at once.

    `key` says which happening this is ("case.assigned:4711:mail:12"); put twice, also after it was handled,
    it is done once. The payload holds ids, never what a person wrote.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [topic, key, json.dumps(payload), at, due or at])


def try_again(at: datetime, *, topic: str | None = None) -> int:
    """Take stuck messages (of one topic, or all) up again from `at`; how many."""
    stuck = Message.objects.filter(stuck=True)
    if topic is not None:
        stuck = stuck.filter(topic=topic)
    return stuck.update(stuck=False, tries=0, due_at=at)


def forget_used_keys(at: datetime) -> int:
    """Forget keys used longer ago than `KEYS_KEPT`; how many. A waiting message's key stays unique."""
    forgotten, _ = UsedKey.objects.filter(put_at__lt=at - KEYS_KEPT).delete()
    return forgotten
