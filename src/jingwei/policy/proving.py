"""Proves a pack before anybody works by it: every fault at once, each with its file, its line and what to write.

`load` takes a pack in and `prove` tells what is wrong with it; both see the same faults, since both are this. What
cannot be read is passed over, and what depends on it is not judged, so that one slip is told once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path as FilePath

import msgspec
from django.utils.translation import gettext as _

from jingwei.policy.books import Book, NotInThisEdition, S
from jingwei.policy.calendar import WorktimeSection
from jingwei.policy.faults import Fault, PackFaults
from jingwei.policy.folders import Gathered, gathered
from jingwei.policy.located import Node
from jingwei.policy.reading import differences, heading, meant
from jingwei.policy.sections import Registered, Section, Wrong, registered, registered_as

WARNED_AHEAD = timedelta(days=60)
"""How long before a year without a calendar begins `prove` warns of it."""


def load(folder: FilePath | str) -> Book:
    """The pack in `folder`, laid over what it extends; PackFaults where anything in it is wrong."""
    found = gathered(FilePath(folder))
    if faults := [fault for fault in _faults(found, FilePath(folder)) if not fault.warning]:
        raise PackFaults(faults)
    if _foundation(found.tree):
        raise PackFaults([_only_a_foundation(found.tree)])
    return _book(found, FilePath(folder))


def prove(folder: FilePath | str, *, today: date) -> list[Fault]:
    """Every fault of the pack in `folder`, and warnings of what will be missing soon after `today`."""
    found = gathered(FilePath(folder))
    faults = list(_faults(found, FilePath(folder)))
    if not any(not fault.warning for fault in faults) and not _foundation(found.tree):
        faults += _calendar_warnings(_book(found, FilePath(folder)), found.tree, today)
    return sorted(set(faults))


def prove_edition(edition: Book) -> Iterator[Wrong]:
    """What an edition that a county took in earlier lacks by what the rooms ask for today; it goes on being worked by.

    So a room that learns something new is not silent for ever in a county that took its pack in before.
    """
    for one in registered():
        try:
            yield from one.check(edition[one.struct], edition) if one.check else ()
        except NotInThisEdition as no:
            yield Wrong((one.name,), str(no), heading((one.name,)))


def _faults(found: Gathered, folder: FilePath) -> Iterator[Fault]:
    yield from found.faults
    yield from _unknown_tables(found.tree)
    foundation, spoilt = _foundation(found.tree), set[type[Section]]()
    for one in registered():
        torn = not found.complete or not found.torn.isdisjoint(_tables(one))
        if torn:
            spoilt.add(one.struct)
        yield from _structural(found.tree, one, whole=not foundation and not torn)
    if found.complete and not foundation:
        yield from _checked(_Partly(_book(found, folder), spoilt), found.tree)


class _Partly(Book):
    """A pack of which some tables could not be read whole: whoever asks for one of those has nothing to say.

    The same holds by itself for a table in which something is missing, or of another type than its room reads.
    """

    def __init__(self, book: Book, spoilt: set[type[Section]]) -> None:
        super().__init__(book.pack, book.document)
        self._spoilt = spoilt

    def __getitem__(self, struct: type[S]) -> S:
        if struct in self._spoilt:
            raise NotInThisEdition(f"[{registered_as(struct).name}] of {self.pack} could not be read whole.")
        return super().__getitem__(struct)


def _book(found: Gathered, folder: FilePath) -> Book:
    return Book(folder.resolve().name, found.tree.plain())


def _foundation(tree: Node) -> bool:
    return tree.at(("pack", "foundation")).value is True


def _tables(one: Registered) -> tuple[str, ...]:
    return one.tables or (one.name,)


def _unknown_tables(tree: Node) -> Iterator[Fault]:
    known = [table for one in registered() for table in _tables(one)]
    for name, node in tree.value.items():
        if name not in known:
            yield Fault(
                node.file,
                node.line,
                _("no room knows the table [%(table)s].") % {"table": name},
                meant(name, known),
            )


def _structural(tree: Node, one: Registered, *, whole: bool) -> Iterator[Fault]:
    present = {table: tree.value[table] for table in _tables(one) if table in tree.value}
    if one.tables:
        home = next(iter(present.values()), tree.at(("pack",)))
        yield from differences(Node(dict(present), home.file, home.line), one.struct, (), whole=whole)
    elif present:
        yield from differences(present[one.name], one.struct, (one.name,), whole=whole)
    elif whole and any(field.required for field in msgspec.structs.fields(one.struct)):
        yield Fault(
            tree.at(("pack",)).file,
            tree.at(("pack",)).line,
            _("the table [%(table)s] is missing from the pack.") % {"table": one.name},
            heading((one.name,)),
        )


def _checked(book: _Partly, tree: Node) -> Iterator[Fault]:
    for one in registered():
        try:
            for wrong in one.check(book[one.struct], book) if one.check else ():
                node = tree.at(wrong.path)
                yield Fault(node.file, node.line, wrong.what, wrong.write, wrong.warning)
        except NotInThisEdition:
            continue


def _only_a_foundation(tree: Node) -> Fault:
    node = tree.at(("pack", "foundation"))
    return Fault(
        node.file,
        node.line,
        _("this pack is one that others build on; no county can work by it alone."),
        _("a pack of the county's own, with extends = «%(pack)s»") % {"pack": "base"},
    )


def _calendar_warnings(book: Book, tree: Node, today: date) -> Iterator[Fault]:
    missing = book[WorktimeSection].calendar().next_unknown(today)
    if missing is not None and missing - today <= WARNED_AHEAD:
        node = tree.at(("worktime", "years"))
        yield Fault(
            node.file,
            node.line,
            _("the holidays of %(year)s are not known yet; clocks that reach it will have no due time.")
            % {"year": missing.year},
            f"[worktime.years.{missing.year}] holidays = […], make_up_days = […]",
            warning=True,
        )
