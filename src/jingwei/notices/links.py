"""Where a notice leads: each room says how its matters are addressed."""

from collections.abc import Callable, Collection, Iterable, Mapping

from django.conf import settings

from jingwei.notices.models import Notice

Addresses = Callable[[Collection[int]], Mapping[int, str]]
"""From the numbers of matters to their paths on this site, in one query for all of them."""

DESK = "/desk/"

_rooms: dict[str, Addresses] = {}


class AddressedTwice(ValueError):
    """A sort of matter is addressed in one way; a second registration is a slip of the pen."""


def register(subject_type: str, addresses: Addresses) -> None:
    """Let `addresses` say where matters of `subject_type` are opened. Raises AddressedTwice."""
    if _rooms.get(subject_type, addresses) is not addresses:
        raise AddressedTwice(f"{subject_type!r} is addressed already; register it in one place.")
    _rooms[subject_type] = addresses


def paths(notices: Iterable[Notice]) -> dict[int, str]:
    """The path each notice leads to, by the notice's number: its matter's, else the desk itself."""
    told = list(notices)
    asked: dict[str, set[int]] = {}
    for notice in told:
        asked.setdefault(notice.subject_type, set()).add(notice.subject_id)
    known = {kind: _rooms[kind](ids) for kind, ids in asked.items() if kind in _rooms}
    return {n.pk: known.get(n.subject_type, {}).get(n.subject_id, DESK) for n in told}


def address(notice: Notice) -> str:
    """The whole address a notice leads to, as it stands in a mail."""
    return f"{settings.BASE_URL}{paths([notice])[notice.pk]}"
