"""What a county's pack says of whistles: for which causes one is blown, and who may blow it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.organisations.pack import OrganisationsSection, Role
from jingwei.policy.sections import Keyed, Section, Wrong, section

if TYPE_CHECKING:
    from jingwei.policy.books import Book


class CauseLine(Keyed, frozen=True, kw_only=True):
    """A cause of a whistle; its times stand in [casework.spans.attendance] under the same key."""

    blown_by: tuple[Role, ...]
    """Roles that may blow for this cause."""


class WhistleSection(Section, frozen=True, kw_only=True):
    """The county's causes."""

    causes: tuple[CauseLine, ...] = ()

    def cause(self, key: str) -> CauseLine | None:
        """The cause with that key."""
        return next((line for line in self.causes if line.key == key), None)


BLOWS = frozenset({Role.LEADER, Role.COMMITTEE_MEMBER, Role.DISPATCHER})
"""Roles that may blow at all; a cause names those of them that may blow for it."""


def _check(whistle: WhistleSection, book: Book) -> Iterator[Wrong]:
    for n, line in enumerate(whistle.causes):
        if not set(line.blown_by) & BLOWS or set(line.blown_by) - BLOWS:
            yield Wrong(
                ("whistle", "causes", n, "blown_by"),
                _("a whistle is blown by leaders, members of the leading group or dispatchers."),
                'blown_by = ["leader", "committee_member"]',
            )
        elif not any(True for role in line.blown_by for _post in book[OrganisationsSection].with_role(role)):
            yield Wrong(
                ("whistle", "causes", n, "blown_by"),
                _("nobody in the county could blow for «%(cause)s»: no post has the role «%(role)s».")
                % {"cause": line, "role": ", ".join(line.blown_by)},
                _("one of: %(keys)s") % {"keys": ", ".join(sorted(BLOWS))},
            )


TITLES = {
    "": gettext_lazy("Whistles"),
    "causes": gettext_lazy("Causes"),
    "blown_by": gettext_lazy("Blown by"),
}

section("whistle", WhistleSection, check=_check, titles=TITLES)
