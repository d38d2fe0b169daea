"""By-law of figures: whatever happened, a number is the rows it opens to, and both are what is counted by hand."""

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import pytest

from casework.conftest import MONDAY, Desk
from casework.test_any_sequence import DEEDS, AnySequence
from jingwei.affairs.incidents.figures import IncidentFigures
from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts import remarks
from jingwei.casework.acts.past import Past, take_over
from jingwei.casework.kinds import Stage
from jingwei.casework.models import Case
from jingwei.figures import folding
from jingwei.figures.answering import answers, read_from, total
from jingwei.figures.asks import Ask
from jingwei.figures.belonging import Eyes
from jingwei.figures.counting import Question
from jingwei.figures.declared import Counted, figure_named
from jingwei.figures.folding import begin_again, fold
from jingwei.figures.rollups import rolled_figures
from jingwei.organisations.models import Post
from jingwei.places.models import Place
from jingwei.policy.models import County
from jingwei.trail.actor import Actor
from jingwei.worktime import ALL, Every, Period

from .by_hand import BY, FIGURES, ByHand

READERS = (
    None, None, "county_centre.dispatcher", "county_centre.dispatcher", "town_centre.dispatcher",
    "county_leadership.leader_1", "housing.desk", "community_1.grid_worker_1", "county_centre.auditor",
)  # fmt: skip


Opened: TypeAlias = dict[tuple[str, str, str], set[int]]
"""The rows that each figure opened to, by its name, place and period."""


def a_history(sequence: AnySequence, seed: int, acts: int) -> tuple[datetime, dict[datetime, Opened]]:
    """So many acts, drawn by lot, and a sheet of the past that comes in late.

    The moment before it came, and what every figure opened to at moments in between.
    """
    opened = {}
    lot = random.Random(seed)
    sequence.pace = random.Random(seed)
    for n in range(acts):
        [deed] = lot.choices(list(DEEDS), list(DEEDS.values()))
        deed(sequence, lot.getrandbits(32))
        if n % 8 == 7:
            move(sequence, lot)
        if lot.random() < 0.2:  # whatever is touched after the last of these is counted by its rows
            fold(sequence.desk.at, rounds=lot.randint(1, 4))
        if n % 25 == 24:  # is counted in ranges while acts go on
            begin_again(rolled_figures())
        if n == acts // 2:
            before = sequence.desk.at
            late_entries(sequence.desk, lot)
        if n % 20 == 9:
            opened[sequence.desk.at] = all_opened(sequence.desk.qingshi, sequence.desk.at)
            sequence.desk.later()
    return before, opened


def all_opened(county: Any, known: datetime) -> Opened:
    """What every figure opens to as of a moment: of the county and of a grid, ever and of the month before it ended."""
    month = Period.of(Every.MONTH, known.date())
    return {
        (name, place.path, str(period)): set(
            Question(counted(name), place, period, known, None).rows().values_list("pk", flat=True)
        )
        for name in FIGURES
        for place in (county.place("county"), county.place("grid", 2))
        for period in (ALL, month)
    }


def move(sequence: AnySequence, lot: random.Random) -> None:
    """The centre finds out that a matter lies on another grid."""
    for case in Case.objects.filter(pk__in=sequence.cases, is_open=True).order_by("pk"):
        grids = [sequence.desk.qingshi.place("grid", n) for n in (1, 2, 3)]
        place = lot.choice([grid for grid in grids if grid.path != case.ground_path])
        remarks.correct(case, place=place, actor=sequence.desk.by("town_centre.dispatcher"), at=sequence.desk.later(2))


def late_entries(desk: Desk, lot: random.Random) -> None:
    county = County.objects.get(pk=desk.qingshi.county_code)
    pasts = [past(desk, lot, stage) for stage in (Incident.closed, Incident.verifying)]
    take_over(Incident, pasts, county, actor=Actor.machine("import"), at=desk.later())


def past(desk: Desk, lot: random.Random, stage: Stage) -> Past:
    """What another system tells of a case, some of its moments known and some not."""
    ended = MONDAY - timedelta(hours=lot.randint(1, 200)) if stage is Incident.closed else None
    return Past(
        source_system="旧系统",
        source_number=f"{lot.random()}",
        place=desk.qingshi.place("grid", lot.randint(1, 3)),
        title="过去的事",
        source="hotline_12345",
        stage=stage,
        lead=desk.qingshi.post("housing.desk"),
        due_at=MONDAY - timedelta(days=lot.randint(0, 20)),
        received_at=lot.choice((None, MONDAY - timedelta(days=lot.randint(1, 60)))),
        answered_at=lot.choice((None, MONDAY - timedelta(days=lot.randint(0, 9)))),
        answered=True,
        ended_at=ended,
        supervised=lot.random() < 0.5,
        redone=lot.random() < 0.5,
        confidential=lot.random() < 0.3,
    )


