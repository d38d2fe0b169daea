"""What a county's pack says of orders: the catalogue of small services, and which teams are proposed for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from jingwei.organisations.pack import OrganisationsSection
from jingwei.policy.sections import Key, Keyed, Section, Wrong, section

if TYPE_CHECKING:
    from jingwei.policy.books import Book


class ServiceLine(Keyed, frozen=True, kw_only=True):
    """A service that residents can order."""

    icon: str = "hand-heart"
    """One of the pictures of the house."""
    teams: tuple[Key, ...] = ()
    """Keys of the organisations whose teams are proposed first; any other team may be chosen too."""


class OrdersSection(Section, frozen=True, kw_only=True):
    """The county's catalogue of services."""

    services: tuple[ServiceLine, ...] = ()

    def service(self, key: str) -> ServiceLine | None:
        """The service with that key, unless it is no longer offered."""
        return next((line for line in self.services if line.key == key and not line.retired), None)


def _check(orders: OrdersSection, book: Book) -> Iterator[Wrong]:
    keys = [line.key for line in orders.services]
    organisations = [line.key for line in book[OrganisationsSection].organisations]
    for n, line in enumerate(orders.services):
        if line.key in keys[:n]:
            said = _("the key «%(key)s» stands here twice.") % {"key": line.key}
            yield Wrong(("orders", "services", n, "key"), said, _("a key that no other entry of the list has"))
        for m, team in enumerate(line.teams):
            if team not in organisations:
                said = _("no organisation has the key «%(key)s».") % {"key": team}
                known = _("one of: %(keys)s") % {"keys": ", ".join(organisations)}
                yield Wrong(("orders", "services", n, "teams", m), said, known)


section("orders", OrdersSection, check=_check)
