"""What a kind of case is: its stages and the steps between them, read from top to bottom as the story.

A kind is a class whose body declares it. Lists, pages, buttons, permissions, clocks, trail and
figures are drawn from the declaration. A kind that could be left standing cannot be loaded:
`proof.prove` refuses it with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jingwei.casework.needs import Need
from jingwei.organisations.pack import Role
from jingwei.trail.verbs import Verb

if TYPE_CHECKING:
    from jingwei.casework.models import Case
    from jingwei.organisations.models import Post
    from jingwei.policy.books import Book

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Word: TypeAlias = str | _StrPromise
else:
    Word = str | Promise
"""A word a user sees: an English msgid, translated when shown."""


class Vocabulary:
    """The two vocabularies a stage is mapped to; their words live in the base pack.

    The six steps 采集 上报 分派 处置 督查 反馈 of county practice, and the seven stages of digital
    city management 信息收集 案卷建立 任务派遣 任务处理 处理反馈 核查结案 综合评价.
    """

    SIX = ("collect", "report", "assign", "handle", "oversee", "feed_back")
    SEVEN = ("gathering", "case_made", "dispatch", "handling", "handling_told", "verified", "evaluated")


@dataclass(eq=False)
class Stage:
    """Where a case stands; owed by a role until the next step is taken.

    `public` is what the resident who asked reads; empty: the title. `six` and `seven` place the
    stage in the two vocabularies.
    """

    title: Word
    owed_by: Role | None = None
    public: Word = ""
    six: str = ""
    seven: str = ""
    retired: bool = False
    name: str = field(default="", init=False)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = self.name or name

    def __repr__(self) -> str:
        return self.name


class Opening(Stage):
    """Where a case of the kind begins."""


@dataclass(eq=False)
class Ending(Stage):
    """Where a case ends. `met` is False where what was asked for was not done (refused, withdrawn)."""

    met: bool = True


Rule: TypeAlias = Callable[["Case"], bool]


@dataclass(frozen=True)
class Fork:
    """A step's target that depends on the case, by a rule with a name in code; a pack never holds one."""

    rule: Rule
    yes: Stage
    no: Stage


@dataclass(eq=False, init=False)
class Step:
    """A way from one or several stages to another: who may take it and what it needs.

    works: whether taking it is work on the matter, so that whoever takes it may not close. By
        default every step is, except those out of a stage from which a step also ends the case:
        there somebody judges.
    apart_from: steps whose taker, in the same round, may not take this one.
    public: whether the resident who asked sees it in the timeline.
    counts: the counter of the case this step adds to (`returned`, `redone`).
    opens: the kind of the case that it opens below this one for every post chosen with it; each is led by that post,
        entitled by the step's first words, and due when the step says.
    leads: whoever takes it leads the case from then on.
    passes: whoever takes it has the case no longer before her, and nothing of it is held against her.
    """

    title: Word
    past: Word
    sources: tuple[Stage, ...]
    to: Stage | Fork
    by: tuple[Role, ...]
    needs: tuple[Need, ...]
    works: bool | None
    apart_from: tuple[Step, ...]
    public: bool
    key: str
    counts: str
    opens: str
    leads: bool
    passes: bool

    def __init__(
        self,
        title: Word,
        *sources: Stage,
        to: Stage | Fork,
        by: Role | Iterable[Role],
        needs: Iterable[Need] = (),
        past: Word = "",
        works: bool | None = None,
        apart_from: Iterable[Step] = (),
        public: bool = True,
        key: str = "",
        counts: str = "",
        opens: str = "",
        leads: bool = False,
        passes: bool = False,
    ) -> None:
        self.title, self.past = title, past or title
        self.sources, self.to = sources, to
        self.by = (by,) if isinstance(by, Role) else tuple(by)
        self.needs, self.works, self.apart_from = tuple(needs), works, tuple(apart_from)
        self.public, self.key, self.counts, self.opens = public, key, counts, opens
        self.leads, self.passes = leads, passes
        self.name = ""
        self.kind: type[Kind] = Kind

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = self.name or name

    def __repr__(self) -> str:
        return self.name

    @property
    def targets(self) -> tuple[Stage, ...]:
        """Every stage the step may lead to."""
        return (self.to.yes, self.to.no) if isinstance(self.to, Fork) else (self.to,)

    @property
    def verb(self) -> Verb:
        """The trail's word for the step."""
        return self.kind.verbs[self.name]


