"""Large type: one press makes every page bigger, and it stays so on this telephone."""

from typing import Literal

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from jingwei.looks.back import way_back

COOKIE = "size"
A_YEAR = 365 * 24 * 3600

Size = Literal["standard", "elder"]


def size_of(request: HttpRequest) -> Size:
    """The size this reader chose; standard until chosen."""
    return "elder" if request.COOKIES.get(COOKIE) == "elder" else "standard"


@require_POST
def choose_size(request: HttpRequest) -> HttpResponse:
    """Keep the chosen size in a cookie and go back to where the reader was."""
    size: Size = "elder" if request.POST.get("size") == "elder" else "standard"
    response = HttpResponseRedirect(way_back(request))
    # Not HttpOnly: the page switches at once in the browser, so that nothing typed is lost.
    response.set_cookie(COOKIE, size, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
    return response
