"""The room `organisations` as Django knows it."""

from importlib import import_module

from django.apps import AppConfig


class Organisations(AppConfig):
    """`jingwei.organisations`."""

    name = "jingwei.organisations"
    label = "organisations"

    def ready(self) -> None:
        """Register what posts owe in this room itself, the places they answer for; and how candidacies are erased."""
        import_module("jingwei.organisations.acts.answering")
        import_module("jingwei.organisations.candidacies")
