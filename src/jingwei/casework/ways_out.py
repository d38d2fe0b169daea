"""Every way by which cases reach somebody's eyes, written down beside the page that is that way.

A page that shows cases says so here: which addresses it answers, and which cases it would show to an actor. The
tests walk this register: the cases of every way are compared with sight as a citizen would tell it, and every
address of the site is either one of a way or known to show no case.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from jingwei.casework.models import Case
from jingwei.trail.actor import Actor

Shows = Callable[[Actor, datetime], Iterable[int]]
"""The ids of the cases an actor would be shown at a moment."""


@dataclass(frozen=True)
class WayOut:
    """One way by which cases are shown, and the names of its addresses."""

    name: str
    addresses: tuple[str, ...]
    shows: Shows


WAYS_OUT: dict[str, WayOut] = {}


class SaidTwice(ValueError):
    """Two ways by which cases are shown have two names."""


def shows_cases(name: str, *addresses: str) -> Callable[[Shows], Shows]:
    """Write down a way by which cases are shown; the function says which ones. Raises SaidTwice."""

    def written(shows: Shows) -> Shows:
        if name in WAYS_OUT:
            raise SaidTwice(f"«{name}» stands in the register of sight already; give this way another name.")
        WAYS_OUT[name] = WayOut(name, addresses, shows)
        return shows

    return written


def tried_one_by_one(case_of: Callable[[Actor, str], Case | None]) -> Shows:
    """What a page shows that is asked for one case by its number: whatever answers when every number is tried."""
    return partial(_answering, case_of)


def _answering(case_of: Callable[[Actor, str], Case | None], actor: Actor, _at: datetime) -> set[int]:
    numbers = Case.objects.values_list("number", flat=True)
    return {case.pk for number in numbers if (case := case_of(actor, number)) is not None}
