"""A pack as it was read: the book, all its sections checked, known by the digest of what it says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path as FilePath
from typing import Any, TypeVar, cast

import msgspec
from django.utils.translation import gettext as _

from jingwei.policy.calendar import WorktimeSection
from jingwei.policy.county import PackSection
from jingwei.policy.faults import Fault, PackFaults
from jingwei.policy.folders import gathered
from jingwei.policy.located import Node
from jingwei.policy.reading import differences, heading, meant
from jingwei.policy.sections import Label, Registered, Section, registered, registered_as

S = TypeVar("S", bound=Section)

WARNED_AHEAD = timedelta(days=60)
"""How long before a year without a calendar begins `prove` warns of it."""


class NotInThisEdition(LookupError):
    """An edition answers only for the tables it was stored with; adopt the pack again to give it new ones."""


class Book:
    """One edition of a pack. It never changes, and two that say the same have the same `edition`."""

    def __init__(self, pack: str, document: dict[str, Any]) -> None:
        self.pack = pack
        self._written = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self.edition = hashlib.sha256(self._written.encode()).hexdigest()
        self._sections: dict[type[Section], Section] = {}

    @property
    def document(self) -> dict[str, Any]:
        """All the pack says, a fresh copy each time."""
        return cast(dict[str, Any], json.loads(self._written))

    @property
    def label(self) -> Label:
        """What the pack is called."""
        return self[PackSection]

    def __getitem__(self, struct: type[S]) -> S:
        """The section that `struct` describes; reading it twice gives the same object."""
        if struct not in self._sections:
            self._sections[struct] = self._read(struct)
        return cast(S, self._sections[struct])

    def _read(self, struct: type[S]) -> S:
        owner = registered_as(struct)
        said = _said(owner, self.document)
        try:
            return msgspec.convert({} if said is None else said, struct)
        except msgspec.ValidationError as error:
            raise NotInThisEdition(f"[{owner.name}] of {self.pack}, edition {self.edition[:12]}: {error}.") from error

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Book) and other.edition == self.edition

    def __hash__(self) -> int:
        return hash(self.edition)

    def __repr__(self) -> str:
        return f"<Book {self.pack} {self.edition[:12]}>"


def load(folder: FilePath | str) -> Book:
    """The pack in `folder`, laid over what it extends; PackFaults where anything in it is wrong."""
    book, faults, _tree = _opened(FilePath(folder))
    if book is None or faults:
        raise PackFaults(faults)
    if book[PackSection].foundation:
        raise PackFaults([_only_a_foundation(_tree)])
    return book


def prove(folder: FilePath | str, *, today: date) -> list[Fault]:
    """Every fault of the pack in `folder`, and warnings of what will be missing soon after `today`."""
    book, faults, tree = _opened(FilePath(folder))
    if book is not None and not faults and not book[PackSection].foundation:
        faults = list(_calendar_warnings(book, tree, today))
    return sorted(set(faults))


def _opened(folder: FilePath) -> tuple[Book | None, list[Fault], Node]:
    tree, faults = gathered(folder)
    if faults:
        return None, faults, tree
    foundation = tree.at(("pack", "foundation")).value is True
    faults = [*_unknown_tables(tree), *_structural(tree, whole=not foundation)]
    if faults:
        return None, faults, tree
    book = Book(folder.resolve().name, tree.plain())
    return book, [] if foundation else list(_checked(book, tree)), tree


def _unknown_tables(tree: Node) -> Iterator[Fault]:
    known = [table for one in registered() for table in (one.tables or (one.name,))]
    for name, node in tree.value.items():
        if name not in known:
            yield Fault(
                node.file,
                node.line,
                _("no room knows the table [%(table)s].") % {"table": name},
                meant(name, known),
            )


def _structural(tree: Node, *, whole: bool) -> Iterator[Fault]:
    for one in registered():
        tables = one.tables or (one.name,)
        present = {table: tree.value[table] for table in tables if table in tree.value}
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


def _checked(book: Book, tree: Node) -> Iterator[Fault]:
    for one in registered():
        for wrong in one.check(book[one.struct], book) if one.check else ():
            node = tree.at(wrong.path)
            yield Fault(node.file, node.line, wrong.what, wrong.write)


def _said(owner: Registered, document: dict[str, Any]) -> Any:
    if owner.tables:
        return {table: document[table] for table in owner.tables if table in document}
    return document.get(owner.name)


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
