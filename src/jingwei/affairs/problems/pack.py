"""What a county's pack says of rectification: where its problems come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from jingwei.policy.sections import Keyed, Section, Wrong, section

if TYPE_CHECKING:
    from jingwei.policy.books import Book


class RectificationSection(Section, frozen=True, kw_only=True):
    """Where problems come from: drives in which residents are asked, inspections, what a county finds itself."""

    drives: tuple[Keyed, ...] = ()


def _check(rectification: RectificationSection, book: Book) -> Iterator[Wrong]:
    keys = [line.key for line in rectification.drives]
    for n, key in enumerate(keys):
        if key in keys[:n]:
            yield Wrong(
                ("rectification", "drives", n, "key"),
                _("the key «%(key)s» stands here twice.") % {"key": key},
                _("a key that no other entry of the list has"),
            )


section("rectification", RectificationSection, check=_check)
