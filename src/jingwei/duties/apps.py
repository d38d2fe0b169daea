"""The room `duties` as Django knows it."""

from django.apps import AppConfig


class Duties(AppConfig):
    """`jingwei.duties`."""

    name = "jingwei.duties"
    label = "duties"

    def ready(self) -> None:
        """Own the pack's tables of duties."""
        import jingwei.duties.pack  # noqa: F401
