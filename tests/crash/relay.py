"""The county's own relay: it takes pushes, and remembers how often each came."""

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


class Relay:
    """Listens on this machine; `taken` counts pushes by their key, `bodies` holds what was said under each."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.bodies: dict[str, set[bytes]] = defaultdict(set)
        self.kept_back = 0
        """Pushes whose answer was kept back."""
        self._answers = threading.Event()
        self._answers.set()
        self._lock = threading.Lock()
        relay = self

        class Listener(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                key = self.headers["Idempotency-Key"]
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with relay._lock:
                    relay.taken[key] += 1
                    relay.bodies[key].add(body)
                    relay.kept_back += not relay._answers.is_set()
                relay._answers.wait(30)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_said: object) -> None:
                """Nothing is told of each request."""

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_said: object) -> None:
                """A worker that is killed hangs up."""

        self._server = Quiet(("127.0.0.1", 0), Listener)
        self.address = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> "Relay":
        threading.Thread(target=self._server.serve_forever, name="relay", daemon=True).start()
        return self

    @contextmanager
    def keeping_back(self) -> Iterator[None]:
        """Inside this block pushes are taken and not answered."""
        self.kept_back = 0
        self._answers.clear()
        try:
            yield
        finally:
            self._answers.set()

    def __exit__(self, *_why: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
