"""What figures cost: flows, stocks and shares of a month, counted from the rows of a county and of a community.

Counted live, as a reader who sees the whole county asks. Beside each number stands the fetch of the first page of its
rows, which a number that changes by time alone must not exceed more than twice.
"""

from collections.abc import Callable, Sequence
from typing import Any

from bench import county
from bench.measuring import Bench, Sample, arguments, compared, opened, timed

SIZES = (10_000, 100_000)
MOST = 2.0
"""How many times its row fetch a number may cost that changes by time alone."""
BY_TIME_ALONE = ("incidents.overdue",)
PERIOD = "2026-10"


def main(said: Sequence[str]) -> int:
    """Measure, and return 0 whatever came out."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--asked", type=int, default=3, help="how often each figure is asked in a turn")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of cases")
    asked = parser.parse_args(said)
    with opened(asked) as bench:
        county.stand(bench)
        for size in asked.sizes:
            county.fill(bench, size)
        _measure(bench, asked.sizes)
    return 0


def _measure(bench: Bench, sizes: Sequence[int]) -> None:
    from jingwei.figures.declared import Counted, every_figure

    names = [figure.full_name for figure in every_figure() if isinstance(figure, Counted)]
    for layer in ("county", "community"):
        for name in (name for name in names if name.startswith("incidents.")):
            contenders = {f"count of {size:,}": _turn(bench, size, layer, name, _count) for size in sizes}
            contenders["its first rows"] = _turn(bench, max(sizes), layer, name, _rows)
            samples = bench.rounds(contenders)
            aim = MOST if name in BY_TIME_ALONE else None
            big = f"count of {max(sizes):,}"
            bench.tell(compared(f"{name}, {layer}", samples, big, "its first rows", by="p50", aim=aim))


Ask = Callable[[Any], object]


def _count(question: Any) -> object:
    return question.count()


def _rows(question: Any) -> object:
    return list(question.rows().order_by("-pk")[:31])


def _turn(bench: Bench, size: int, layer: str, name: str, ask: Ask) -> Callable[[], Sample]:
    def turn() -> Sample:
        with county.turned_to(size):
            question = _question(layer, name)
            ask(question)
            return timed(lambda: ask(question), bench.said.asked)

    return turn


def _question(layer: str, name: str) -> Any:
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
    return Question(figure, place, Period.parse(PERIOD), county.AT, actor)
