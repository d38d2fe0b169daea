"""The room `accounts` as Django knows it."""

from django.apps import AppConfig


class Accounts(AppConfig):
    """`jingwei.accounts`."""

    name = "jingwei.accounts"
    label = "accounts"
