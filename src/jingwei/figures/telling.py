"""What pages, sheets and programs say of a figure: its numbers in words, last period beside, and where it opens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jingwei.figures.answering import answers, total
from jingwei.figures.asking import Asked
from jingwei.figures.asks import Ask
from jingwei.figures.counting import Answer, folded, parts_of
from jingwei.figures.declared import BOOKS, Dimension, Figure, Figures, Share, every_figure
from jingwei.looks.periods import FROM_THE_BEGINNING, TITLES, period_title
from jingwei.worktime import ALL, Period


@dataclass(frozen=True)
class Line:
    """One line of a table that is its own chart: what, how many, where that opens, and how long its bar is."""

    title: str
    answer: Answer
    number: str
    opens: str
    within: str = ""
    """The page of figures of this line by itself, where there is one."""
    bar: float = 0
    last: str = ""
    key: str = ""


@dataclass(frozen=True)
class Block:
    """A table of lines under a title; `note` says what it leaves out."""

    title: str
    lines: Sequence[Line]
    note: str = ""
    name: str = ""


@dataclass(frozen=True)
class Tile:
    """A figure on the page of all of them."""

    figure: Figure
    answer: Answer
    number: str
    last: str
    page: str
    opens: str
    late: bool


def said(answer: Answer) -> str:
    """A number as it is read: grouped; a share with one decimal, in per cent or of so many; else a dash."""
    if answer.number is None:
        return "—"
    if answer.share is None:
        return f"{answer.number:,}"
    return f"{answer.share:.1%}" if answer.per == 100 else f"{answer.share * answer.per:,.1f}"


def page_of(figure: Figure, asked: Asked, **changes: str) -> str:
    """The address of a figure's own page."""
    return reverse("desk:figure", args=[figure.full_name]) + asked.address(**changes)


def rows_of(figure: Figure, asked: Asked, **changes: str) -> str:
    """The address of exactly the rows counted, as of the cut-off."""
    return reverse("desk:figure_rows", args=[figure.full_name]) + asked.rows_address(**changes)


def books_told(asked: Asked) -> list[tuple[type[Figures], list[Tile]]]:
    """Every book with its tiles, last period beside; cases first, the ground they stand on after. All asked at once."""
    told = asked.ask_all(every_figure(), asked.period.back(2))
    return [
        (book, [_tile(figure, asked, told[figure.full_name]) for figure in book.figures.values()])
        for book in reversed(BOOKS.values())
    ]


def _tile(figure: Figure, asked: Asked, answers: Sequence[Answer]) -> Tile:
    *before, now = answers
    opens = page_of(figure, asked) if isinstance(figure, Share) else rows_of(figure, asked)
    last = said(before[0]) if before else ""
    late = figure.late and bool(now.number)
    return Tile(figure, now, said(now), last, page_of(figure, asked), opens, late)


def trend(figure: Figure, asked: Asked) -> Block:
    """A figure over its last periods, the newest first."""
    periods = asked.period.back(asked.trend)
    answers = asked.ask(figure, periods)
    lines = [
        _line(
            figure,
            replace(asked, period=period),
            period_title(period),
            answer,
            page_of(figure, replace(asked, period=period)),
        )
        for period, answer in zip(periods, answers, strict=True)
    ]
    return Block(_("Trend"), _with_bars(lines[::-1]), name="trend")


def by_place(figure: Figure, asked: Asked) -> Block | None:
    """A figure for each place of the next layer; what stands on no place of that layer is told as well."""
    places = asked.places_below()
    if not places:
        return None
    asks = [Ask(asked.question(one), [asked.period], places) for one in parts_of(figure)]
    *found, whole = [numbers for [numbers] in answers([*asks, replace(asks[0], places=())])]
    lines = []
    for place in places:
        there = asked.elsewhere(place)
        answer = _answer(figure, asked, [numbers.get((place.path, ""), 0) for numbers in found])
        lines.append(_line(figure, there, str(place), answer, page_of(figure, there), key=place.path))
    note = ""
    if not isinstance(figure, Share) and (rest := total(whole) - sum(found[0].values())):
        note = _("%(n)d more stand on the ground of %(place)s itself, or on a place that is gone.")
        note %= {"n": rest, "place": asked.place}
    return Block(_("By place"), _with_bars(lines), note, "place")


def by_dimension(figure: Figure, dimension: Dimension, asked: Asked) -> Block | None:
    """A figure for each value of a dimension, in the order of the pack and never of the number."""
    asks = [Ask(asked.question(one), [asked.period], by=dimension) for one in parts_of(figure)]
    parts = [{value: n for (_path, value), n in numbers.items() if n} for [numbers] in answers(asks)]
    below = dimension.below(asked.book) if dimension.below and dimension.name not in asked.picked else {}
    totals = [folded(found, below) for found in parts]
    values = {value for found in totals for value in found}
    words = dimension.words(asked.book, values)
    order = [value for value in words if value in values] + sorted((v for v in values if v not in words), key=str)
    lines = [
        _valued(
            figure, asked, dimension, value, str(words.get(value) or _("not told")), [t.get(value, 0) for t in totals]
        )
        for value in order
    ]
    note = ""
    if dimension.compares and isinstance(figure, Share):
        note = _("Units are compared only from %(least)d on; the order is no ranking.") % {"least": asked.least}
    return Block(str(dimension.title), _with_bars(lines), note, dimension.name) if lines else None


def _valued(figure: Figure, asked: Asked, dimension: Dimension, value: Any, title: str, counts: list[int]) -> Line:
    answer = _answer(figure, asked, counts)
    if value in ("", None):
        return Line(title, answer, said(answer), "")
    picked = {dimension.name: str(value)}
    here = replace(asked, picked={**asked.picked, **picked})
    return _line(figure, here, title, answer, page_of(figure, here), key=str(value))


def _line(figure: Figure, asked: Asked, title: str, answer: Answer, within: str, key: str = "") -> Line:
    opens = within if isinstance(figure, Share) else rows_of(figure, asked)
    return Line(title, answer, _with_whole(answer), opens if answer.number else "", within, key=key)


def _with_whole(answer: Answer) -> str:
    if answer.whole is None:
        return said(answer)
    if answer.number is None:
        return f"— ({answer.why})"
    return f"{said(answer)} ({answer.number:,}/{answer.whole:,})"


def _with_bars(lines: Iterable[Line]) -> list[Line]:
    """Each with its bar, which begins at nought; a share's bar ends at the whole, every other at the longest."""
    lines = list(lines)
    most = max((_size(line.answer) for line in lines), default=0)
    return [replace(line, bar=_length(line.answer, most)) for line in lines]


def _size(answer: Answer) -> float:
    return (answer.share if answer.share is not None else answer.number) or 0


def _length(answer: Answer, most: float) -> float:
    ends = 1 if answer.share is not None and answer.per == 100 else most
    return round(100 * _size(answer) / ends, 2) if ends else 0


def _answer(figure: Figure, asked: Asked, counts: Sequence[int]) -> Answer:
    return asked.share(figure, *counts) if isinstance(figure, Share) else Answer(counts[0])


def periods_offered(period: Period, today: date) -> list[tuple[str, str, bool]]:
    """The sorts of period that a page offers: title, address, whether it is the one shown."""
    day = today if today in period else period.last
    offered = [(str(title), str(Period.of(every, day)), every is period.every) for every, title in TITLES.items()]
    return [*offered, (str(FROM_THE_BEGINNING), str(ALL), period == ALL)]