class Return(Step):
    """The handler gives the case back 退回, with a reason; only for a wrong assignment. Bounces are counted.

    Past the pack's limit the case goes to arbitration, and what the arbiter assigns cannot be returned.
    """

    def __init__(self, title: Word, *sources: Stage, **said: Any) -> None:
        super().__init__(title, *sources, counts="returned", works=False, **said)


class Redo(Step):
    """Verification sends the case back to be done again 返工, with a reason."""

    def __init__(self, title: Word, *sources: Stage, **said: Any) -> None:
        super().__init__(title, *sources, counts="redone", works=False, **said)


@dataclass(frozen=True)
class Sampling:
    """The second pair of eyes of the simple procedure 简易: a case that enters `stage` is drawn for a check
    at the pack's rate, or let pass, by the system, at once. The worker alone never closes it."""

    stage: Stage
    drawn: Step
    passed: Step
    rate: str


@dataclass(frozen=True)
class Gathering:
    """When the last child of a case at `stage` has ended, the system takes `step` in the same transaction."""

    stage: Stage
    step: Step


@dataclass(eq=False)
class Clock:
    """A promise with a time: runs while the case stands in any stage of `during`; its span is the pack's.

    `answers` marks the clock that figures of timeliness speak of, and imported due times are set on. `for_some`: only
    the grades that the pack names are promised it; of any other clock a pack names every grade, or none.
    """

    title: Word
    during: tuple[Stage, ...]
    answers: bool = False
    name: str = ""
    for_some: bool = False

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = self.name or name


WAITING = "waiting"


class Waiting(Clock):
    """A time that only passes: it is promised to nobody and nobody is late. At its end the system takes `then`."""

    def __init__(self, title: Word, *during: Stage, then: Step) -> None:
        super().__init__(title, during, name=WAITING)
        self.then = then


