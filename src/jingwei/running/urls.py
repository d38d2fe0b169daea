"""Addresses for whoever watches the server."""

from django.urls import path

from jingwei.running import watching

app_name = "running"
urlpatterns = [
    path("alive", watching.alive, name="alive"),
    path("ready", watching.ready, name="ready"),
    path("metrics", watching.numbers, name="metrics"),
]
