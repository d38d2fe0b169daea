"""What every act does: its line in timeline and trail, its standing, who is told; gathered, then written at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from jingwei.casework import tellings
from jingwei.casework.acts.held import Held, hold
from jingwei.casework.kinds import Ending, Stage
from jingwei.casework.ledger import Ledger
from jingwei.casework.listed import refuse_unlisted_words
from jingwei.casework.models import Act, Attachment, Case, Hand, Standing, Statement
from jingwei.casework.owners import owner_at
from jingwei.casework.wording import clean
from jingwei.figures.models import Touched
from jingwei.notices.acts import tell_with
from jingwei.organisations.models import Post
from jingwei.organisations.queries import successor_of
from jingwei.policy.books import Book
from jingwei.policy.notices import Event
from jingwei.policy.queries import edition_book
from jingwei.strokes.stroke import Stroke
from jingwei.trail.actor import Actor
from jingwei.trail.acts import LINES, Entry, as_line
from jingwei.trail.verbs import Verb


@dataclass(frozen=True)
class Said:
    """Words that go with an act: which need they answer, and whether the asker reads them."""

    name: str
    words: str
    public: bool = False


@dataclass(frozen=True)
class Line:
    """What is written of an act, beside who, when and to which case."""

    verb: Verb
    step: str = ""
    works: bool = False
    public: bool = False
    from_stage: str = ""
    to_stage: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    said: tuple[Said, ...] = ()
    photographs: tuple[str, ...] = ()
    photographs_public: bool = False
    key: UUID | None = None


def done_already(key: UUID | None) -> Act | None:
    """The act that was done under this key before; the same request sent twice is one act."""
    return Act.objects.select_related("case").filter(key=key).first() if key else None


class Deed:
    """One act on one case. What it changes is gathered while it is decided; `put_down` writes it in one statement.

    `begin` locks the case and holds what decides about it, so nothing is asked twice.
    """

    def __init__(self, held: Held, actor: Actor, at: datetime, stroke: Stroke | None = None) -> None:
        self.held, self.case, self.actor, self.at = held, held.case, actor, at
        self.stroke = stroke or Stroke()
        self._hands: set[int] = set()
        self._act_id, *clock_ids = held.seen.one("numbers")
        self.ledger = Ledger(
            self.case, held.seen["runs"], held.seen["entries"], held.seen["deadlines"],
            held.seen.one("county").edition_id, self.stroke, at, clock_ids,
        )  # fmt: skip

    @classmethod
    def begin(
        cls, case: Case | int, actor: Actor, at: datetime, key: UUID | None = None, posts: Iterable[int | None] = ()
    ) -> "Deed":
        """Lock the case and hold it; the caller holds the transaction. `done` tells that the key was used before."""
        return cls(hold(case, actor, key, posts), actor, at)

    @property
    def done(self) -> bool:
        """Whether the act of this key was done before."""
        return self.held.done

    @property
    def post(self) -> Post | None:
        """The post the actor sits at."""
        return self.held.posts.get(self.actor.post_id) if self.actor.post_id else None

    @property
    def book(self) -> Book:
        """What the county works by today."""
        return edition_book(self.held.seen.one("county").edition_id)

    @property
    def act_id(self) -> int:
        """The id of the act that `write` wrote, or will write."""
        return int(self._act_id)

    def write(self, line: Line, also: Mapping[str, Any] | None = None) -> None:
        """The act: its line in the timeline, its words, its photographs, its line in the trail.

        `also`: facts that the timeline keeps and the trail does not. Raises `Unlisted` for words or photographs that
        the county's information list does not hold; what comes in with a new case is measured by its intake.
        """
        case, actor = self.case, self.actor
        if not case._state.adding:
            spoken = any(s.words.strip() for s in line.said)
            refuse_unlisted_words(self.book, actor.kind, words=spoken, photographs=line.photographs)
        self.stroke.put(
            Act, id=self.act_id, case_id=case.pk, round=case.round, verb=line.verb.name, step=line.step,
            works=line.works, public=line.public, actor_kind=actor.kind, person_id=actor.person_id,
            post_id=actor.post_id, title=actor.title, at=self.at, from_stage=line.from_stage, to_stage=line.to_stage,
            facts={**line.facts, **(also or {})}, key=line.key,
        )  # fmt: skip
        act: dict[str, Any] = {"act_id": self.act_id, "case_id": case.pk}
        said = [kept for s in line.said if (kept := replace(s, words=clean(s.words))).words]
        for s in said:
            self.stroke.put(Statement, **act, name=s.name, words=s.words, public=s.public)
        for sha in line.photographs:
            self.stroke.put(Attachment, **act, blob_id=sha, public=line.photographs_public)
        case.version += 1
        facts: dict[str, Any] = {"round": case.round, "act": self.act_id, **line.facts}
        if line.to_stage:
            facts |= {"from": line.from_stage, "to": line.to_stage}
        if line.photographs:
            facts["photographs"] = len(line.photographs)
        words = tuple(s.words for s in said)
        subject = ("case", case.pk)
        self.stroke.say(LINES, as_line(Entry(actor, line.verb, self.at, subject, case.ground_path, facts, words)))

    def stand(self, origin: Stage | None, target: Stage, *, owner: Post | None = None) -> None:
        """Let the case stand at `target`: the interval, the owner, the clocks."""
        case = self.case
        case.stage = target.name
        if case.lead is not None and case.lead.until is not None:  # it has ended since: whoever took over leads
            case.lead = successor_of(case.lead)
        case.owner = owner or owner_at(case, target, self.held.seen["standings"])
        self.stand_anew()
        if case.owner is not None:
            self.touched([case.owner.organisation_id])
        self.ledger.moved(origin, target, self.at)

    def stand_anew(self) -> None:
        """Close the interval in which the case stood, and begin one as it stands now.

        Trap: two acts within a moment, or a clock set back, may bring an `at` before the interval began; it then
        has no length, and what follows begins where it began.
        """
        case, since = self.case, self.at
        if (before := self.held.standing) is not None:
            since = max(since, before.since or since)
            before.until, before.current = since, False
            self.stroke.changed(before, "until", "current")
        self.stroke.put(
            Standing, case_id=case.pk, round=case.round, stage=case.stage, owner_id=case.owner_id,
            ground_path=case.ground_path, tier=case.tier, since=since,
        )  # fmt: skip

    def end(self, ending: Ending) -> None:
        """What every ending does: nothing is owed any more, no clock runs, the round is over, motions lapse."""
        case = self.case
        case.is_open, case.owner, case.ended_at, case.due_at, case.held = False, None, self.at, None, False
        self.ledger.stop_all(self.at, rule=f"ended {ending.name}")
        self.change_round(ended_at=self.at, ending=ending.name)
        for motion in self.held.seen["motions"]:
            motion.outcome, motion.settled_id = "lapsed", self.act_id
            self.stroke.changed(motion, "outcome", "settled_id")

    def change_round(self, **values: Any) -> None:
        """Change the row of the case's present round."""
        going_on = self.held.seen.one("round")
        for name, value in values.items():
            setattr(going_on, name, value)
        self.stroke.changed(going_on, *values)

    def touched(self, organisations: Iterable[int | None]) -> None:
        """Remember that these organisations have had their hands on the case, so that they go on seeing it."""
        for pk in {pk for pk in organisations if pk is not None} - self._hands:
            self._hands.add(pk)
            self.stroke.put(Hand, unless_there=True, case_id=self.case.pk, organisation_id=pk)

    def tell(self, event: Event, to: Post | None = None, mark: str = "") -> None:
        """Tell a post, by default the one that owes the case; once for each version of it."""
        if (post := to or self.case.owner) is not None:
            tell_with(self.stroke, tellings.telling(self.case, post, event, self.at, mark), self.book)

    def put_down(self) -> Case:
        """Write it all, the case included, in one statement; the case as it now is."""
        self.stroke.changed(self.case)
        self.stroke.put(Touched, subject_id=self.case.pk, at=self.at)
        self.stroke.write()
        return self.case
