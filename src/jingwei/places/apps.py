"""The room `places` as Django knows it."""

from django.apps import AppConfig


class Places(AppConfig):
    """`jingwei.places`."""

    name = "jingwei.places"
    label = "places"

    def ready(self) -> None:
        """Let maps be read like sheets, and places be imported from them."""
        from jingwei.places import importing, reading  # noqa: F401  (they register themselves)
