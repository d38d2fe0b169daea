"""A request that broke off on the way is refused: half a form never becomes half a case.

Web servers hand on what arrived of a body and then say that it is over, and Django believes them. So the body
is counted against the length its sender announced, and reading beyond the break raises an error, as it does
for a file whose disk was pulled out.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

BROKE_OFF = "jingwei.body_broke_off"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Body(Protocol):
    """A request's body as the web server hands it on."""

    def read(self, size: int, /) -> bytes: ...


class WholeBody:
    """A body that is read to its announced length in bytes, or else raises ConnectionResetError."""

    def __init__(self, environ: dict[str, Any], length: int) -> None:
        self._environ, self._left = environ, length
        self._body: Body = environ["wsgi.input"]

    def read(self, size: int | None = -1) -> bytes:
        """The next `size` bytes, less only at the announced end."""
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        pieces: list[bytes] = []
        while wanted > 0:
            piece = self._body.read(wanted)
            if not piece:
                self._environ[BROKE_OFF] = True
                raise ConnectionResetError(f"{self._left} bytes of the body did not arrive")
            self._left -= len(piece)
            wanted -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def readline(self, size: int = -1) -> bytes:
        """The next line; WSGI asks for it (PEP 3333), nothing here reads by lines."""
        line = bytearray()
        while (size < 0 or len(line) < size) and (byte := self.read(1)):
            line += byte
            if byte == b"\n":
                break
        return bytes(line)

    def __iter__(self) -> "Iterable[bytes]":
        return iter(self.readline, b"")


LONGEST_LENGTH = 18
"""Digits of a length that is one: an exabyte has nineteen. Python refuses to read more than 4300."""


def is_length(said: str) -> bool:
    """Whether a header says a length in bytes that can be read."""
    return said.isascii() and said.isdigit() and len(said) <= LONGEST_LENGTH


def wholly(application: Application) -> Application:
    """The application, which no longer takes the beginning of a body for the whole of it."""

    def counting(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if is_length(length):
            environ["wsgi.input"] = WholeBody(environ, int(length))
        return application(environ, start_response)

    return counting


class BrokenOffMiddleware:
    """Answers a request whose body broke off with one sentence, whatever the page made of the rest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if not request.META.get(BROKE_OFF):
            return answer
        said = _("This did not arrive whole, so nothing was done. Go back and send it once more.")
        return HttpResponse(said + "\n", status=400, content_type="text/plain; charset=utf-8")
