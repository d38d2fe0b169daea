"""What a county's pack says about working on cases: spans, limits, reasons, phrases and samples."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

from django.utils.translation import gettext as _
from msgspec import Meta

from jingwei.casework.pack_titles import CASEWORK_TITLES
from jingwei.organisations.pack import Role
from jingwei.policy.sections import Key, Keyed, Section, Share, Text, Wrong, in_language, section
from jingwei.policy.spans import SpanText
from jingwei.worktime import Span

if TYPE_CHECKING:
    from jingwei.policy.books import Book


class Clock(StrEnum):
    """The clocks a case can run; `due_at` of a case is the earliest of them."""

    ACCEPTANCE = "acceptance"
    ASSIGNMENT = "assignment"
    SIGNING = "signing"
    HANDLING = "handling"
    SIGN_OFF = "sign_off"
    VERIFICATION = "verification"
    CALL_BACK = "call_back"
    SUPERVISION = "supervision"
    ARBITRATION = "arbitration"
    APPROVAL = "approval"
    CONTACT = "contact"
    ATTENDANCE = "attendance"
    ARRIVAL = "arrival"
    PLAN = "plan"
    WAITING = "waiting"
    """Not a promise: a time that passes before the system takes the next step."""


ALL = "all"
"""In a table of spans: the span of every grade that has none of its own."""

Times = Annotated[int, Meta(ge=0, le=20, examples=[2])]
Seed = Annotated[int, Meta(ge=0, le=2**31 - 1, examples=[20260101])]


class NoSpan(LookupError):
    """Every clock of every kind has a span for each grade, or one under `all`."""


class Limit(Section, frozen=True, kw_only=True):
    """How often, and how long at most."""

    times: Times
    longest: SpanText

    @property
    def span(self) -> Span:
        """The longest span, read."""
        return Span.parse(self.longest)


class Reminders(Section, frozen=True, kw_only=True):
    """When the owner is told before a clock runs out."""

    shares: tuple[Share, ...]
    """After these parts of the span."""
    before: tuple[SpanText, ...]
    """So long before it is due."""


class Sampling(Section, frozen=True, kw_only=True):
    """How many cases closed by the simple procedure are looked at again, drawn by a stored seed."""

    seed: Seed
    on_the_spot: Share
    answered: Share
    served: Share


class SignOff(Section, frozen=True, kw_only=True):
    """Which replies need a signature before they leave."""

    by: Literal["departments", "none"]
    grades: tuple[Key, ...] = ()

    def needed(self, grade: str) -> bool:
        """Whether a reply to a case of this grade waits for the signer."""
        return self.by == "departments" and grade in self.grades


class Wording(Keyed, frozen=True, kw_only=True):
    """A title and the words that go with it."""

    words: Text
    words_english: str = ""

    @property
    def told(self) -> str:
        """The words in the language that is switched on."""
        return in_language(self.words, self.words_english)


class Route(Wording, frozen=True, kw_only=True):
    """Where a request lawfully belongs that is not ours to take, and what the resident is told."""

    law: str = ""
    telephone: str = ""


class Phrase(Wording, frozen=True, kw_only=True):
    """A ready sentence for a reply, offered to posts with one of these roles."""

    roles: tuple[Role, ...]


class Rating(Keyed, frozen=True, kw_only=True):
    """One of the five levels 好差评; 5 is best. A bad one brings the case back."""

    value: Annotated[int, Meta(ge=1, le=5, examples=[5])]
    bad: bool = False


class Question(Keyed, frozen=True, kw_only=True):
    """A question of the call-back."""

    answer: Literal["yes_no", "rating", "words"]


class CaseworkSection(Section, frozen=True, kw_only=True):
    """How the county works on cases."""

    spans: dict[str, dict[Clock, dict[str, SpanText]]]
    """Kind → clock → grade (or `all`) → span, as `7 working days`, `24 hours`, `30 working minutes`."""
    extension: Limit
    hold: Limit
    bounce_limit: Times
    """Returns after which the arbiter decides who handles it."""
    reopen_span: SpanText
    reminders: Reminders
    sampling: Sampling
    sign_off: SignOff
    routes: tuple[Route, ...]
    return_reasons: tuple[Keyed, ...]
    hold_reasons: tuple[Keyed, ...]
    extension_reasons: tuple[Keyed, ...]
    phrases: tuple[Phrase, ...]
    call_back: tuple[Question, ...]
    ratings: tuple[Rating, ...]
    six_steps: tuple[Keyed, ...]
    """采集 上报 分派 处置 督查 反馈."""
    seven_stages: tuple[Keyed, ...]
    """信息收集 … 综合评价, of digital city management."""

    def span(self, kind: str, clock: Clock | str, grade: str = ALL) -> Span:
        """The span of that clock for a case of that kind and grade."""
        by_grade = self.spans.get(kind, {}).get(Clock(clock), {})
        said = by_grade.get(grade) or by_grade.get(ALL)
        if said is None:
            raise NoSpan(f"[casework.spans.{kind}.{clock}] has no span for «{grade}»; add it, or one for «{ALL}».")
        return Span.parse(said)

    @property
    def reopening(self) -> Span:
        """How long after the end a resident may bring the case back."""
        return Span.parse(self.reopen_span)

    def route(self, key: str) -> Route:
        """The refusal route with that key."""
        return next(r for r in self.routes if r.key == key)

    def phrases_for(self, roles: set[Role]) -> tuple[Phrase, ...]:
        """The phrases offered to someone who may act as any of `roles`."""
        return tuple(p for p in self.phrases if not p.retired and roles.intersection(p.roles))


_LISTS = (
    "routes",
    "return_reasons",
    "hold_reasons",
    "extension_reasons",
    "phrases",
    "call_back",
    "ratings",
    "six_steps",
    "seven_stages",
)


def _check(casework: CaseworkSection, book: Book) -> Iterator[Wrong]:
    from jingwei.casework import fitting

    for name in _LISTS:
        if not getattr(casework, name):
            yield Wrong(("casework", name), _("the list is empty."), f"[[casework.{name}]]")
    if sorted(r.value for r in casework.ratings) != [1, 2, 3, 4, 5]:
        yield Wrong(
            ("casework", "ratings"),
            _("the rating has five levels, each of the values 1 to 5 once."),
            "value = 5, 4, 3, 2, 1",
        )
    yield from fitting.wrong(casework, book)


section("casework", CaseworkSection, check=_check, titles=CASEWORK_TITLES, refers={"grades": ("incidents", "grades")})