def periods(lot: random.Random, now: datetime) -> Period:
    sort = lot.choice([*Every, None, ALL, ALL, ALL, Every.YEAR, Every.YEAR, Every.QUARTER, Every.QUARTER])
    day = now.date() - timedelta(days=lot.choice((0, 0, 1, 3, 9, 40)))
    if isinstance(sort, Period):
        return sort
    return Period(day - timedelta(days=5), day) if sort is None else Period.of(sort, day)


def seat(county: Any, path: str | None) -> tuple[Actor | None, Post | None]:
    return (county.holder(path), county.post(path)) if path else (None, None)


def agree(county: Any, lot: random.Random, now: datetime, before: datetime, many: int) -> int:
    """Ask many questions of every figure; how many of the answers were above nought."""
    by_hand, found = ByHand(), 0
    places = [
        county.place(*one) for one in (("county",), ("town",), ("community", 1), ("grid", 1), ("grid", 2), ("grid", 3))
    ]
    for n in range(many):
        actor, post = seat(county, lot.choice(READERS))
        place, period = lot.choice(places), periods(lot, now)
        past = MONDAY + (now - MONDAY) * lot.random()
        if n == 0:  # what came in late is not in a count of before, wherever and whenever it happened
            actor, post, place, period = None, None, places[0], ALL
        elif n == 1:
            actor, post = seat(county, "county_centre.dispatcher")
        looked_at, known = lot.choice(FIGURES), lot.choice((now, past)) if n else before
        every, of_this = Question(counted(FIGURES[0]), place, period, known, actor), {}
        for name in FIGURES:
            asked = replace(every, figure=counted(name))
            rows = list(asked.rows().values_list(*BY.get(name, ("pk",))))
            said = (name, str(place), str(period), known, post and post.full_title)
            found_by_hand = by_hand.count(name, place, period, known, post)
            assert {row if name in BY else row[0] for row in rows} == found_by_hand, said
            assert len(rows) == len(found_by_hand), said
            found += bool(rows)
            of_this[name] = len(rows)
            if name == looked_at:
                every_way_says(asked, len(rows))
        added_up_says(every, of_this, places, lot)
    return found


def added_up_says(every: Question, of_this: dict[str, int], places: list[Place], lot: random.Random) -> None:
    """What is kept added up: the same numbers; and, of two figures, the same by place and by what they differ by."""
    asks = [Ask(replace(every, figure=counted(name)), [every.period]) for name in of_this]
    assert {name: total(n) for name, [n] in zip(of_this, answers(asks), strict=True)} == of_this
    below = [place for place in places if place.path.startswith(every.place.path)]
    seen_whole.update(how.eyes for how in read_from(asks).values() if every.reader)
    two = lot.sample(asks, 2)
    more = [replace(ask, places=below) for ask in two]
    more += [replace(ask, by=dimension) for ask in two for dimension in ask.question.figure.on.by[:2]]
    assert answers(more) == answers(more, plain=True)


seen_whole: Counter[Any] = Counter()
"""How often numbers were read from cells, by how much of the place the reader saw."""


def counted(name: str) -> Counted:
    figure = figure_named(f"incidents.{name}")
    assert isinstance(figure, Counted)
    return figure


def every_way_says(asked: Question, many: int) -> None:
    """The number, the number by ground and by everything it differs by, and the number among other periods."""
    others = [period for period in asked.period.back(3) if period != asked.period]
    alone = [Question(asked.figure, asked.place, one, asked.known, asked.reader).count() for one in others]
    assert asked.over([*others, asked.period]) == [*alone, many]
    assert asked.count() == sum(asked.by_ground().values()) == many
    assert [sum(asked.by(dimension).values()) for dimension in asked.figure.on.by] == [many] * len(asked.figure.on.by)


@pytest.mark.parametrize(("histories", "acts", "questions"), [
    (2, 60, 6), pytest.param(40, 100, 30, marks=pytest.mark.long),
])  # fmt: skip
def test_a_figure_is_its_rows_and_what_a_pencil_counts(
    qingshi: Any, monkeypatch: pytest.MonkeyPatch, histories: int, acts: int, questions: int
) -> None:
    monkeypatch.setattr(folding, "MANY", 5)
    found = 0
    for seed in range(histories):
        sequence = AnySequence(Desk(qingshi), hours=(0.2, 3, 30, 100))
        try:
            before, opened = a_history(sequence, seed, acts)
            assert {known: all_opened(qingshi, known) for known in opened} == opened  # whatever came later
            found += agree(qingshi, random.Random(seed), sequence.desk.at, before, questions)
        finally:
            sequence.end()
    counted_here = {f.name for f in IncidentFigures.figures.values() if isinstance(f, Counted)}
    assert counted_here == {*FIGURES}  # every figure of incidents has its pencil
    assert found >= histories * questions  # or the histories were too poor to prove anything
    assert set(seen_whole) == {*Eyes}
