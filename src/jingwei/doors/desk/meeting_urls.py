"""Addresses of meetings and their minutes."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.meetings import pages
from jingwei.doors.desk.chrome import MORE, Part
from jingwei.organisations.pack import KEPT_APART, Role

MORE.append(("desk:meetings", _("Meetings"), "users", frozenset(Role) - KEPT_APART, Part.DAILY))

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.listing, name="meetings"),
    path("new/", pages.new, name="meeting_new"),
    path("<int:pk>/", pages.one, name="meeting"),
    path("<int:pk>/back/", pages.take_back, name="meeting_back"),
]
