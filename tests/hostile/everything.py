"""Every address looked at by several people, and what goes wrong on the way: fetched once, read by many tests."""

from collections.abc import Iterator

from drawn import Some
from hostile.addresses import ADDRESSES, Address
from hostile.answers import Answered, kept, strict
from hostile.looking import look, those_who_try
from hostile.world import Someone, World

READERS = ("our dispatcher", "our caller", "our housing", "auditor", "administrator", "nobody", "the bearer")
NUMBER = "冀政移备2026-00117"
"""The filing number that the site has while it answers."""


def every_answer(world: World, some: Some) -> list[Answered]:
    """Every sort of answer there is: pages, files, refusals, wrong methods, nothing there, a wrong host.

    Each address is looked at by all of `READERS`, and by some of the others who try it.
    """
    found = [answer for address in ADDRESSES.values() for answer in _looked_at(address, world, some)]
    return found + [answer for name in READERS for answer in _gone_wrong(world.person(name))]


def _looked_at(address: Address, world: World, some: Some) -> Iterator[Answered]:
    readers = [world.person(name) for name in READERS]
    others = [one for one in those_who_try(address, world) if one.name not in READERS]
    for one in (*readers, *some(others, 2)):
        answer, faults = look(address, one, world)
        yield kept(address.sample, one.name, answer, tuple(faults))


def _gone_wrong(one: Someone) -> Iterator[Answered]:
    yield kept("nothing there", one.name, one.client.get("/nothing/there/"))
    yield kept("no such code", one.name, one.client.get("/c/aaaaaaaaaa/"))
    yield kept("wrong method", one.name, one.client.delete("/"))
    yield kept("forged", one.name, strict(one.client).post("/report/"))
    yield kept("a wrong host", one.name, one.client.get("/", headers={"host": "evil.example"}))
    yield kept("no form", one.name, one.client.post("/desk/sign-in/", b"\xff", content_type=NO_FORM))


NO_FORM = "multipart/form-data; boundary=x"
