"""Holding the database: it runs while somebody holds it, and waits for whoever comes next."""

import fcntl
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jingwei.postgres.folders import Folder

TICK = 0.05
LONGEST_LOG = 20_000_000
"""Bytes; a longer log is set aside as `log.1` when a keeper starts."""


class WillNotStart(Exception):
    """A database that cannot start says why; nothing is tried on data that PostgreSQL itself refuses."""


class Hold:
    """One process's claim on the server of a folder; `take` returns once sign-ins are answered."""

    def __init__(self, state: Path, settings: Sequence[str] = ()) -> None:
        """`settings` are PostgreSQL's own, `name=value`; the process that starts the server decides them."""
        self.folder = Folder(state.resolve())
        self.settings = tuple(settings)
        self._let_go = threading.Event()
        self._watch = threading.Thread(target=self._keep_a_keeper, name="database watch", daemon=True)
        self._keeper: subprocess.Popen[bytes] | None = None

    def take(self, say: Callable[[str], None] = lambda words: None) -> None:
        """Hold the folder and wait for the server. Raises WillNotStart with the last lines of its log."""
        self.folder.make()
        self._file = open(self.folder.holders, "r+")  # noqa: SIM115  held until let_go
        fcntl.flock(self._file, fcntl.LOCK_SH)  # waits while the last server is being stopped
        say("initdb" if not self.folder.data.exists() else "start")
        while not self._answers():
            if self._keeper is not None and self._keeper.poll():
                self._file.close()
                raise WillNotStart(f"{_last_lines(self.folder.log)}\nMore in {self.folder.log}")
            self._spawn_if_none()
            time.sleep(TICK)
        self._watch.start()

    def let_go(self) -> None:
        """Give up the claim; the last to do so returns when the server has stopped."""
        self._let_go.set()
        self._watch.join()
        self._file.close()
        while _taken_alone(self.folder.keeper):
            if _taken(self.folder.holders) and not _taken_alone(self.folder.holders):
                if self._keeper is not None:
                    self._keeper.returncode = 0  # it stays, for the others; Popen would warn that it runs
                return
            time.sleep(TICK)
        if self._keeper is not None:
            self._keeper.wait()

    def _answers(self) -> bool:
        import psycopg  # slow import, and the keeper, which shares this package, never needs it

        try:
            psycopg.connect(
                host=str(self.folder.socket), user="jingwei_server", dbname="jingwei", connect_timeout=5
            ).close()
        except psycopg.OperationalError:
            return False
        return True

    def _spawn_if_none(self) -> None:
        if self._keeper is not None:
            self._keeper.poll()
        if (self._keeper is None or self._keeper.returncode is not None) and not _taken_alone(self.folder.keeper):
            self._keeper = _spawn_keeper(self.folder, self.settings)

    def _keep_a_keeper(self) -> None:
        while not self._let_go.wait(1.0):
            self._spawn_if_none()


@contextmanager
def held(state: Path, settings: Sequence[str] = (), say: Callable[[str], None] = lambda words: None) -> Iterator[Path]:
    """The server of `state` runs inside this block; gives the folder of its socket."""
    hold = Hold(state, settings)
    hold.take(say)
    try:
        yield hold.folder.socket
    finally:
        hold.let_go()


def in_use(state: Path) -> bool:
    """Whether any process holds the database of `state`."""
    holders = Folder(state.resolve()).holders
    return holders.exists() and _taken(holders)


def _spawn_keeper(folder: Folder, settings: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a keeper that outlives this process and does not hear its terminal's Ctrl-C."""
    if folder.log.exists() and folder.log.stat().st_size > LONGEST_LOG:
        folder.log.replace(folder.base / "log.1")
    with open(os.open(folder.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "jingwei.postgres.keeper", str(folder.state), *settings],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            start_new_session=True,
        )


def _taken_alone(path: Path) -> bool:
    """Whether somebody has the exclusive lock."""
    return not _can_lock(path, fcntl.LOCK_SH)


def _taken(path: Path) -> bool:
    """Whether somebody has the lock, exclusive or shared."""
    return not _can_lock(path, fcntl.LOCK_EX)


def _can_lock(path: Path, how: int) -> bool:
    with open(path, "r+") as file:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _last_lines(log: Path, count: int = 12) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
