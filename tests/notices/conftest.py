"""Weishui as its pack ships it, with a dispatch desk and a water company, and people who sit there."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

import jingwei.affairs.incidents.pack  # noqa: F401 (its tables belong to a pack)
from jingwei.accounts.models import Account
from jingwei.notices import resting
from jingwei.organisations.models import Appointment, Organisation, Post
from jingwei.people.models import Person
from jingwei.places.models import Place
from jingwei.policy import load
from jingwei.policy.acts import adopt
from jingwei.policy.queries import edition_book
from jingwei.trail.actor import Actor

COUNTY = "990121"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SINCE = date(2026, 1, 1)
SECRET = "known to the relay too"


@dataclass
class Office:
    """Two posts of Weishui: Wang Fang and Li Na sit at the dispatch desk, Zhao Qiang at the water company."""

    dispatch: Post
    water: Post
    wang: Account
    li: Account
    zhao: Account


def seat(post: Post, username: str, email: str, until: date | None = None) -> Account:
    """A person with an account who holds `post`."""
    person = Person.named(COUNTY, username, purpose=Person.OFFICIAL, ground="duty")
    person.save()
    Appointment.objects.create(post=post, person=person, since=SINCE, until=until)
    return Account.objects.open(username, "correct horse", person.pk, email)


def furnish() -> Office:
    """Lay Weishui out."""
    edition_book.cache_clear()
    book = load(Path(__file__).parents[2] / "packs" / "weishui")
    adopt(book, COUNTY, actor=Actor.machine("test"), at=NOON)
    town = Place.objects.create(
        county_id=COUNTY, layer="county", code=COUNTY, name="示例县", path=f"{COUNTY}/", qr="q" * 10, since=SINCE
    )

    def post(key: str, name: str, title: str) -> Post:
        organisation = Organisation.objects.create(
            county_id=COUNTY, key=key, name=name, kind="department", ground=town, since=SINCE
        )
        return Post.objects.create(
            organisation=organisation, key=f"{key}-desk", title=title, ground=town, front_desk=True
        )

    dispatch, water = post("test-centre", "网格中心", "调度席"), post("test-water", "供水公司", "受理岗")
    return Office(
        dispatch,
        water,
        seat(dispatch, "wang.fang", "wang.fang@example.test"),
        seat(dispatch, "li.na", ""),
        seat(water, "zhao.qiang", "zhao.qiang@example.test"),
    )


@pytest.fixture(autouse=True)
def _every_server_is_awake() -> Iterator[None]:
    resting.forget()
    yield
    resting.forget()


@pytest.fixture
def office(db: None) -> Office:
    """The office, rolled back afterwards."""
    return furnish()


@dataclass
class Relay:
    """A county's relay on this machine: writes down what it was sent, and answers as it is told."""

    address: str = ""
    status: int = 200
    location: str = ""
    pause: float = 0.0
    trickles: bool = False
    taken: list[SimpleNamespace] = field(default_factory=list)


@pytest.fixture
def relay(settings: Settings) -> Iterator[Relay]:
    """A relay to which Weishui's notices are pushed."""
    relay = Relay()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent = SimpleNamespace(path=self.path, headers=self.headers, body=body, said=json.loads(body))
            relay.taken.append(sent)
            try:
                self._answer()
            except OSError:
                return  # the other side hung up

        def _answer(self) -> None:
            time.sleep(relay.pause)
            if relay.trickles:
                for letter in b"HTTP/1.1 200 OK" + b"." * 60:
                    self.wfile.write(bytes([letter]))
                    time.sleep(0.05)
            self.send_response(relay.status)
            if relay.location:
                self.send_header("Location", relay.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    relay.address = f"http://127.0.0.1:{server.server_port}/notices?of=weishui"
    settings.JINGWEI_WEBHOOK = {COUNTY: relay.address}
    settings.JINGWEI_WEBHOOK_SECRET = SECRET
    yield relay
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def in_seconds(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let a push wait for so many seconds only."""
    return lambda seconds: monkeypatch.setattr("jingwei.notices.pushing.TIME_OUT", seconds)
