"""The room `trail` as Django knows it."""

from django.apps import AppConfig


class Trail(AppConfig):
    """`jingwei.trail`."""

    name = "jingwei.trail"
    label = "trail"