@dataclass(frozen=True)
class Suggestion:
    """A post that might handle a case, and why it is proposed."""

    post: Post
    reason: str


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What only one kind has: typed, versioned, never filtered, sorted or counted."""

    version: int = 1


class Kind:
    """A kind of case. Subclass with `name=`; what is stored is chosen, never derived, and is for ever."""

    name: ClassVar[str] = ""
    title: ClassVar[Word] = ""
    record: ClassVar[type[Record]] = Record
    opened_by: ClassVar[tuple[Role, ...]] = ()
    """Roles that open a case of the kind at the desk, by the page drawn from it; none: it opens otherwise."""
    asks_for: ClassVar[dict[str, Word]] = {}
    """What that page asks for beside place and words: of `category`, `grade` and `source` those named, with labels."""
    assisted_by: ClassVar[str] = ""
    """The kind by which a department is asked to assist a case of this kind."""
    rectified_by: ClassVar[str] = ""
    """The kind of the case that a bad rating opens; it stands by itself, and each of the two tells of the other."""
    for_residents: ClassVar[bool] = False
    """Whether a resident asks for it: opened at the desk, she is given its code too."""
    you_opened: ClassVar[Word] = _("You reported it")
    """How whoever asked reads of it in the timeline of her case."""
    what_follows: ClassVar[Word] = _(
        "Then it goes to the unit in charge. Somebody else verifies the outcome, and then you may rate it. "
        "If it is not solved, you have it reopened."
    )
    """What whoever asked reads on her receipt of how it goes on."""
    laid_on: ClassVar[tuple[str, ...]] = ()
    """The layers of places that the page drawn from the kind offers; none: those of the path of the ground."""
    stages: ClassVar[dict[str, Stage]] = {}
    steps: ClassVar[dict[str, Step]] = {}
    clocks: ClassVar[dict[str, Clock]] = {}
    verbs: ClassVar[dict[str, Verb]] = {}
    automatic: ClassVar[tuple[Sampling | Gathering, ...]] = ()
    opening: ClassVar[Opening]

    withdrawn = Ending(_("Withdrawn"), met=False, seven="handling_told", six="feed_back")
    joined = Ending(_("Joined to another case"), met=False, seven="handling_told", six="feed_back")

    def __init_subclass__(cls, *, name: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = name  # stored with every case, so chosen, never derived
        cls.stages = dict(_declared(cls, Stage))
        cls.steps = dict(_declared(cls, Step))
        cls.clocks = {clock.name: clock for _attribute, clock in _declared(cls, Clock)}
        cls.automatic = tuple(v for v in vars(cls).values() if isinstance(v, Sampling | Gathering))
        cls.verbs = {}
        for step in cls.steps.values():
            step.kind = cls
        openings = [s for s in cls.stages.values() if isinstance(s, Opening)]
        if len(openings) == 1:
            cls.opening = openings[0]
        KINDS[name] = cls if name not in KINDS else _named_twice(name)

    @classmethod
    def words(cls, book: Book) -> dict[str, dict[str, str]]:
        """What the keys of a case say: for `grade`, `category`, `request_class` and `source`, key → words.

        The order is the pack's; lists offer them as filters, pages show them. Empty where a kind has none.
        """
        return {}

    @classmethod
    def families(cls, book: Book) -> dict[str, list[str]]:
        """Each category with those below it; a list narrowed to one holds the others too."""
        return {}

    @classmethod
    def suggested(cls, case: Case) -> list[Suggestion]:
        """Who might handle a case, the likeliest first, each with the reason."""
        return []

    @classmethod
    def bars(cls, step: Step, case: Case, roles: set[Role]) -> str:
        """Why those with these roles may not take a step that their roles allow, by the pack; empty: they may."""
        return ""

    @classmethod
    def followed(cls, case: Case, target: Stage, at: datetime) -> None:
        """What else follows, in the same transaction, from a case having come to `target`."""

    @classmethod
    def for_the_asker(cls, case: Case) -> list[tuple[Word, str]]:
        """Further pages for whoever bears the code of a case: title and address."""
        return []

    @classmethod
    def for_the_desk(cls, case: Case) -> list[tuple[Word, str]]:
        """Further pages of the desk about a case, beside its papers: title and address."""
        return []

    @classmethod
    def gives_a_code(cls) -> bool:
        """Whether who asked bears the code of a case that was opened at the desk."""
        return cls.for_residents or any(Role.RESIDENT in step.by for step in cls.steps.values())

    @classmethod
    def steps_from(cls, stage: Stage) -> list[Step]:
        """The steps that leave a stage, in the order they were declared."""
        return [s for s in cls.steps.values() if stage in s.sources]

    @classmethod
    def judging(cls) -> set[Stage]:
        """The stages at which somebody judges: from which a step also ends the case."""
        return {src for s in cls.steps.values() if any(isinstance(t, Ending) for t in s.targets) for src in s.sources}

    @classmethod
    def is_work(cls, step: Step) -> bool:
        """Whether taking a step is work on the matter, so that its taker may not close the case."""
        if step.works is not None:
            return step.works
        return not (set(step.sources) & cls.judging())


KINDS: dict[str, type[Kind]] = {}
"""Every kind there is, by its stored name."""


def _named_twice(name: str) -> type[Kind]:
    raise ValueError(f"Two kinds are named {name!r}; a stored name belongs to one kind for ever.")


T = TypeVar("T")


def _declared(cls: type, of: type[T]) -> Iterator[tuple[str, T]]:
    for base in reversed(cls.__mro__):
        for name, value in vars(base).items():
            if isinstance(value, of):
                yield name, value


def kind_named(name: str) -> type[Kind]:
    """The kind stored as `name`; KeyError names the kinds there are."""
    try:
        return KINDS[name]
    except KeyError:
        raise KeyError(f"There is no kind {name!r}; there are: {', '.join(sorted(KINDS))}.") from None
