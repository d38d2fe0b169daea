"""By-law of the page on security: every test it names is there, every item has one or says honestly what is missing."""

import ast
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/security.md"
NAMED = re.compile(r"`(tests/[\w/.-]+\.py)::(\w+)`")
HONEST = re.compile(r"not yet: \w|Not used\.")
CHAPTERS_OF_ASVS_5 = 17


@cache
def named_in(file: Path) -> frozenset[str]:
    """The names of the tests of a file, those in classes too."""
    if not file.is_file():
        return frozenset()
    every = ast.walk(ast.parse(file.read_text()))
    return frozenset(n.name for n in every if isinstance(n, ast.FunctionDef) and n.name.startswith("test_"))


def items() -> list[str]:
    """The rows of the page's tables, without their heads."""
    lines = PAGE.read_text().splitlines()
    return [line for before, line in pairwise(lines) if line.startswith("| ") and before.startswith("|")]


def test_every_test_that_the_page_names_is_there() -> None:
    named = NAMED.findall(PAGE.read_text())
    assert [f"{file}::{name}" for file, name in named if name not in named_in(ROOT / file)] == []
    assert len(named) == PAGE.read_text().count(".py::"), "a test is named as `path::name`"


def test_every_item_has_a_test_or_says_what_is_missing() -> None:
    assert [item for item in items() if not NAMED.search(item) and not HONEST.search(item)] == []


def test_every_chapter_of_asvs_5_has_a_line() -> None:
    chapters = [int(n) for n in re.findall(r"^\| V(\d+) ", PAGE.read_text(), re.MULTILINE)]
    assert chapters == list(range(1, CHAPTERS_OF_ASVS_5 + 1))
