"""What can be done: the verbs that rooms register, each with a name that is never changed."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words
else:
    Words = str

NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
NAME_LIMIT = 60

_registered: dict[str, "Verb"] = {}


class VerbRefused(ValueError):
    """A verb's name is stored with every line, so it reads 'room.deed', is registered once, and stays."""


class UnknownVerb(LookupError):
    """Only registered verbs are written; the room's module calls `verb(name, imperative, past)`."""


@dataclass(frozen=True)
class Verb:
    """A deed: the name stored, the word on its button ("assign"), the word in a timeline ("assigned")."""

    name: str
    imperative: "Words | str"
    past: "Words | str"


def verb(name: str, imperative: "Words | str", past: "Words | str") -> Verb:
    """Register a verb and return it; `name` is for ever. Raises VerbRefused for a bad or a taken name."""
    if not NAME.fullmatch(name) or len(name) > NAME_LIMIT:
        raise VerbRefused(f"A verb's name reads like 'case.assigned' (≤ {NAME_LIMIT} characters), not {name!r}.")
    if name in _registered:
        raise VerbRefused(f"The verb {name!r} is registered already; use that one, or choose another name.")
    _registered[name] = Verb(name, imperative, past)
    return _registered[name]


def verb_named(name: str) -> Verb:
    """The registered verb called `name`. Raises UnknownVerb."""
    try:
        return _registered[name]
    except KeyError:
        raise UnknownVerb(f"No verb {name!r} is registered; import the module that registers it.") from None


def verbs() -> tuple[Verb, ...]:
    """Every registered verb, by name."""
    return tuple(_registered[name] for name in sorted(_registered))
