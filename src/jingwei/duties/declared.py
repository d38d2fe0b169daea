"""What duties there are, and by which records they are met: declared in one line each, beside their subject.

A duty is met by a record that exists anyway (a meeting with minutes, an activity held, a visit), never by a
check-in (国办函〔2026〕12号). A duty without such a record (`SHOWN`) is laid out and shown, and never counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from jingwei.duties.models import Turn

    Word: TypeAlias = str | _StrPromise
else:
    Word = str | Promise


@dataclass(frozen=True)
class Found:
    """A record that meets a turn: the turn's id, the record's id, and when what it records took place."""

    turn: int
    record: int
    at: datetime


Finds: TypeAlias = "Callable[[Sequence[Turn]], Iterable[Found]]"
"""Which records meet which of these turns; asked again whenever one may have come or gone, so it never counts up."""


@dataclass(frozen=True)
class Record:
    """A sort of record that meets duties: what it is called, how it is found, where it is read and begun."""

    name: str
    title: Word
    finds: Finds | None = None
    page: Callable[[int], str] | None = None
    """The address of a record."""
    begin: Callable[[Turn], str] | None = None
    """The address at which the record of a turn is begun, by whoever owes it."""
    made_of: str = ""
    """The record it is a part in, as one takes part in an activity: the same sorts of it meet a duty."""
    named: Callable[[Sequence[int]], Mapping[int, str]] | None = None
    """What some records are called, as anybody may read it; those that were never announced are left out."""


SHOWN = Record("shown", _("Shown, leaves no record"))
"""For what is done and owes no record, as a round through the grid that found nothing."""


@dataclass(frozen=True)
class Duty:
    """Something that recurs. Who owes it and how often is the pack's; `title` is what it is called without a pack."""

    name: str
    title: Word
    met_by: Record = SHOWN

    def __post_init__(self) -> None:
        if self.name in DUTIES:
            raise DeclaredTwice(f"Two duties are named {self.name!r}; a stored name belongs to one duty for ever.")
        DUTIES[self.name] = self


class DeclaredTwice(ValueError):
    """A stored name belongs to one duty for ever."""


DUTIES: dict[str, Duty] = {}
"""Every duty there is, by its stored name."""

Duty("round", _("Round through the grid"))
