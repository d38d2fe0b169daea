"""The way back to the page one came from, never to a stranger's."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest) -> str:
    """The posted `next` if it is a whole address on this site, else the front page."""
    said = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(said, {request.get_host()}, require_https=request.is_secure())
    return said if ours and said.startswith("/") else "/"
