"""The room `affairs` as Django knows it: it asks every affair for what it declares."""

import pkgutil
from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

DECLARED_IN = ("pack", "kinds")
"""Modules of an affair that register something when they are imported."""


class Affairs(AppConfig):
    """`jingwei.affairs`."""

    name = "jingwei.affairs"
    label = "affairs"

    def ready(self) -> None:
        """Let every affair declare its tables of a pack and its kinds of case."""
        for affair in pkgutil.iter_modules([self.path]):
            for module in DECLARED_IN if affair.ispkg else ():
                name = f"{self.name}.{affair.name}.{module}"
                if find_spec(name):
                    import_module(name)
