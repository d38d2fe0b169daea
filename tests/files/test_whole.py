"""A body is read to its announced length or not at all."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.files.whole import BROKE_OFF, WholeBody, wholly


class Dripping(io.BytesIO):
    """A body that comes in as it pleases: fewer bytes than asked for, and then no more."""

    def __init__(self, data: bytes, at_most: int) -> None:
        super().__init__(data)
        self.at_most = at_most

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(self.at_most, size if size is not None and size >= 0 else self.at_most))


def body(data: bytes, length: int, at_most: int) -> tuple[WholeBody, dict[str, Any]]:
    environ: dict[str, Any] = {"wsgi.input": Dripping(data, at_most)}
    return WholeBody(environ, length), environ


@given(data=st.binary(max_size=300), at_most=st.integers(1, 50), size=st.integers(1, 70))
def test_a_whole_body_is_read_as_it_is_however_it_drips(data: bytes, at_most: int, size: int) -> None:
    whole, environ = body(data + b"the next request", len(data), at_most)
    assert b"".join(iter(lambda: whole.read(size), b"")) == data
    assert (whole.read(), environ.get(BROKE_OFF)) == (b"", None)


@given(data=st.binary(max_size=300), missing=st.integers(1, 50), at_most=st.integers(1, 50), size=st.integers(-1, 70))
def test_one_that_broke_off_raises_wherever_it_broke(data: bytes, missing: int, at_most: int, size: int) -> None:
    whole, environ = body(data, len(data) + missing, at_most)
    with pytest.raises(ConnectionResetError):
        list(iter(lambda: whole.read(size or -1), b""))
    assert environ[BROKE_OFF] is True


@given(lines=st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b"")), max_size=5))
def test_lines_are_read_as_lines(lines: list[bytes]) -> None:
    data = b"".join(line + b"\n" for line in lines)
    whole, _environ = body(data, len(data), 3)
    assert list(whole) == [line + b"\n" for line in lines]


def test_a_request_that_names_no_length_is_left_as_it_is() -> None:
    seen: list[object] = []
    stream = io.BytesIO(b"")
    application = wholly(lambda environ, start: seen.append(environ["wsgi.input"]) or [])  # type: ignore[func-returns-value]
    for length in ("", "abc", "-1", "²"):
        application({"wsgi.input": stream, "CONTENT_LENGTH": length}, lambda *said: None)
    assert seen == [stream] * 4
