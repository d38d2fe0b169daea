"""Addresses of the residents' door. Those printed on walls and receipts (`q/`, `c/`) stay for ever."""

from django.urls import include, path, re_path

from jingwei.affairs.activities import doorstep as activities
from jingwei.affairs.activities import picturing
from jingwei.affairs.incidents import reporting
from jingwei.affairs.orders import ordering
from jingwei.affairs.privacy import asking, public
from jingwei.affairs.registration import doorstep as registration
from jingwei.casework.pages import handing, photographs, progress
from jingwei.doors.doorstep import grid, pages

app_name = "doorstep"
urlpatterns = [
    path("", pages.front, name="front"),
    path("robots.txt", pages.robots, name="robots"),
    path("g/<slug:token>/", grid.grid, name="grid"),
    path("report/", reporting.report, name="report"),
    path("q/<slug:token>/", reporting.report, name="report_at"),
    path("suggest/", reporting.suggest, name="suggest"),
    path("order/", ordering.order, name="order"),
    path("information/", public.for_residents, name="information"),
    path("my-data/", asking.my_data, name="my_data"),
    path("my-data/kept/", asking.my_extract, name="my_extract"),
    path("activities/", activities.calendar, name="activities"),
    path("activities/<int:pk>/", activities.activity, name="activity"),
    path("activities/<int:pk>/poster/", activities.poster, name="poster"),
    path("activities/<int:pk>/poster.pdf", activities.poster_as_pdf, name="poster_pdf"),
    path("registration/", registration.registration, name="registration"),
    path("activities/photographs/<int:pk>/", picturing.beheld, name="activity_beheld"),
    path("activities/photographs/<int:pk>/<slug:size>/", picturing.photograph, name="activity_photograph"),
    path("certificates/", activities.certificate, name="certificate"),
    path("rules/", include("jingwei.rulebook.urls_doorstep")),
    path("case/", progress.receipt, name="receipt"),
    path("progress/", progress.look_up, name="look_up"),
    path("c/", progress.progress, name="progress"),
    path("c/<slug:code>/", progress.progress, name="progress_by_code"),
    re_path("^photographs/(?P<sha256>[0-9a-f]{64})/$", handing.put, name="hand_in"),
    path("photographs/<int:pk>/", photographs.beheld, name="beheld"),
    path("photographs/<int:pk>/<slug:size>/", photographs.photograph, name="photograph"),
]
