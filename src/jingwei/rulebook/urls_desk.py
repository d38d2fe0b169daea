"""Addresses of the rule book at the desk."""

from django.urls import URLPattern, path

from jingwei.rulebook import pages

urlpatterns: list[URLPattern] = [
    path("", pages.today, name="rules"),
    path("<slug:edition>/", pages.for_staff, name="rule_book"),
    path("<slug:edition>/rules.pdf", pages.staff_pdf, name="rule_book_pdf"),
]
