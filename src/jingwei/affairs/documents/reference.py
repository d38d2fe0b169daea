"""The reference of all documents: every number beside the county that is loaded from its pack."""

import tomllib
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import override

from jingwei.affairs.documents.comparing import Compared, Standing, compared
from jingwei.affairs.documents.pack import DocumentSection
from jingwei.policy import load
from jingwei.policy.folders import shelf

HEAD = """# What the five documents say, and what their counties hold

Made from the packs and from the five counties as they stand when loaded (`python -m jingwei.cli.documents`); tests
compare. Every number of a document stands here, by the paragraph in which it is found (counted from 1, the title too,
empty lines not). *here* is counted in the loaded county by what the last column names; `≥` is where the document says
“more than”, and then the county has at least as many. A number that the document masks is invented in the pack and
marked so. What nothing holds yet names the system that will.
"""
STANDING = {
    "equal": "equal",
    "invented": "masked in the document; invented",
    "not held yet": "not held yet",
    "masked, not held yet": "masked in the document; not held yet",
    "other": "**not equal**",
}


def chapter(pack: str, at: datetime) -> str:
    """The chapter of one pack, whose county is loaded in the database."""
    book = load(shelf() / pack)
    document = book[DocumentSection]

    def row(one: Compared) -> str:
        line = one.line
        said = "masked" if line.masked else f"{'≥ ' if line.at_least else ''}{line.said}"
        here = "" if one.here is None else f"{one.here:,.10g}"
        by = f"`{line.equals.measure}` {line.equals.of}".strip() if line.equals else (line.row or "")
        standing = "reached" if line.at_least and one.standing == Standing.EQUAL else STANDING[one.standing]
        cells = (str(line.paragraph), f"{line.english} {line.name}", said, line.unit, here, standing, by)
        return "| " + " | ".join(cells) + " |"

    with override("en"):
        told = [f"\n## {document.english}\n", f"{book.label.name} `packs/{pack}` {document.name}\n"]
        told += ["| ¶ | number | document | unit | here | | by |", "|---|---|---|---|---|---|---|"]
        told += [row(one) for one in compared(book, at=at)]
        if document.invented:
            told.append(f"\nAlso invented: {', '.join(f'`{path}`' for path in document.invented)}.")
    return "\n".join(told) + "\n"


def with_document() -> list[str]:
    """The packs that come from a document, in the order of the documents."""
    found: list[tuple[int, str]] = []
    for head in sorted(shelf().glob("*/pack.toml")):
        if tomllib.loads(head.read_text(encoding="utf-8"))["pack"].get("foundation"):
            continue
        document = load(head.parent)[DocumentSection]
        if document.numbers:
            found.append((document.number, head.parent.name))
    return [name for _number, name in sorted(found)]


def reference(chapters: Iterable[str]) -> str:
    """The page."""
    return HEAD + "".join(chapters)
