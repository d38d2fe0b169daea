"""Addresses of the desk: the queue, a case, what is done on it, and what the other pages of the desk add."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("jingwei.doors.desk.more_urls")),
    *([path("notices/", include("jingwei.notices.urls"))] if find_spec("jingwei.notices.urls") else []),
]
