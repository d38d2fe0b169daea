"""Addresses of organisations, posts, alliances and grid teams."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from jingwei.doors.desk.chrome import MORE, Part
from jingwei.doors.desk.offices import pages
from jingwei.organisations.pack import KEPT_APART, Role

MORE += [
    (
        "desk:organisations",
        _("Organisations and posts"),
        "building-2",
        frozenset(Role) - KEPT_APART | {Role.ADMINISTRATOR},
        Part.KNOWING,
    )
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("organisations/", pages.chart, name="organisations"),
    path("organisations/print/", pages.printed_chart, name="organisations_sheet"),
    path("organisations/lists/<slug:name>/", pages.listing, name="office_list"),
    path("organisations/handover/<int:pk>/", pages.handover, name="handover"),
    path("organisations/<slug:sort>/<int:pk>/", pages.one, name="office"),
    path("organisations/<slug:sort>/<int:pk>/do/<slug:name>/", pages.do, name="do_office"),
]
