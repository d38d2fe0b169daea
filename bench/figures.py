"""What figures cost: kept added up and counted from the rows, with a million cases and with ten.

A flow, a stock and the parts of the three rates, of a month, of a county and of a community, as a post asks that sees
all of it. Each is read from its roll-up and counted from its rows; ten times as many cases must not make the roll-up
slower by more than three tenths. Beside what changes by time alone, which is counted from its rows each time, stands
the fetch of the ids of those rows; both are asked of now. Roll-ups are asked when all that was filled in has happened
and is folded, as it is a few seconds after the last act. An intake is measured with the mark that it leaves for
roll-ups, and without; what the worker then spends on folding is told as a fact.

Filling and building take far longer than measuring and need no calm machine: do them first, with `--keep DIR
--prepare`; what was stopped in the middle of building goes on from there. Then measure with the same DIR and `--cases`.
"""

import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from bench import acting, county
from bench.measuring import Bench, Sample, allowed, arguments, compared, opened, timed

CASES = 10_000_000
LESS = 10
"""The smaller county has a tenth of the cases."""
ROLLED = (
    "incidents.received", "incidents.closed", "incidents.open", "incidents.replied", "incidents.replied_late",
    "incidents.solved", "incidents.signed_in_time",
)  # fmt: skip
"""Of the last two the counties filled in have none: nobody was called back, nothing was signed for."""
BY_TIME_ALONE = ("incidents.overdue",)
MOST_OF_A_COUNT, MOST_MS, MOST_GROWTH, MOST_OF_A_FETCH, LEAST_INTAKE = 1 / 50, 200.0, 1.3, 2.0, 0.85
PERIOD, NOW = "2026-10", "2026-11"
AFTER_ALL = county.AT + timedelta(days=90)
"""The cases filled in end some days after they came, the last of them after `county.AT`."""


def main(said: Sequence[str]) -> int:
    """Measure, and return 0 whatever came out."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--asked", type=int, default=3, help="how often each figure is asked in a turn")
    parser.add_argument("--cases", type=int, default=CASES, help="cases of the larger county, the smaller has a tenth")
    parser.add_argument("--clients", type=int, default=8, help="clients of the intake; 0 leaves it out")
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each turn of the intake lasts")
    parser.add_argument("--prepare", action="store_true", help="fill and build what --keep keeps, and measure nothing")
    asked = parser.parse_args(said)
    with opened(asked) as bench:
        if asked.clients and not asked.prepare:
            _intake(bench, acting.county(bench))
        county.stand(bench)
        sizes = [county.fill(bench, size, lean=True) for size in (asked.cases // LESS, asked.cases)]
        for size in sizes:
            _build(bench, size)
        if asked.prepare:
            return 0
        for layer in ("county", "community"):
            for name in ROLLED:
                _rolled(bench, layer, name, *sizes)
            for name in BY_TIME_ALONE:
                _by_time_alone(bench, layer, name, sizes[-1])
    return 0


def _build(bench: Bench, size: str) -> None:
    """Keep everything added up that is declared so; how long that takes is told by its progress."""
    from jingwei.figures.folding import fold
    from jingwei.figures.models import RollUp

    with county.turned_to(size):
        if RollUp.objects.filter(ready_at__isnull=False).exists():
            return
        began, folded = time.perf_counter(), 0
        while some := fold(county.AT, rounds=5):
            folded += some
            bench.say(f"added up {folded:,} cases of {size} in {time.perf_counter() - began:.0f} s")


def _rolled(bench: Bench, layer: str, name: str, few: str, many: str) -> None:
    contenders = {
        "roll-up": _turn(bench, many, layer, name, _kept),
        "roll-up of a tenth": _turn(bench, few, layer, name, _kept),
        "count": _turn(bench, many, layer, name, _counted, once=True),
    }
    samples, facts = bench.rounds(contenders), {"cases": f"{bench.said.cases:,}"}
    what = f"{name}, {layer}, roll-up"
    bench.tell(compared(what, samples, "roll-up", "count", by="p50", aim=MOST_OF_A_COUNT), **facts)
    bench.tell(allowed(f"{what}, by itself", samples["roll-up"], MOST_MS), **facts)
    growth = compared(f"{what}, beside a tenth", samples, "roll-up", "roll-up of a tenth", by="p50", aim=MOST_GROWTH)
    bench.tell(growth, **facts)


def _by_time_alone(bench: Bench, layer: str, name: str, many: str) -> None:
    turns = {
        what: _turn(bench, many, layer, name, ask, now=True) for what, ask in (("count", _counted), ("fetch", _rows))
    }
    result = compared(f"{name}, {layer}", bench.rounds(turns), "count", "fetch", by="p50", aim=MOST_OF_A_FETCH)
    bench.tell(result, cases=f"{bench.said.cases:,}")


def _intake(bench: Bench, facts: dict[str, Any]) -> None:
    """An intake with its mark beside one without, in turns; and how long the worker takes to fold what was left."""
    from jingwei.figures.folding import build
    from jingwei.figures.models import Touched

    build(county.AT)
    clients, seconds = bench.said.clients, bench.said.seconds
    contenders = {
        what: partial(acting.several, what, bench, facts, clients, seconds) for what in ("intake", "unmarked")
    }
    samples = bench.rounds(contenders)
    left, began = Touched.objects.count(), time.perf_counter()
    build(county.AT)
    fold_ms = round((time.perf_counter() - began) * 1000 / max(left, 1), 2)
    for by, words in (("rate", ""), ("thrift", ", by processor time")):
        result = compared(
            f"intake with its mark{words}", samples, "intake", "unmarked", by="rate" if by == "rate" else "thrift",
            aim=LEAST_INTAKE,
        )  # fmt: skip
        bench.tell(result, clients=clients, **{"fold ms each": fold_ms})


Ask = Callable[[Any], object]


def _kept(question: Any) -> object:
    from jingwei.figures.answering import answers
    from jingwei.figures.asks import Ask

    return answers([Ask(question, [question.period])])


def _counted(question: Any) -> object:
    return question.count()


def _rows(question: Any) -> object:
    return list(question.rows().values_list("pk", flat=True))


def _turn(
    bench: Bench, size: str, layer: str, name: str, ask: Ask, *, now: bool = False, once: bool = False
) -> Callable[[], Sample]:
    def turn() -> Sample:
        with county.turned_to(size):
            question = _question(layer, name, now=now)
            if not once:
                ask(question)
            return timed(lambda: ask(question), 1 if once else bench.said.asked)

    return turn


def _question(layer: str, name: str, *, now: bool) -> Any:
    """A figure of a month, as the county's own centre asks it."""
    from jingwei.figures.counting import Question
    from jingwei.figures.declared import figure_named
    from jingwei.organisations.models import Post
    from jingwei.places.queries import standing
    from jingwei.trail.actor import Actor
    from jingwei.worktime import Period

    posts = Post.objects.select_related("organisation", "ground")
    post = posts.filter(roles__contains=["dispatcher"], ground__layer="county").order_by("pk").first() or posts[0]
    place = standing(county.CODE, layer).order_by("code")[0]
    actor = Actor.of_person(1, post.pk, post.full_title)
    figure: Any = figure_named(name)
    period, known = (NOW, county.AT) if now else (PERIOD, AFTER_ALL)
    return Question(figure, place, Period.parse(period), known, actor)
