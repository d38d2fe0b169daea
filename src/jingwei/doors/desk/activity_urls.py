"""Addresses of activities at the desk."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.activities import pages, picturing
from jingwei.doors.desk.chrome import MORE, Part
from jingwei.organisations.pack import KEPT_APART, Role

MORE.append(("desk:activities", _("Activities"), "flag", frozenset(Role) - KEPT_APART, Part.DAILY))

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.listing, name="activities"),
    path("new/", pages.new, name="activity_new"),
    path("<int:pk>/", pages.one, name="activity"),
    path("<int:pk>/change/", pages.alter, name="activity_change"),
    path("<int:pk>/do/<slug:name>/", pages.do, name="do_activity"),
    path("<int:pk>/photographs/", picturing.add_photographs, name="add_photographs"),
    path("photographs/<int:pk>/do/<slug:name>/", picturing.do_photograph, name="do_photograph"),
    path("<int:pk>/certificates/", pages.certificates, name="certificates"),
    path("<int:pk>/certificates.pdf", pages.certificates_as_pdf, name="certificates_pdf"),
]
