"""Tells Django that searching has a table of its own."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "jingwei.search"
    label = "search"
