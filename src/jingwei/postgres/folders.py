"""Where the embedded database keeps its things, and who may look into them."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET_PATH = 107
"""Bytes; the kernel's `sockaddr_un.sun_path` holds 108 with the closing zero (macOS: 104)."""

SOCKET_NAME = ".s.PGSQL.5432"


class BadFolder(Exception):
    """The database's folders belong to the one who runs it, and to nobody else."""


@dataclass(frozen=True)
class Folder:
    """The folder `state/postgres`: `data`, `socket`, `log`, and the two lock files."""

    state: Path

    @property
    def base(self) -> Path:
        return self.state / "postgres"

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def unfinished(self) -> Path:
        """A cluster that this process is making; renamed to `data` once whole."""
        return self.base / f"data.new-{os.getpid()}"

    @property
    def socket(self) -> Path:
        return socket_folder(self.state)

    @property
    def log(self) -> Path:
        return self.base / "log"

    @property
    def holders(self) -> Path:
        """Locked shared by every process that needs the server."""
        return self.base / "holders.lock"

    @property
    def keeper(self) -> Path:
        """Locked by the one process that keeps the server running."""
        return self.base / "keeper.lock"

    def make(self) -> None:
        """Make what is missing. Raises BadFolder where this user may not."""
        try:
            self.base.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.holders.touch(mode=0o600)
            self.keeper.touch(mode=0o600)
        except PermissionError as no:
            raise BadFolder(
                f"{self.base} belongs to another user. Start as that user, or choose another folder with --data."
            ) from no
        except OSError as no:
            raise BadFolder(
                f"{self.base} cannot be written to ({no.strerror}). Mend that, or choose another folder with --data."
            ) from no


def socket_folder(state: Path) -> Path:
    """The folder of the server's socket: inside `state`, or a short one where that path is too long."""
    inside = state.resolve() / "postgres" / "socket"
    if len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return inside
    digest = hashlib.sha256(os.fsencode(state.resolve())).hexdigest()[:16]
    # Not tempfile.gettempdir(): TMPDIR differs between a terminal and a service, and both must meet here.
    return Path("/tmp") / f"jingwei-{os.getuid()}-{digest}"  # noqa: S108  make_private() refuses a stranger's


def make_private(folder: Path, owner: int, group: int) -> None:
    """Make `folder` 0700 for `owner`; refuse one that somebody else put there."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.getuid(), owner}:
            raise BadFolder(f"{folder} was made by somebody else. Remove it and start again.") from None
    if folder.lstat().st_uid != owner:
        os.chown(folder, owner, group)
    folder.chmod(0o700)
