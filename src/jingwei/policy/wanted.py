"""Says in plain words what a pack should hold at some place, with an example."""

from __future__ import annotations

import math
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args, get_origin

from django.utils.translation import gettext as _
from msgspec import Meta

FIRST, LAST = date(1949, 10, 1), date(2099, 12, 31)
"""Between these lies every day that a pack speaks of; a year with a digit too few or too many does not."""


def wanted(kind: Any) -> tuple[str, str]:
    """What a single value should be, and one that would do, as it is written in the file."""
    if get_origin(kind) is Annotated:
        inner, *notes = get_args(kind)
        meta = next((note for note in notes if isinstance(note, Meta)), Meta())
        return _described(inner, meta)
    return _described(kind, Meta())


def _described(kind: Any, meta: Meta) -> tuple[str, str]:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _one_of([one.value for one in kind])
    if get_origin(kind) is Literal:
        return _one_of([str(one) for one in get_args(kind)])
    if kind is bool:
        return _("yes or no"), "true"
    if kind is date:
        return _("a date from %(least)s to %(most)s") % {"least": FIRST, "most": LAST}, "2026-01-01"
    example = meta.examples[0] if meta.examples else None
    if kind is int or kind is float:
        return _number(kind, meta, example)
    if meta.description:
        return _(meta.description), f'"{example}"'
    if meta.pattern:
        return _("a short name of small letters, digits and _"), f'"{example}"'
    return _("words between quotation marks"), f'"{example or "…"}"'


def _one_of(words: list[str]) -> tuple[str, str]:
    return _("one of: %(keys)s") % {"keys": ", ".join(words)}, f'"{words[0]}"'


def _number(kind: Any, meta: Meta, example: Any) -> tuple[str, str]:
    facts = {"least": meta.ge, "most": meta.le}
    if meta.ge is None or meta.le is None:
        said = _("a whole number") if kind is int else _("a number")
    elif kind is int:
        said = _("a whole number from %(least)s to %(most)s") % facts
    else:
        said = _("a number from %(least)s to %(most)s") % facts
    return said, str(example if example is not None else 1)


def in_bounds(said: Any, kind: Any) -> bool:
    """Whether a value of the right type also makes sense: a number is finite, a day of our time, a text reads."""
    if isinstance(said, float) and not math.isfinite(said):
        return False
    notes = get_args(kind)[1:] if get_origin(kind) is Annotated else ()
    if kind is date:
        return FIRST <= date.fromisoformat(said) <= LAST
    return all(reads(said) for note in notes if (reads := (getattr(note, "extra", None) or {}).get("reads")))
