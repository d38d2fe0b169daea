"""Many questions at once, in one statement: each counted from its rows, or from what is kept added up of them.

A number from a roll-up is: the cells; less what they hold of subjects that were touched since, or after the cut-off;
plus the rows of those, counted as any row; plus what is apart, row by row under the reader's sight. All of it is asked
in one statement, of one moment of the database, so it is never late and never half of an act.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from django.db.models.expressions import RawSQL

from jingwei.figures.asks import Ask, Key, Rolled, dimension_of, spans_of
from jingwei.figures.belonging import Eyes
from jingwei.figures.models import RollUp, Subject
from jingwei.figures.rollups import rule_of
from jingwei.figures.statement import CELL, asked, statements
from jingwei.organisations.sorts import counties_read_once

MOST_TOUCHED = 5_000
"""With more subjects that changed since the cut-off than this, counting every row costs no more."""


Numbers: TypeAlias = list[dict[Key, int]]
"""Of each period, the numbers; a key that is not there is nought."""


def answers(asks: Sequence[Ask], *, plain: bool = False) -> list[Numbers]:
    """What is asked, in one statement, or two where something is kept added up. plain: from every row."""
    rolled = {} if plain else read_from(asks)
    with counties_read_once():
        parts = statements(asks, rolled)
    found: list[Numbers] = [[{} for _period in ask.periods] for ask in asks]
    there = [{place.path for place in ask.places} for ask in asks]
    for n, where, path, value, many in asked(parts, asks[min(rolled)].question.known if rolled else None):
        numbers = found[n][where]
        for key in _keys(asks[n], there[n], path, value):
            numbers[key] = numbers.get(key, 0) + many
    return [[{key: many for key, many in numbers.items() if many} for numbers in one] for one in found]


def total(numbers: Mapping[Key, int]) -> int:
    """The number of what is asked by nothing."""
    return numbers.get(("", ""), 0)


# ---- which way


def read_from(asks: Sequence[Ask]) -> dict[int, Rolled]:
    """Which of the questions are read from roll-ups; all of them as of one cut-off, or none."""
    fit = {n: eyes for n, ask in enumerate(asks) if (eyes := _eyes(ask)) is not None}
    if not fit or len({asks[n].question.known for n in fit}) > 1:
        return {}
    ready = {one.figure: one.pk for one in _ready(asks[min(fit)].question.known)}
    names = {n: asks[n].question.figure.full_name for n in fit}
    return {n: Rolled(ready[names[n]], eyes) for n, eyes in fit.items() if names[n] in ready}


def _eyes(ask: Ask) -> Eyes | None:
    """How much of the place the reader sees, where cells can tell it at all."""
    question, belongs = ask.question, ask.question.figure.on.belongs
    if belongs is None or not question.figure.rolled or dimension_of(ask) is None or spans_of(ask) is None:
        return None
    reader, place = question.reader, question.place
    if reader is None:
        return Eyes.ALL
    return question.once((belongs, place.path), lambda: belongs.eyes(reader, place))


def _ready(known: datetime) -> list[RollUp]:
    """The roll-ups to be read; none where too much has changed since the cut-off."""
    subjects = Subject._meta.db_table
    late = f'SELECT count(*) FROM (SELECT FROM "{subjects}" WHERE as_of > %s LIMIT {MOST_TOUCHED + 1}) late'
    found = RollUp.objects.filter(ready_at__isnull=False, retired_at=None)
    ready = list(found.annotate(late=RawSQL(late, [known])))  # noqa: S611
    return [one for one in ready if one.late <= MOST_TOUCHED and rule_of(one) is not None]


def _keys(ask: Ask, there: Collection[str], path: str, value: Any) -> Iterator[Key]:
    """Under which keys a number counts: the places that hold its ground (of a cell: its own place), and its value."""
    if ask.by is None:
        value = ""
    elif ask.by.path.endswith("_id"):
        value = int(value) if value else None
    if not ask.places:
        yield "", value
    elif path.startswith(CELL):
        yield path[1:], value
    else:
        yield from ((above, value) for above in _above(path) if above in there)


def _above(path: str) -> list[str]:
    parts = path.rstrip("/").split("/")
    return ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
