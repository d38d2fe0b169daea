"""Covering telephone, identity and bank card numbers in what people write: 138****6021."""

import re
import unicodedata
from collections.abc import Callable

from jingwei.search.numbers import is_bank_card, is_identity_number

_GAP = r"[\s.·_–—-]{0,3}"
_RULES: tuple[tuple[re.Pattern[str], int, int], ...] = tuple(
    (re.compile(pattern, re.ASCII), first, last)
    for pattern, first, last in (
        # identity and bank card numbers, 15 digits and more, the last perhaps an X
        (r"(?<!\d)\d{14,}[\dXx](?!\d)", 3, 4),
        (rf"(?<!\d)[1-9]\d{{5}}{_GAP}(?:19|20)\d{{2}}{_GAP}\d{{4}}{_GAP}\d{{3}}[\dXx](?!\d)", 3, 4),
        # mobile numbers: whole, written in groups, or buried in a longer row of digits
        (r"(?<!\d)1[3-9]\d{9}(?!\d)", 3, 4),
        (rf"(?<!\d)1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)", 3, 4),
        (rf"(?<!\d)1[3-9]\d{_GAP}\d{{3}}{_GAP}\d{{5}}(?!\d)", 3, 4),
        (r"1[3-9]\d{9}", 3, 4),
        # landlines with their area code
        (rf"(?<!\d)0\d{{2,3}}{_GAP}\d{{7,8}}(?!\d)", 3, 2),
    )
)
_PROVEN: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    # written in groups of any size; so long a row is covered only if its check digit is right
    (re.compile(rf"(?<!\d)[1-9](?:{_GAP}\d){{16}}{_GAP}[\dXx](?!\d)", re.ASCII), is_identity_number),
    (re.compile(rf"(?<!\d)[1-9](?:{_GAP}\d){{12,18}}(?!\d)", re.ASCII), is_bank_card),
)

_NUMERALS = str.maketrans("〇零一二三四五六七八九幺", "001234567891")
"""Chinese numerals count as digits, one for one: a number spelt out is found like one in figures."""


SHORTEST = 10
"""The digits of the shortest number that is covered: a landline with its area code."""


def masked(text: str) -> str:
    """The text with every mobile, landline, identity and card number covered in its middle.

    Full-width and other digits, and Chinese numerals, count as digits. Zero-width marks are dropped: they would
    hide a number.
    Long numbers that are nothing of the kind may be covered too; that is the safer mistake.
    """
    shown = "".join(mark for mark in text if unicodedata.category(mark) != "Cf")
    if sum(_digit(mark).isdigit() for mark in shown) < SHORTEST:
        return shown
    while (covered := _once(shown)) != shown:
        shown = covered
    return shown


def _once(text: str) -> str:
    for pattern, first, last in _RULES:
        plain = "".join(_digit(mark) for mark in text)
        for found in reversed(list(pattern.finditer(plain))):
            text = text[: found.start()] + _cover(found[0], first, last) + text[found.end() :]
    for pattern, is_one in _PROVEN:
        plain = "".join(_digit(mark) for mark in text)
        for found in reversed(list(pattern.finditer(plain))):
            if is_one(re.sub(r"[^\dXx]", "", found[0])):
                text = text[: found.start()] + _cover(found[0], 3, 4) + text[found.end() :]
    return text


def _digit(mark: str) -> str:
    """A mark, or the plain digit it stands for; one for one, so that places in the text stay the same."""
    if mark == "＋":
        return "+"
    value = unicodedata.decimal(mark, None)
    return mark.translate(_NUMERALS) if value is None else str(value)


def _cover(said: str, first: int, last: int) -> str:
    digits = re.sub(r"[^\dXx]", "", said)
    return digits[:first] + "*" * (len(digits) - first - last) + digits[-last:]
