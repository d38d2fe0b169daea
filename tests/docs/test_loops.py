"""The table of what a loop costs, in docs/why, is what the tree says today.

`REMAKE=1 pytest tests/docs/test_loops.py` writes it anew.
"""

import ast
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jingwei.casework.kinds import KINDS, Kind
from people_fixtures.qingshi import STOOD_UP

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "jingwei"
AFFAIRS = SOURCE / "affairs"
PAGE = ROOT / "docs" / "why" / "README.md"
TABLE = re.compile(r"(?<=<!-- loops -->\n).*?(?=<!-- end of loops -->)", re.DOTALL)

LOOPS = {
    "incident": "incidents",
    "whistle": "whistles",
    "order": "orders",
    "promise": "promises",
    "problem": "problems",
}
"""The kind that opens each loop, and the folder of its affair."""


@dataclass(frozen=True)
class Loop:
    """One line of the table."""

    kind: type[Kind]
    folder: Path

    @property
    def room(self) -> str:
        """The affair as Python imports it."""
        return f"jingwei.affairs.{self.folder.name}"

    @property
    def kinds(self) -> list[type[Kind]]:
        """The kinds that the affair declares."""
        return [one for one in KINDS.values() if one.__module__.startswith(f"{self.room}.")]

    @property
    def declared(self) -> str:
        """What there is to read before one knows the loop."""
        stages = sum(len(one.stages) - 2 for one in self.kinds)  # withdrawn and joined are every kind's
        return f"{stages} · {sum(len(one.steps) for one in self.kinds)} · {sum(len(one.clocks) for one in self.kinds)}"

    @property
    def files(self) -> list[Path]:
        """The files of the affair that are code."""
        return sorted(file for file in self.folder.rglob("*.py") if lines_of_code(file))

    @property
    def elsewhere(self) -> list[str]:
        """Files outside the affair that name it: what another loop would have had to touch."""
        inside = {*self.folder.rglob("*.py")}
        return sorted(
            str(file.relative_to(SOURCE))
            for file in SOURCE.rglob("*.py")
            if file not in inside and "migrations" not in file.parts and imports(file, self.room)
        )

    @property
    def migrations(self) -> int:
        """Migrations that make tables of the affair's own; a kind needs none."""
        own = {f'name="{model.__name__}"' for model in apps.get_models() if model.__module__.startswith(self.room)}
        made = [file.read_text(encoding="utf-8") for file in sorted((AFFAIRS / "migrations").glob("0*.py"))]
        return sum(any(model in text for model in own) for text in made)


def lines_of_code(file: Path) -> int:
    """Lines that are neither empty, nor comments, nor docstrings."""
    text = file.read_text(encoding="utf-8")
    said: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        first = node.body[0] if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body else None
        words = first is not None and isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
        if first is not None and words:
            said |= {*range(first.lineno, (first.end_lineno or first.lineno) + 1)}
    lines = enumerate(text.splitlines(), start=1)
    return sum(bool(line.strip()) and not line.strip().startswith("#") and n not in said for n, line in lines)


def imports(file: Path, name: str) -> bool:
    """Whether a file brings in anything of a room."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and f"{node.module}.".startswith(f"{name}."):
            return True
        if isinstance(node, ast.Import) and any(f"{one.name}.".startswith(f"{name}.") for one in node.names):
            return True
    return False


def questions(kind: type[Kind], qingshi: Any, client: Client) -> int:
    """How often the page of a case of the kind asks the database, when it is not the first one."""
    from jingwei.casework.acts.opening import Intake, open_case

    words = kind.words(qingshi.book)
    category, grade = (next(iter(words.get(name, {})), "") for name in ("category", "grade"))
    intake = Intake(place=qingshi.place("grid", 1), title=str(kind.title), source="", category=category, grade=grade)
    case = open_case(kind, intake, actor=qingshi.actor("dispatcher"), at=STOOD_UP)
    page = f"/desk/case/{case.number}/"
    assert client.get(page).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(page)
    return len(asked)


def table(qingshi: Any, client: Client) -> str:
    """The lines of the table, as the page has them."""
    heading = (
        "| loop | kinds | stages · steps · clocks | lines declaring it | lines in all, files "
        "| files elsewhere that name it | questions of a case's page | migrations |\n"
        "|---|---|---|--:|--:|--:|--:|--:|\n"
    )
    lines = []
    for name, folder in LOOPS.items():
        if name not in KINDS:
            continue
        loop = Loop(KINDS[name], AFFAIRS / folder)
        declaring, total = (
            round(sum(map(lines_of_code, files)), -1) for files in ([loop.folder / "kinds.py"], loop.files)
        )
        lines.append(
            f"| {name} | {', '.join(one.name for one in loop.kinds)} | {loop.declared} "
            f"| {declaring} | {total}, {len(loop.files)} | {len(loop.elsewhere)} "
            f"| {questions(loop.kind, qingshi, client)} | {loop.migrations or 'none'} |\n"
        )
    return heading + "".join(lines)


@pytest.mark.django_db
def test_the_table_of_loops_is_what_the_tree_says(qingshi: Any, client: Client) -> None:
    page, made = PAGE.read_text(encoding="utf-8"), table(qingshi, qingshi.sign_in(client, "dispatcher"))
    if os.environ.get("REMAKE"):
        PAGE.write_text(TABLE.sub(lambda _found: made, page), encoding="utf-8")
        return
    found = TABLE.search(page)
    assert found is not None
    assert found[0] == made, "REMAKE=1 pytest tests/docs/test_loops.py writes it anew"
