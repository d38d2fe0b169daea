"""How many requests are answered at once, how many may wait, and what the next one is told: at once, and in words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, Semaphore

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from jingwei.running import metrics
from jingwei.running.answers import busy, in_words, passing

OPEN = "/-/"
"""Whoever watches the server is let in also when it is full."""


@dataclass
class Places:
    """`slots` are answered at once, `queue` wait for one of them at most `patience` seconds."""

    slots: int
    queue: int
    patience: float
    _free: Semaphore = field(init=False)
    _lock: Lock = field(default_factory=Lock)
    _waiting: int = 0

    def __post_init__(self) -> None:
        self._free = Semaphore(self.slots)

    def enter(self) -> bool:
        """Whether there is a place, perhaps after waiting; then `leave` gives it back."""
        if self._free.acquire(blocking=False):
            return True
        with self._lock:
            if self._waiting >= self.queue:
                return False
            self._waiting += 1
        try:
            with metrics.WAITING.track_inprogress():
                return self._free.acquire(timeout=self.patience)
        finally:
            with self._lock:
                self._waiting -= 1

    def leave(self) -> None:
        self._free.release()


class Gate:
    """Let so many in at once; tell the others to come again in a moment, instead of letting them time out.

    The web server has more threads than slots (`cli/serve.py`): those beyond wait here or answer 503. Its own
    option `backpressure` does not answer at all: 64 clients of a page of a second, 4 threads, waited 16 s each.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.places = Places(settings.GATE_SLOTS, settings.GATE_QUEUE, settings.GATE_PATIENCE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(OPEN):
            return self.get_response(request)
        if not self.places.enter():
            return busy(request, "full")
        try:
            with metrics.IN_FLIGHT.track_inprogress():
                return in_words(request, self.get_response(request))
        finally:
            self.places.leave()

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """A statement that took too long, a lock, a pool without a connection, a full disk: a sentence, not a fault."""
        return passing(request, fault)
