"""A page asks the database as often where three things of a sort stand on it as where one does.

Every address of the site is looked at by somebody whom it is for; a new one is among them by itself. What a page
lists has to stand in the world, or nothing would be shown: a list that is empty fails the test.
"""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from hostile.addresses import ADDRESSES, Address, everyone, real
from hostile.world import Someone, World, _account, _cases, build

pytestmark = pytest.mark.django_db

NOTHING_TO_LIST = {
    "desk/": "the pane beside the queue, until a case is chosen",
    "desk/case/<str:number>/": "the queue beside the case, once nothing in it is one's own",
}
"""Addresses that show an empty state, and why they may."""


NONE_IN_THIS_WORLD = {
    "desk/accounts/without/", "desk/activities/", "desk/duties/", "desk/duties/units/", "desk/duties/units/<int:pk>/",
    "desk/exceptions/", "desk/figures/published/", "desk/meetings/", "desk/organisations/lists/<slug:name>/",
    "desk/rosters/", "desk/visits/", "desk/registered/",
}  # fmt: skip
"""Lists of which nothing was put into this world yet; they are counted as they stand empty."""

LISTS = {
    "desk/", "desk/rows/", "desk/notices/", "desk/callbacks/", "desk/sample/", "desk/accounts/", "desk/security/",
    "desk/records/sharings/", "desk/records/assessments/",
}  # fmt: skip
"""Addresses that must be seen to grow, so that this test cannot pass by looking at nothing."""


def another_lot(world: World, nth: int) -> None:
    """One more of everything that a page may list."""
    from hostile.world import an_activity, taken_in
    from jingwei.accounts.acts import disable
    from jingwei.affairs.incidents.kinds import Incident
    from jingwei.casework.acts.steps import take
    from jingwei.casework.needs import Evidence
    from jingwei.organisations.models import Post
    from jingwei.people import acts
    from jingwei.people.models import Assessment, Sharing, Tombstone
    from jingwei.policy.models import County

    qingshi, at = world.qingshi, timezone.now()
    more = World(qingshi, world.at)
    _cases(more)
    more.activity = world.activity
    an_activity(more)
    spot = taken_in(more)
    words = {"words": "已查看", "reply": "当场处理"}
    take(Incident.handle_on_the_spot, spot, actor=qingshi.actor("clerk"), at=at, evidence=Evidence(words=words))
    _drawn(spot)
    unit = qingshi.organisation("market")
    post = Post.objects.create(
        organisation=unit, key=f"lot_{nth}", title=f"岗{nth}", roles=["department"], ground=qingshi.place("grid", 1)
    )
    account = _account(f"lot{nth}", unit.county_id, post)
    disable(account, "离岗", actor=world.person("administrator").hand.actor, at=at)
    actor = qingshi.actor("dispatcher")
    acts.unmask(more.asked.asker, about=more.asked.number, reason="call_back", words="回访", actor=actor, at=at)
    county = County.objects.get(pk=qingshi.county_code)
    sharing = Sharing(county=county, sort=Sharing.EXPORT, recipient="某局", purpose="queue", ground="职责", records=1)
    acts.share(sharing, actor=actor, at=at)
    assessment = Assessment(county=county, subject="某事", occasion="sharing", outcome="fit")
    acts.assess(assessment, actor=actor, at=at)
    Tombstone.objects.create(
        county=county, subject_type="case", subject_id=spot.pk, field="words", at=at, why="term", rule="1 day",
        edition=county.edition,
    )  # fmt: skip


def _drawn(case: Any) -> None:
    """Let the lot have fallen on a case, which it does in one of many."""
    from jingwei.casework.acts.steps import SAMPLED
    from jingwei.casework.models import Act, Case

    lot = Act.objects.get(case=case, verb=SAMPLED.name)
    Act.objects.filter(pk=lot.pk).update(facts=lot.facts | {"drawn": True})
    Case.objects.filter(pk=case.pk).update(stage="verifying", is_open=True)


def who_looks(address: Address, world: World) -> Someone | None:
    """Somebody whom an address is for: the unit that handles, where it may, since it is told of every case."""
    people = [world.person("our housing"), world.person("our dispatcher"), *reversed(world.people)]
    return next((one for one in people if address.law(one.hand, world)), None)


def asked_of(world: World, address: Address, one: Someone) -> tuple[int, str]:
    """How many questions a look at the address asks, when it is not the first one; and what it shows."""
    path = real(address, world)
    for close in one.client.get(path)._resource_closers:
        close()
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
    few = {route: asked_of(world, ADDRESSES[route], one) for route, one in looked_at.items()}
    another_lot(world, 2)
    another_lot(world, 3)
    many = {route: asked_of(world, ADDRESSES[route], one) for route, one in looked_at.items()}
    assert {r: (few[r][0], many[r][0]) for r in few if few[r][0] != many[r][0]} == {}
    assert {
        r for r, (_n, text) in many.items() if 'class="empty"' in text
    } - NOTHING_TO_LIST.keys() - NONE_IN_THIS_WORLD == set()
    assert {r for r in LISTS if len(many[r][1]) < len(few[r][1]) + 300} == set()
