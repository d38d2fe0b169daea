"""An answer as far as tests look at it, and a browser whose forms are checked."""

from dataclasses import dataclass
from typing import Any

from django.test import Client


@dataclass(frozen=True)
class Answered:
    """An answer, as far as tests look at it. `page`: empty where it is no page; `faults`: what the law finds in it."""

    what: str
    name: str
    status: int
    headers: dict[str, str]
    page: str
    faults: tuple[str, ...] = ()


def strict(client: Client) -> Client:
    """The same browser, whose forms are checked for being its own."""
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = client.cookies
    return checked


def kept(what: str, name: str, answer: Any, faults: tuple[str, ...] = ()) -> Answered:
    """Keep what tests look at, and close the file behind the answer."""
    is_page = not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")
    page = answer.content.decode() if is_page else ""
    let_go(answer)
    return Answered(what, name, answer.status_code, dict(answer.headers), page, faults)


def let_go(answer: Any) -> None:
    """Close the file behind an answer, as a server does when it has been sent."""
    for close in answer._resource_closers:
        close()
