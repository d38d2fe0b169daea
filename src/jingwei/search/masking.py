"""Covering telephone, identity and bank card numbers in what people write: 138****6021."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

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

_NUMERALS = "〇零一二三四五六七八九幺", "001234567891"
"""Chinese numerals count as digits, one for one: a number spelt out is found like one in figures."""
_BEYOND_DIGITS = 0x20000
"""Unicode has no decimal digit from here on."""

_ENOUGH = re.compile(rf"\d(?:{_GAP}\d){{10}}|0\d{{2}}{_GAP}\d{{7}}", re.ASCII)
"""What no number that is covered goes without: eleven digits, or the ten of the shortest landline."""


def masked(text: str) -> str:
    """The text with every mobile, landline, identity and card number covered in its middle.

    Full-width and other digits, and Chinese numerals, count as digits. Zero-width marks are dropped: they would
    hide a number.
    Long numbers that are nothing of the kind may be covered too; that is the safer mistake.
    """
    shown = text if text.isprintable() else "".join(mark for mark in text if unicodedata.category(mark) != "Cf")
    while _ENOUGH.search(_in_figures(shown)) and (covered := _once(shown)) != shown:
        shown = covered
    return shown


def _once(text: str) -> str:
    plain = _in_figures(text)
    for pattern, first, last in _RULES:
        for found in reversed(list(pattern.finditer(plain))):
            text = text[: found.start()] + _cover(found[0], first, last) + text[found.end() :]
            plain = _in_figures(text)
    for pattern, is_one in _PROVEN:
        for found in reversed(list(pattern.finditer(plain))):
            if is_one(re.sub(r"[^\dXx]", "", found[0])):
                text = text[: found.start()] + _cover(found[0], 3, 4) + text[found.end() :]
                plain = _in_figures(text)
    return text


def _in_figures(text: str) -> str:
    """The text with the plain digit for each mark that stands for one; one for one, so that places stay the same."""
    return text.translate(_figures())


@lru_cache(maxsize=1)
def _figures() -> dict[int, str]:
    digits = {n: unicodedata.decimal(chr(n), None) for n in range(0x80, _BEYOND_DIGITS)}
    table = {n: str(digit) for n, digit in digits.items() if digit is not None}
    return table | str.maketrans(dict(zip(*_NUMERALS, strict=True))) | {ord("＋"): "+"}


def _cover(said: str, first: int, last: int) -> str:
    digits = re.sub(r"[^\dXx]", "", said)
    return digits[:first] + "*" * (len(digits) - first - last) + digits[-last:]
