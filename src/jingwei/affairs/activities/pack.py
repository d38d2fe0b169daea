"""What a county's pack says of its activities: which sorts there are, and which duties a sort meets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.duties.declared import DUTIES
from jingwei.duties.pack import DutiesSection
from jingwei.policy.sections import Key, Keyed, Section, Wrong, section

if TYPE_CHECKING:
    from jingwei.policy.books import Book


class ActivityLine(Keyed, frozen=True, kw_only=True):
    """A sort of activity."""

    certificate: bool = False
    """Whoever completes one may be given a certificate, as for a course."""
    meets: tuple[Key, ...] = ()
    """Keys of duties that only sorts naming them meet; a duty that no sort names is met by any activity."""


class ActivitiesSection(Section, frozen=True, kw_only=True):
    """The county's sorts of activity."""

    activities: tuple[ActivityLine, ...] = ()

    def line(self, key: str) -> ActivityLine | None:
        """The sort stored as `key`."""
        return next((one for one in self.activities if one.key == key), None)

    @property
    def standing(self) -> tuple[ActivityLine, ...]:
        """Those that are planned today."""
        return tuple(one for one in self.activities if not one.retired)

    def sorts_meeting(self, duty: str) -> frozenset[str] | None:
        """The sorts that meet a duty; None: every sort does."""
        named = frozenset(line.key for line in self.activities if duty in line.meets)
        return named or None


def _check(activities: ActivitiesSection, book: Book) -> Iterator[Wrong]:
    lines = book[DutiesSection].duties
    met_by = {line.key: duty.met_by for line in lines if (duty := DUTIES.get(line.of))}
    duties = [key for key, record in met_by.items() if "activity" in (record.name, record.made_of)]
    for n, line in enumerate(activities.activities):
        for m, key in enumerate(line.meets):
            if key not in duties:
                yield Wrong(
                    ("activities", n, "meets", m),
                    _("no duty «%(key)s» is met by activities.") % {"key": key},
                    _("one of: %(keys)s") % {"keys": ", ".join(duties) or "—"},
                )


TITLES = {
    "activities": gettext_lazy("Sorts of activity"),
    "certificate": gettext_lazy("Gives certificates"),
    "meets": gettext_lazy("Duties met"),
}

section(
    "activities", ActivitiesSection, tables=("activities",), check=_check, titles=TITLES, refers={"meets": ("duties",)}
)
