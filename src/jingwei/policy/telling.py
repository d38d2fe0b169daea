"""Says a change of a pack in words an official understands: of which deadline, of which category, and what it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, get_args, get_origin

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.policy.changes import ABSENT, Change, Steps, identity, tables
from jingwei.policy.reading import bare, is_section
from jingwei.policy.sections import POSTS, Registered, Section, Share, in_language, registered
from jingwei.policy.spans import SpanText, TermText, in_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from jingwei.policy.books import Book

    Word: TypeAlias = str | _StrPromise

COMMON: Mapping[str, Word] = {
    "name": gettext_lazy("What it is called"),
    "english": gettext_lazy("Name in English"),
    "key": gettext_lazy("Key"),
    "retired": gettext_lazy("No longer used"),
    "source": gettext_lazy("Ground or document"),
    "law": gettext_lazy("Law"),
    "words": gettext_lazy("Words"),
    "words_english": gettext_lazy("Words in English"),
    "title": gettext_lazy("Title"),
    "note": gettext_lazy("Note"),
    "roles": gettext_lazy("Roles"),
}
"""Words that mean the same in every table."""


@dataclass(frozen=True)
class Told:
    """One change as a reader sees it."""

    where: tuple[str, ...]
    """From the table to the line, each in words."""
    key: str
    """The same as the pack's files have it: `casework.spans.incident.handling.general`."""
    before: str
    after: str


Giver: TypeAlias = "Callable[[Steps, Book], Word | None]"
"""Says what a word of a path means, where a room knows more of it than the pack; None: it does not."""

_givers: list[Giver] = []
_enums: dict[type[StrEnum], Callable[[dict[str, Any]], Mapping[Any, Any]]] = {}


def gives(giver: Giver) -> Giver:
    """Let a room say what words of its tables' paths mean."""
    _givers.append(giver)
    return giver


def says(enum: type[StrEnum], words: Callable[[dict[str, Any]], Mapping[Any, Any]]) -> None:
    """Say how the values of a word that the code knows are called, given what the pack says."""
    _enums[enum] = words


class Teller:
    """Tells the changes from one edition to another; what stands in both is called as it is called today."""

    def __init__(self, before: Book, after: Book) -> None:
        self.before, self.after = before, after

    @cached_property
    def documents(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What both say, today's first."""
        return self.after.document, self.before.document

    def told(self, change: Change) -> Told:
        """One change in words."""
        owner = next(one for one in registered() if change.path[0] in (one.tables or (one.name,)))
        where, kind = self._where(owner, change.path)
        before, after = (_Value(self, owner, change.path[-1]).said(one, kind) for one in (change.before, change.after))
        return Told(where, ".".join(change.path), before, after)

    def _where(self, owner: Registered, path: Steps) -> tuple[tuple[str, ...], Any]:
        told, kind = ([], owner.struct) if owner.tables else ([str(title_of(owner, None, ""))], owner.struct)
        for n in range(0 if owner.tables else 1, len(path)):
            word, kind = self._step(owner, kind, path[: n + 1])
            told.append(str(word))
        return tuple(told), kind

    def _step(self, owner: Registered, kind: Any, path: Steps) -> tuple[Any, Any]:
        kind, step = bare(kind), path[-1]
        if is_section(kind):
            fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
            return title_of(owner, kind, step), fields.get(step, str)
        below = get_args(kind)[-1 if get_origin(kind) is dict else 0]
        for giver in _givers:
            for book in (self.after, self.before):
                if (said := giver(path, book)) is not None:
                    return said, below
        if get_origin(kind) is dict:
            return _Value(self, owner, "").said(step, get_args(kind)[0]), below
        return self._entry(path), below

    def _entry(self, path: Steps) -> str:
        """What an entry of a list is called, today or before."""
        for document in self.documents:
            if isinstance(entry := _found(document, path), dict) and (name := _name(entry)):
                return name
        return path[-1]


@dataclass(frozen=True)
class _Value:
    """What a word says, told as its table means it."""

    teller: Teller
    owner: Registered
    word: str

    def said(self, value: Any, kind: Any) -> str:
        """The value in words; empty where an edition does not say it."""
        kind = bare(kind)
        if value is ABSENT:
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, list):
            below = get_args(kind)[0] if get_origin(kind) is tuple else str
            return _(", ").join(self.said(entry, below) for entry in value)
        if isinstance(value, dict):
            return _("; ").join(self._lines(value, kind))
        if kind in (SpanText, TermText):
            return in_words(value)
        if kind == Share:
            return f"{value * 100:g}%"
        return self._called(value, get_args(kind)[0] if get_origin(kind) is Annotated else kind)

    def _called(self, value: Any, kind: Any) -> str:
        for document in self.teller.documents:
            if isinstance(kind, type) and kind in _enums and (word := _enums[kind](document).get(str(value))):
                return str(word)
            if name := _named(document, self.owner.refers.get(self.word, ()), str(value)):
                return name
        return str(value)

    def _lines(self, value: dict[str, Any], kind: Any) -> Iterator[str]:
        """The lines of an entry that came or went whole; its key is told by the page already."""
        fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)} if is_section(kind) else {}
        key_kind, value_kind = get_args(kind) if get_origin(kind) is dict else (str, str)
        for word, below in value.items():
            if is_section(kind) and word != "key":
                title = str(title_of(self.owner, kind, word))
                said = _Value(self.teller, self.owner, word).said(below, fields.get(word, str))
                yield _("%(word)s: %(value)s") % {"word": title, "value": said}
            elif not is_section(kind):
                title, said = self.said(word, key_kind), self.said(below, value_kind)
                yield _("%(word)s: %(value)s") % {"word": title, "value": said}


