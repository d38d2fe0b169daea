"""By-laws of taking over a hotline's orders: a real month of a water company, counted by our own clocks."""

import argparse
import csv
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db.models import Count
from django.test import Client

from jingwei.affairs.hotline import Figures, figures
from jingwei.affairs.hotline.numbers import TITLES
from jingwei.casework import ledger
from jingwei.casework.models import Act, Case, ClockEntry, ClockRun, Round, Standing
from jingwei.cli import import_file
from jingwei.cli.refusal import PARTIAL
from jingwei.cli.said import Steps
from jingwei.figures.counting import Question
from jingwei.figures.declared import Counted, figure_named
from jingwei.search.queries import matching
from jingwei.trail.models import Line
from jingwei.worktime import ALL

DATA = Path(__file__).parents[2] / "data"
WATER = DATA / "jinan12345_water_orders_structured.csv"
SOURCE = "济南12345供水工单"
MONTH = Figures(
    loaded=4125, open=276, replied=2648, late=507, late_unknown=1379, waiting=98, supervised=201, redone=174
)


def command(file: Path, map_name: str, **more: Any) -> tuple[Any, Steps]:
    """What `./jingwei import` does once its database answers."""
    said = argparse.Namespace(
        file=file, as_="orders", map_=DATA / map_name, county="990302", dry_run=False, refused=None
    )
    steps = Steps()
    return import_file._import(argparse.Namespace(**{**vars(said), **more}), steps), steps


def counts(outcome: Any) -> tuple[int, int, int, int, int]:
    return outcome.read, outcome.loaded, outcome.changed, outcome.unchanged, len(outcome.refused)


def stock() -> list[int]:
    return [model.objects.count() for model in (Case, Act, Standing, Round, ClockRun, ClockEntry, Line)]


def contradicting() -> list[int]:
    """The rows, as Excel numbers them, that are due before they were dispatched."""
    with WATER.open(encoding="utf-8-sig") as sheet:
        return [
            number
            for number, row in enumerate(csv.DictReader(sheet), start=2)
            if row["热线派单时间"] and row["12345到期时间"] < row["热线派单时间"]
        ]


