"""Words as they are kept: what cannot be seen, or turns the direction of writing, is left out."""

import re
import unicodedata

_MARKS_OF_EMOJI = "\u200d"
_PLAIN = re.compile("[\t\n -~\u4e00-\u9fff，。、；：？！（）《》“”‘’【】…—·]*")
"""What nearly all words are written in; none of it is hidden, and none stands over another mark."""
MOST_MARKS = 8
"""Marks over or under one letter; every script in use gets along with fewer."""


def clean(words: str) -> str:
    """`words` without control characters and marks that turn the direction of writing; line ends as `\\n`.

    Trap: U+202E lets a name read backwards, U+0000 breaks the database, and a letter under a tower of marks
    hides the lines above it.
    """
    if _PLAIN.fullmatch(words):
        return words.strip()
    plain = words.replace("\r\n", "\n").replace("\r", "\n")
    shown = "".join(c for c in plain if c in "\n\t" or c in _MARKS_OF_EMOJI or not _hidden(c)).strip()
    return shown if shown.isascii() else _without_towers(shown)


def _without_towers(words: str) -> str:
    kept, marks = [], 0
    for mark in words:
        marks = marks + 1 if unicodedata.category(mark) in ("Mn", "Me") else 0
        if marks <= MOST_MARKS:
            kept.append(mark)
    return "".join(kept)


def _hidden(mark: str) -> bool:
    return unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Zl", "Zp")
