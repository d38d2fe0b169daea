"""Tells Django that imports remember what they have brought in."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "jingwei.imports"
    label = "imports"
