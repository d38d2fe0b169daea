"""How long somebody has: "30 minutes", "2 working hours", "7 working days"."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar, Self

LONGEST = 99_999
_SHAPE = re.compile(r"([1-9][0-9]{0,4})\s+(?:(working)\s+)?(minute|hour|day)s?", re.IGNORECASE)


class Basis(StrEnum):
    """Whether nights, weekends and holidays count."""

    PLAIN = "plain"
    WORKING = "working"


class Unit(StrEnum):
    """What a span is counted in; a working day is the working time of one regular day."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


class BadSpan(ValueError):
    """A span is a whole number from 1 to 99999, perhaps the word "working", and minutes, hours or days."""

    sentence: ClassVar[str] = "'%(said)s' should read like '30 minutes', '2 working hours', '7 working days'"

    def __init__(self, said: object) -> None:
        self.facts = {"said": str(said)}
        super().__init__(self.sentence % self.facts)


@dataclass(frozen=True)
class Span:
    """An amount of plain or working time. Its text is canonical, and reads back as the same span."""

    amount: int
    unit: Unit
    basis: Basis = Basis.PLAIN

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= LONGEST:
            raise BadSpan(self)

    @classmethod
    def parse(cls, said: str) -> Self:
        """The span that `said` names; BadSpan where it names none."""
        shape = _SHAPE.fullmatch(said.strip())
        if shape is None:
            raise BadSpan(said)
        amount, working, unit = shape.groups()
        return cls(int(amount), Unit(unit.lower()), Basis.WORKING if working else Basis.PLAIN)

    def length(self, day: timedelta) -> timedelta:
        """The span as time, where a *working* day lasts `day`; a plain day is 24 hours."""
        if self.unit is Unit.DAY:
            return self.amount * (day if self.basis is Basis.WORKING else timedelta(days=1))
        return timedelta(hours=self.amount) if self.unit is Unit.HOUR else timedelta(minutes=self.amount)

    def __str__(self) -> str:
        working = "working " if self.basis is Basis.WORKING else ""
        return f"{self.amount} {working}{self.unit}{'' if self.amount == 1 else 's'}"
