"""Addresses of the desk: the queue, a case, what is done on it, and what the other pages of the desk add."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from jingwei.casework.pages import case, deeds, desk
from jingwei.doors.desk.chrome import with_frames
from jingwei.doors.desk.officers import officers_first

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", officers_first(desk.desk), name="queue"),
    path("rows/", desk.rows, name="rows"),
    path("batch/", deeds.batch, name="batch"),
    path("case/<str:number>/", case.case_page, name="case"),
    path("case/<str:number>/step/<str:name>/", deeds.step, name="step"),
    path("case/<str:number>/do/<str:name>/", deeds.operation, name="operation"),
    path("case/<str:number>/motion/<int:pk>/", deeds.motion, name="motion"),
    path("figures/", include("jingwei.figures.urls")),
    path("", include("jingwei.doors.desk.account_urls")),
    path("", include("jingwei.doors.desk.more_urls")),
    path("", include("jingwei.doors.desk.office_urls")),
    path("", include("jingwei.doors.desk.privacy_urls")),
    path("duties/", include("jingwei.doors.desk.duty_urls")),
    path("editions/", include("jingwei.doors.desk.edition_urls")),
    path("activities/", include("jingwei.doors.desk.activity_urls")),
    path("rules/", include("jingwei.rulebook.urls_desk")),
    path("meetings/", include("jingwei.doors.desk.meeting_urls")),
    path("visits/", include("jingwei.doors.desk.visit_urls")),
    path("registered/", include("jingwei.doors.desk.registration_urls")),
    *([path("notices/", include("jingwei.notices.urls"))] if find_spec("jingwei.notices.urls") else []),
]
with_frames(urlpatterns)
