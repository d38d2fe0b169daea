"""The room `outbox` as Django knows it."""

from django.apps import AppConfig


class Outbox(AppConfig):
    """`jingwei.outbox`."""

    name = "jingwei.outbox"
    label = "outbox"
