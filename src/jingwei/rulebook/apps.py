"""The room `rulebook` as Django knows it."""

from django.apps import AppConfig


class Rulebook(AppConfig):
    """`jingwei.rulebook`."""

    name = "jingwei.rulebook"
    label = "rulebook"

    def ready(self) -> None:
        """Have the chapters that every county has."""
        import jingwei.rulebook.everywhere  # noqa: F401
