"""The visual house, as Django knows it; on starting, it sees that the translations are compiled."""

from django.apps import AppConfig

from jingwei.looks import words


class LooksConfig(AppConfig):
    """Layouts, components and words."""

    name = "jingwei.looks"
    label = "looks"

    def ready(self) -> None:
        """Compile the catalogue if it is not of these fragments; a read-only release keeps its own."""
        try:
            words.compile_catalogue()
        except OSError:
            if not words.CATALOGUE.exists():
                raise
