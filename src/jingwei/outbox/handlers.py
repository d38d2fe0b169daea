"""Who does what the outbox holds: one handler for each topic, and the tasks that come round by themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from django.utils.module_loading import autodiscover_modules


class Handler(Protocol):
    """Does what one message asks. Its writes to the database happen in the transaction that removes the
    message; what it does outside carries `key`, so that the other side knows a repetition.
    """

    def __call__(self, payload: dict[str, Any], *, key: str) -> None:
        """Do it, or raise: then nothing of it stays, and it is tried again later."""


Task = Callable[[datetime], object]
H = TypeVar("H", bound=Handler)


@dataclass(frozen=True)
class Periodic:
    """A task that comes round every `every`; `name` is where it stands in the code."""

    name: str
    every: timedelta
    task: Task


class TakenTwice(ValueError):
    """A topic has one handler and a task comes round once: a second registration is a slip of the pen."""


handlers: dict[str, Handler] = {}
rounds: dict[str, Periodic] = {}


def handler(topic: str) -> Callable[[H], H]:
    """Register the function below as the one that handles `topic` ("notice.mail"). Raises TakenTwice."""

    def register(function: H) -> H:
        if topic in handlers:
            raise TakenTwice(f"The topic {topic!r} has a handler already; choose another topic.")
        handlers[topic] = function
        return function

    return register


def every(seconds: int) -> Callable[[Task], Task]:
    """Register the function below to be run by the worker every `seconds` seconds, by one worker at a time.

    It gets the moment `at`, runs outside any transaction, and may be run again after a crash, so it must be
    harmless when repeated. Rounds that were missed are caught up by one run. Raises TakenTwice.
    """

    def register(task: Task) -> Task:
        name = f"{getattr(task, '__module__', '')}.{getattr(task, '__qualname__', repr(task))}"
        if name in rounds:
            raise TakenTwice(f"{name} comes round already.")
        rounds[name] = Periodic(name, timedelta(seconds=seconds), task)
        return task

    return register


def load() -> None:
    """Import every room's `tasks.py`, where handlers and tasks are registered."""
    autodiscover_modules("tasks")
