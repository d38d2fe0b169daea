"""What a county's pack says of the document it comes from: every number, where it stands, what must equal it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from msgspec import Meta

from jingwei.affairs.documents.measures import MEASURES, Unmeasured
from jingwei.affairs.documents.pack_titles import TITLES
from jingwei.policy.sections import Keyed, Section, Wrong, section

if TYPE_CHECKING:
    from jingwei.policy.books import Book

Paragraph = Annotated[int, Meta(ge=1, le=500, examples=[8])]
Row = Annotated[
    str,
    Meta(pattern=r"^[A-H][0-9]{1,2}$", description=gettext_noop("a system of the house, as A1"), examples=["C5"]),
]


class Equals(Section, frozen=True, kw_only=True):
    """What in the loaded county must equal a number: one of the measures that the code knows, and of what."""

    measure: str
    of: str = ""


class NumberLine(Keyed, frozen=True, kw_only=True):
    """One number of the document."""

    value: Annotated[float, Meta(ge=0, le=1_000_000_000, examples=[208])]
    unit: str
    paragraph: Paragraph
    """In the document, counted from 1, the title and lines that are not empty."""
    masked: bool = False
    """The document hides it: `value` is invented."""
    at_least: bool = False
    """The document says «more than»."""
    equals: Equals | None = None
    row: Row | None = None
    """Where nothing holds it yet: the system that will."""

    @property
    def said(self) -> str:
        """The value as it is written: whole numbers without a point."""
        return f"{self.value:,.0f}" if self.value == int(self.value) else f"{self.value:,}"


class DocumentSection(Section, frozen=True, kw_only=True):
    """The document a pack comes from, where it comes from one. `invented`: what else in the pack is invented."""

    name: str = ""
    english: str = ""
    number: Annotated[int, Meta(ge=0, le=99)] = 0
    """By which it is spoken of: 文件零 is number 0."""
    numbers: tuple[NumberLine, ...] = ()
    invented: tuple[str, ...] = ()
    """Places in the pack, `places.communities`, whose words are nobody's."""


def _check(document: DocumentSection, book: Book) -> Iterator[Wrong]:
    for n, line in enumerate(document.numbers):
        at = ("document", "numbers", n)
        if (line.equals is None) == (line.row is None):
            yield Wrong(
                at,
                _("a number says either what equals it, or which system will hold it."),
                'equals = {measure = "figure", of = "places.grids"}',
            )
        if line.equals is not None:
            yield from _check_measure(line.equals, (*at, "equals"), book)
    for n, said in enumerate(document.invented):
        if _missing(book.document, said):
            yield Wrong(
                ("document", "invented", n),
                _("«%(said)s» is nowhere in this pack.") % {"said": said},
                "places.communities",
            )


def _check_measure(equals: Equals, at: tuple[str | int, ...], book: Book) -> Iterator[Wrong]:
    measure = MEASURES.get(equals.measure)
    if measure is None:
        known = _("one of: %(keys)s") % {"keys": ", ".join(MEASURES)}
        yield Wrong((*at, "measure"), _("«%(said)s» is no measure.") % {"said": equals.measure}, known)
        return
    try:
        measure.known(equals.of, book)
    except Unmeasured as no:
        yield Wrong((*at, "of"), no.what, no.write)


def _missing(said: Any, path: str) -> bool:
    for step in path.split("."):
        if not isinstance(said, dict) or step not in said:
            return True
        said = said[step]
    return False


section("document", DocumentSection, check=_check, titles=TITLES)
