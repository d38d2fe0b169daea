"""What the rule book says of meetings: which there are, what is laid before them, and what is always on the agenda."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.affairs.meetings.pack import sorts
from jingwei.figures.declared import figure_named
from jingwei.policy.books import Book
from jingwei.rulebook.parts import Section, Table, chapter
from jingwei.rulebook.wording import listed


@chapter("meetings", gettext_lazy("What is met about"), place=65)
def meetings(book: Book) -> Iterator[Section]:
    """Each sort of meeting."""
    rows = []
    for line in sorts(book):
        figures = [figure for name in line.figures if (figure := figure_named(name))]
        rows.append((str(line), listed(figure.title for figure in figures) or "—", "\n".join(line.agenda) or "—"))
    if rows:
        head = (_("Meeting"), _("Figures laid before it"), _("Always on the agenda"))
        yield Section("", (Table(_("Meetings"), head, tuple(rows)),))
