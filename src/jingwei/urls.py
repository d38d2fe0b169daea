"""Which door an address belongs to."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

DOORS = (
    ("-/", "running"),
    ("", "looks"),
    ("desk/", "doors.desk"),
    ("api/", "doors.api"),
    ("", "doors.doorstep"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    *(path(at, include(f"jingwei.{room}.urls")) for at, room in DOORS if find_spec(f"jingwei.{room}.urls")),
]

handler400 = "jingwei.running.answers.bad_request"
handler403 = "jingwei.running.answers.not_allowed"
handler404 = "jingwei.running.answers.not_found"
handler500 = "jingwei.running.answers.fault"
