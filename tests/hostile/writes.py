"""What was written to the database while somebody only looked, or was refused."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

WRITING = re.compile(r"\s*(?:WITH\b.*?)?\b(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|MERGE INTO)\s+\"?(\w+)", re.I | re.S)
SESSION = {"django_session", "accounts_session", "running_bucket"}
"""A session, and a count of tries, is not a record: it may begin, and turn to another page, by looking."""


@contextmanager
def written() -> Iterator[list[str]]:
    """Inside this block, the tables that statements write to, sessions left out."""
    from django.db import connection

    tables: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITING.match(sql)
        if found and found[2].lower() not in SESSION:
            tables.append(found[2])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables
