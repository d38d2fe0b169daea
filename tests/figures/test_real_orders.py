"""The figures of a real month of a hotline: the numbers its readme tells, and each opens to those rows."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jingwei.casework.models import ClockRun, Round
from jingwei.cli import import_file
from jingwei.cli.said import Steps
from jingwei.figures.counting import Question
from jingwei.figures.declared import Counted, figure_named
from jingwei.figures.periods import ALL, Period

DATA = Path(__file__).parents[2] / "data"
WATER = "jinan12345_water_orders"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def asked(county: Any, name: str, period: Period = ALL) -> Question:
    figure = figure_named(f"incidents.{name}")
    assert isinstance(figure, Counted)
    return Question(figure, county.place("county"), period, datetime.now(UTC), county.actor("dispatcher"))


def test_the_month_says_what_its_readme_tells_and_opens_to_those_rows(qingshi: Any) -> None:
    said = argparse.Namespace(
        file=DATA / f"{WATER}_structured.csv", as_="orders", map_=DATA / f"{WATER}.map.toml", county="990302",
        dry_run=False, refused=None,
    )  # fmt: skip
    import_file._import(said, Steps())
    names = ("received", "replied", "replied_late", "supervised", "redone")
    numbers = {name: asked(qingshi, name).count() for name in names}
    assert numbers == {"received": 4125, "replied": 2648, "replied_late": 507, "supervised": 201, "redone": 174}

    runs, rounds = ClockRun.objects.filter(name="handling"), Round.objects
    by_hand = {
        "replied": {r.pk for r in runs if r.stopped_at},
        "replied_late": {r.pk for r in runs if r.stopped_at and r.due_at and r.stopped_at > r.due_at},
        "supervised": set(rounds.filter(supervised=True).values_list("pk", flat=True)),
        "redone": set(rounds.filter(redone__gt=0).values_list("pk", flat=True)),
    }
    assert {name: set(asked(qingshi, name).rows().values_list("pk", flat=True)) for name in by_hand} == by_hand

    november = asked(qingshi, "received", Period.parse("2020-11"))
    assert november.count() + asked(qingshi, "received").without_moment() < 4125
