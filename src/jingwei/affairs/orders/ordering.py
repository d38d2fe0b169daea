"""Ordering a service from the door: which one, where, when it suits, and how the team finds whoever orders it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jingwei.affairs.orders.kinds import Order
from jingwei.affairs.orders.pack import OrdersSection
from jingwei.casework.pages.asking import Asking
from jingwei.casework.pages.asking_form import ANONYMOUS, NAMED, AskingForm
from jingwei.casework.pages.asking_where import Spot
from jingwei.casework.pages.taking import says_if_too_large
from jingwei.organisations.pack import Role
from jingwei.organisations.queries import front_desks
from jingwei.policy.books import Book
from jingwei.running.limits import limited


class OrderForm(AskingForm):
    """A service, and a way to find whoever orders it."""

    def lacking(self) -> tuple[str, str] | None:
        """The service; the address or the telephone number."""
        if not self.category:
            return "id_category_0", _("Choose a service.")
        if not (self.where or self.telephone):
            return "id_where", _("Write where the team should come, or leave a telephone number.")
        return None


class Ordering(Asking):
    """A small service is wanted."""

    kind = Order
    template = "orders/order.html"
    address = "doorstep:order"
    form = OrderForm
    first_clock = Order.finding_clock.name
    may_be = (ANONYMOUS, NAMED)

    def knows(self, book: Book, category: str) -> bool:
        """Whether it is in the catalogue."""
        return book[OrdersSection].service(category) is not None

    def tiles(self, spot: Spot, book: Book) -> list[dict[str, str]]:
        """The catalogue; nothing where no team stands that could come."""
        if not can_be_ordered(spot.county.pk, book):
            return []
        lines = book[OrdersSection].services
        return [{"value": line.key, "label": str(line), "icon": line.icon} for line in lines if not line.retired]

    def as_kept(self, form: AskingForm, book: Book) -> dict[str, Any]:
        """The service."""
        return {"category": form.category}

    def called(self, form: AskingForm, book: Book) -> str:
        """The service."""
        return str(book[OrdersSection].service(form.category))


def can_be_ordered(county_code: str, book: Book) -> bool:
    """Whether residents are offered a service here: the catalogue has one, and a team stands that might take it up."""
    offered = any(not line.retired for line in book[OrdersSection].services)
    return offered and front_desks(county_code, Role.TEAM).exists()


@limited
@require_http_methods(["GET", "HEAD", "POST"])
@says_if_too_large
def order(request: HttpRequest) -> HttpResponse:
    """Order a service."""
    return Ordering().answer(request)
