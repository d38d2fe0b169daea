"""A request arrives: where from, over which kind of connection, and under which number it is remembered."""

import re
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from jingwei.running import addresses

REQUEST_ID = re.compile(r"[0-9A-Za-z_-]{8,64}", re.ASCII)
SCHEME = "jingwei.scheme"
"""Of request.META; no header can have this name. SECURE_PROXY_SSL_HEADER reads it."""

Answer = Callable[[HttpRequest], HttpResponse]


class Arriving:
    """Settle address, scheme and number of a request before anything else reads them."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        trusted = addresses.trusted_proxies()
        remote = str(meta.get("REMOTE_ADDR", ""))
        ours = addresses.is_ours(remote, trusted)
        request.came_through = any(meta.get(name) for name in addresses.FORWARDED)  # type: ignore[attr-defined]
        said = str(meta.get("HTTP_X_FORWARDED_PROTO", "")) if ours else ""
        meta[SCHEME] = said.rpartition(",")[2].strip().lower()
        meta["REMOTE_ADDR"] = addresses.client(remote, str(meta.get("HTTP_X_FORWARDED_FOR", "")), trusted)
        number = str(meta.get("HTTP_X_REQUEST_ID", "")) if ours else ""
        request.number = number if REQUEST_ID.fullmatch(number) else uuid4().hex  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request.number  # type: ignore[attr-defined]
        return response


def number_of(request: HttpRequest) -> str:
    """The number under which the log knows this request."""
    return str(getattr(request, "number", ""))
