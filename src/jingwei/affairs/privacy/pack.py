"""Brings together every personal field that the rooms register, and how each is erased; the house needs both."""

from jingwei.accounts import forgetting as _accounts  # noqa: F401
from jingwei.casework import forgetting as _casework  # noqa: F401
from jingwei.people import forgetting as _people  # noqa: F401
from jingwei.people.erasing import without_eraser


class NotErasable(Exception):
    """A personal field that the code can store, the code can erase."""


if left := without_eraser():
    raise NotErasable(f"Nobody knows how to erase {', '.join(sorted(left))}; register an eraser beside the field.")
