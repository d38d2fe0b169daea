"""Proving what is kept added up: every number of it is counted from its rows, and has to be the same."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min

from jingwei.figures.answering import answers, read_from
from jingwei.figures.asks import Ask, Key
from jingwei.figures.counting import Question
from jingwei.figures.declared import Counted
from jingwei.figures.models import Cell
from jingwei.figures.rollups import WHOLE_TO, belongings, differing, rolled_figures
from jingwei.places.models import PATH_LAYERS, Place
from jingwei.places.queries import standing
from jingwei.policy.models import County
from jingwei.worktime import ALL, Every, Period, periods


@dataclass(frozen=True)
class Differs:
    """A number that is not the count of its rows."""

    figure: str
    period: str
    where: Key
    kept: int
    counted: int

    def __str__(self) -> str:
        path, value = self.where
        return (
            f"{self.figure} {self.period} {path} {value or ''}：汇总为 {self.kept}，逐行计数为 {self.counted}。"
            f"运行 ./jingwei figures rebuild {self.figure} · kept {self.kept}, counted {self.counted}"
        )


class NotReady(str):
    """A figure that is not kept added up yet; its number is counted from its rows meanwhile."""

    warning = True


LATEST = 3
"""Months that are proved of every place and value; the others of the county, and of every place all together."""


def differences(at: datetime) -> Iterator[Differs | NotReady]:
    """What is kept otherwise than it is counted, in every county."""
    for county in County.objects.order_by("pk"):
        top = standing(county.pk, "county").first()
        if top is not None:
            with _one_moment():
                for figure in rolled_figures():
                    yield from _of(figure, top, at)


def _of(figure: Counted, top: Place, at: datetime) -> Iterator[Differs | NotReady]:
    question = Question(figure, top, ALL, at, None)
    grounds = list(standing(top.county_id).filter(rank=0, layer__in=PATH_LAYERS).order_by("path"))
    months = _months(at)
    asks = [Ask(question, months, [top]), Ask(question, [ALL, *months[-LATEST:]], grounds)]
    deep = [place for place in grounds if place.path.count("/") <= WHOLE_TO]
    asks += [replace(asks[1], places=deep, by=by) for by in figure.on.by if by.name in _kept_by()]
    for ask in asks:
        if not read_from([ask]):
            yield NotReady(f"{figure.full_name}：尚未汇总，暂按逐行计数 · not kept added up yet, counted from its rows")
            return
        yield from _compared(figure, ask.periods, answers([ask])[0], answers([ask], plain=True)[0])


def _compared(
    figure: Counted, asked: Sequence[Period], kept: list[dict[Key, int]], counted: list[dict[Key, int]]
) -> Iterator[Differs]:
    for period, ours, theirs in zip(asked, kept, counted, strict=True):
        for where in sorted(ours.keys() | theirs.keys(), key=repr):
            if ours.get(where, 0) != theirs.get(where, 0):
                yield Differs(figure.full_name, str(period), where, ours.get(where, 0), theirs.get(where, 0))


def _kept_by() -> set[str]:
    belongs = belongings(rolled_figures())
    return set(differing(belongs)) if belongs else set()


def _months(at: datetime) -> list[Period]:
    """The months of which anything is kept."""
    known: dict[str, Any] = Cell.objects.filter(grain="m", day__year__gt=1).aggregate(first=Min("day"), last=Max("day"))
    return list(periods(Every.MONTH, known["first"], min(known["last"], at.date()))) if known["first"] else []


@contextmanager
def _one_moment() -> Iterator[None]:
    """Both counts see one moment of the database, while acts go on. Trap: it is said before anything is asked."""
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
