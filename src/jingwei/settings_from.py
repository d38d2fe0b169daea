"""Where a setting's value comes from: the environment, or a file this installation made for itself."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from jingwei.postgres import socket_folder


def secret(name: str, kept_in: Path) -> str:
    """The secret in environment variable `name`, else the one in file `kept_in`, made (0600) on first use."""
    if said := os.environ.get(name):
        return said
    try:
        return kept_in.read_text().strip()
    except FileNotFoundError:
        kept_in.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with open(os.open(kept_in, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
        return kept_in.read_text().strip()


def base_url(environ: Mapping[str, str]) -> str:
    """The address people type, without a slash at its end; QR codes and mail are built on it."""
    return environ.get("JINGWEI_URL", "http://127.0.0.1:8000").rstrip("/")


class BadSetting(ValueError):
    """A setting holds what it should; the message names what was written and what to write."""


def number(said: str | None, otherwise: int) -> int:
    """A whole number above 0, or `otherwise` where nothing is said. Raises BadSetting."""
    if not said:
        return otherwise
    if not (said.isascii() and said.isdigit() and int(said) > 0):
        raise BadSetting(f"{said!r} should be a whole number above 0, as {otherwise}.")
    return int(said)


def in_file(name: str, path: str) -> str:
    """The first line of the file that setting `name` names; empty where it names none. Raises BadSetting."""
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").partition("\n")[0].strip()
    except OSError as no:
        raise BadSetting(f"{name}: {path} cannot be read ({no.strerror}).") from no


def tls(said: str) -> str:
    """How mail travels: "none", "starttls" or "tls". Raises BadSetting."""
    if said not in ("none", "starttls", "tls"):
        raise BadSetting(f"JINGWEI_MAIL_TLS is {said!r}; write none, starttls or tls.")
    return said


def database(environ: Mapping[str, str], state: Path) -> dict[str, Any]:
    """Django's entry for the database: `DATABASE_URL`, else the embedded server's private socket.

    The server signs in as `jingwei_server`, a role that owns no table; migrations set
    `JINGWEI_AS_OWNER=1` (or `DATABASE_OWNER_URL`) and sign in as the owner.
    """
    as_owner = environ.get("JINGWEI_AS_OWNER") == "1"
    url = environ.get("DATABASE_URL", "")
    if as_owner and environ.get("DATABASE_OWNER_URL"):
        url = environ["DATABASE_OWNER_URL"]
    entry: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2, "application_name": "jingwei"},
    }
    if url:
        parts = urlsplit(url)
        entry |= {
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
        }
    else:
        entry |= {
            "NAME": "jingwei",
            "USER": "jingwei_owner" if as_owner else "jingwei_server",
            "HOST": str(socket_folder(state)),
        }
    return entry
