"""The desk's addresses as far as the notices need them."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


desk = (
    [
        path("", _nothing, name="home"),
        path("sign-in/", _nothing, name="sign_in"),
        path("post/", _nothing, name="choose_post"),
        path("notices/", include("jingwei.notices.urls")),
    ],
    "desk",
)

urlpatterns = [path("desk/", include(desk)), path("", include("jingwei.looks.urls"))]
