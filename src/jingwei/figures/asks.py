"""What is asked of figures at once, and which cells of a roll-up can tell it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from jingwei.figures.belonging import Eyes
from jingwei.figures.counting import Question
from jingwei.figures.days import Span, cut, days_of
from jingwei.figures.declared import Dimension
from jingwei.figures.rollups import WHOLE_TO, differing
from jingwei.places.models import Place
from jingwei.worktime import Period

Key: TypeAlias = tuple[str, Any]
"""Path of the place and value of the dimension, of what is asked by; both empty where it is asked by nothing."""


@dataclass(frozen=True)
class Ask:
    """A question of several periods: in all, for each of some places, for each value of a dimension, or for both."""

    question: Question
    periods: Sequence[Period]
    places: Sequence[Place] = ()
    by: Dimension | None = None


@dataclass(frozen=True)
class Rolled:
    """From which roll-up a question is read, and with which eyes."""

    pk: int
    eyes: Eyes


def dimension_of(ask: Ask) -> str | None:
    """The one dimension whose cells tell it, an empty word for those of all; None: no cells do."""
    names = {*ask.question.picked, *([ask.by.name] if ask.by else [])} & {d.name for d in ask.question.figure.on.by}
    belongs = ask.question.figure.on.belongs
    if belongs is None or len(names) > 1 or names - differing(belongs).keys():
        return None
    return next(iter(names), "")


def spans_of(ask: Ask) -> list[tuple[int, Span]] | None:
    """By number of the period, the spans whose cells make it up; None where cells do not."""
    narrowed, deep = bool(ask.by or ask.question.picked), _deep(ask)
    if narrowed and deep:
        return None
    found: list[tuple[int, Span]] = []
    for n, period in enumerate(ask.periods):
        if (days := days_of(ask.question, period)) is not None:
            found += [(n, span) for span in cut(*days)]
    return None if (narrowed or deep) and any(span.grain == "d" for _n, span in found) else found


def _deep(ask: Ask) -> bool:
    return max(p.path.count("/") for p in (*ask.places, ask.question.place)) > WHOLE_TO
