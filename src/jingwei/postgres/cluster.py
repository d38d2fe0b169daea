"""One PostgreSQL cluster on the disk, and the server process that serves it."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jingwei.postgres.binaries import Account, programs
from jingwei.postgres.folders import Folder, make_private

SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "shared_buffers=256MB",
    "max_connections=100",
    "synchronous_commit=on",
    "jit=off",
    "random_page_cost=1.1",
    "cluster_name=jingwei",
    "log_line_prefix=%m [%p] %a ",
    # What people write stands in statements and in the rows an error quotes; the server's log gets neither.
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
    "log_statement=none",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
)


class NotMade(Exception):
    """A cluster is made whole or not at all; what was begun is taken away again, and the reason is said."""


ROOM = 100_000_000
"""Bytes of the disk without which a cluster cannot begin."""

ROLES = "CREATE ROLE jingwei_server LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE\nCREATE DATABASE jingwei\n"


@contextmanager
def _reach(folder: Path, account: Account) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A name for `folder` that `account` can open, and the descriptors its process must inherit.

    Root may keep its data below folders that nobody else may enter (/root is 0700). Instead of moving the
    data or opening those folders, root opens the folder itself and the server enters through the descriptor.
    """
    if not account.is_another:
        yield str(folder), ()
        return
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{opened}", (opened,)
    finally:
        os.close(opened)


def make_cluster(folder: Folder, account: Account) -> None:
    """Make a cluster with both roles and an empty database `jingwei`; it gets its name once it is whole.

    Raises NotMade, with what was said in the log.
    """
    for left in folder.base.glob("data.new-*"):
        shutil.rmtree(left, ignore_errors=True)
    try:
        make_private(folder.unfinished, account.uid, account.gid)
        _fill(folder, account)
        folder.unfinished.rename(folder.data)
    except (OSError, subprocess.CalledProcessError) as no:
        shutil.rmtree(folder.unfinished, ignore_errors=True)
        raise NotMade(_why_not(folder, no)) from no


def _fill(folder: Folder, account: Account) -> None:
    """Let PostgreSQL lay out its files in the unfinished folder, with roles and database."""
    bin_ = programs(account)
    with _reach(folder.unfinished, account) as (name, descriptors):
        initdb: list[str | Path] = [
            *(bin_ / "initdb", "-D", name, "-U", "jingwei_owner", "--encoding=UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums"),
            *("--auth-local=trust", "--auth-host=reject", "--no-instructions"),
        ]
        subprocess.run(initdb, check=True, pass_fds=descriptors, **account.popen())
        single: list[str | Path] = [bin_ / "postgres", "--single", "-D", name, "postgres"]
        subprocess.run(
            single,
            input=ROLES.encode(),
            stdout=subprocess.DEVNULL,
            check=True,
            pass_fds=descriptors,
            **account.popen(),
        )


def _why_not(folder: Folder, no: Exception) -> str:
    if shutil.disk_usage(folder.base).free < ROOM:
        return f"磁盘空间不足，请在 {folder.base} 所在磁盘腾出空间再启动。 · The disk is full. Make room, start again."
    return f"数据库文件未能建立（{no}）。 · The database's files could not be made."


class Postmaster:
    """The server process of a folder: one that we started, or one found running after our own death."""

    def __init__(self, folder: Folder, account: Account, settings: Sequence[str]) -> None:
        self.folder, self.account = folder, account
        self.options = [part for setting in (*SETTINGS, *settings) for part in ("-c", setting)]
        self._programs = programs(account)
        self._child: subprocess.Popen[bytes] | None = None

    def alive(self) -> bool:
        if self._child is not None:
            return self._child.poll() is None
        return self._serves(self._noted_pid())

    def ready(self) -> bool:
        """Whether recovery is over and sign-ins are taken, as PostgreSQL notes in its own pid file."""
        lines = self._note()
        return len(lines) > 7 and lines[7].strip() == "ready"

    def start(self) -> None:
        self._disown_note()
        # A socket left by a dead server has its own lock file with a pid that may be somebody else's by now.
        for left in self.folder.socket.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)
        with (
            _reach(self.folder.data, self.account) as (data, of_data),
            _reach(self.folder.socket, self.account) as (socket, of_socket),
        ):
            self._child = subprocess.Popen(
                [self._programs / "postgres", "-D", data, "-k", socket, *self.options],
                stdin=subprocess.DEVNULL,
                pass_fds=of_data + of_socket,
                start_new_session=True,
                **self.account.popen(),
            )

    def stop(self, patience: float = 60.0) -> None:
        """End open sessions and stop; after `patience` seconds without waiting for a checkpoint."""
        pid = self._child.pid if self._child else self._noted_pid()
        started = time.monotonic()
        asked: signal.Signals | None = None
        while pid and self.alive():
            now = signal.SIGINT if time.monotonic() - started < patience else signal.SIGQUIT
            if now is not asked:
                os.kill(pid, now)
                asked = now
            time.sleep(0.02)

    def _note(self) -> list[str]:
        try:
            return (self.folder.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, PermissionError):
            return []

    def _noted_pid(self) -> int:
        lines = self._note()
        return int(lines[0]) if lines and lines[0].isdigit() else 0

    def _serves(self, pid: int) -> bool:
        """Whether process `pid` is the server of this very folder: a server stands in its data folder."""
        if not pid:
            return False
        if Path("/proc/self").exists():
            try:
                return Path(f"/proc/{pid}/cwd").resolve(strict=True) == self.folder.data.resolve()
            except OSError:
                return False
        asked = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
        return str(self.folder.data) in asked.stdout

    def _disown_note(self) -> None:
        """Make a dead server's pid file harmless when its number now belongs to another process.

        The file is not removed: PostgreSQL still reads in it which shared memory to look at, and refuses to
        start while a child of the dead server lives. It passes over the pid of its own parent, which is us.
        """
        lines = self._note()
        if lines and lines[0] != str(os.getpid()):
            note = self.folder.data / "postmaster.pid"
            with open(note, "r+") as out:
                out.write("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
                out.truncate()
