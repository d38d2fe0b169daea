"""Addresses of visits to places that posts answer for."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.visits import pages
from jingwei.doors.desk.chrome import MORE, Part
from jingwei.organisations.pack import KEPT_APART, Role

MORE.append(("desk:visits", _("Visits"), "map-pin", frozenset(Role) - KEPT_APART, Part.DAILY))

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.listing, name="visits"),
    path("new/", pages.new, name="visit_new"),
    path("<int:pk>/", pages.one, name="visit"),
    path("<int:pk>/back/", pages.take_back, name="visit_back"),
]
