"""A pack as it was read: the book, all its sections checked, known by the digest of what it says."""

from __future__ import annotations

import hashlib
import json
from typing import Any, TypeVar, cast

import msgspec

from jingwei.policy.county import PackSection
from jingwei.policy.sections import Label, Registered, Section, registered_as

S = TypeVar("S", bound=Section)


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


def _said(owner: Registered, document: dict[str, Any]) -> Any:
    if owner.tables:
        return {table: document[table] for table in owner.tables if table in document}
    return document.get(owner.name)
