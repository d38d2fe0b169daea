"""What the rule book says of whistles: for which causes one is blown, by whom, and how soon departments come."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from jingwei.affairs.whistles.pack import WhistleSection
from jingwei.policy.books import Book
from jingwei.rulebook.parts import Part, Table, beside
from jingwei.rulebook.wording import roles_told


@beside("whistle")
def causes(book: Book) -> Iterator[Part]:
    """The causes of the county. How many whistles there should be is nobody's target."""
    rows = tuple(
        (str(line), roles_told(book, line.blown_by)) for line in book[WhistleSection].causes if not line.retired
    )
    if rows:
        yield Table(_("Causes of a whistle"), (_("Cause"), _("Blown by")), rows)
