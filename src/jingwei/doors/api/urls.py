"""Addresses of the interface for programs."""

from django.urls import URLPattern, path

from jingwei.doors.api import described, pages

app_name = "api"
urlpatterns: list[URLPattern] = [
    path("openapi.json", described.openapi, name="openapi"),
    path("figures/", pages.figures, name="figures"),
    path("figures/<str:name>/", pages.figure, name="figure"),
    path("figures/<str:name>/rows/", pages.rows, name="figure_rows"),
    path("figures/<str:name>/published/<str:period>/", pages.reading, name="reading"),
]
