"""What a request asked of the database: how many statements, how long, and which were slow. Never with values."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.conf import settings

log = structlog.get_logger("jingwei.slow")

LITERAL = re.compile(r"E?'(?:[^']|'')*'|\$\$.*?\$\$|\b\d{4,}\b", re.DOTALL)
"""What may be a value that somebody wrote into the statement's text instead of beside it."""
LONGEST = 1500


@dataclass
class Counted:
    """The statements of one request."""

    name: Callable[[], str]
    """The view's name, known only after the address was understood."""
    count: int = 0
    seconds: float = 0.0
    slow: int = field(default=0)

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Run one statement and note how long it took; as `connection.execute_wrapper` wants it."""
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = time.perf_counter() - begun
            self.count += 1
            self.seconds += took
            if took * 1000 >= settings.SLOW_QUERY_MS:
                self.slow += 1
                said = shown(sql)
                log.warning("slow statement", view=self.name(), ms=round(took * 1000), nth=self.count, sql=said)


def shown(sql: object) -> str:
    """A statement as it may be written down: without literals, on one line, cut at `LONGEST`."""
    text = sql if isinstance(sql, str) else repr(type(sql))
    return " ".join(LITERAL.sub("?", text).split())[:LONGEST]
