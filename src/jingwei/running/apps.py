"""The room `running` as Django knows it."""

from django.apps import AppConfig


class Running(AppConfig):
    """`jingwei.running`."""

    name = "jingwei.running"
    label = "running"
