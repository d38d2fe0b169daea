"""Every link followed and every form sent, by everybody: nothing breaks, no link is dead, every page is whole."""

import random
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from hostile.garbage import GARBAGE
from hostile.reading import Form, Reader, filled, read
from hostile.watching import in_page
from hostile.world import Someone, World, build

pytestmark = pytest.mark.django_db
BEGIN = {"nobody": "/", "the bearer": "/c/", "no post": "/desk/"}
DEAD = {404, 405, 410, 500, 501, 502, 503}
WORDS_OF_A_FAULT = ("Traceback", "Exception", "Error at /", "psycopg", "{{", "{%", "None</")


@pytest.fixture
def world(qingshi: Any, settings: Settings, tmp_path: Path) -> World:
    settings.FILES_ROOT = tmp_path / "files"
    return build(qingshi)


class Crawler:
    """One person going everywhere from one page, as far as a number of requests reaches."""

    def __init__(self, one: Someone, reach: int, dice: random.Random) -> None:
        self.one, self.left, self.dice = one, reach, dice
        self.waiting: deque[tuple[str, str]] = deque()
        self.forms: deque[tuple[str, Form]] = deque()
        self.met: set[str] = set()
        self.sent: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.statuses: Counter[int] = Counter()

    def go(self) -> None:
        """Look first, then send what was found, and look at what came of it."""
        self.offer("the beginning", BEGIN.get(self.one.name, "/desk/"))
        while self.left > 0 and (self.waiting or self.forms):
            if self.waiting:
                self.look(*self.waiting.popleft())
            else:
                self.send(*self.forms.popleft())

    def offer(self, found_on: str, link: str) -> None:
        """Queue an address of ours that was not met before: at most a few of a sort, since lists repeat."""
        path = urldefrag(urljoin(found_on if found_on.startswith("/") else "/", link))[0]
        parts = urlsplit(path)
        if parts.scheme in ("mailto", "tel", "data") or parts.netloc not in ("", "127.0.0.1:8000"):
            return
        here = parts.path + (f"?{parts.query}" if parts.query else "")
        if here not in self.met and self.sent[sort_of(here)] < 3:
            self.met.add(here)
            self.sent[sort_of(here)] += 1
            self.waiting.append((found_on, here))

    def look(self, found_on: str, path: str) -> None:
        answer = self.one.client.get(path)
        self.take_in(f"GET {path} (on {found_on})", path, answer, {*DEAD, 400, 422})

    def send(self, found_on: str, form: Form) -> None:
        action = urljoin(found_on, form.action or found_on)
        if "sign-out" in action or self.sent[f"{form.method} {sort_of(action)}"] >= 2:
            return
        self.sent[f"{form.method} {sort_of(action)}"] += 1
        for given in (filled(form), self.spoilt(form)):
            button = self.dice.choice(form.buttons) if form.buttons else ("", "")
            data = given | ({button[0]: button[1]} if button[0] else {})
            reach = self.one.client.post if form.method == "post" else self.one.client.get
            answer = reach(action, data)
            self.take_in(f"{form.method} {action} {data!r:.200}", action, answer, {405, 500})

    def spoilt(self, form: Form) -> dict[str, Any]:
        """The form with garbage in each field, hidden ones now and then."""
        given = filled(form)
        for one in form.fields:
            if one.kind == "file":
                given[one.name] = SimpleUploadedFile("../../x\r\ny.php", b"<?php system($_GET[1]); ?>", "image/jpeg")
            elif one.kind != "hidden" or self.dice.random() < 0.3:
                given[one.name] = self.dice.choice(GARBAGE)
        return given

    def take_in(self, what: str, path: str, answer: Any, dead: set[int]) -> None:
        self.left -= 1
        self.statuses[answer.status_code] += 1
        if answer.status_code in dead:
            self.wrong.append(f"{answer.status_code}: {what}")
        if answer.streaming:
            b"".join(answer.streaming_content)
            return
        if answer.status_code in (301, 302):
            self.offer(path, answer["Location"])
            return
        if not answer["Content-Type"].startswith("text/html"):
            return
        page = read(answer)
        self.wrong += [f"{fault}: {what}" for fault in faults_of(page, answer)]
        self.wrong += [f"{slip}: {what}" for slip in in_page(page.forms, page.text)]
        for link in page.links:
            self.offer(path, link)
        self.forms.extend((path, form) for form in page.forms)


def sort_of(path: str) -> str:
    """An address without what differs between two of its sort."""
    parts = urlsplit(path)
    steps = ["#" if any(c.isdigit() for c in step) else step for step in parts.path.split("/")]
    return "/".join(steps) + "?" + ",".join(sorted(one.partition("=")[0] for one in parts.query.split("&")))


def faults_of(page: Reader, answer: Any) -> Iterator[str]:
    """What is wrong with a page as a page; a part of one, asked for by a script, has no head."""
    text = answer.content.decode()
    if text.lstrip().lower().startswith("<!doctype"):
        if page.h1 != 1:
            yield f"{page.h1} h1"
        if page.lang not in ("zh-Hans", "en"):
            yield f"lang {page.lang!r}"
        if not page.title.strip():
            yield "no title"
    elif "<html" in text or answer.status_code >= 400:
        yield "no whole page"
    if page.handlers:
        yield f"scripts in attributes {page.handlers}"
    doubled = [name for name, n in Counter(page.ids).items() if n > 1]
    if doubled:
        yield f"the same id twice {doubled}"
    said = " ".join(page.text)
    for word in WORDS_OF_A_FAULT:
        if word in said and not any(word in one for one in GARBAGE if one in said):
            yield f"says {word}"


def crawled(one: Someone, reach: int, seed: int) -> tuple[list[str], Crawler]:
    crawler = Crawler(one, reach, random.Random(seed))
    crawler.go()
    return [f"{one.name}: {fault}" for fault in crawler.wrong], crawler


@pytest.mark.parametrize("name", ["nobody", "the bearer", "our dispatcher"])
def test_whoever_goes_everywhere_meets_whole_pages_and_no_dead_end(world: World, name: str) -> None:
    wrong, crawler = crawled(world.person(name), 90, seed=3)
    assert wrong == []
    assert crawler.statuses[200] > 10


@pytest.mark.long
def test_everybody_goes_everywhere(world: World) -> None:
    wrong = []
    for seed, one in enumerate(world.people):
        found, _crawler = crawled(one, 150, seed)
        wrong += found
    assert wrong == []
