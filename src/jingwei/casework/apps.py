"""The room `casework` as Django knows it."""

from django.apps import AppConfig


class Casework(AppConfig):
    """`jingwei.casework`."""

    name = "jingwei.casework"
    label = "casework"

    def ready(self) -> None:
        """Let notices lead to their case."""
        from jingwei.casework.links import case_addresses
        from jingwei.notices.links import register

        register("case", case_addresses)
