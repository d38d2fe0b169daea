"""Writing the trail: one line for every deed, in the same transaction as the deed."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.utils import timezone

from jingwei.strokes.stroke import Clause
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import UnknownVerb, Verb, verb_named

FACT_LIMIT = 200
"""The most characters of a fact: room for a title or a place's name, not for what a resident wrote."""

Fact = str | int | bool | None


class FactRefused(ValueError):
    """The trail holds ids, stage names and titles as they were; whatever somebody wrote goes into `words`."""


@dataclass(frozen=True)
class Entry:
    """A line to be written; see `record` for what each part means."""

    actor: Actor
    verb: Verb
    at: datetime
    subject: tuple[str, int]
    place: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    words: tuple[str, ...] = ()


WRITE = """
INSERT INTO trail_line (at, verb, actor_kind, actor_person, actor_post, actor_title,
                        subject_type, subject_id, place, facts, digests, salt)
SELECT e.at, e.verb, e.kind, e.person, e.post, e.title,
       e.subject_type, e.subject_id, e.place, e.facts, e.digests, decode(e.salt, 'hex')
FROM ROWS FROM (jsonb_to_recordset(%s::jsonb) AS (
    at timestamptz, verb text, kind text, person bigint, post bigint, title text,
    subject_type text, subject_id bigint, place text, facts jsonb, digests jsonb, salt text
)) WITH ORDINALITY AS e(at, verb, kind, person, post, title,
                        subject_type, subject_id, place, facts, digests, salt, turn)
ORDER BY e.turn
RETURNING id
"""

LINES = Clause("trail", (WRITE,))
"""Lines that are written with the rows of an act; what is said of it is `as_line`."""


def record(
    actor: Actor,
    verb: Verb,
    *,
    at: datetime,
    subject: tuple[str, int],
    place: str = "",
    facts: Mapping[str, Fact] | None = None,
    words: Iterable[str] = (),
) -> int:
    """Write one line and return its id: `actor` did `verb` to `subject` ("case", 17), at moment `at`.

    `place` is the ground's path or name as it was. `facts` are ids, stage names, titles as they were:
    strings of at most 200 characters, whole numbers, truth values, None. `words` are what somebody wrote;
    only their digest is kept, salted for this line, so that a disputed text can be proven and an erased one
    is gone. Never give a telephone or identity number as words: there are few enough of those to try them
    all.

    Raises FactRefused for other facts, UnknownVerb for a verb nobody registered, ValueError for a naive
    `at`.
    """
    return record_many([Entry(actor, verb, at, subject, place, facts or {}, tuple(words))])[0]


def record_many(entries: Iterable[Entry]) -> list[int]:
    """Write lines in the order given, in one statement, and return their ids in that order."""
    rows = [as_line(entry) for entry in entries]
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [json.dumps(rows)])
        return [line_id for (line_id,) in cursor.fetchall()]


def digest_of(salt: bytes, words: str) -> str:
    """What a line keeps of `words`: SHA-256 over the line's salt (16 bytes) and the words, in hexadecimal."""
    return hashlib.sha256(salt + words.encode()).hexdigest()


def as_line(entry: Entry) -> dict[str, object]:
    """What is written of an entry; raises as `record` does."""
    if verb_named(entry.verb.name) is not entry.verb:
        raise UnknownVerb(f"{entry.verb.name!r} is not the verb that was registered; use the one `verb()` gave.")
    if timezone.is_naive(entry.at):
        raise ValueError(f"A deed's moment needs its zone; {entry.at!r} has none.")
    salt = secrets.token_bytes(16)
    return {
        "at": entry.at.isoformat(),
        "verb": entry.verb.name,
        "kind": entry.actor.kind,
        "person": entry.actor.person_id,
        "post": entry.actor.post_id,
        "title": entry.actor.title,
        "subject_type": entry.subject[0],
        "subject_id": entry.subject[1],
        "place": _string("place", entry.place),
        "facts": {_string("a fact's name", key): _fact(key, value) for key, value in entry.facts.items()},
        "digests": [digest_of(salt, words) for words in entry.words],
        "salt": salt.hex(),
    }


def _fact(key: str, value: object) -> Fact:
    if isinstance(value, str):
        return _string(key, value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return int(value)
    raise FactRefused(f"The fact {key!r} is a string, a whole number, true, false or None, not {type(value).__name__}.")


def _string(key: str, said: object) -> str:
    if not isinstance(said, str) or len(said) > FACT_LIMIT or "\0" in said:
        raise FactRefused(f"{key!r} is text of at most {FACT_LIMIT} characters; longer text goes into `words`.")
    return str(said)
