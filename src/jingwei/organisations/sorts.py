"""Which rows are of a sort that the code knows, in the words of every county: conditions for lists and figures."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import Q

from jingwei.organisations.natures import Nature
from jingwei.organisations.offices import KindLine, OfficesSection, TeamLine
from jingwei.policy.models import County
from jingwei.policy.queries import edition_book


def of_nature(*natures: Nature) -> Callable[[KindLine], bool]:
    """Whether a kind is one of these to the code."""
    return lambda line: line.nature in natures


def of_kinds(fits: Callable[[KindLine], bool], kind: str = "kind", county: str = "county", before: str = "") -> Q:
    """Rows whose organisation is of a kind that fits, each county's own keys read; `before`: the way to it."""
    return _of_keys(lambda offices: [line.key for line in offices.kinds if fits(line)], before + kind, before + county)


def of_teams(fits: Callable[[TeamLine], bool], team: str, county: str) -> Q:
    """Rows whose post has a place in the grid's team that fits."""
    return _of_keys(lambda offices: [line.key for line in offices.teams if fits(line)], team, county)


def _of_keys(keys_in: Callable[[OfficesSection], Iterable[str]], field: str, county: str) -> Q:
    """Counties whose keys are the same share a condition; one question, however many there are."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for code, edition in _READ.get() or _counties():
        alike[tuple(keys_in(edition_book(edition)[OfficesSection]))].append(code)
    found = Q(pk__in=())
    for keys, codes in alike.items():
        found |= Q(**{f"{field}__in": keys, f"{county}__in": codes})
    return found


_READ: ContextVar[Sequence[tuple[str, str]] | None] = ContextVar("counties that were read", default=None)


def _counties() -> Sequence[tuple[str, str]]:
    return list(County.objects.order_by("pk").values_list("pk", "edition_id"))


@contextmanager
def counties_read_once() -> Iterator[None]:
    """Within this block the counties and their editions are read once, for all conditions made in it."""
    token = _READ.set(_READ.get() or _counties())
    try:
        yield
    finally:
        _READ.reset(token)
