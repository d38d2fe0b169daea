"""Tells Django that imports remember what they have brought in."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ImportsConfig(AppConfig):
    name = "jingwei.imports"
    label = "imports"

    def ready(self) -> None:
        """Let every room declare its rosters."""
        autodiscover_modules("rosters")
