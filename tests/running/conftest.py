"""Requests as they come to the server, and the server itself as a county runs it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

HERE = Path(__file__).parent


def asked(path: str = "/", **meta: str) -> HttpRequest:
    """A request for `path`, from 127.0.0.1 unless `REMOTE_ADDR` says otherwise."""
    return RequestFactory().get(path, **meta)


@contextmanager
def served(database: str, **environ: str) -> Iterator[str]:
    """The address of a server of one process, as `./jingwei serve` runs it, over `database`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, str(HERE / "serving.py"), database, str(port)]
    process = subprocess.Popen(words, env={**os.environ, **environ}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        _until(lambda: _status(port, "/-/alive") == 200, process)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _status(port: int, path: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def _until(true: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 60
    while not true():
        assert process.poll() is None, process.communicate()[0].decode()[-3000:]
        assert time.monotonic() < end, "the server did not answer"
        time.sleep(0.1)


@pytest.fixture
def server_of() -> Callable[..., object]:
    """`served`, for tests that start a server of their own."""
    return served
