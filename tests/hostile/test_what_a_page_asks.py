"""A page asks the database as often where three things of a sort stand on it as where one does.

Every address of the site is looked at by somebody whom it is for; a new one is among them by itself. What a page
lists has to stand in the world, or nothing would be shown: a list that is empty fails the test.
"""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from hostile.addresses import ADDRESSES, Address, everyone, real
from hostile.lots import another_lot
from hostile.world import Someone, World, build

pytestmark = pytest.mark.django_db

NOTHING_TO_LIST = {
    "desk/": "the pane beside the queue, until a case is chosen",
    "desk/case/<str:number>/": "the queue beside the case, once nothing in it is one's own",
}
"""Addresses that show an empty state, and why they may."""

NONE_IN_THIS_WORLD = {"desk/editions/changes/", "desk/editions/changes/print/"}
"""Lists of which nothing was put into this world yet; they are counted as they stand empty."""

LISTS = {
    "desk/", "desk/breaches/", "desk/rows/", "desk/notices/", "desk/callbacks/", "desk/sample/", "desk/accounts/",
    "desk/security/",     "desk/records/sharings/", "desk/records/assessments/", "desk/activities/", "desk/duties/",
    "desk/duties/units/<int:pk>/", "desk/exceptions/", "desk/figures/published/", "desk/meetings/",
    "desk/organisations/lists/<slug:name>/", "desk/rosters/", "desk/visits/",
}  # fmt: skip
"""Addresses that must be seen to grow, so that this test cannot pass by looking at nothing."""
SHORTEST = 200
"""Characters that two more things add to a list at the least; a name and its address have a hundred."""
FULL = {"desk/accounts/without/"}
"""Lists whose first page is full before anything is added: fifty rows, and no more than ten questions."""


def who_looks(address: Address, world: World) -> Someone | None:
    """Somebody whom an address is for: the unit that handles, where it may, since it is told of every case."""
    people = [world.person("our housing"), world.person("our dispatcher"), *reversed(world.people)]
    return next((one for one in people if address.law(one.hand, world)), None)


def asked_of(world: World, address: Address, one: Someone) -> tuple[int, str]:
    """How many questions a look at the address asks, and what it shows."""
    path = real(address, world)
    with CaptureQueriesContext(connection) as asked:
        answer = one.client.get(path)
    for close in answer._resource_closers if answer.streaming else ():
        close()
    if answer.status_code != 200 or answer.streaming:
        return (len(asked), "")
    return len(asked), answer.content.decode("utf-8", "replace")


def test_every_page_asks_as_often_of_three_as_of_one(qingshi: Any, settings: Settings, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    world = build(qingshi)
    another_lot(world, 1)
    looked_at = {
        route: one
        for route, address in ADDRESSES.items()
        if address.gets and address.law is not everyone and (one := who_looks(address, world))
    }
    for route, one in looked_at.items():  # whoever looks first asks for what is kept from then on
        asked_of(world, ADDRESSES[route], one)
    few = {route: asked_of(world, ADDRESSES[route], one) for route, one in looked_at.items()}
    another_lot(world, 2)
    another_lot(world, 3)
    many = {route: asked_of(world, ADDRESSES[route], one) for route, one in looked_at.items()}
    for route, one in looked_at.items():
        if many[route][0] != few[route][0]:  # the first look after something changed
            many[route] = asked_of(world, ADDRESSES[route], one)
    assert {r: (few[r][0], many[r][0]) for r in few if few[r][0] != many[r][0]} == {}
    empty = {r for r, (_n, text) in many.items() if 'class="empty"' in text}
    assert empty - NOTHING_TO_LIST.keys() - NONE_IN_THIS_WORLD == set()
    assert {r for r in LISTS if len(many[r][1]) < len(few[r][1]) + SHORTEST} == set()
    assert {r for r in FULL if many[r][1].count("<tr") < 50 or many[r][0] > 10} == set()
