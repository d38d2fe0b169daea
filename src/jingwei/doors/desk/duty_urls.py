"""Addresses of what recurs: a post's own duties, those of the units on its ground, and the calendar feed."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from jingwei.doors.desk.chrome import MORE, Part
from jingwei.duties.pages import feeds, mine, units
from jingwei.organisations.pack import KEPT_APART, Role

MORE.append(("desk:duties", _("Duties"), "calendar", frozenset(Role) - KEPT_APART, Part.DAILY))

urlpatterns: list[URLPattern | URLResolver] = [
    path("", mine.mine, name="duties"),
    path("units/", units.units, name="duties_units"),
    path("units/<int:pk>/", units.unit, name="duties_unit"),
    path("excuses/<int:pk>/end/", units.end_excuse, name="end_excuse"),
    path("feed/<str:token>.ics", feeds.feed, name="duties_feed"),
]
