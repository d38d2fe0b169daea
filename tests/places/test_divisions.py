"""The nation's register of divisions goes in whole, without an orphan, and without filling the memory."""

import csv
import gzip
import resource
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F

from jingwei.places.acts.divisions import ABOVE, TABLES, NoTables, load_divisions
from jingwei.places.models import Division
from jingwei.trail.actor import Actor
from jingwei.trail.models import Line

AT = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
CLERK = Actor.machine("divisions")
SMALL = (3, 9, 40, 300, 4000)
WHOLE = (31, 342, 2978, 41_352, 620_573)
"""Lines of the five tables as the statistics bureau publishes them."""


def codes(counts: tuple[int, ...]) -> Iterator[tuple[str, int, list[str]]]:
    """As many codes of each level, spread evenly below those of the level above."""
    above = [""]
    for (table, digits), many in zip(TABLES, counts, strict=True):
        own = digits - len(above[0])
        shares = [many // len(above) + (n < many % len(above)) for n in range(len(above))]
        here = [f"{code}{n:0{own}}" for code, share in zip(above, shares, strict=True) for n in range(11, 11 + share)]
        yield table, digits, here
        above = here


def written(folder: Path, counts: tuple[int, ...]) -> None:
    for table, digits, here in codes(counts):
        column, long = ABOVE.get(digits, ("provinceCode", 0))
        name = folder / f"{table}.csv.gz"
        with gzip.open(name, "wt", encoding="utf-8", newline="", compresslevel=1) as out:
            lines = csv.writer(out)
            lines.writerow(["code", "name", column])
            lines.writerows([code, f"第{n}区", code[:long]] for n, code in enumerate(here))


@pytest.mark.django_db
@pytest.mark.parametrize("counts", [SMALL, pytest.param(WHOLE, marks=pytest.mark.long)])
def test_all_divisions_go_in_by_copy_and_none_is_an_orphan(tmp_path: Path, counts: tuple[int, ...]) -> None:
    written(tmp_path, counts)
    told: list[tuple[str, int]] = []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcome = load_divisions(tmp_path, actor=CLERK, at=AT, progress=lambda table, done: told.append((table, done)))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    names = [table for table, _digits in TABLES]
    assert outcome.read == dict(zip(names, counts, strict=True))
    assert (outcome.written, outcome.left_out) == (sum(counts), 0)
    assert [(table, done) for table, done in told if outcome.read[table] == done] == list(outcome.read.items())
    assert Counter(Division.objects.values_list("level", flat=True)) == Counter(dict(enumerate(counts, 1)))
    assert Division.objects.filter(level__gt=1).exclude(above__level=F("level") - 1).count() == 0
    assert grown < 500_000  # kilobytes
    again = load_divisions(tmp_path, actor=CLERK, at=AT)
    assert (again.written, again.left_out) == (0, 0)
    assert Line.objects.filter(verb="places.divisions_loaded").count() == 2


@pytest.mark.django_db
def test_lines_without_a_division_above_are_left_out_and_told(tmp_path: Path) -> None:
    written(tmp_path, (1, 1, 1, 1, 2))
    with pytest.raises(NoTables, match=r"provinces\.csv"):
        load_divisions(tmp_path / "elsewhere", actor=CLERK, at=AT)
    (tmp_path / "villages.csv.gz").unlink()
    (tmp_path / "villages.csv").write_text(
        "code,name,streetCode\n111111011011,甲社区,111111011\n111111011011,甲社区,111111011\n"
        "111111999001,孤儿社区,111111999\n12,短,111111011\n111111011012,,111111011\n"
    )
    outcome = load_divisions(tmp_path, actor=CLERK, at=AT)
    assert outcome.read["villages"] == 5
    assert outcome.told == [
        "villages:3: 111111011011 ×2",
        "villages:4: 111111999001 → '111111999'",
        "villages:5: '12'",
        "villages:6: '111111011012'",
    ]
    assert [d.name for d in Division.objects.filter(level=5)] == ["甲社区"]
