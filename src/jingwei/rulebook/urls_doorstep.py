"""Addresses of the rule book at the residents' door."""

from django.urls import URLPattern, path

from jingwei.rulebook import pages

urlpatterns: list[URLPattern] = [
    path("", pages.residents_today, name="rules"),
    path("<slug:edition>/", pages.for_residents, name="rule_book"),
    path("<slug:edition>/rules.pdf", pages.residents_pdf, name="rule_book_pdf"),
]
