"""Reading one cell as what its column is said to hold; what cannot be read is refused, never guessed."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from jingwei.imports.cells import Cell, NoMoment, day_of, has_clock_time, key, moment_of, text_of
from jingwei.imports.refusals import RowRefused

YES = ("是", "有", "yes", "y", "true", "1", "√", "✓", "对")
NO = ("否", "无", "没有", "no", "n", "false", "0", "×", "✗")

_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+?\d+")


def text(name: str, cell: Cell) -> str:
    """The cell's words. A number that Excel has rounded (beyond 15 digits) is refused: it is another one."""
    if (isinstance(cell, float) and abs(cell) >= 1e15) or (isinstance(cell, str) and _ROUNDED.fullmatch(cell)):
        raise _refused(
            _("“%(column)s” says %(said)s: Excel has rounded it. Format the column as text first."),
            name,
            cell,
        )
    return text_of(cell)


def moment(name: str, cell: Cell, zone: ZoneInfo, *, day_ends: bool) -> datetime:
    """The moment, in the sheet's zone. With `day_ends` a bare day means its last second: a term that
    ends on a day ends when the day does (Civil Code, article 203)."""
    try:
        found = moment_of(cell)
    except NoMoment:
        raise _refused(
            _("“%(column)s” says %(said)s, which is not a date. Write it like 2020-11-27 16:19:53."),
            name,
            cell,
        ) from None
    if day_ends and not has_clock_time(cell):
        found = found.replace(hour=23, minute=59, second=59)
    return found if found.tzinfo else found.replace(tzinfo=zone)


def yes_no(name: str, cell: Cell, yes: Collection[str], no: Collection[str]) -> bool:
    """Yes or no, in the map's words where it gives some, in everybody's otherwise."""
    said = key(text_of(cell))
    if said in {key(word) for word in yes or YES}:
        return True
    if said in {key(word) for word in no or NO}:
        return False
    raise _refused(
        _("“%(column)s” says %(said)s, which is neither yes nor no. Write one of: %(values)s."),
        name,
        cell,
        "、".join((*(yes or YES[:1]), *(no or NO[:1]))),
    )


def choice(name: str, cell: Cell, values: Mapping[str, str], *, leave: bool) -> str | None:
    """The field's value for what the cell says; another word is refused, or left unknown with `leave`."""
    chosen = {key(said): value for said, value in values.items()}.get(key(text_of(cell)))
    if chosen is None and not leave:
        raise _refused(_("“%(column)s” says %(said)s, which is not one of: %(values)s."), name, cell, "、".join(values))
    return chosen


def number(name: str, cell: Cell) -> float:
    """A number; thousands may be parted by commas, a percent sign divides by a hundred."""
    if isinstance(cell, float):
        return cell
    said = unicodedata.normalize("NFKC", text_of(cell)).replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)%?", said, re.ASCII) or len(said) > 300:
        raise _refused(_("“%(column)s” says %(said)s, which is not a number. Write digits only."), name, cell)
    return float(said.rstrip("%")) / (100 if said.endswith("%") else 1)


_COUNT = re.compile(r"(?P<number>\d+(\.\d+)?)\s*(?P<many>[万千]?)\s*(?P<unit>[^\W\d_]{0,4})")
_MANY = {"": 1, "千": 1_000, "万": 10_000}


def day(name: str, cell: Cell) -> date:
    """The day; what is written as a month is its first day, a year alone is refused."""
    try:
        return day_of(cell)
    except NoMoment:
        raise _refused(
            _("“%(column)s” says %(said)s, which is not a date. Write it like 2025-03-01."), name, cell
        ) from None


def count(name: str, cell: Cell) -> float:
    """A whole number of something, with or without its unit: 1,200户, 0.3万人, １２个."""
    said = unicodedata.normalize("NFKC", text_of(cell)).replace(",", "").strip()
    found = _COUNT.fullmatch(said) if len(said) <= 24 else None
    counted = round(float(found["number"]) * _MANY[found["many"]], 6) if found else 0.5
    if not counted.is_integer() or counted >= 1e9:
        raise _refused(
            _("“%(column)s” says %(said)s, which is not a count. Write a whole number, such as 320."), name, cell
        )
    return counted


def telephone(name: str, cell: Cell) -> str:
    """A telephone number: digits, with a plus, blanks and dashes between; 7 to 15 digits (ITU-T E.164)."""
    said = unicodedata.normalize("NFKC", text(name, cell)).strip()
    digits = re.sub(r"[\s()-]", "", said)
    if not re.fullmatch(r"\+?\d{7,15}", digits, re.ASCII) or len(said) > 24:
        raise _refused(
            _("“%(column)s” says %(said)s, which is not a telephone number. Write one number, digits only."), name, cell
        )
    return digits


def _refused(sentence: str, name: str, cell: Cell, values: str = "") -> RowRefused:
    said = text_of(cell)
    shown = f"“{said if len(said) <= 40 else said[:40] + '…'}”"
    return RowRefused(sentence % {"column": name, "said": shown, "values": values})
