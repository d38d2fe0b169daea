"""Addresses of the figures within the desk."""

from django.urls import URLPattern, path

from jingwei.figures import closed, pages, sheets

urlpatterns: list[URLPattern] = [
    path("", pages.figures, name="figures"),
    path("all.xlsx", sheets.figures_sheet, name="figures_sheet"),
    path("published/", closed.readings, name="readings"),
    path("published/<int:pk>/", closed.reading, name="reading"),
    path("<str:name>/", pages.figure, name="figure"),
    path("<str:name>/shapes/", pages.shapes, name="figure_shapes"),
    path("<str:name>/rows/", pages.rows, name="figure_rows"),
    path("<str:name>.xlsx", sheets.figure_sheet, name="figure_sheet"),
]
