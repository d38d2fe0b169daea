"""A server that hangs is left alone for a while, so that it does not hold up what others are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

LONG = 2.0
"""Seconds: failing this slowly is hanging; a quick refusal holds nobody up."""

REST = 60.0
"""Seconds for which a server that hung is not asked again."""


class LeftAlone(Exception):
    """A server that hung a moment ago is asked again only after a rest."""


_until: dict[str, float] = {}


@contextmanager
def asking(server: str) -> Iterator[None]:
    """Ask `server` inside this block; LeftAlone where it hung within the last minute."""
    began = monotonic()
    if began < _until.get(server, 0.0):
        raise LeftAlone("The server hung a moment ago; it is asked again within a minute.")
    try:
        yield
    except Exception:
        if monotonic() - began >= LONG:
            _until[server] = monotonic() + REST
        raise


def forget() -> None:
    """Ask every server again at once."""
    _until.clear()
