"""Addresses of the notices; the desk's door includes them."""

from django.urls import path

from jingwei.notices.pages import listing, read

urlpatterns = [
    path("", listing, name="notices"),
    path("read/", read, name="notices_read"),
]
