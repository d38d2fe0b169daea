"""Looking at an address: what the law lets come of it for whom, what a page may say, and what is written meanwhile."""

import re
from typing import Any

from hostile.addresses import Address, everyone, real, signed_in
from hostile.answers import let_go
from hostile.hands import Matter, sees
from hostile.world import SECRET, TELEPHONE, Someone, World
from hostile.writes import written
from jingwei.trail.models import Line

GATE, CHOICE, LOOK_UP = "/desk/sign-in/", "/desk/post/", "/progress/"


def outcome(answer: Any) -> str:
    """Where an answer leaves whoever asked."""
    if answer.streaming:
        let_go(answer)
    if answer.status_code == 302:
        where = answer["Location"].partition("?")[0]
        return {GATE: "to the gate", CHOICE: "to a post", LOOK_UP: "to the look-up"}.get(where, f"to {where}")
    return {200: "shown", 403: "refused", 404: "hidden", 405: "no such method"}.get(
        answer.status_code, str(answer.status_code)
    )


def may_come_of(address: Address, one: Someone, world: World, *, method: bool) -> set[str]:
    """What the law lets come of trying an address: one of these."""
    hand = one.hand
    at_the_desk = address.law is not everyone and address.sample.startswith("/desk/")
    if at_the_desk and hand.actor.kind != "person":
        return {"to the gate", *(() if method else ("no such method",))}
    if at_the_desk and hand.post is None and address.law is not signed_in:
        return {"to a post", *(() if method else ("no such method",))}
    if not method:
        back = f"to /desk/callbacks/{world.waiting.number}/"
        return {back, "no such method", "refused", "hidden", f"to /desk/case/{world.open.number}/"}
    if address.law(hand, world):
        return {"shown", "to /desk/"} if address.sample == GATE else {*address.shows}
    return (
        {"refused", "hidden"}
        if address.sample.startswith(("/desk/", "/photographs/", "/activities/photographs/"))
        else {"to the look-up"}
    )


def noted_of(answer: Any, one: Someone) -> set[str]:
    """Who sits at a post and is refused is a line of the trail, and of nothing else."""
    return {"trail_line"} if one.hand.post and answer.status_code in (403, 404, 409) else set()


def leaks(answer: Any, path: str) -> list[str]:
    """The secret words that a refused page still says; the address itself was known to whoever asked."""
    text = "" if answer.streaming else answer.content.decode("utf-8", "replace").replace(path, "")
    # The last digits also occur by chance in the number of a request, which is hexadecimal.
    return [word for word in (SECRET, TELEPHONE, r"(?<![0-9a-f])6021(?![0-9a-f])") if re.search(word, text)]


FEW = ("clerk", "no post", "nobody", "the bearer")
"""Enough for an address that is open to the street."""


def those_who_try(address: Address, world: World) -> list[Someone]:
    """Every role, near and far and without a post; at an address for everyone a few."""
    if address.law is everyone:
        return [world.person(name) for name in FEW]
    return [one for one in world.people if not one.name.startswith("our ") or one.name == "our housing"]


def reads_what_it_may(answer: Any, one: Someone, world: World) -> bool:
    """Whether a list says numbers only of cases that its reader sees."""
    if answer.streaming or "html" not in answer["Content-Type"]:
        return True
    text = answer.content.decode()
    cases = [world.open, world.confidential, world.waiting, world.asked]
    return all(sees(one.hand, Matter.of(case)) for case in cases if case.number in text)


def look(address: Address, one: Someone, world: World) -> tuple[Any, list[str]]:
    """Let somebody look at an address: the answer, and what is wrong with it or with what was written."""
    path, wrong = real(address, world), []
    lines = Line.objects.count() if address.notes else 0
    with written() as tables:
        answer = one.client.get(path)
    came, may = outcome(answer), may_come_of(address, one, world, method=address.gets)
    if came not in may:
        wrong.append(f"GET {path} by {one.name}: {came}, not {sorted(may)}")
    if {*tables} - address.notes - noted_of(answer, one) or (
        address.notes and Line.objects.count() - lines > len(address.notes)
    ):
        wrong.append(f"GET {path} by {one.name} wrote to {tables}")
    if address.about and not address.law(one.hand, world) and (told := leaks(answer, path)):
        wrong.append(f"GET {path} by {one.name} leaked {told}")
    listed = came == "shown" and not address.about and path.startswith("/desk/")
    if listed and not reads_what_it_may(answer, one, world):
        wrong.append(f"GET {path} by {one.name} shows a case she does not see")
    return answer, wrong
