"""The page of speeds says what the measured lines say, and every line names a measurement that is there."""

import json
from pathlib import Path

from bench import report

ROOT = Path(__file__).parents[2]


def test_the_page_of_speeds_is_what_the_lines_give() -> None:
    assert (ROOT / "docs/reference/performance.md").read_text() == report.page(), "run ./jingwei bench report"


def test_a_line_tells_its_ratio_its_baseline_and_whether_its_aim_is_met() -> None:
    line = {
        "name": "first page", "ratio": 1.234, "baseline": "10 k cases", "n": 50, "p50": 1.5, "p95": 2.25, "p99": None,
        "better": "less", "aim": 1.2, "met": False, "facts": {"queries": 14},
    }  # fmt: skip
    assert report.row(line) == (
        "| first page; queries 14 | 1.23 | 10 k cases | ≤ 1.2 **not met** | 50 | 1.5 | 2.25 |  |"
    )


def test_no_line_names_a_machine_or_a_path() -> None:
    known = {
        "name", "ratio", "baseline", "n", "p50", "p95", "p99", "better", "aim", "met", "facts",
        "at", "cores", "load", "postgresql", "python",
    }  # fmt: skip
    lines = [json.loads(x) for f in (ROOT / "bench/results").glob("*.jsonl") for x in f.read_text().splitlines()]
    assert [line for line in lines if set(line) != known or "/" in line["name"]] == []
