"""The room `casework` as Django knows it."""

from importlib import import_module

from django.apps import AppConfig


class Casework(AppConfig):
    """`jingwei.casework`."""

    name = "jingwei.casework"
    label = "casework"

    def ready(self) -> None:
        """Say to organisations what posts owe here, so that none ends while a case is owed by it."""
        import_module("jingwei.casework.acts.handover")
