"""What the fixture `some` is to a test that asks for it."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Some(Protocol):
    """Draws a few of many things, in their order; all of them with --long."""

    def __call__(self, things: Iterable[T], many: int) -> list[T]: ...
