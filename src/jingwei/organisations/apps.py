"""The room `organisations` as Django knows it."""

from django.apps import AppConfig


class Organisations(AppConfig):
    """`jingwei.organisations`."""

    name = "jingwei.organisations"
    label = "organisations"
