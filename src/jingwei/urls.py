"""Which door an address belongs to."""

from importlib.util import find_spec

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answers 200 while the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


DOORS = (
    ("", "looks"),
    ("desk/", "doors.desk"),
    ("", "doors.doorstep"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    *(path(at, include(f"jingwei.{room}.urls")) for at, room in DOORS if find_spec(f"jingwei.{room}.urls")),
]
