"""Addresses of the desk beside the queue and the case: signing in, intake, exports and sheets."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
