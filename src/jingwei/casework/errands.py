"""Errands: what was resolved or promised in words, given to a post until a day; each becomes a case of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid5

from django.utils import timezone

from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.kinds import Kind
from jingwei.casework.models import Case
from jingwei.organisations.models import Post
from jingwei.places.models import Place
from jingwei.trail.actor import Actor


@dataclass(frozen=True)
class Errand:
    """What is to be done, by which post, until the end of which day."""

    words: str
    owner: Post
    until: date


def open_errands(
    kind: type[Kind], errands: Sequence[Errand], *, source: str, place: Place, actor: Actor, at: datetime, key: UUID
) -> Iterator[tuple[int, Case]]:
    """Each as a case with its number, from 1; the same `key` again gives the same cases."""
    for number, one in enumerate(errands, 1):
        due = timezone.make_aware(datetime.combine(one.until, time(23, 59)))
        intake = Intake(place=place, title=one.words, words=one.words, source=source, lead=one.owner, due=due)
        yield number, open_case(kind, intake, actor=actor, at=at, key=uuid5(key, str(number)))
