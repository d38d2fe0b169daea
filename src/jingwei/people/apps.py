"""The room `people` as Django knows it."""

from django.apps import AppConfig


class People(AppConfig):
    """`jingwei.people`."""

    name = "jingwei.people"
    label = "people"

    def ready(self) -> None:
        """Lend the locks of this room to the sheets that are handed in; let pages say that the key file is missing."""
        from jingwei.people import sheets  # noqa: F401  (it lends on import)
        from jingwei.people.keys import Locked
        from jingwei.running.answers import KEYLESS

        KEYLESS.append(Locked)
