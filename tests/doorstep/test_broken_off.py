"""Over a real wire, to the real server: a body that breaks off is refused, and its repeat is whole."""

import hashlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from jingwei.casework.models import Attachment, Case
from jingwei.files.models import Blob, Handing

from .conftest import photograph

HERE = Path(__file__).parent
BOUNDARY = "----weft"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture
def wire(own_database: str, tmp_path: Path) -> Iterator[int]:
    """The port at which granian serves the site."""
    port = free_port()
    environ = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent), str(HERE.parents[1] / "src")]),
        "WIRE_DATABASE": own_database,
        "WIRE_FILES": str(tmp_path / "files"),
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen([*command, "--blocking-threads", "4", "wire:application"], env=environ, cwd=HERE) as server:
        until = time.monotonic() + 60
        while True:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert time.monotonic() < until, "granian did not come up"
            time.sleep(0.1)
        yield port
        server.terminate()


@dataclass
class Telephone:
    """A browser down to the wire: it sends as much of a body as the network lets it, then hangs up its half."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def sends(self, head: str, body: bytes = b"", arrives: int | None = None) -> tuple[int, str]:
        """Send a request of which `arrives` bytes of the body do; the status and the page that come back."""
        said = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [head, "Host: 127.0.0.1", "Connection: close", f"Cookie: {said}", f"Content-Length: {len(body)}"]
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            line.sendall("\r\n".join([*lines, "", ""]).encode() + body[:arrives])
            if arrives is not None:
                line.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: line.recv(65536), b"")).decode(errors="replace")
        for name, value in re.findall(r"(?im)^set-cookie: *(\w+)=([^;\r]*)", answer):
            self.cookies[name] = value
        return int(answer.split()[1]), answer.partition("\r\n\r\n")[2]

    def token(self, page: str) -> str:
        """What the page's forms carry against forgery."""
        return re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]


def form(fields: dict[str, str], file: bytes = b"") -> bytes:
    """A form as a browser without script sends it, a photograph in the middle."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields.items()
    ]
    if file:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n'
        parts.insert(-1, head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + file + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def test_a_form_or_a_photograph_that_breaks_off_makes_nothing_and_its_repeat_is_whole(wire: int, qingshi: Any) -> None:
    chen = Telephone(wire)
    door = f"/q/{qingshi.place('compound').qr}/"
    status, page = chen.sends(f"GET {door} HTTP/1.1")
    assert status == 200
    token = chen.token(page)

    data = photograph().read()
    put = f"PUT /photographs/{hashlib.sha256(data).hexdigest()}/ HTTP/1.1\r\nX-CSRFToken: {token}"
    for arrives in (0, 1, len(data) // 2, len(data) - 1):
        status, said = chen.sends(put, data, arrives)
        assert (status, "没有传完整" in said) == (400, True)
    assert (Blob.objects.count(), Handing.objects.count()) == (0, 0)
    assert [chen.sends(put, data)[0] for _again in range(2)] == [201, 200]

    fields = {
        "csrfmiddlewaretoken": token,
        "record": "open",
        "key": "",
        "category": "noise",
        "words": "半夜施工。",
        "whole": "1",
    }
    head = f"POST {door} HTTP/1.1\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}"
    body = form(fields, photograph("green").read())
    for arrives in (0, len(body) // 3, len(body) // 2, len(body) - 60, len(body) - 1):
        status, said = chen.sends(head, body, arrives)
        assert (arrives, status, "没有传完整" in said) == (arrives, 400, True)
    plain = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
    urlencoded = f"POST {door} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded"
    assert chen.sends(urlencoded, plain, len(plain) - 5)[0] == 400
    assert (Case.objects.count(), Blob.objects.count()) == (0, 1)

    assert chen.sends(head, body)[0] == 302
    assert (Case.objects.get().title, Attachment.objects.count()) == ("半夜施工。", 1)
