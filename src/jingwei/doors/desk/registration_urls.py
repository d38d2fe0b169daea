"""Addresses of double registration at the desk."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.registration import pages
from jingwei.doors.desk.chrome import MORE, Part
from jingwei.organisations.pack import KEPT_APART, Role

MORE.append(("desk:registered", _("Double registration"), "house", frozenset(Role) - KEPT_APART, Part.DAILY))

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.registered, name="registered"),
    path("<int:pk>/end/", pages.end, name="registered_end"),
]
