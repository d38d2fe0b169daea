"""Which days' parts make up a number, and of which whole months and single days they consist."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from jingwei.figures.counting import Question
from jingwei.figures.declared import Stock
from jingwei.worktime import Period


@dataclass(frozen=True)
class Span:
    """Days from first to last, within; `grain` m: of whole months, d: day by day."""

    grain: str
    first: date
    last: date


def days_of(question: Question, period: Period) -> tuple[date, date] | None:
    """The days whose parts are added up: of a flow those of the period, of a stock all up to its end. None: no day.

    What the cut-off leaves out of a period that runs is left out with its subjects.
    """
    if not isinstance(question.figure, Stock):
        return period.first, period.last
    if period.start is not None and period.start > question.known:
        return None
    return date.min, date.max if period.end is None or period.end > question.known else period.last


def cut(first: date, last: date) -> Iterator[Span]:
    """Days as whole months, and what is left before and behind them, as days."""
    begin = first if first.day == 1 else (first.replace(day=28) + 4 * _DAY).replace(day=1)
    ends_a_month = last == date.max or (last + _DAY).day == 1
    stop = last if ends_a_month else last.replace(day=1) - _DAY
    if begin > stop:
        yield Span("d", first, last)
        return
    if first < begin:
        yield Span("d", first, begin - _DAY)
    yield Span("m", begin, stop)
    if stop < last:
        yield Span("d", stop + _DAY, last)


_DAY = timedelta(days=1)
