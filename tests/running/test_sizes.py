"""By-laws of size: too much is refused by a sentence, before it costs anything."""

import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jingwei.running.sizes import WithinBounds

Served = Callable[..., AbstractContextManager[str]]
MEGABYTE = 1_000_000


def exchange(address: str, request: bytes, body: int = 0) -> str:
    """What the server answers to raw bytes, followed by a body of `body` bytes."""
    host, _, port = address.partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        try:
            line.sendall(request)
            piece = b"a" * 65_536
            while body > 0:
                line.sendall(piece[:body])
                body -= len(piece)
        except OSError:
            pass  # answered and hung up before all was sent
        answer = b""
        try:
            while chunk := line.recv(65_536):
                answer += chunk
        except OSError:
            pass
    return answer.decode(errors="replace")


def highest_memory(address: str) -> int:
    """The largest resident size in kB that a process of the server ever had."""
    port = address.partition(":")[2]
    found = [0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if "serving.py\0" in (words := (status.parent / "cmdline").read_text()) and port in words:
                found.append(int(status.read_text().partition("VmHWM:")[2].split()[0]))
        except (OSError, IndexError):
            continue
    return max(found)


COOKIE = "Cookie: csrftoken=abcdefghijklmnopqrstuvwxyz012345\r\n"


def post(kind: str, size: int, cookie: str = COOKIE) -> bytes:
    """The head of a request that announces `size` bytes."""
    head = f"POST /progress/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{cookie}Connection: close\r\n"
    return f"{head}Content-Type: {kind}\r\nContent-Length: {size}\r\n\r\n".encode()


def test_twenty_megabytes_of_text_are_refused_in_words_and_cost_no_memory(own_database: str, server_of: Served) -> None:
    size, boundary = 20 * MEGABYTE, b'--x\r\nContent-Disposition: form-data; name="code"\r\n\r\n'
    with server_of(own_database) as address:
        exchange(address, b"GET /progress/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        before = highest_memory(address)
        answers = [
            exchange(address, post("application/x-www-form-urlencoded", size) + b"code=", size - 5),
            exchange(address, post("multipart/form-data; boundary=x", size) + boundary, size - len(boundary)),
        ]
        strangers = [exchange(address, post(kind, size, ""), size) for kind in ("application/json", "text/plain")]
        after = highest_memory(address)
    assert [answer.split(" ", 2)[1] for answer in answers] == ["413", "413"]
    assert ["超过了系统一次可接收的大小" in answer for answer in answers] == [True, True]
    assert [answer.split(" ", 2)[1] for answer in strangers] == ["403", "403"]
    assert before > 0
    assert after - before < 15_000


def test_a_head_that_never_ends_is_refused_by_the_server_itself(own_database: str, server_of: Served) -> None:
    head = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + f"X-Long: {'a' * 100_000}\r\n\r\n"
    with server_of(own_database) as address:
        assert exchange(address, head.encode()).split(" ", 2)[1] == "431"
        usual = exchange(address, b"GET /-/alive HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert usual.split(" ", 2)[1] == "200"


@pytest.mark.django_db
def test_too_many_fields_and_too_many_files_are_told_in_words(client: Client) -> None:
    fields = client.post("/desk/sign-in/", {f"field{n}": "1" for n in range(700)})
    files = client.post("/desk/sign-in/", {f"file{n}": SimpleUploadedFile(f"{n}", b"x") for n in range(30)})
    for answer in (fields, files):
        assert answer.status_code == 413
        assert "超过了系统一次可接收的大小" in answer.content.decode()


def test_a_form_with_files_is_refused_by_what_it_says_of_its_length(settings: Any) -> None:
    WithinBounds().handle_raw_input(None, {}, settings.MOST_OF_A_REQUEST, b"")
    with pytest.raises(RequestDataTooBig):
        WithinBounds().handle_raw_input(None, {}, settings.MOST_OF_A_REQUEST + 1, b"")


@pytest.mark.django_db
def test_a_report_with_too_much_in_it_is_answered_on_its_own_page(client: Client, qingshi: Any) -> None:
    answer = client.post("/report/", {"words": "长" * 3 * MEGABYTE})
    assert answer.status_code == 422
    assert "一次提交的内容太多" in answer.content.decode()
