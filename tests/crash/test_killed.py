"""By-law: whatever dies, comes back; and what was acknowledged is there, once, whole."""

import os
import random
import sys
import time

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from jingwei.outbox.models import Message
from jingwei.places.models import Place

from .broken import what_is_broken
from .conftest import ALONE
from .county import County, kill, until
from .relay import Relay
from .writers import Acknowledged, Town

pytestmark = [ALONE, pytest.mark.usefixtures("inside")]

SEED = int(os.environ.get("JINGWEI_CRASH_SEED", random.SystemRandom().randrange(10**6)))
"""Drawn anew each time and told when the test fails; named in the environment, it draws the same order of killing."""


def storm(county: County, people: int, kills: int, seed: int) -> tuple[Acknowledged, list[str]]:
    """Let people write while so many processes are killed; what was acknowledged, and who was killed.

    Every sort of victim has its turn, in an order drawn by the seed.
    """
    lot = random.Random(seed)
    tokens = list(Place.objects.filter(until=None, layer="compound").values_list("qr", flat=True))
    killed: list[str] = []
    town = Town(county, tokens, people, seed)
    with town.busy():
        until(lambda: town.told.count > people or town.broke, what="the first reports")
        while len(killed) < kills and not town.broke:
            sorts = sorted(county.victims(), key=lambda name: (killed.count(name), lot.random()))
            victims = county.victims().get(sorts[0], [])
            if victims and kill(lot.choice(victims)):
                killed.append(sorts[0])
                before = town.told.count
                until(lambda before=before: town.told.count > before or town.broke, what=f"writing after {killed}")
                time.sleep(lot.uniform(0, 1))
    return town.told, killed


def all_is_done() -> bool:
    """Whether the worker has done what waits in the outbox, in a database that has come back."""
    try:
        return not Message.objects.filter(due_at__lte=timezone.now()).exists()
    except OperationalError:
        connection.close()
        return False


@pytest.mark.parametrize(
    ("people", "kills"),
    [(8, 6), pytest.param(8, 20, marks=pytest.mark.long), pytest.param(32, 20, marks=pytest.mark.long)],
)
def test_whatever_is_killed_nothing_acknowledged_is_lost_or_doubled(
    county: County, relay: Relay, people: int, kills: int
) -> None:
    told, killed = storm(county, people, kills, SEED)
    until(all_is_done, what="the outbox to be emptied")
    sys.stdout.write(
        f"seed {SEED}; killed {killed}; acknowledged {len(told.reports)} reports and {len(told.acts)} acts; "
        f"{len(told.refused)} refused to the slower; {told.sent_again} sent again\n"
    )
    assert len(killed) == kills
    assert what_is_broken(told, relay) == []
