"""What a county's pack says about rosters: the names their columns go by in its offices, and the words in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.policy.sections import Key, Section, Text, Wrong, section

if TYPE_CHECKING:
    from jingwei.policy.books import Book


class RosterWords(Section, frozen=True, kw_only=True):
    """The words of one roster: titles it stands under, names of its columns, what its cells may say."""

    titles: tuple[Text, ...] = ()
    """Words of its title, such as 网格员花名册; they tell rosters with the same columns apart."""
    columns: dict[Key, tuple[Text, ...]] = {}
    """For each field the names its column goes by, the usual one first."""
    values: dict[Key, dict[Key, tuple[Text, ...]]] = {}
    """For each field with a choice: the words that mean each of its values, the usual one first."""


class RostersSection(Section, frozen=True, kw_only=True):
    """How the county's offices write their rosters."""

    rosters: dict[Key, RosterWords] = {}
    rosters_ignore: tuple[Text, ...] = ()
    """Columns that no roster reads and nobody need hear of, such as 序号."""

    def words(self, roster: str) -> RosterWords:
        """The words of a roster; none where the pack has nothing to say about it."""
        return self.rosters.get(roster) or RosterWords()


def _check(section: RostersSection, book: Book) -> Iterator[Wrong]:
    from jingwei.imports.rosters import rosters

    known = {one.name: {field.name for field in one.fields} for one in rosters()}
    for name, words in section.rosters.items():
        if name not in known:
            what = _("there is no roster «%(name)s».") % {"name": name}
            yield Wrong(("rosters", name), what, _("one of: %(keys)s") % {"keys": ", ".join(known)})
            continue
        for table in ("columns", "values"):
            for field in getattr(words, table):
                if field not in known[name]:
                    what = _("the roster has no field «%(name)s».") % {"name": field}
                    write = _("one of: %(keys)s") % {"keys": ", ".join(sorted(known[name]))}
                    yield Wrong(("rosters", name, table, field), what, write)


TITLES = {
    "rosters": gettext_lazy("Rosters"),
    "rosters_ignore": gettext_lazy("Columns passed over"),
    "titles": gettext_lazy("Titles"),
    "columns": gettext_lazy("Columns"),
    "values": gettext_lazy("Values"),
}

section("rosters", RostersSection, tables=("rosters", "rosters_ignore"), check=_check, titles=TITLES)
