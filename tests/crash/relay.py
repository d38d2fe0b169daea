"""The county's own relay: it takes pushes, and remembers how often each came."""

import threading
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


class Relay:
    """Listens on this machine; `taken` counts pushes by their key, `bodies` holds what was said under each."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.bodies: dict[str, set[bytes]] = defaultdict(set)
        self.waits = threading.Event()
        """While it is set, a push is taken and its answer kept back, until `goes_on`."""
        self.goes_on = threading.Event()
        self._lock = threading.Lock()
        relay = self

        class Listener(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                key = self.headers["Idempotency-Key"]
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with relay._lock:
                    relay.taken[key] += 1
                    relay.bodies[key].add(body)
                if relay.waits.is_set():
                    relay.goes_on.wait(30)
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

    def __exit__(self, *_why: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
