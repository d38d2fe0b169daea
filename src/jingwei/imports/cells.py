"""What one cell of a sheet says: text without invisible marks, a moment, a number, or nothing."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TypeAlias

Cell: TypeAlias = str | datetime | float | None

LONGEST = 32_767
"""The most characters Excel itself allows in a cell."""

_INVISIBLE = {"Cc", "Cf", "Cs"}
_MARKS_OF_DUTY = re.compile(r"[*＊]|[(（]\s*(必填|选填|必填项|选填项)\s*[)）]")
_DATE = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
    r"(?:[T\s]*(?:星期.|周.)?\s*(?P<half>上午|下午)?\s*"
    r"(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})\s*(?:[:分]\s*(?P<second>\d{1,2})?(?:\.\d+)?\s*秒?)?"
    r"\s*(?P<half_after>[AaPp][Mm])?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_MONTH = re.compile(r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*月?")
_DIGITS = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?"
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
# trap: Excel counts a 29 February 1900 that never was
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock's


class NoMoment(ValueError):
    """A moment names year, month and day in one of the manners this room knows."""


def clean(text: str) -> str:
    """The text without control, bidirectional and zero-width marks, which hide or reorder what is read."""
    if text.isascii() and text.isprintable():
        return text.strip()
    kept = (mark for mark in text if mark in "\n\t" or unicodedata.category(mark) not in _INVISIBLE)
    return "".join(kept).strip()


@lru_cache(maxsize=4096)
def key(name: str) -> str:
    """A column's name as it is compared: no blanks, no marks of duty, one width and case of letters."""
    plain = _MARKS_OF_DUTY.sub("", unicodedata.normalize("NFKC", clean(name)))
    return re.sub(r"\s+", "", _MARKS_OF_DUTY.sub("", plain)).casefold()


def title(cell: Cell) -> str:
    """A cell read as a column's name, on one line."""
    return re.sub(r"\s*\n\s*", "", text_of(cell))


def text_of(cell: Cell) -> str:
    """A cell as the person who wrote it reads it; whole numbers without a decimal point."""
    match cell:
        case None:
            return ""
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case datetime():
            return cell.isoformat(sep=" ", timespec="seconds")
        case _:
            return cell


def looks_written(cell: Cell) -> bool:
    """Whether a cell is words, as a name of a column is, rather than a number or a moment."""
    return isinstance(cell, str) and re.fullmatch(r"[\d\s.,:/%+¥-]+", cell) is None


def moment_of(cell: Cell) -> datetime:
    """The moment a cell names, as the wall clock showed it; raises NoMoment.

    Understood: Excel's own dates and serial numbers, 2020-11-27 16:19:53, 2020/12/4 0:00:00,
    2020.11.27, 2020年11月27日 下午4时19分, 20201127, 20201127161953, ISO 8601. A year of two digits is
    refused: guessing a century is inventing.
    """
    if isinstance(cell, datetime):
        return cell
    said = unicodedata.normalize("NFKC", text_of(cell)).strip()
    try:
        if found := _DATE.fullmatch(said) or _DIGITS.fullmatch(said):
            return _built(found.groupdict())
        if _SERIAL.fullmatch(said):
            return _EPOCH + timedelta(seconds=round(float(said) * 86_400))
    except (ValueError, OverflowError):
        pass
    raise NoMoment(said)


def day_of(cell: Cell) -> date:
    """The day a cell names, in the manners of `moment_of`; a month alone is its first day. Raises NoMoment."""
    said = unicodedata.normalize("NFKC", text_of(cell)).strip()
    if found := _MONTH.fullmatch(said):
        try:
            return date(int(found["year"]), int(found["month"]), 1)
        except ValueError:
            raise NoMoment(said) from None
    return moment_of(cell).date()


def has_clock_time(cell: Cell) -> bool:
    """Whether a moment names more than its day; Excel writes a bare day as midnight."""
    moment = moment_of(cell)
    return (moment.hour, moment.minute, moment.second) != (0, 0, 0)


def _built(said: dict[str, str | None]) -> datetime:
    hour, minute, second = (int(said.get(part) or 0) for part in ("hour", "minute", "second"))
    half = (said.get("half") or said.get("half_after") or "").lower()
    if half and not 1 <= hour <= 12:
        half = "" if half in ("下午", "pm") and hour > 12 else half + "?"
    if half.endswith("?"):
        raise NoMoment(hour)
    if half in ("下午", "pm") and hour < 12:
        hour += 12
    if half in ("上午", "am") and hour == 12:
        hour = 0
    year, month, date = (int(said[part] or 0) for part in ("year", "month", "day"))
    day = datetime(year, month, date)  # noqa: DTZ001 - a wall clock's
    if (hour, minute, second) == (24, 0, 0):
        return day + timedelta(days=1)
    clock = day.replace(hour=hour, minute=minute, second=second)
    zone = said.get("zone")
    return clock if not zone else clock.replace(tzinfo=datetime.fromisoformat(f"2000-01-01T00:00{zone}").tzinfo)
