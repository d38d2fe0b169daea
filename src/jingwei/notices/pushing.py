"""Pushing a notice to the county's own relay: signed, once recognisable, and never for long."""

import hashlib
import hmac
import json
import socket
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPSConnection
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

from jingwei.notices.resting import asking

TIME_OUT = 10.0
"""Seconds for the connection, and again for the whole answer."""


class NotTaken(Exception):
    """A push counts as taken when the relay answers 200 to 299; redirects are not followed."""


class NoSecret(Exception):
    """A push is signed, so that the relay can tell it from a stranger's; set JINGWEI_WEBHOOK_SECRET."""


def signature(body: bytes, secret: str) -> str:
    """What stands in `X-Jingwei-Signature`: HMAC-SHA256 over the body as it was sent."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def push(address: str, said: Mapping[str, Any], *, key: str, secret: str) -> None:
    """POST `said` as JSON to `address`; NotTaken, OSError or HTTPException where it was not taken.

    `key` travels in `Idempotency-Key` and, signed, as `id` in the body, so that a repetition is recognised.
    """
    if not secret:
        raise NoSecret("Set JINGWEI_WEBHOOK_SECRET to what the relay knows too.")
    body = json.dumps({"id": key, **said}, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": hashlib.sha256(key.encode()).hexdigest(),  # a header holds ASCII only
        "X-Jingwei-Signature": signature(body, secret),
        "User-Agent": "Jingwei",
    }
    with asking(address):
        status = _answer(address, body, headers)
    if not 200 <= status < 300:
        raise NotTaken(f"The relay answered {status}.")


def _answer(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with closing(kind(parts.hostname or "", parts.port, timeout=TIME_OUT)) as line:
        line.connect()
        # The socket's time-out begins anew with every byte; only this ends an answer that trickles.
        hang_up = Timer(TIME_OUT, _hang_up, [line.sock])
        hang_up.daemon = True
        hang_up.start()
        try:
            line.request("POST", target, body, dict(headers))
            return line.getresponse().status
        finally:
            hang_up.cancel()


def _hang_up(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # hung up already
