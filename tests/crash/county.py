"""A county that really runs: its folder, its programs, and whoever starts a program again that has died."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = "990302"
SECRET = "the relay knows it too"
PATIENCE = 60.0


def until(true: Callable[[], object], seconds: float = PATIENCE, what: str = "it") -> None:
    """Wait until `true()` says so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


def a_free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def command_of(pid: int) -> str:
    """How a process was started; empty for one that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def children_of(pid: int) -> list[int]:
    """The processes that a process started itself, and that still run."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if after_name[1] == str(pid) and after_name[0] != "Z":
            found.append(int(entry.parent.name))
    return sorted(found)


class Program:
    """One command of ./jingwei and the service manager that starts it again half a second after it has died."""

    def __init__(self, words: list[str], env: Mapping[str, str], log: Path) -> None:
        self.words, self.env, self.log = words, env, log
        self.starts = 0
        self._end = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watch = threading.Thread(target=self._manage, name=f"service manager of {words[0]}", daemon=True)

    def start(self) -> None:
        self._start()
        self._watch.start()

    @property
    def pid(self) -> int:
        return self._process.pid if self._process is not None and self._process.poll() is None else 0

    def said(self) -> str:
        """All it has written."""
        return self.log.read_text(errors="replace")

    def stop(self) -> None:
        """Ask it to end, as a service manager does, and wait."""
        self._end.set()
        if self._watch.is_alive():
            self._watch.join()
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(30)
            finally:
                self._process.kill()
                self._process.wait()

    def _start(self) -> None:
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "jingwei", *self.words],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.env, cwd="/", start_new_session=True,
            )  # fmt: skip
        self.starts += 1

    def _manage(self) -> None:
        while not self._end.wait(0.1):
            if self._process is not None and self._process.poll() is not None and not self._end.wait(0.5):
                self._start()


@dataclass
class County:
    """A county in its folder; `port` is its web server's."""

    folder: Path
    more: Mapping[str, str] = field(default_factory=dict)
    """What its programs are told by the environment beside the usual."""

    def __post_init__(self) -> None:
        self.port = a_free_port()
        at = ["--data", str(self.folder)]
        self.server = self._program("serve", *at, "--port", str(self.port), "--prepared")
        self.worker = self._program("work", *at, "--prepared")

    @property
    def env(self) -> dict[str, str]:
        plain = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONPATH": str(ROOT / "src")}
        # The limits at the residents' door are tested elsewhere; here one machine plays a whole town.
        return plain | {"JINGWEI_LIMITS": "0", **self.more}

    def stand_up(self) -> "County":
        """Make its tables and fill them with the pack's county."""
        words = [sys.executable, "-P", str(Path(__file__).with_name("stand_up.py")), str(self.folder)]
        subprocess.run(words, env=self.env, cwd="/", check=True)
        return self

    @contextmanager
    def running(self) -> Iterator["County"]:
        """Server and worker run inside this block, with somebody who starts them again."""
        self.server.start()
        self.worker.start()
        try:
            until(self.answers, what=f"the server: see {self.server.log}")
            yield self
        finally:
            self.worker.stop()
            self.server.stop()
            until(lambda: not self.keeper, what="the database to stop")

    def answers(self) -> bool:
        from .browser import UNANSWERED, Browser

        try:
            return Browser(self.port).ask("GET", "/").status == 200
        except UNANSWERED:
            return False

    @property
    def password(self) -> str:
        """The one with which everybody in this county signs in."""
        return (self.folder / "keys" / "demo-password").read_text().strip()

    # ---- what can be killed

    @property
    def server_workers(self) -> list[int]:
        """The processes that answer requests."""
        return [pid for pid in children_of(self.server.pid) if " serve " in command_of(pid)] if self.server.pid else []

    @property
    def postmaster(self) -> int:
        try:
            return int((self.folder / "postgres/data/postmaster.pid").read_text().split()[0])
        except (OSError, IndexError):
            return 0

    @property
    def backends(self) -> list[int]:
        """The processes of the database that serve somebody who is signed in."""
        return [pid for pid in children_of(self.postmaster) if "jingwei_server jingwei" in command_of(pid)]

    @property
    def keeper(self) -> int:
        """The process that keeps the database running."""
        words = f"jingwei.postgres.keeper {self.folder.resolve()}"
        for entry in Path("/proc").glob("[0-9]*"):
            if words in command_of(int(entry.name)):
                return int(entry.name)
        return 0

    def victims(self) -> dict[str, list[int]]:
        """What may be killed just now, by name."""
        found = {
            "server worker": self.server_workers,
            "server": [self.server.pid],
            "worker": [self.worker.pid],
            "database": [self.postmaster],
            "database session": self.backends,
            "keeper of the database": [self.keeper],
        }
        return {name: alive for name, pids in found.items() if (alive := [pid for pid in pids if command_of(pid)])}

    def _program(self, *words: str) -> Program:
        return Program(list(words), self.env, self.folder.parent / f"{words[0]}.log")


def kill(pid: int) -> bool:
    """Kill a process outright; whether it was still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
