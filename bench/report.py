"""Write docs/reference/performance.md from the lines in bench/results/."""

import ast
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent / "docs" / "reference" / "performance.md"

HEAD = """# How fast it is, and how that was measured

Written by `./jingwei bench report` from the lines in `bench/results/`; [how to measure](../../bench/README.md).
A ratio belongs to the product; milliseconds belong to the machine below them. Of each name the newest line counts.
"""


def main(words: Sequence[str]) -> int:
    """Write the page."""
    PAGE.write_text(page())
    print(f"{PAGE.relative_to(FOLDER.parent)} is written.", file=sys.stderr)
    return 0


def page() -> str:
    """The whole page, as the lines give it."""
    files = sorted((FOLDER / "results").glob("*.jsonl"))
    return "\n".join([HEAD, *(part(file) for file in files)])


def part(file: Path) -> str:
    """One measurement: what it measures, its table, its machine, and what else its module says of it."""
    newest: dict[str, dict[str, Any]] = {}
    for text in file.read_text().splitlines():
        line = json.loads(text)
        newest[line["name"]] = line
    doc = ast.get_docstring(ast.parse((FOLDER / f"{file.stem}.py").read_text())) or ""
    first, _blank, more = doc.partition("\n\n")
    rows = [row(line) for line in newest.values()]
    machines = dict.fromkeys(machine(line) for line in newest.values())
    return "\n".join(
        [
            f"## {file.stem}",
            "",
            first.replace("\n", " "),
            "",
            "| | ratio | of | aim | n | p50 ms | p95 ms | p99 ms |",
            "|---|---|---|---|---|---|---|---|",
            *rows,
            "",
            *machines,
            "",
            *([more.replace("\n\n", "\0").replace("\n", " ").replace("\0", "\n\n"), ""] if more else []),
        ]
    )


def row(line: dict[str, Any]) -> str:
    """A line of the table."""
    sign = "≥" if line["better"] == "more" else "≤"
    mark = {True: " ✓", False: " **not met**", None: ""}[line["met"]]
    aim = "" if line["aim"] is None else f"{sign} {line['aim']:g}{mark}"
    facts = "".join(f"; {name} {value}" for name, value in line.get("facts", {}).items())
    times = " | ".join("" if line[p] is None else f"{line[p]:.3g}" for p in ("p50", "p95", "p99"))
    return f"| {line['name']}{facts} | {line['ratio']:.3g} | {line['baseline']} | {aim} | {line['n']} | {times} |"


def machine(line: dict[str, Any]) -> str:
    """What the milliseconds belong to."""
    return (
        f"{line['at']}: {line['cores']} cores, PostgreSQL {line['postgresql']}, Python {line['python']}; "
        f"load of the machine before it began {line['load']}."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
