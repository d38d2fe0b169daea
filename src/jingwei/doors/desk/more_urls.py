"""Addresses of the desk beside the queue and the case: intake, exports, sheets and checks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from jingwei.accounts.sitting import Sitting, at_a_post
from jingwei.affairs.incidents import hotline_sheet, intake
from jingwei.affairs.orders.kinds import Order
from jingwei.affairs.promises import breaches
from jingwei.casework.pages import checks, contact, exports, opening, sheets, slips
from jingwei.casework.pages.lists import NARROWED_TITLES
from jingwei.doors.desk import cuts, ground, ground_changes
from jingwei.doors.desk.chrome import MORE, Part
from jingwei.organisations.pack import KEPT_APART, Role
from jingwei.places.pages import qr_sheet

DIRECTING = frozenset({"dispatcher", "arbiter", "inspector", "leader"})
AT_THE_COUNTER = frozenset({"clerk", "dispatcher"})

MORE += [
    ("desk:figures", _("Figures"), "gauge", frozenset(Role) - KEPT_APART, Part.KNOWING),
    ("desk:new", _("Take in a report"), "pencil", AT_THE_COUNTER, Part.OPENING),
    ("desk:new", _("Report from my grid"), "pencil", frozenset({"grid_worker"}), Part.OPENING),
    ("desk:offered", _("Orders to take up"), "hand-heart", frozenset({"team"}), Part.DAILY),
    ("desk:sample", _("Sample to verify"), "list-checks", DIRECTING, Part.DAILY),
    ("desk:breaches", _("Broken promises"), "timer", DIRECTING | {"department"}, Part.DAILY),
    ("desk:callbacks", _("Calls to make"), "phone", frozenset({"caller"}), Part.DAILY),
    ("desk:map", _("Map and places"), "map", (frozenset(Role) - KEPT_APART) | {"administrator"}, Part.KNOWING),
    ("desk:rules", _("Rule book"), "scale", frozenset(), Part.KNOWING),
    ("desk:qr", _("QR codes to print"), "printer", frozenset(Role) - KEPT_APART, Part.KNOWING),
]

NARROWED_TITLES[Order.name, Order.offered.name] = _("Orders to take up")


@at_a_post
def qr(request: HttpRequest) -> HttpResponse:
    """QR codes of the post's own ground; the page of a lower room, which knows nothing of posts."""
    sitting: Sitting = request.sitting  # type: ignore[attr-defined]
    return qr_sheet(request, sitting.county_code, sitting.post.ground)


@require_safe
@at_a_post
def offered(request: HttpRequest) -> HttpResponse:
    """The orders a team may take up, as a list narrowed to them; nobody is asked why she passes one by."""
    return redirect(reverse("desk:queue") + f"?queue=seen&kind={Order.name}&stage={Order.offered.name}")


urlpatterns: list[URLPattern | URLResolver] = [
    path("new/", intake.new, name="new"),
    path("new/<str:number>/", slips.receipt, name="receipt"),
    path("open/<slug:kind>/", opening.opening, name="open"),
    path("offered/", offered, name="offered"),
    path("export.xlsx", exports.export, name="export"),
    path("export-hotline.xlsx", hotline_sheet.export_hotline, name="export_hotline"),
    path("case/<str:number>/contact/", contact.contact, name="contact"),
    path("case/<str:number>/print/<slug:name>/", sheets.sheet, name="print"),
    path("qr/", qr, name="qr"),
    path("map/", ground.map_page, name="map"),
    path("map/shapes/", ground.shapes, name="shapes"),
    path("places/<int:pk>/", ground.place_page, name="place"),
    path("places/<int:pk>/divide/", cuts.divide, name="divide_place"),
    path("places/<int:pk>/border/", cuts.border, name="move_border"),
    path("places/<int:pk>/change/", ground_changes.change, name="change_place"),
    path("places/<int:pk>/notice/", ground.grid_notice, name="grid_notice"),
    path("sample/", checks.sample, name="sample"),
    path("breaches/", breaches.breaches, name="breaches"),
    path("breaches.xlsx", breaches.sheet, name="breaches_sheet"),
    path("callbacks/", checks.callbacks, name="callbacks"),
    path("callbacks/<str:number>/", checks.callback, name="callback"),
    path("callbacks/<str:number>/telephone/", checks.telephone, name="telephone"),
]
