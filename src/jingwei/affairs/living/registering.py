"""Invented double registration: units where they sit, members where they live, each by the act of its own door."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid5

from django.utils.translation import gettext as _

from jingwei.affairs.living.around import KEYS, homes
from jingwei.affairs.living.pack import RegistrationLine
from jingwei.affairs.registration.acts import Joining, register_member, register_unit
from jingwei.affairs.registration.pack import RegistrationSection
from jingwei.organisations.pack import DemoSection
from jingwei.organisations.queries import front_desk
from jingwei.places.queries import standing
from jingwei.policy import Book
from jingwei.policy.models import County
from jingwei.trail.actor import Actor


def register(
    line: RegistrationLine, book: Book, county: County, *, actor: Actor, at: datetime, progress: Callable[..., object]
) -> None:
    """Let every unit of the pack's key register with a community, and so many invented members."""
    communities = list(standing(county.code, "community").order_by("code"))
    offers, demo = [one.key for one in book[RegistrationSection].offers if not one.retired], book[DemoSection]
    units = homes(county.code, line.units)
    for n, unit in enumerate(units):
        desk, here = front_desk(unit), communities[n % len(communities)]
        if desk is not None:
            key = uuid5(KEYS, f"{county.code}/unit/{n}")
            register_unit(unit, here, offers[n % len(offers) :][:2], "", by=desk, actor=actor, at=at, key=key)
    for n in range(line.members):
        if n % 100 == 0:
            progress(_("invented members who registered"), n, line.members)
        joining = Joining(
            communities[n % len(communities)], demo.name(n), f"1000001{n:04}", units[n % len(units)],
            (offers[n % len(offers)],),
        )  # fmt: skip
        register_member(joining, None, at=at, key=uuid5(KEYS, f"{county.code}/member/{n}"))
