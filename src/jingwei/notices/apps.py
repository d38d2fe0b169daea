"""The room `notices` as Django knows it."""

from django.apps import AppConfig


class Notices(AppConfig):
    """`jingwei.notices`."""

    name = "jingwei.notices"
    label = "notices"
