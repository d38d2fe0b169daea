"""What a county's pack says of orders: the catalogue of small services, and which teams are proposed for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.organisations.pack import OrganisationsSection
from jingwei.policy.sections import Icon, Key, Keyed, Section, Wrong, section

if TYPE_CHECKING:
    from jingwei.policy.books import Book


class ServiceLine(Keyed, frozen=True, kw_only=True):
    """A service that residents can order."""

    icon: Icon = "hand-heart"
    teams: tuple[Key, ...] = ()
    """Keys of the organisations whose teams are proposed first; any other team may be chosen too."""


class OrdersSection(Section, frozen=True, kw_only=True):
    """The county's catalogue of services."""

    services: tuple[ServiceLine, ...] = ()

    def service(self, key: str) -> ServiceLine | None:
        """The service with that key, unless it is no longer offered."""
        return next((line for line in self.services if line.key == key and not line.retired), None)


def _check(orders: OrdersSection, book: Book) -> Iterator[Wrong]:
    organisations = [line.key for line in book[OrganisationsSection].organisations]
    for n, line in enumerate(orders.services):
        for m, team in enumerate(line.teams):
            if team not in organisations:
                said = _("no organisation has the key «%(key)s».") % {"key": team}
                known = _("one of: %(keys)s") % {"keys": ", ".join(organisations)}
                yield Wrong(("orders", "services", n, "teams", m), said, known)


TITLES = {
    "": gettext_lazy("Orders"),
    "services": gettext_lazy("Services"),
    "icon": gettext_lazy("Icon"),
    "teams": gettext_lazy("Teams proposed first"),
}

section("orders", OrdersSection, check=_check, titles=TITLES, refers={"teams": ("organisations",)})
