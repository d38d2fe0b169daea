"""The room `casework` as Django knows it."""

from django.apps import AppConfig


class Casework(AppConfig):
    """`jingwei.casework`."""

    name = "jingwei.casework"
    label = "casework"
