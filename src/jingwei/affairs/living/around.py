"""Invented activities, agreements and alliances of a demonstration."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from jingwei.affairs.activities.acts import Outcome, Plan, plan, publish
from jingwei.affairs.activities.past import Past, take_over
from jingwei.affairs.living.pack import ActivityLine, AgreementLine, AllianceLine
from jingwei.organisations.acts.allying import form_alliance, join_alliance, sign
from jingwei.organisations.drawing import even
from jingwei.organisations.models import Organisation, Post
from jingwei.organisations.queries import front_desk, post_for
from jingwei.policy.models import County
from jingwei.trail.actor import Actor

KEYS = UUID("5b6f4c0e-4a53-4f0c-9a7b-8f0f6d8f7c11")
"""Of activities that were invented, so that the same one is laid once."""


def homes(county_code: str, key: str) -> list[Organisation]:
    """The organisations that the pack calls `key`, in its order."""
    found = Organisation.objects.filter(county=county_code, key__regex=f"^{key}(_[0-9]+)?$", until=None)
    return list(found.select_related("ground").order_by("id"))


def hold_activities(lines: Sequence[ActivityLine], county: County, *, actor: Actor, at: datetime) -> None:
    """Take over the pack's invented activities that are over, with whom they served, and announce those to come."""
    past: list[Past] = []
    for number, line in enumerate(lines):
        units = homes(county.code, line.held_by)
        keepers = {unit.pk: _keeper(unit) for unit in units}
        for n, served in enumerate(even(line.served, line.times)):
            unit, what = units[n % len(units)], _plan(line, n, at)
            key = uuid5(KEYS, f"{county.code}/{number}/{n}")
            if line.served:
                past.append(Past(unit, what, Outcome(served), keepers[unit.pk], key))
            else:
                publish(plan(unit, what, by=keepers[unit.pk], actor=actor, at=at, key=key), actor=actor, at=at)
    take_over(past, actor=actor, at=at)


def _plan(line: ActivityLine, n: int, at: datetime) -> Plan:
    begins = _begins(line, n, at)
    return Plan(
        sort=line.sort, title=line.title.replace("{n}", str(n + 1)), where=line.where, begins_at=begins,
        ends_at=begins + timedelta(days=line.days - 1, hours=2),
        further=tuple(begins + timedelta(days=day) for day in range(1, line.days)),
    )  # fmt: skip


def _begins(line: ActivityLine, n: int, at: datetime) -> datetime:
    """When the n-th begins: at half past nine, dealt over the days back, or over those ahead."""
    share = timedelta(days=line.since_days) * (n + 1) / (line.times + 1)
    day = timezone.localdate(at - share - timedelta(days=line.days) if line.served else at + share + timedelta(days=1))
    return timezone.make_aware(datetime.combine(day, time(9, 30)))


def _keeper(unit: Organisation) -> Post:
    """The post that keeps what the unit does: its own, or that of the community it stands in."""
    post = front_desk(unit) or post_for("clerk", unit.ground.path)
    assert post is not None  # every county has a clerk
    return post


def sign_agreements(lines: Sequence[AgreementLine], county: County, *, actor: Actor, at: datetime) -> None:
    """Enter the pack's invented agreements."""
    for line in lines:
        first, second = homes(county.code, line.first), homes(county.code, line.second)
        for n in range(line.many):
            one, other = first[n % len(first)], second[n % len(second)]
            if line.first == line.second:
                one, other = first[2 * n], first[2 * n + 1]
            title = line.title.replace("{n}", str(n + 1))
            promises = [(one if p % 2 else other, words, None) for p, words in enumerate(line.promises)]
            sign(one, other, title=title, sort=line.sort, promises=promises, actor=actor, at=at)


def form_alliances(lines: Sequence[AllianceLine], county: County, *, actor: Actor, at: datetime) -> None:
    """Form the pack's invented alliances, each around one core, with those who stand on its ground."""
    for line in lines:
        for core in homes(county.code, line.core):
            name = line.name.replace("{place}", core.ground.name)
            alliance = form_alliance(core, name=name, sort=line.sort, actor=actor, at=at)
            for member in line.members:
                for home in homes(county.code, member.organisation):
                    if core.ground.covers(home.ground.path) and home.pk != core.pk:
                        join_alliance(alliance, home, part=member.part, actor=actor, at=at)
