"""Every address asked by several people, and what goes wrong on the way: fetched once, looked at by many tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client

from hostile.addresses import ADDRESSES, real
from hostile.world import World

READERS = ("our dispatcher", "our caller", "our housing", "auditor", "administrator", "nobody", "the bearer")
NUMBER = "冀政移备2026-00117"
"""The filing number that the site has while it answers."""


@dataclass(frozen=True)
class Answered:
    """An answer, as far as tests look at it. `page`: empty where it is no page."""

    what: str
    name: str
    status: int
    headers: dict[str, str]
    page: str


def strict(client: Client) -> Client:
    """The same browser, whose forms are checked for being its own."""
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = client.cookies
    return checked


def every_answer(world: World) -> list[Answered]:
    """Every sort of answer there is: pages, files, refusals, wrong methods, nothing there, a wrong host."""
    return [kept(what, name, answer) for name in READERS for what, answer in _answers(world.person(name).client, world)]


def _answers(client: Client, world: World) -> Iterator[tuple[str, Any]]:
    for address in ADDRESSES.values():
        yield address.sample, client.get(real(address, world))
    yield "nothing there", client.get("/nothing/there/")
    yield "no such code", client.get("/c/aaaaaaaaaa/")
    yield "wrong method", client.delete("/")
    yield "forged", strict(client).post("/report/")
    yield "a wrong host", client.get("/", headers={"host": "evil.example"})
    yield "no form", client.post("/desk/sign-in/", b"\xff", content_type="multipart/form-data; boundary=x")


def kept(what: str, name: str, answer: Any) -> Answered:
    """Keep what tests look at, and close the file behind the answer."""
    is_page = not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")
    page = answer.content.decode() if is_page else ""
    let_go(answer)
    return Answered(what, name, answer.status_code, dict(answer.headers), page)


def let_go(answer: Any) -> None:
    """Close the file behind an answer, as a server does when it has been sent."""
    for close in answer._resource_closers:
        close()
