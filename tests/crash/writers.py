"""Residents who report and dispatchers who act, each noting what the county has acknowledged to them."""

import queue
import random
import re
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from .browser import Answer, Browser, followed
from .county import County

NUMBER = re.compile(r"QS\d{10,}")
HANDED = re.compile(r'href="/desk/case/(QS\d{10,})/')


@dataclass(frozen=True)
class Reported:
    """A report for which a resident was given a number."""

    words: str
    number: str


@dataclass(frozen=True)
class Acted:
    """A step that an official was told is taken, under the key of her form."""

    number: str
    step: str
    key: uuid.UUID


@dataclass
class Acknowledged:
    """What the county said is done; `refused` is what it said somebody else had done first."""

    reports: list[Reported] = field(default_factory=list)
    acts: list[Acted] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    sent_again: int = 0

    @property
    def count(self) -> int:
        return len(self.reports) + len(self.acts)


def report(browser: Browser, token: str, words: str) -> Reported:
    """Report something by a place's QR code, and read the number on the receipt."""
    answer = browser.get(f"/q/{token}/")
    answer = browser.post(answer.path, answer.form(answer.path).filled(words=words, who="anonymous"))
    assert answer.status == 302, f"{answer.status}: {answer.page[:2000]}"
    receipt = followed(browser, answer)
    found = NUMBER.search(receipt.page)
    assert found, receipt.page[:2000]
    return Reported(words, found.group())


def sign_in(browser: Browser, username: str, password: str) -> None:
    """Sign in at the desk's gate."""
    gate = browser.get("/desk/sign-in/")
    answer = browser.post(gate.path, gate.form(gate.path).filled(username=username, password=password))
    assert answer.status == 302, f"{answer.status}: {answer.page[:2000]}"


def act(browser: Browser, number: str, step: str) -> tuple[Answer, uuid.UUID] | None:
    """Take a step of a case, as its page offers it, with the first of the handlers; None where it is not offered."""
    page = browser.get(f"/desk/case/{number}/")
    if not page.offers(f"/step/{step}/"):
        return None
    form = page.form(f"/step/{step}/")
    chosen = {name: next((value for value in values if value), "") for name, values in form.offers.items()}
    wanted = {name: value for name, value in chosen.items() if name == "handler"}
    filled = form.filled(**wanted)
    return browser.post(form.action, filled), uuid.UUID(dict(filled)["key"])


class Town:
    """So many people at once: half of them report, the others sit at the desk and act on what was reported."""

    def __init__(self, county: County, tokens: list[str], people: int, seed: int) -> None:
        self.county, self.tokens, self.seed = county, tokens, seed
        self.told = Acknowledged()
        self.broke: list[BaseException] = []
        self._stop = threading.Event()
        officials = people // 2
        self._waiting: queue.Queue[str] = queue.Queue(2 * officials)
        self._threads = [
            *(self._thread(self._reside, n) for n in range(people - officials)),
            *(self._thread(self._sit, n) for n in range(officials)),
        ]

    @contextmanager
    def busy(self) -> Iterator["Town"]:
        """They write for as long as this block runs, then finish what they have begun."""
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()
        if self.broke:
            raise self.broke[0]

    def _thread(self, work: object, n: int) -> threading.Thread:
        def run() -> None:
            try:
                work(n)  # type: ignore[operator]
            except BaseException as broke:
                self.broke.append(broke)
                self._stop.set()

        return threading.Thread(target=run, name=f"writer {n}", daemon=True)

    def _reside(self, n: int) -> None:
        lot = random.Random(f"{self.seed} resident {n}")
        count = 0
        while not self._stop.is_set():
            browser = Browser(self.county.port)
            said = report(browser, lot.choice(self.tokens), f"第{n}位居民的第{count}件事：路灯不亮（{self.seed}）")
            self.told.reports.append(said)
            self.told.sent_again += browser.again
            # Two officials get every third, and press at once.
            with suppress(queue.Full):
                for _copy in range(2 if count % 3 == 0 else 1):
                    self._waiting.put_nowait(said.number)
            count += 1
            self._stop.wait(lot.uniform(0, 0.3))

    def _sit(self, n: int) -> None:
        browser = Browser(self.county.port)
        sign_in(browser, ("county", "dispatcher")[n % 2], self.county.password)
        while not (self._stop.is_set() and self._waiting.empty()):
            try:
                number = self._waiting.get(timeout=0.2)
            except queue.Empty:
                continue
            for step in ("accept", "assign"):
                self._take(browser, number, step)
        self.told.sent_again += browser.again

    def _take(self, browser: Browser, number: str, step: str) -> None:
        done = act(browser, number, step)
        if done is None:
            return  # her colleague was there before she looked
        answer, key = done
        if answer.status in (200, 302):
            self.told.acts.append(Acted(number, step, key))
        elif answer.status == 409:
            self.told.refused.append(answer.page)
        else:
            raise AssertionError(f"{step} {number}: {answer.status}: {answer.page[:2000]}")
