"""By-laws of the declarations: the guide's book works as it stands there, and the reference is what is declared."""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from casework.conftest import Desk
from jingwei.figures.counting import Question
from jingwei.figures.declared import BOOKS, Counted, Figures, Share, TakenTwice, every_figure
from jingwei.figures.reference import reference
from jingwei.worktime import ALL

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def noise(tmp_path: Path) -> Iterator[Any]:
    """The guide's book of figures, let into the house for one test."""
    found = re.search(r"```python\n(.*?)```", (DOCS / "how" / "add-a-figure.md").read_text(), re.S)
    assert found is not None
    (tmp_path / "noise_figures.py").write_text(found[1])
    sys.path.insert(0, str(tmp_path))
    yield import_module("noise_figures").NoiseFigures
    sys.path.remove(str(tmp_path))
    del sys.modules["noise_figures"], BOOKS["noise"]


def test_the_guide_s_figures_count_and_open(noise: Any, qingshi: Any, client: Client) -> None:
    desk = Desk(qingshi)
    for category in ("noise", "noise", "street_light"):
        desk.report(category=category)
    county, actor = qingshi.place("county"), qingshi.actor("dispatcher")
    asked = {
        name: Question(figure, county, ALL, datetime.now(UTC), actor).count()
        for name, figure in noise.figures.items()
        if isinstance(figure, Counted)
    }
    assert asked == {"complaints": 2, "quiet": 0, "still_loud": 2}
    page = qingshi.sign_in(client, "dispatcher").get("/desk/figures/noise.complaints/?period=all&place=990302/")
    assert '<b class="figure-said__number n">2</b>' in page.content.decode()
    with pytest.raises(TakenTwice):
        type("Again", (Figures,), {}, name="noise")


def test_the_reference_says_what_is_declared() -> None:
    assert (DOCS / "reference" / "figures.md").read_text() == reference()


def test_every_figure_says_what_it_counts_and_who_names_it() -> None:
    with override("en"):
        silent = [
            f.full_name for f in every_figure() if not (str(f.title) and str(f.says).endswith(".") and str(f.source))
        ]
    assert silent == []
    assert all(f.unit for f in every_figure() if isinstance(f, Counted))
    shares = [f for f in every_figure() if isinstance(f, Share)]
    assert {f.name for f in shares} >= {
        "response_rate", "solution_rate", "satisfaction_rate", "in_time_rate", "redo_rate", "extension_rate",
        "supervision_rate",
    }  # fmt: skip
    persons = [f.full_name for f in every_figure() if f.about for d in f.about.by if "person" in d.path]
    assert persons == []  # no league table of persons
