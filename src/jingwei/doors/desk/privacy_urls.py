"""Addresses of the desk about personal data: the list, requests about one's own data, and the records of both."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.privacy import counter, public, records
from jingwei.doors.desk.chrome import MORE, Part

AT_THE_COUNTER = frozenset({"clerk", "dispatcher", "caller"})
WATCHING = frozenset({"auditor", "security_officer"})

MORE += [
    ("desk:own_data", _("Request about one's own data"), "user-check", AT_THE_COUNTER, Part.OPENING),
    ("desk:unmaskings", _("Records of personal data"), "shield", WATCHING, Part.KEEPING),
    ("desk:information", _("Information list"), "list", frozenset(), Part.KNOWING),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("information/", public.for_officials, name="information"),
    path("own-data/", counter.take_down, name="own_data"),
    path("own-data/<str:number>/", counter.hand_over, name="own_data_sheet"),
    path("records/unmaskings/", records.unmaskings, name="unmaskings"),
    path("records/sharings/", records.sharings, name="sharings"),
    path("records/erasures/", records.erasures, name="erasures"),
    path("records/assessments/", records.assessments, name="assessments"),
]
