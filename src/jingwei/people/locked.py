"""Columns that hold personal data: what is written is locked on its way to the database and opened on its way back."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from jingwei.people.keys import keyring

SHAPE = re.compile(r"locked:(?P<label>[a-z0-9]+(?:\.[a-z0-9]+)?):(?P<rest>[A-Za-z0-9+/=]+)", re.ASCII)
"""How locked text stands in a column: the key and the cipher in clear, the rest in base64."""


@dataclass(frozen=True)
class Column:
    """A column with locked values. `bound` is the field's name as bound into them; `marked` holds their marks,
    made from what `marks` gives of a value."""

    table: str
    name: str
    bound: str
    binary: bool = False
    marked: str = ""
    marks: Callable[[str], str] = str


COLUMNS: list[Column] = []
"""Every column a change of key has to visit."""


def locked_text(plain: str, bound: str) -> str:
    """`plain` as it stands in a column of text; empty stays empty, so that it can be told from something."""
    if not plain:
        return ""
    label, _colon, rest = keyring().lock(plain, bound).partition(b":")
    return f"locked:{label.decode()}:{base64.b64encode(rest).decode()}"


def opened_text(stored: str, bound: str) -> str:
    """What was locked; what was written before the column was locked reads as it stands. Raises Locked."""
    said = SHAPE.fullmatch(stored)
    if said is None:
        return stored
    return keyring().unlock(f"{said['label']}:".encode() + base64.b64decode(said["rest"]), bound)


class LockedText(models.TextField):  # type: ignore[type-arg]
    """A text column whose values are locked in the database and plain in the program.

    It cannot be searched, sorted or compared by the database. To a migration it is a plain text column, since the
    table does not differ. A statement that writes past the ORM puts `field.get_prep_value(words)` in.
    """

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Remember the column among those that a change of key visits."""
        super().contribute_to_class(cls, name, private_only)
        if cls.__module__ != "__fake__" and not cls._meta.abstract:
            self.bound = f"{cls._meta.label_lower}.{name}"
            table = cls._meta.db_table or f"{cls._meta.app_label}_{cls._meta.model_name}"
            COLUMNS.append(Column(table, self.get_attname(), self.bound))

    def deconstruct(self) -> Any:
        """As a migration writes it: a text column."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def get_prep_value(self, value: Any) -> Any:
        """Lock on the way in."""
        return None if value is None else locked_text(str(value), self.bound)

    def from_db_value(self, value: str | None, _expression: object, _connection: BaseDatabaseWrapper) -> str | None:
        """Open on the way out."""
        return None if value is None else opened_text(value, self.bound)
