"""Questions whose best plan depends on what they ask for."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def planned_for_what_is_asked() -> Iterator[None]:
    """Inside, every question is planned with its own values.

    A question asked often is prepared, and PostgreSQL soon plans it once for all values. For a list that is dear: how
    much of a county lies on one ground, or is late, decides by which index it is read. A community's badges over a
    million cases took 40 and 150 ms by the plan for all, 3 and 4 ms by their own (planning: half a millisecond).
    """
    connection.ensure_connection()
    raw = connection.connection
    threshold, raw.prepare_threshold = raw.prepare_threshold, None
    try:
        yield
    finally:
        raw.prepare_threshold = threshold
