"""Which characters our fonts can print, and how any text becomes one that prints as it is read."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).with_name("fonts")
COVERED = FONTS / "covered.txt"
"""What both fonts together can draw: a line for each run of characters, first and last, in hexadecimal."""
MISSING = "〓"
"""The mark that Chinese printing sets where a character is wanting."""
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of characters that draw nothing, turn the direction of others, or are not characters."""


def printed(text: str) -> str:
    """`text` as it can stand on paper: what is unseen or turns others around goes, what we cannot draw is marked."""
    kept = (c for c in unicodedata.normalize("NFC", text) if c == "\n" or unicodedata.category(c) not in UNSEEN)
    return "".join(c if c == "\n" or drawable(c) else " " if c.isspace() else MISSING for c in kept)


def all_printed(said: Any) -> Any:
    """The same of every text in lists and tables, their keys apart."""
    match said:
        case str():
            return printed(said)
        case dict():
            return {key: all_printed(value) for key, value in said.items()}
        case list() | tuple():
            return [all_printed(one) for one in said]
    return said


def wanting(*texts: str) -> str:
    """The characters of `texts` that we cannot draw, each once, in their order; for a page that warns."""
    return "".join(dict.fromkeys(c for c in "".join(texts) if not c.isspace() and not drawable(c)))


def drawable(character: str) -> bool:
    """Whether a font of ours draws the character."""
    firsts, lasts = _runs()
    at = bisect_right(firsts, ord(character)) - 1
    return at >= 0 and ord(character) <= lasts[at]


@cache
def _runs() -> tuple[list[int], list[int]]:
    runs = [line.split("-") for line in COVERED.read_text(encoding="ascii").split()]
    return [int(run[0], 16) for run in runs], [int(run[-1], 16) for run in runs]
