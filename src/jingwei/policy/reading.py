"""Holds a pack against what the rooms expect, and says of every difference where it is and what to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
from django.utils.translation import gettext as _
from msgspec.structs import FieldInfo

from jingwei.policy.faults import Fault
from jingwei.policy.located import Node, Path
from jingwei.policy.sections import Section
from jingwei.policy.wanted import in_bounds, wanted


def differences(node: Node, kind: Any, path: Path, *, whole: bool) -> Iterator[Fault]:
    """Every way in which `node` is not a `kind`; `whole` says whether what is missing counts as well."""
    kind = bare(kind)
    if isinstance(kind, type) and issubclass(kind, Section):
        yield from _table(node, kind, path, whole=whole)
    elif get_origin(kind) is dict:
        yield from _mapping(node, kind, path, whole=whole)
    elif get_origin(kind) is tuple:
        yield from _list(node, kind, path, whole=whole)
    else:
        yield from _single(node, kind, path)


def _table(node: Node, kind: type[Section], path: Path, *, whole: bool) -> Iterator[Fault]:
    if not isinstance(node.value, dict):
        yield _not_a_table(node, path)
        return
    fields = _fields(kind)
    for word, below in node.value.items():
        if word in fields:
            yield from differences(below, fields[word].type, (*path, word), whole=whole)
        else:
            yield Fault(
                below.file,
                below.line,
                _("«%(word)s» is not a word that %(table)s knows.") % {"word": word, "table": heading(path)},
                meant(word, fields),
            )
    for word, field in fields.items():
        if whole and field.required and word not in node.value:
            yield Fault(
                node.file,
                node.line,
                _("%(table)s does not say «%(word)s».") % {"table": heading(path), "word": word},
                _example(word, field.type),
            )


def _mapping(node: Node, kind: Any, path: Path, *, whole: bool) -> Iterator[Fault]:
    if not isinstance(node.value, dict):
        yield _not_a_table(node, path)
        return
    key_kind, value_kind = get_args(kind)
    for word, below in node.value.items():
        if _converts(word, key_kind):
            yield from differences(below, value_kind, (*path, word), whole=whole)
        else:
            words = [str(one) for one in key_kind] if _is_enum(key_kind) else []
            yield Fault(
                below.file,
                below.line,
                _("«%(word)s» is not a word that %(table)s knows.") % {"word": word, "table": heading(path)},
                meant(word, words),
            )


def _list(node: Node, kind: Any, path: Path, *, whole: bool) -> Iterator[Fault]:
    entry_kind = get_args(kind)[0]
    if not isinstance(node.value, list):
        yield Fault(
            node.file,
            node.line,
            _("«%(word)s» should be a list.") % {"word": _last(path)},
            f"{_last(path)} = [{wanted(entry_kind)[1]}, …]"
            if not is_section(entry_kind)
            else f"[[{'.'.join(_words(path))}]]",
        )
        return
    for place, below in enumerate(node.value):
        yield from differences(below, entry_kind, (*path, place), whole=whole)
    if is_section(entry_kind) and "key" in _fields(bare(entry_kind)):
        yield from _twice(node.value)


def _twice(entries: list[Node]) -> Iterator[Fault]:
    """Entries whose key another one before them has: stored cases could not tell them apart."""
    seen: set[str] = set()
    for entry in entries:
        key = entry.value.get("key") if isinstance(entry.value, dict) else None
        if key is not None and isinstance(key.value, str):
            if key.value in seen:
                what = _("the key «%(key)s» stands here twice.") % {"key": key.value}
                yield Fault(key.file, key.line, what, _("a key that no other entry of the list has"))
            seen.add(key.value)


def _single(node: Node, kind: Any, path: Path) -> Iterator[Fault]:
    said = node.plain()
    if _converts(said, kind) and in_bounds(said, kind):
        return
    expected, example = wanted(kind)
    close = get_close_matches(str(said), [str(one) for one in kind], n=1) if _is_enum(kind) else []
    yield Fault(
        node.file,
        node.line,
        _("«%(word)s» is «%(said)s»; it should be %(expected)s.")
        % {"word": _last(path), "said": _shown(said), "expected": expected},
        f'{_last(path)} = "{close[0]}"' if close else f"{_last(path)} = {example}",
    )


def _not_a_table(node: Node, path: Path) -> Fault:
    return Fault(
        node.file,
        node.line,
        _("«%(word)s» should be a table with words of its own.") % {"word": _last(path)},
        heading(path),
    )


def heading(path: Path) -> str:
    """The heading under which a reader finds `path`: `[casework.spans]`."""
    return f"[{'.'.join(_words(path))}]" if path else _("the pack")


def meant(word: str, known: Iterable[str]) -> str:
    """What to write for an unknown `word`: the nearest known one, or all there are."""
    known = list(known)
    close = get_close_matches(word, known, n=1)
    if close:
        return close[0]
    return _("one of: %(keys)s") % {"keys": ", ".join(known)} if known else _("nothing; take the line out")


def _words(path: Path) -> list[str]:
    return [step for step in path if isinstance(step, str)]


def _last(path: Path) -> str:
    return _words(path)[-1]


def _shown(said: Any) -> str:
    text = {True: "true", False: "false"}[said] if isinstance(said, bool) else str(said)
    return text if len(text) <= 60 else text[:60] + "…"


def _example(word: str, kind: Any) -> str:
    kind = bare(kind)
    if get_origin(kind) is tuple:
        entry = get_args(kind)[0]
        return f"[[{word}]]" if is_section(entry) else f"{word} = [{wanted(entry)[1]}]"
    return f"[{word}]" if is_section(kind) or get_origin(kind) is dict else f"{word} = {wanted(kind)[1]}"


def bare(kind: Any) -> Any:
    """The kind without `| None`: TOML has no word for nothing, it leaves the line out."""
    if get_origin(kind) in (Union, UnionType):
        return next(one for one in get_args(kind) if one is not type(None))
    return kind


def _converts(said: Any, kind: Any) -> bool:
    try:
        msgspec.convert(said, kind)
    except (msgspec.ValidationError, OverflowError):
        return False
    return True


def is_section(kind: Any) -> bool:
    """Whether a value of the kind is a table with words of its own."""
    kind = bare(kind)
    return isinstance(kind, type) and issubclass(kind, Section)


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, StrEnum)


@cache
def _fields(kind: type[Section]) -> dict[str, FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(kind)}
