"""Who acts: a person at a post, whoever bears a case's code, or a machine task with a name."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext

TITLE_LIMIT = 200
"""The most characters of a title that the trail keeps."""


class ActorRefused(ValueError):
    """An actor is one of three: a person by number, the bearer of a case code, or a named machine task."""


@dataclass(frozen=True)
class Actor:
    """Who took an act, as the trail keeps it: numbers and a title as it was, never a person's name."""

    kind: Literal["person", "bearer", "machine"]
    person_id: int | None
    post_id: int | None
    title: str

    def __post_init__(self) -> None:
        if (self.kind == "person") != (self.person_id is not None):
            raise ActorRefused("Only an actor of kind 'person' has a person's number, and must have it.")
        if self.kind != "person" and self.post_id is not None:
            raise ActorRefused(f"A {self.kind} sits at no post; leave post_id empty.")
        if not self.title or len(self.title) > TITLE_LIMIT:
            raise ActorRefused(f"A title has 1 to {TITLE_LIMIT} characters, not {len(self.title)}.")

    @classmethod
    def of_person(cls, person_id: int, post_id: int | None, title: str) -> "Actor":
        """A person at a post, by its title of today; without a post, someone acting for herself."""
        return cls("person", person_id, post_id, title)

    @classmethod
    def bearer(cls, case_id: int) -> "Actor":
        """Whoever showed the code of case `case_id`; nobody asked for a name."""
        return cls("bearer", None, None, f"bearer of the code of case {case_id}")

    @classmethod
    def machine(cls, task: str) -> "Actor":
        """The machine task named `task`, such as "clock sweep"; the name is for ever."""
        return cls("machine", None, None, task)

    @property
    def who(self) -> str:
        """How a timeline names the actor, in the reader's language."""
        if self.kind == "bearer":
            return gettext("the bearer of the case code")
        if self.kind == "machine":
            return gettext("the system (%(task)s)") % {"task": gettext(self.title)}
        return self.title
