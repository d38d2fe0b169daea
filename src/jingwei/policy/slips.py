"""Slips of the pen in a TOML file, said in plain words."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_PLACE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
_FULL_WIDTH = re.compile(r"[“”＂‘’＝［］｛｝，]")
_IN_QUOTES = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")

_SAID: tuple[tuple[str, str, str], ...] = (
    (
        "Expected '=' after a key",
        gettext_noop("a word stands without its equals sign and value."),
        gettext_noop('word = "value"'),
    ),
    (
        "Invalid value",
        gettext_noop("the value cannot be read; words stand between quotation marks, numbers without."),
        gettext_noop('word = "value"'),
    ),
    (
        "Expected newline",
        gettext_noop("something follows the value on the same line."),
        gettext_noop("one word and its value to a line"),
    ),
    (
        "Unterminated string",
        gettext_noop("a quotation mark is opened and never closed."),
        gettext_noop('word = "value"'),
    ),
    (
        "Illegal character",
        gettext_noop("a quotation mark is opened and not closed on this line."),
        gettext_noop('word = "value"'),
    ),
    ("Unclosed array", gettext_noop("a list is opened and never closed."), gettext_noop('["one", "two"]')),
    (
        "Unclosed inline table",
        gettext_noop("a brace is opened and never closed."),
        gettext_noop('{name = "…", english = "…"}'),
    ),
    (
        "Cannot overwrite a value",
        gettext_noop("the same word is given a value twice in one table."),
        gettext_noop("the word once"),
    ),
    (
        "Duplicate inline table key",
        gettext_noop("the same word is given a value twice in one table."),
        gettext_noop("the word once"),
    ),
    (
        "Cannot declare",
        gettext_noop("the same table is opened twice in this file."),
        gettext_noop("all of the table under one heading, or [[…]] for one more entry of a list"),
    ),
    (
        "Expected ']",
        gettext_noop("the heading of a table is not closed."),
        gettext_noop("[table] or [[list]]"),
    ),
    (
        "Invalid statement",
        gettext_noop("the line is neither a heading nor a word with its value."),
        gettext_noop('[table], or word = "value"'),
    ),
)


def explained(error: Exception, text: str) -> tuple[int, str, str]:
    """Line, what is wrong, and what to write, for a text that the TOML reader refused."""
    said = str(error)
    place = _PLACE.search(said)
    lines = text.split("\n")
    line = int(place[1]) if place and place[1] else len(text.rstrip().split("\n"))
    if _FULL_WIDTH.search(_IN_QUOTES.sub("", lines[min(line, len(lines)) - 1])):
        return (
            line,
            _("the line has full-width signs where half-width ones belong."),
            _('quotation marks " and the signs = , [ ] { } typed with the Chinese input switched off'),
        )
    for beginning, what, write in _SAID:
        if said.startswith(beginning):
            return line, _(what), _(write)
    return line, _("the line cannot be read."), _('[table], or word = "value"')
