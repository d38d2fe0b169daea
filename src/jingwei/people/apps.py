"""The room `people` as Django knows it."""

from django.apps import AppConfig


class People(AppConfig):
    """`jingwei.people`."""

    name = "jingwei.people"
    label = "people"
