"""The room `places` as Django knows it."""

from django.apps import AppConfig


class Places(AppConfig):
    """`jingwei.places`."""

    name = "jingwei.places"
    label = "places"
