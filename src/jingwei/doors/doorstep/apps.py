"""The residents' door as Django knows it."""

from django.apps import AppConfig


class Doorstep(AppConfig):
    """`jingwei.doors.doorstep`."""

    name = "jingwei.doors.doorstep"
    label = "doorstep"