def title_of(owner: Registered, kind: type[Section] | None, word: str) -> Word:
    """What a table, or a word of it, is called; the word itself where the room does not say."""
    own = owner.titles
    if kind is None:
        return own.get("", owner.name)
    return own.get(f"{kind.__name__}.{word}") or own.get(word) or COMMON.get(word) or word


def structs_of(kind: Any) -> Iterator[type[Section]]:
    """A section and every table that may stand in it."""
    kind = bare(kind)
    if is_section(kind):
        yield kind
        for field in msgspec.structs.fields(kind):
            yield from structs_of(field.type)
    elif get_origin(kind) in (dict, tuple):
        for below in get_args(kind):
            yield from structs_of(below) if below is not Ellipsis else ()


def _found(document: Any, path: Steps) -> Any:
    for step in path:
        if isinstance(document, list):
            by = identity(document)
            document = {str(entry[by]) if by else str(n): entry for n, entry in enumerate(document, start=1)}
        document = document.get(step) if isinstance(document, dict) else None
    return document


def _name(entry: dict[str, Any]) -> str:
    name = entry.get("name") or entry.get("title") or entry.get("heading") or entry.get("words") or ""
    return in_language(str(name), str(entry.get("english", "")))


def _named(document: dict[str, Any], at: Steps, key: str) -> str:
    """What the entry with that key is called in the list at `at`; of a post's path, the organisation and the post."""
    if at != POSTS:
        return _in_lists(document, at, key) if at else ""
    organisation, _dot, post = key.partition(".")
    posts = {"posts": _found(document, (at[0], organisation, at[1])) or []}
    return " · ".join(filter(None, (_in_lists(document, at[:1], organisation), _in_lists(posts, ("posts",), post))))


def _in_lists(said: Any, at: Steps, key: str) -> str:
    """The name of the entry with that key at `at`, or in a list below it."""
    said = _found(said, at)
    for entry in said if isinstance(said, list) else ():
        if entry.get("key") == key:
            return _name(entry).replace("{place}", "")
        for word, below in entry.items():
            if tables(below) and (name := _in_lists({word: below}, (word,), key)):
                return name
    return ""