def test_a_real_month_gives_the_figures_that_its_readme_tells(
    qingshi: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome, steps = command(WATER, "jinan12345_water_orders.map.toml")
    assert counts(outcome) == (4174, 4125, 0, 0, 49)
    assert figures(SOURCE, "990302") == MONTH
    refused = contradicting()
    assert [row.number for row in outcome.refused] == refused
    assert len(refused) == 49
    assert outcome.refused[0].reason == (
        "Due at 2020-11-25 11:44:27, before it was dispatched at 2020-11-27 11:41:18. Correct one of the two times."
    )

    import_file._give_back(outcome, tmp_path / "back.xlsx")
    page = openpyxl.load_workbook(tmp_path / "back.xlsx").worksheets[0]
    assert [row[-2] for row in page.iter_rows(min_row=2, values_only=True)] == refused
    assert import_file._tell(outcome, steps, tried=False) == PARTIAL
    shown = capsys.readouterr().out
    assert "      44  Due at 2020-11-25 11:44:27" in shown
    assert "     507  其中超期回复 · Replied late" in shown or "     507  Replied late · Replied late" in shown

    after = stock()
    again, _ = command(WATER, "jinan12345_water_orders.map.toml")
    assert counts(again) == (4174, 0, 0, 4125, 49)
    assert [now - then for now, then in zip(stock(), after, strict=True)] == [0, 0, 0, 0, 0, 0, 1]  # the run's own line
    assert figures(SOURCE, "990302") == MONTH
    every_order_is_kept_as_it_is_told()
    every_number_of_the_page_of_figures_opens_to_its_orders(qingshi)


def every_number_of_the_page_of_figures_opens_to_its_orders(qingshi: Any) -> None:
    """The page tells what the readme tells, and the rows behind each number are those that a list by hand gives."""
    page = qingshi.sign_in(Client(), "dispatcher").get("/desk/figures/?period=all&place=990302/").content.decode()
    tile = r'desk/figures/incidents.([a-z_]+)/[^"]*">[^<]*</a><a class="figure__number n" href="([^"]*)">([\d,]+)<'
    said = {name: (number, href) for name, href, number in re.findall(tile, page)}
    wanted = {"received": "4,125", "replied": "2,648", "replied_late": "507", "supervised": "201", "redone": "174"}
    assert {name: said[name][0] for name in wanted} == wanted
    runs, rounds = ClockRun.objects.filter(name="handling"), Round.objects.all()
    by_hand = {
        "replied": {run.pk for run in runs if run.stopped_at},
        "replied_late": {run.pk for run in runs if run.stopped_at and run.due_at and run.stopped_at > run.due_at},
        "supervised": {one.pk for one in rounds if one.supervised},
        "redone": {one.pk for one in rounds if one.redone},
    }
    for name, rows in by_hand.items():
        figure = figure_named(f"incidents.{name}")
        assert isinstance(figure, Counted)
        asked = Question(figure, qingshi.place("county"), ALL, datetime.now(UTC), qingshi.actor("dispatcher"))
        assert set(asked.rows().values_list("pk", flat=True)) == rows


def every_order_is_kept_as_it_is_told() -> None:
    cases = Case.objects.filter(source_system=SOURCE)
    assert dict(cases.values_list("stage").annotate(Count("pk"))) == {
        "closed": 3849, "verifying": 165, "handling": 93, "reported": 18
    }  # fmt: skip
    assert cases.exclude(ended_at=None).count() == 0
    assert cases.filter(is_open=True, owner=None).count() == 0
    assert set(cases.filter(stage="handling").values_list("owner__organisation__key", flat=True)) == {"water"}
    assert set(cases.filter(stage="reported").values_list("owner__key", flat=True)) == {"dispatcher"}
    assert set(cases.filter(stage="verifying").values_list("owner__key", flat=True)) == {"inspector"}
    assert Line.objects.filter(verb="case.taken_over").count() == 4125
    units = cases.filter(record__reported_unit="泉娃饮用水公司")
    assert [case.pk for case in cases.filter(pk__in=matching("case", "泉娃饮用水"))] == [case.pk for case in units]
    assert units.count() == 1
    runs = ClockRun.objects.filter(case__source_system=SOURCE).select_related("case").order_by("pk")
    for run in runs[::97]:
        assert ledger.replayed(run) == ledger.reading_of(run)


def test_an_old_workbook_with_its_title_over_44_columns_comes_in_too(qingshi: Any) -> None:
    export, before = DATA / "office" / "jinan12345_export_layout_scrubbed.xls", stock()
    tried, _ = command(export, "jinan12345_export_layout.map.toml", dry_run=True)
    assert (counts(tried), tried.figures[0], stock()) == ((332, 332, 0, 0, 0), (TITLES["loaded"], 332), before)
    outcome, _ = command(export, "jinan12345_export_layout.map.toml")
    assert counts(outcome) == (332, 332, 0, 0, 0)
    assert figures("济南12345", "990302") == Figures(332, 332, 44, 0, 0, 288, 0, 21)
    leads = dict(Case.objects.values_list("lead__organisation__key").annotate(Count("pk")))
    assert leads["water"] == 261
    assert Case.objects.filter(tier=1).count() == 22
    assert set(Case.objects.values_list("place__layer", flat=True)) == {"town"}  # no seed, so nothing is drawn


def test_places_are_drawn_by_the_stored_seed_alone(qingshi: Any) -> None:
    from hotline.conftest import AT
    from jingwei.affairs.hotline.ground import drawn
    from jingwei.imports import Passage
    from jingwei.trail.actor import Actor

    passage = Passage(Actor.machine("import"), AT, "990302")
    first = [drawn(20201028, str(n), passage).pk for n in range(60)]
    assert [drawn(20201028, str(n), passage).pk for n in range(60)] == first
    assert [drawn(20201028, str(n), passage).pk for n in reversed(range(60))] == first[::-1]
    assert [drawn(7, str(n), passage).pk for n in range(60)] != first
