"""Qingshi, a small invented county, and the people who work in it.

A test that names the fixture `qingshi` has the county in its database, and asks it for ground, posts and people
by the names of its pack (`tests/packs/qingshi`). It was set up once; what a test writes is rolled back.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

PACK = Path(__file__).parents[1] / "packs" / "qingshi"
CODE = "990302"
STOOD_UP = datetime(2026, 1, 5, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""When the county was set up; people hold their posts from this day."""


def stand_up() -> None:
    """Set Qingshi up in the database at hand; done once, for the database that is cloned."""
    from jingwei.affairs.county import set_up

    set_up(PACK, lambda *said: None, at=STOOD_UP, data_folder=PACK)


@dataclass(frozen=True)
class Qingshi:
    """The county, asked by the names of its pack."""

    county_code: str = CODE

    @cached_property
    def book(self):  # type: ignore[no-untyped-def]
        """The pack it works by."""
        from jingwei.policy.queries import book

        return book(self.county_code)

    def place(self, layer: str, n: int = 1):  # type: ignore[no-untyped-def]
        """The `n`-th place of a layer, in the order of codes, counted from 1."""
        from jingwei.places.queries import standing

        return standing(self.county_code, layer).order_by("code")[n - 1]

    def organisation(self, key: str):  # type: ignore[no-untyped-def]
        """An organisation by its key; `community_2` is that of the second village."""
        from jingwei.organisations.models import Organisation

        return Organisation.objects.get(county_id=self.county_code, key=key)

    def post(self, path: str):  # type: ignore[no-untyped-def]
        """A post by its path: `town_centre.dispatcher`, `community_1.grid_worker_2`."""
        from jingwei.organisations.models import Post

        organisation, _, key = path.partition(".")
        return Post.objects.select_related("organisation", "organisation__county", "ground").get(
            organisation__county_id=self.county_code, organisation__key=organisation, key=key
        )

    def account(self, username: str):  # type: ignore[no-untyped-def]
        """The account that signs in as `username`."""
        from jingwei.accounts.models import Account

        return Account.objects.select_related("person").get(username=username)

    def person(self, username: str):  # type: ignore[no-untyped-def]
        """The person who signs in as `username`."""
        return self.account(username).person

    def post_of(self, username: str):  # type: ignore[no-untyped-def]
        """The post that the person who signs in as `username` was appointed to first."""
        from jingwei.organisations.queries import posts_of

        return posts_of(self.account(username).person_id, STOOD_UP.date())[0]

    def actor(self, username: str):  # type: ignore[no-untyped-def]
        """The actor that the trail knows when the person who signs in as `username` acts at her post."""
        from jingwei.trail.actor import Actor

        post = self.post_of(username)
        return Actor.of_person(self.account(username).person_id, post.pk, post.full_title)

    def holder(self, path: str):  # type: ignore[no-untyped-def]
        """An actor for the first person who holds the post at `path`, whether or not she can sign in."""
        from jingwei.trail.actor import Actor

        post = self.post(path)
        appointment = post.appointments.filter(until=None).order_by("id")[0]
        return Actor.of_person(appointment.person_id, post.pk, post.full_title)

    def works_by(self, folder: Path, at: datetime, **files: str) -> "Qingshi":
        """Let it work from `at` on by its pack with other files: `duties="[[duties]] …"`, written into `folder`."""
        from jingwei.policy import load
        from jingwei.policy.acts import adopt
        from jingwei.trail.actor import Actor

        pack = shutil.copytree(PACK, folder / "qingshi")
        for name, said in files.items():
            (pack / f"{name}.toml").write_text(said, encoding="utf-8")
        adopt(load(pack), self.county_code, actor=Actor.machine("import"), at=at)
        return self

    def sign_in(self, client: Client, username: str, path: str = "") -> Client:
        """Sign the client in as `username`, second factor shown, at the post at `path`, or at her first; the client."""
        from jingwei.accounts.sitting import CHOSEN, PASSED

        account = self.account(username)
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[CHOSEN] = (self.post(path) if path else self.post_of(username)).pk
        session[PASSED] = True
        session.save()
        return client


@pytest.fixture
def qingshi(request: pytest.FixtureRequest) -> Qingshi:
    """Qingshi as it stands in this test's database: with `own_database` in that one, otherwise rolled back."""
    request.getfixturevalue("own_database" if "own_database" in request.fixturenames else "db")
    return Qingshi()
