"""Every sentence the pages and the code say, found by reading them as gettext would."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

from jingwei.looks.words import Key

KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


def said_in(source: Path) -> dict[Key, str]:
    """Each sentence below `source` with the first place that says it, as `file:line`."""
    if not settings.configured:
        settings.configure()
    found: dict[Key, str] = {}
    for file in sorted(source.rglob("*.py")):
        _read(file, file.read_text(encoding="utf-8"), source, found)
    for file in sorted(p for s in ("*.html", "*.txt") for p in source.rglob(f"templates/**/{s}")):
        _read(file, _as_python(file), source, found)
    return found


def literals_in(source: Path) -> set[str]:
    """Every string that stands in the code below `source` as it is."""
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in source.rglob("*.py"))
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _as_python(template: Path) -> str:
    """The template with all but its sentences blotted out; indentation goes, Python would trip over it."""
    blotted = templatize(template.read_text(encoding="utf-8"), origin=str(template))
    return "\n".join(line.strip() for line in blotted.splitlines())


def _read(file: Path, text: str, source: Path, found: dict[Key, str]) -> None:
    for line, context, msgid in _sentences(text):
        found.setdefault(Key(context, msgid), f"{file.relative_to(source)}:{line}")


def _sentences(text: str) -> Iterator[tuple[int, str, str]]:
    """(line, context, msgid) of each call of a gettext function with a literal in it."""
    for line, messages, _comments, context in extract("python", BytesIO(text.encode()), KEYWORDS):
        msgid = messages if isinstance(messages, str) else messages[0]
        if msgid:
            yield line, context or "", msgid
