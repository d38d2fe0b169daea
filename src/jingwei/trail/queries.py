"""Reading the trail: what was done to a thing, by whom, in the order it was written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from jingwei.trail.actor import Actor
from jingwei.trail.acts import Fact, digest_of
from jingwei.trail.models import Line, Seal
from jingwei.trail.verbs import UnknownVerb, verb_named


@dataclass(frozen=True)
class Told:
    """One line as a reader is told it: `who` `did`, when, where, with which facts."""

    id: int
    at: datetime
    written_at: datetime
    actor: Actor
    verb: str
    subject: tuple[str, int]
    place: str
    facts: Mapping[str, Fact]
    digests: tuple[str, ...]
    salt: bytes

    @property
    def who(self) -> str:
        """The actor, in the reader's language: a post's title as it was, never a person's name."""
        return self.actor.who

    @property
    def did(self) -> str:
        """The deed in the past ("assigned"), in the reader's language; of a retired verb, its name."""
        try:
            return str(verb_named(self.verb).past)
        except UnknownVerb:
            return self.verb

    def holds(self, words: str) -> bool:
        """Whether exactly these words were given when the line was written."""
        return digest_of(self.salt, words) in self.digests


def lines_of(subject_type: str, subject_id: int) -> list[Told]:
    """Every line about one thing, oldest first. Whether the reader may see it, the caller has asked."""
    return [told(line) for line in Line.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("id")]


def line(line_id: int) -> Told:
    """One line by its id. Raises `Line.DoesNotExist`."""
    return told(Line.objects.get(pk=line_id))


def unsealed() -> datetime | None:
    """When the oldest line that no seal holds yet was written; None where all are sealed.

    Older than a few minutes: the worker does not run, or a transaction has been left open.
    """
    last = Seal.objects.order_by("-id").values_list("id_below", flat=True).first()
    lines = Line.objects.filter(id__gte=last or 1).order_by("id")
    return lines.values_list("written_at", flat=True).first()


def told(line: Line) -> Told:
    """A row of the trail as a reader is told it."""
    kind = cast(Literal["person", "bearer", "machine"], line.actor_kind)
    return Told(
        id=line.id,
        at=line.at,
        written_at=line.written_at,
        actor=Actor(kind, line.actor_person, line.actor_post, line.actor_title),
        verb=line.verb,
        subject=(line.subject_type, line.subject_id),
        place=line.place,
        facts=line.facts,
        digests=tuple(line.digests),
        salt=bytes(line.salt),
    )
