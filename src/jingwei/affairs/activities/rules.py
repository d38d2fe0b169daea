"""What the rule book says of activities: which sorts there are, which give a certificate, which duties they meet."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.affairs.activities.pack import ActivitiesSection
from jingwei.duties.pack import DutiesSection
from jingwei.policy.books import Book
from jingwei.rulebook.parts import Section, Table, Words, chapter
from jingwei.rulebook.wording import listed


@chapter("activities", gettext_lazy("Activities"), place=70, public=True)
def activities(book: Book) -> Iterator[Section]:
    """The county's sorts of activity."""
    duties = book[DutiesSection]
    rows = []
    for line in book[ActivitiesSection].standing:
        meets = [found for key in line.meets if (found := duties.line(key))]
        rows.append((str(line), _("may be given") if line.certificate else "—", listed(meets) or "—"))
    if rows:
        told = _("Whoever wants to come takes a place without an account, and gives it back with the code she is told.")
        head = (_("Sort"), _("Certificate"), _("Duties it meets"))
        yield Section("", (Words(told), Table(_("Sorts of activity"), head, tuple(rows))))
