"""A county's document beside the county: what each number is here, and whether it is the same."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from jingwei.affairs.documents.measures import held
from jingwei.affairs.documents.pack import DocumentSection, NumberLine
from jingwei.policy.books import Book


class Standing(StrEnum):
    """How a number of the document stands to the loaded county."""

    EQUAL = "equal"
    OTHER = "other"
    """The county has another number: the pack or the county is wrong."""
    INVENTED = "invented"
    """The document masks it; the county has the number that the pack invented."""
    NOT_HELD = "not held yet"
    MASKED_NOT_HELD = "masked, not held yet"


@dataclass(frozen=True)
class Compared:
    """One number of the document, and what stands for it; `here` is None where nothing does."""

    line: NumberLine
    here: float | None
    standing: Standing


def compared(book: Book, *, at: datetime) -> list[Compared]:
    """Every number of the document of `book` beside its county, which is loaded, in the document's order."""
    return [_one(line, book, at) for line in book[DocumentSection].numbers]


def _one(line: NumberLine, book: Book, at: datetime) -> Compared:
    if line.equals is None:
        return Compared(line, None, Standing.MASKED_NOT_HELD if line.masked else Standing.NOT_HELD)
    here = held(line.equals.measure, line.equals.of, book, at)
    same = here >= line.value if line.at_least else here == line.value
    if not same:
        return Compared(line, here, Standing.OTHER)
    return Compared(line, here, Standing.INVENTED if line.masked else Standing.EQUAL)
