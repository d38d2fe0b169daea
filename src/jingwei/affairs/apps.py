"""The room `affairs` as Django knows it: it asks every affair for what it declares."""

import pkgutil
from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

from jingwei.casework.entering import enter_all

DECLARED_IN = ("pack", "kinds", "personal", "duties", "living", "figures", "rules")
"""Modules of an affair's folder that register something when they are imported."""


class Affairs(AppConfig):
    """`jingwei.affairs`: a folder for each grown affair, or one file for one that only declares its kinds."""

    name = "jingwei.affairs"
    label = "affairs"

    def ready(self) -> None:
        """Let every affair declare its tables of a pack and its kinds of case, and prove the kinds.

        Raises `UnfitKind` for a kind that could be left standing, so that the house does not open with it.
        """
        for affair in pkgutil.iter_modules([self.path]):
            inside = [f"{affair.name}.{module}" for module in DECLARED_IN] if affair.ispkg else [affair.name]
            for module in inside:
                if module != "apps" and find_spec(f"{self.name}.{module}"):
                    import_module(f"{self.name}.{module}")
        enter_all()
