"""What a step asks for before it can be taken: words, a choice, a post, a photograph with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingwei.organisations.pack import Role

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from jingwei.casework.kinds import Word
    from jingwei.casework.models import Case
    from jingwei.organisations.models import Post

    Among = Callable[[Case, QuerySet[Post]], QuerySet[Post]]

LONGEST = 4000
"""Characters a field of words may hold; a page of paper holds about a thousand."""


class Wanting(Exception):
    """The step asks for evidence that was not given, or was given wrongly. `field` names the field on the page."""

    def __init__(self, field_name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field_name
        self.sentence = sentence


@dataclass(frozen=True)
class Need:
    """One thing a step needs; `name` is the field on the page, `label` what a person reads there."""

    name: str
    label: Word
    required: bool = True
    hint: Word = ""


@dataclass(frozen=True)
class Words(Need):
    """Words; `public` ones are read by the resident who asked. `phrases` offers the pack's reply phrases."""

    public: bool = False
    phrases: bool = False


@dataclass(frozen=True)
class Choice(Need):
    """One of a list the pack gives: `of` names the list (`return_reasons`, `refusal_routes` …)."""

    of: str = ""
    public: bool = False


@dataclass(frozen=True)
class Handler(Need):
    """The post that will owe the case: the front desk of a unit, or a section inside it (`inside=True`).

    role: what the front desk does. among: which of those front desks may be chosen for a case; none given: any.
    """

    inside: bool = False
    role: Role = Role.DEPARTMENT
    among: Among | None = None


@dataclass(frozen=True)
class Offered(Need):
    """Front desks that may take the case up, each of its own accord; whoever takes it up first leads it."""

    role: Role = Role.TEAM
    among: Among | None = None


@dataclass(frozen=True)
class Assisting(Need):
    """Departments that will assist, each by a child case; none is the rule."""

    required: bool = False


@dataclass(frozen=True)
class Entrusted(Need):
    """The post that owes the part which the step opens as a case of its own; the case itself stays where it is."""


@dataclass(frozen=True)
class Until(Need):
    """The day until whose end the part which the step opens is owed."""


@dataclass(frozen=True)
class Photo(Need):
    """Photographs; never asked for without a reason (国办函〔2026〕12号: no photographs as proof of presence)."""

    reason: Word = ""
    required: bool = False

    def __post_init__(self) -> None:
        if self.required and not self.reason:
            raise ValueError(f"Photo {self.name!r} is required without a reason; write reason=_(…).")


@dataclass(frozen=True)
class Rating(Need):
    """The five-level rating, as told by the resident on the telephone; kept apart from one given by herself."""

    required: bool = False


@dataclass(frozen=True)
class Evidence:
    """What came with a step, by the names of its needs. Photographs by the SHA-256 of kept files."""

    words: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    posts: Mapping[str, int] = field(default_factory=dict)
    assisting: tuple[int, ...] = ()
    photographs: tuple[str, ...] = ()
    rating: int | None = None
    until: date | None = None
    offered: tuple[int, ...] = ()


NONE = Evidence()


def demand(needs: tuple[Need, ...], evidence: Evidence) -> None:
    """Raise `Wanting` for the first need that the evidence does not meet."""
    for need in needs:
        match need:
            case Words():
                text = evidence.words.get(need.name, "").strip()
                if need.required and not text:
                    raise Wanting(need.name, gettext("Write a few words: %(what)s.") % {"what": need.label})
                if len(text) > LONGEST:
                    raise Wanting(
                        need.name, gettext("At most %(n)d characters; attach a file for more.") % {"n": LONGEST}
                    )
            case Choice():
                if need.required and not evidence.choices.get(need.name):
                    raise Wanting(need.name, gettext("Choose one: %(what)s.") % {"what": need.label})
            case Handler() | Entrusted():
                if need.required and need.name not in evidence.posts:
                    raise Wanting(need.name, gettext("Choose who will handle it."))
            case Offered():
                if need.required and not evidence.offered:
                    raise Wanting(need.name, gettext("Choose at least one."))
            case Until():
                if need.required and evidence.until is None:
                    raise Wanting(need.name, gettext("Say until which day."))
            case Photo():
                if need.required and not evidence.photographs:
                    raise Wanting(need.name, gettext("A photograph is needed here: %(why)s") % {"why": need.reason})
            case Rating():
                if evidence.rating is not None and evidence.rating not in range(1, 6):
                    raise Wanting(need.name, gettext("A rating is one of five levels."))


def with_photograph(needs: tuple[Need, ...], reason: Word) -> tuple[Need, ...]:
    """The same needs, with a photograph asked for where there is room for one: an exception says so, and why."""
    return tuple(replace(need, required=True, reason=reason) if isinstance(need, Photo) else need for need in needs)


OPINION = Words("words", _("Opinion"), required=False)
"""A free remark beside a step, for colleagues."""
MISSING = Words("words", _("What is missing"))
"""Why somebody sends a case back to be done again."""
RESULT = Photo(
    "photographs",
    _("Photographs"),
    reason=_("Where a picture shows the result better than words; none is needed."),
)
"""Pictures of what was done: offered, never asked for."""
