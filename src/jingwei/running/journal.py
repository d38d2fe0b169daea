"""What the server writes down: JSON lines, one a happening, without names, numbers, words or codes of anybody."""

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any

import structlog

from jingwei.running.busy import sqlstate

SILENT = ("django.request", "django.security", "django.security.csrf", "django.security.DisallowedHost")
"""Loggers that write addresses of pages, which may hold a case's code, or names that were typed. What they would
say stands in the line of the request: view, status, class of the error."""

DEEPEST = 40
"""Frames of a traceback that are kept, the innermost."""


def logging_settings(level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to the error output, a JSON object a line."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": BEFORE,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False, default=_name_of),
                ],
            }
        },
        "filters": {"errors": {"()": ErrorsByClass}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["errors"]},
            "nothing": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            **{name: {"handlers": ["nothing"], "propagate": False} for name in SILENT},
            "jingwei": {"level": level},
            "jingwei.requests": {"level": "INFO"},
        },
    }


def fault_of(error: BaseException) -> dict[str, Any]:
    """An error as it may be written down: its classes and where it happened.

    Never its text: a database says `Key (telephone)=(138…) already exists`, `int()` quotes what was typed. Of a
    database's error its SQLSTATE, table, column and constraint say as much, and they are ours.
    """
    said: dict[str, Any] = {"fault": _name_of(error), "trace": _frames(error.__traceback__)}
    if state := sqlstate(error):
        said["sqlstate"] = state
        diag = getattr(error, "diag", None) or getattr(error.__cause__, "diag", None)
        for part in ("table_name", "column_name", "constraint_name"):
            if found := getattr(diag, part, None):
                said[part] = found
    causes = []
    seen = {id(error)}
    before = error.__cause__ or error.__context__
    while before is not None and id(before) not in seen:
        seen.add(id(before))
        causes.append({"fault": _name_of(before), "trace": _frames(before.__traceback__)[-3:]})
        before = before.__cause__ or before.__context__
    return said | ({"causes": causes} if causes else {})


def _frames(trace: TracebackType | None) -> list[str]:
    """file:line function, outermost first; no source, no values."""
    frames = traceback.extract_tb(trace)[-DEEPEST:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(path: str) -> str:
    for mark in ("/site-packages/", "/src/", "/lib/"):
        if mark in path:
            return path.rpartition(mark)[2]
    return path


def _name_of(error: object) -> str:
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")


def _without_text(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Put an error's classes and frames in the place of what logging would print of it."""
    info = event.pop("exc_info", None)
    record = event.get("_record")
    if info is None and record is not None:
        info, record.exc_info, record.exc_text = record.exc_info, None, None
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    return {**event, **fault_of(error)} if isinstance(error, BaseException) else event


class ErrorsByClass(logging.Filter):
    """Where an error was to be printed into a sentence, print its class."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_name_of(arg) if isinstance(arg, BaseException) else arg for arg in record.args)
        return True


BEFORE: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _without_text,
]

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *BEFORE,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
