"""The room `policy` as Django knows it: it asks every room for its `pack.py`."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Policy(AppConfig):
    """`jingwei.policy`."""

    name = "jingwei.policy"
    label = "policy"

    def ready(self) -> None:
        """Let the rooms say which tables of a pack they own."""
        from jingwei.policy import notices  # noqa: F401 (it registers on import)

        autodiscover_modules("pack")
