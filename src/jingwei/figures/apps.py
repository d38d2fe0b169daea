"""The room `figures` as Django knows it."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """`jingwei.figures`: the engine, and the figures of the rooms below it."""

    name = "jingwei.figures"
    label = "figures"

    def ready(self) -> None:
        """Let the books of places and posts in; the rooms above bring their own."""
        from jingwei.figures import of_coverage, of_places, of_posts, pack  # noqa: F401
