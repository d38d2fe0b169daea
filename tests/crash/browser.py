"""A browser without a picture: it keeps cookies, fills in forms, and asks again when nobody answers."""

import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

PATIENCE = 90.0
"""Seconds for which a request is sent again before a person would ring the office instead."""

UNANSWERED = (OSError, HTTPException, socket.timeout)
"""What a browser calls «no connection»."""


class NobodyAnswers(Exception):
    """A request that is sent again and again is answered in the end, or the county does not stay up."""


@dataclass(frozen=True)
class Answer:
    """What came back: status, address it came from, where it leads, and the page."""

    status: int
    path: str
    location: str
    page: str

    @property
    def heading(self) -> str:
        """What the page is called."""
        return self.page.partition("<title>")[2].partition("</title>")[0]

    def form(self, action: str) -> "Form":
        """The form that is sent to an address ending in `action`; the page's own address where it names none."""
        found = self._forms(action)
        assert found, f"{self.path} ({self.status}) has no form for {action}: {self.page[:400]}"
        return found[0]

    def offers(self, action: str) -> bool:
        """Whether the page has such a form."""
        return bool(self._forms(action))

    def _forms(self, action: str) -> "list[Form]":
        return [form for form in _Forms.of(self.page) if (form.action or self.path).partition("?")[0].endswith(action)]


@dataclass
class Form:
    """A form of a page: where it goes, what stands in it, and what its lists offer."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    offers: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, **said: str) -> list[tuple[str, str]]:
        """Its fields with what is said, in the form's order, so that a field that must come last does."""
        left = dict(said)
        filled = [(name, left.pop(name, value)) for name, value in self.fields]
        whole = filled.pop() if filled and filled[-1][0] == "whole" else None
        return [*filled, *left.items(), *([whole] if whole else [])]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._list = ""

    @classmethod
    def of(cls, page: str) -> list[Form]:
        reader = cls()
        reader.feed(page)
        return reader.found

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(said.get("action", "")))
        elif not self.found:
            return
        elif tag == "select":
            self._list = said.get("name", "")
        elif tag == "option":
            self.found[-1].offers.setdefault(self._list, []).append(said.get("value", ""))
        elif tag == "input" and said.get("type") == "hidden" and "name" in said:
            self.found[-1].fields.append((said["name"], said.get("value", "")))


class Browser:
    """One person's browser; each request goes on a connection of its own."""

    def __init__(self, port: int, patience: float = PATIENCE) -> None:
        self.port, self.patience = port, patience
        self.cookies: dict[str, str] = {}
        self.more: dict[str, str] = {}
        """Headers that go with each request."""
        self.again = 0
        """How often a request had to be sent again."""

    def get(self, path: str) -> Answer:
        return self._insist("GET", path, None)

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> Answer:
        """Send a form until it is answered, each time under the key that was drawn with it."""
        return self._insist("POST", path, urlencode(fields).encode())

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request, once. Raises one of `UNANSWERED`."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            plain = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
            line.request(method, path, body, {**self.headers(), **plain, **(headers or {})})
            got = line.getresponse()
            page = got.read().decode(errors="replace")
            self._keep(got.headers.get_all("Set-Cookie") or [])
            return Answer(got.status, path, got.headers.get("Location", ""), page)
        finally:
            line.close()

    def headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookies, "Accept-Language": "zh", **self.more}

    def _insist(self, method: str, path: str, body: bytes | None) -> Answer:
        for _pause in _pauses(self.patience):
            with suppress(*UNANSWERED):
                answer = self.ask(method, path, body)
                if answer.status < 500:
                    return answer
            self.again += 1
        raise NobodyAnswers(f"{method} {path} was not answered within {self.patience:.0f} s")

    def _keep(self, headers: Sequence[str]) -> None:
        for header in headers:
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value


def followed(browser: Browser, answer: Answer) -> Answer:
    """The page that an answer leads to."""
    parts = urlsplit(answer.location)
    return browser.get(parts.path + (f"?{parts.query}" if parts.query else ""))


def _pauses(patience: float) -> Iterator[None]:
    """One turn for each try, with a short rest between two, until patience is at its end."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        yield
        time.sleep(0.2)
