"""Slips of the pen in a TOML file, said in plain words."""

from __future__ import annotations

import re
import tomllib

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_PLACE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
_FULL_WIDTH = re.compile(r"[“”＂‘’＝［］｛｝，]")
_IN_QUOTES = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")

_NEXT = re.compile(r"^\s*(\[\[?[A-Za-z_][\w.\" -]*\]\]?\s*(#.*)?$|[A-Za-z_][\w.-]*\s*=)")
"""A line with which another statement begins."""
_OPENED = (('"""', "Unterminated string"), ("[", "Unclosed array"), ("{", "Unclosed inline table"))

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


def explained(error: Exception, text: str) -> tuple[int, str, str, tuple[int, int]]:
    """Line, what is wrong, what to write, and the lines of the statement, for a text that the TOML reader refused."""
    said = str(error)
    place = _PLACE.search(said)
    lines = text.replace("\r\n", "\n").split("\n")
    end = max(len(text.rstrip().split("\n")), 1)
    line = min(int(place[1]) if place and place[1] else end, len(lines))
    begun = _begun(lines, line)
    taken = begun < line and _NEXT.match(lines[line - 1])
    last = line - 1 if taken else _last(lines, line)
    if _FULL_WIDTH.search(_IN_QUOTES.sub("", lines[line - 1])):
        return (
            line,
            _("the line has full-width signs where half-width ones belong."),
            _('quotation marks " and the signs = , [ ] { } typed with the Chinese input switched off'),
            (begun, last),
        )
    if taken or (begun < line and not (place and place[1])):
        opened = next((name for sign, name in _OPENED if sign in lines[begun - 1]), "Unterminated string")
        what, write = next((what, write) for beginning, what, write in _SAID if beginning == opened)
        # What is never closed is seen only where the next statement begins; it is mended where it is opened.
        return begun, _(what), _(write), (begun, last)
    for beginning, what, write in _SAID:
        if said.startswith(beginning):
            return line, _(what), _(write), (begun, last)
    return line, _("the line cannot be read."), _('[table], or word = "value"'), (begun, last)


def _last(lines: list[str], line: int) -> int:
    """The last line that can belong to the statement at `line`: the one before the next statement begins."""
    return next((n - 1 for n in range(line + 1, len(lines) + 1) if _NEXT.match(lines[n - 1])), len(lines))


def _begun(lines: list[str], line: int) -> int:
    """The first line of the statement that `line` belongs to: what stands between it and the last whole one."""
    begun = ""
    first = 1
    for number, one in enumerate(lines[:line], start=1):
        if not begun and (not one.strip() or one.lstrip().startswith("#")):
            continue
        first = first if begun else number
        begun += one + "\n"
        try:
            tomllib.loads(begun)
        except ValueError:
            continue
        begun = ""
    return first if begun else line
