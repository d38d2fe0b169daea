"""The visual house, as Django knows it; on starting, it sees that the translations are compiled."""

from typing import Any

from django.apps import AppConfig

from jingwei.looks import words


class LooksConfig(AppConfig):
    """Layouts, components and words."""

    name = "jingwei.looks"
    label = "looks"

    def __init__(self, *said: Any) -> None:
        """Compile the catalogue if it is not of these fragments; a read-only release keeps its own.

        Trap: Django reads the catalogue while the models are imported, so it has to be whole before any of them is.
        """
        super().__init__(*said)
        try:
            words.compile_catalogue()
        except OSError:
            if not words.CATALOGUE.exists():
                raise
