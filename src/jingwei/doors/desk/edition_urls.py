"""Addresses of the county's rules as they were: its editions, and what changed between two."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from jingwei.doors.desk import editions
from jingwei.doors.desk.chrome import MORE, Part

MORE.append(("desk:editions", _("Editions of the rules"), "history", frozenset(), Part.KNOWING))

urlpatterns: list[URLPattern | URLResolver] = [
    path("", editions.editions, name="editions"),
    path("changes/", editions.edition_changes, name="edition_changes"),
    path(
        "changes/print/",
        editions.edition_changes,
        {"template": "desk/edition_changes_sheet.html"},
        name="edition_changes_sheet",
    ),
]
