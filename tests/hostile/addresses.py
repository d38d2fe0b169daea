"""Every address of the site, read from its resolver, each with a real one of its sort and the law of who may go there.

A new address fails the tests until it stands here: write its sample, whom it is for, and what may be sent to it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from hostile.hands import Hand, Matter, sees
from hostile.world import World

Law = Callable[[Hand, World], bool]


def everyone(hand: Hand, world: World) -> bool:
    """Open to the street."""
    return True


def signed_in(hand: Hand, world: World) -> bool:
    """For whoever has an account, with a post or without."""
    return hand.actor.kind == "person"


def at_a_post(hand: Hand, world: World) -> bool:
    """For whoever sits at a post."""
    return hand.post is not None


def roles(*named: str) -> Law:
    """For posts with one of these roles."""
    return lambda hand, world: bool(hand.roles & {*named})


def who_sees(name: str, *named: str) -> Law:
    """For posts that see that case of the world; with roles, only those of them."""

    def law(hand: Hand, world: World) -> bool:
        case = getattr(world, name)
        return sees(hand, Matter.of(case)) and (not named or bool(hand.roles & {*named}))

    return law


def bearer(hand: Hand, world: World) -> bool:
    """For whoever has shown a code in this session."""
    return hand.bears is not None


def bearer_or_seeing(hand: Hand, world: World) -> bool:
    """For whoever has shown the code of the case, and for posts that see it."""
    return bearer(hand, world) or sees(hand, Matter.of(world.open))


@dataclass(frozen=True)
class Address:
    """A sample with the world's names in braces, whom it is for, by which methods, and what looking at it writes."""

    sample: str
    law: Law
    gets: bool = True
    posts: bool = False
    notes: frozenset[str] = frozenset()
    about: str = ""
    """The case of the world that it shows; whoever may not go there reads nothing of it."""


TRAIL = frozenset({"trail_line"})
TAKING_IN = ("clerk", "dispatcher", "grid_worker")
LOOKS_AT_SAMPLES = ("inspector", "arbiter", "dispatcher", "leader")

ADDRESSES: dict[str, Address] = {
    "healthz": Address("/healthz", everyone),
    "size/": Address("/size/", everyone, gets=False, posts=True),
    "language/": Address("/language/", everyone, gets=False, posts=True),
    "desk/": Address("/desk/?q={secret}", at_a_post),
    "desk/rows/": Address("/desk/rows/?q={secret}", at_a_post),
    "desk/batch/": Address("/desk/batch/", at_a_post, gets=False, posts=True),
    "desk/case/<str:number>/": Address("/desk/case/{open}/", who_sees("open"), about="open"),
    "desk/case/<str:number>/photo/<str:sha>/<str:size>/": Address(
        "/desk/case/{open}/photo/{sha}/thumb/", who_sees("open"), about="open"
    ),
    "desk/case/<str:number>/step/<str:name>/": Address(
        "/desk/case/{open}/step/report_handled/", who_sees("open"), gets=False, posts=True, about="open"
    ),
    "desk/case/<str:number>/do/<str:name>/": Address(
        "/desk/case/{open}/do/comment/", who_sees("open"), gets=False, posts=True, about="open"
    ),
    "desk/case/<str:number>/motion/<int:pk>/": Address(
        "/desk/case/{open}/motion/{motion}/", who_sees("open"), gets=False, posts=True, about="open"
    ),
    "desk/sign-in/": Address("/desk/sign-in/", everyone, posts=True),
    "desk/sign-out/": Address("/desk/sign-out/", everyone, gets=False, posts=True),
    "desk/post/": Address("/desk/post/", signed_in, posts=True),
    "desk/new/": Address("/desk/new/", roles(*TAKING_IN), posts=True),
    "desk/new/<str:number>/": Address(
        "/desk/new/{open}/",
        lambda hand, world: hand.name == "clerk" and hand.organisation == _centre(world),
        about="open",
    ),
    "desk/open/<slug:kind>/": Address("/desk/open/incident/", lambda hand, world: False, posts=True),
    "desk/export.xlsx": Address("/desk/export.xlsx?queue=seen", at_a_post, notes=TRAIL),
    "desk/export-hotline.xlsx": Address("/desk/export-hotline.xlsx?queue=seen", at_a_post, notes=TRAIL),
    "desk/case/<str:number>/print/<slug:name>/": Address(
        "/desk/case/{open}/print/assignment/", who_sees("open"), about="open"
    ),
    "desk/qr/": Address("/desk/qr/", at_a_post),
    "desk/sample/": Address("/desk/sample/", roles(*LOOKS_AT_SAMPLES)),
    "desk/callbacks/": Address("/desk/callbacks/", roles("caller")),
    "desk/callbacks/<str:number>/": Address(
        "/desk/callbacks/{waiting}/", who_sees("waiting", "caller"), posts=True, about="waiting"
    ),
    "desk/callbacks/<str:number>/telephone/": Address(
        "/desk/callbacks/{waiting}/telephone/", who_sees("waiting", "caller"), gets=False, posts=True, about="waiting"
    ),
    "desk/notices/": Address("/desk/notices/", at_a_post),
    "desk/notices/read/": Address("/desk/notices/read/", at_a_post, gets=False, posts=True),
    "": Address("/", everyone),
    "robots.txt": Address("/robots.txt", everyone),
    "report/": Address("/report/?county={county}", everyone, posts=True),
    "q/<slug:token>/": Address("/q/{token}/", everyone, posts=True),
    "suggest/": Address("/suggest/?county={county}", everyone, posts=True),
    "case/": Address("/case/", bearer, about="open"),
    "progress/": Address("/progress/", everyone, posts=True),
    "c/": Address("/c/", bearer, posts=True, about="open"),
    "c/<slug:code>/": Address("/c/{code}/", everyone, posts=True),
    "photographs/<int:pk>/<slug:size>/": Address("/photographs/{photograph}/thumb/", bearer_or_seeing, about="open"),
}


def _centre(world: World) -> int:
    pk: int = world.qingshi.organisation("town_centre").pk
    return pk


def patterns(resolver: Any = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the site with its whole route."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, route)
        else:
            yield route, one


def real(address: Address, world: World) -> str:
    """The sample with the world's own numbers, codes and tokens."""
    from jingwei.casework.acts.opening import case_code

    return address.sample.format(
        open=world.open.number, waiting=world.waiting.number, motion=world.motion.pk, photograph=world.photograph.pk,
        sha=world.photograph.blob_id, county=world.qingshi.county_code, token=world.qingshi.place("compound").qr,
        code=case_code(world.asked.pk), secret="暗号",
    )  # fmt: skip
