"""What every act does: lock the case, write the line of its timeline and of the trail, move its standing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from jingwei.casework.kinds import Stage
from jingwei.casework.ledger import moved
from jingwei.casework.models import Act, Attachment, Case, Hand, Standing, Statement
from jingwei.casework.owners import owner_at
from jingwei.casework.wording import clean
from jingwei.organisations.models import Post
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
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


def locked(case: Case | int) -> Case:
    """The case, locked until the transaction ends. A parent is locked before its child."""
    pk = case if isinstance(case, int) else case.pk
    parent = Case.objects.filter(pk=pk).values_list("parent_id", flat=True).get()
    if parent is not None:
        Case.objects.select_for_update(of=("self",)).get(pk=parent)
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related("owner__organisation", "lead__organisation", "place", "county")
        .get(pk=pk)
    )


def done_already(key: UUID | None) -> Act | None:
    """The act that was done under this key before; the same request sent twice is one act."""
    return Act.objects.select_related("case").filter(key=key).first() if key else None


def write(case: Case, line: Line, actor: Actor, at: datetime) -> Act:
    """Write one act: its line in the timeline, its words, its photographs, its line in the trail."""
    act = Act.objects.create(
        case=case,
        round=case.round,
        verb=line.verb.name,
        step=line.step,
        works=line.works,
        public=line.public,
        actor_kind=actor.kind,
        person_id=actor.person_id,
        post_id=actor.post_id,
        title=actor.title,
        at=at,
        from_stage=line.from_stage,
        to_stage=line.to_stage,
        facts=dict(line.facts),
        key=line.key,
    )
    said = [kept for s in line.said if (kept := replace(s, words=clean(s.words))).words]
    Statement.objects.bulk_create(
        Statement(act=act, case=case, name=s.name, words=s.words, public=s.public) for s in said
    )
    Attachment.objects.bulk_create(
        Attachment(act=act, case=case, blob_id=sha, public=line.photographs_public) for sha in line.photographs
    )
    case.version += 1
    facts: dict[str, Any] = {"round": case.round, "act": act.pk, **line.facts}
    if line.to_stage:
        facts |= {"from": line.from_stage, "to": line.to_stage}
    if line.photographs:
        facts["photographs"] = len(line.photographs)
    record(
        actor,
        line.verb,
        at=at,
        subject=("case", case.pk),
        place=case.ground_path,
        facts=facts,
        words=[s.words for s in said],
    )
    return act


def stand(case: Case, origin: Stage | None, target: Stage, at: datetime, *, owner: Post | None = None) -> None:
    """Let the case stand at `target`: the interval row, the owner, the clocks. Saves nothing of the case itself."""
    case.stage = target.name
    case.owner = owner or owner_at(case, target)
    Standing.objects.filter(case=case, current=True).update(until=at, current=False)
    Standing.objects.create(
        case=case,
        round=case.round,
        stage=target.name,
        owner=case.owner,
        ground_path=case.ground_path,
        tier=case.tier,
        since=at,
    )
    if case.owner is not None:
        touched(case, [case.owner.organisation_id])
    moved(case, origin, target, at)


def touched(case: Case, organisations: Iterable[int | None]) -> None:
    """Remember that these organisations have had their hands on the case, so that they go on seeing it."""
    Hand.objects.bulk_create(
        [Hand(case=case, organisation_id=pk) for pk in set(organisations) if pk], ignore_conflicts=True
    )
