"""A rule book as data for its PDF: the same words, tables and drawings as on the page, drawings cut into columns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from jingwei.planners.loops import wide
from jingwei.rulebook.parts import Loop, Part, Section, Table, Words
from jingwei.rulebook.reading import RuleBook


def said_of(book: RuleBook, title: str) -> dict[str, Any]:
    """All that the template asks for."""
    return {
        "title": title,
        "county": str(book.county),
        "name": title.removeprefix(f"{book.county} · "),
        "pack": book.pack,
        "edition": book.told,
        "source": book.source,
        "contents": _("Contents"),
        "chapters": [
            {"title": one.title, "sections": [_section(section) for section in one.sections]} for one in book.chapters
        ],
    }


def _section(section: Section) -> dict[str, Any]:
    return {"title": section.title, "parts": [_part(part) for part in section.parts]}


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Words():
            return {"sort": "words", "text": part.text}
        case Table():
            return {
                "sort": "table", "caption": part.caption, "head": part.head, "rows": part.rows, "shares": _shares(part),
            }  # fmt: skip
        case Loop():
            return {"sort": "loop", "told": f"{part.caption}。{part.told}", "columns": part.columns}


def _shares(table: Table) -> list[float]:
    """How the width is shared: by the longest line of each column, within reason."""
    columns = zip(table.head, *table.rows, strict=True)
    return [
        min(34.0, max(9.0, max(wide(line, 1.0) for cell in column for line in cell.split("\n")))) for column in columns
    ]
