"""Tells Django that the photographs have a table of their own."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "jingwei.files"
    label = "files"
