"""Addresses of the residents' door. Those printed on walls and receipts (`q/`, `c/`) stay for ever."""

from django.urls import path

from jingwei.affairs.incidents import reporting
from jingwei.casework.pages import photographs, progress
from jingwei.doors.doorstep import pages

app_name = "doorstep"
urlpatterns = [
    path("", pages.front, name="front"),
    path("robots.txt", pages.robots, name="robots"),
    path("report/", reporting.report, name="report"),
    path("q/<slug:token>/", reporting.report, name="report_at"),
    path("suggest/", reporting.suggest, name="suggest"),
    path("case/", progress.receipt, name="receipt"),
    path("progress/", progress.look_up, name="look_up"),
    path("c/", progress.progress, name="progress"),
    path("c/<slug:code>/", progress.progress, name="progress_by_code"),
    path("photographs/<int:pk>/<slug:size>/", photographs.photograph, name="photograph"),
]
