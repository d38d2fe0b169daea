"""Taking over what was done elsewhere: orders of a hotline, with the moments it knows and none that it does not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy

from jingwei.casework.acts.opening import number_of, searchable, title_of
from jingwei.casework.clocks import Did, Entry, Reading, State, after
from jingwei.casework.kinds import Clock, Ending, Kind, Record, Stage
from jingwei.casework.ledger import calendar_of, let_say
from jingwei.casework.listed import refuse_unlisted_intake
from jingwei.casework.models import Act, Case, ClockEntry, ClockRun, Deadline, Hand, Round, Standing, Statement
from jingwei.casework.owners import owner_at
from jingwei.figures.models import Touched
from jingwei.organisations.models import Post
from jingwei.places.models import Place
from jingwei.places.queries import ground_of
from jingwei.policy.models import County
from jingwei.policy.queries import edition_book
from jingwei.search.acts import put_many
from jingwei.search.masking import masked, unnamed
from jingwei.strokes.stroke import next_ids
from jingwei.trail.actor import Actor
from jingwei.trail.acts import Entry as TrailEntry
from jingwei.trail.acts import record_many
from jingwei.trail.verbs import verb
from jingwei.worktime import WorkCalendar

TAKEN_OVER = verb("case.taken_over", gettext_lazy("take over"), gettext_lazy("Taken over from another system"))


@dataclass(frozen=True)
class Past:
    """A case as another system tells it. A moment that it does not tell is None.

    `lead` is None where nobody handles it yet; `desk` is the post it lies on, where that is not the usual one.
    `due_at` is the time the source set. `facts` are kept with the act,
    `found_by` are words by which the case is found beside its own.
    """

    source_system: str
    source_number: str
    place: Place
    title: str
    source: str
    stage: Stage
    lead: Post | None
    due_at: datetime | None
    received_at: datetime | None = None
    answered_at: datetime | None = None
    answered: bool = False
    ended_at: datetime | None = None
    extended: bool = False
    supervised: bool = False
    redone: bool = False
    words: str = ""
    category: str = ""
    grade: str = ""
    request_class: str = ""
    confidential: bool = False
    where: str = ""
    desk: Post | None = None
    found_by: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    record: Record = field(default_factory=Record)


def take_over(kind: type[Kind], pasts: Sequence[Past], county: County, *, actor: Actor, at: datetime) -> list[Case]:
    """Write cases as they stood elsewhere, each with its line in the trail. The caller holds the transaction."""
    answering = next(c for c in kind.clocks.values() if c.answers)
    book = edition_book(county.edition_id)
    for past in pasts:
        refuse_unlisted_intake(book, words=past.words, where=past.where, located=False, photographs=())
    cases = [as_told(kind, past, county, pk, at) for past, pk in zip(pasts, next_ids(Case, len(pasts)), strict=True)]
    Case.objects.bulk_create(cases)
    both = list(zip(cases, pasts, strict=True))
    Touched.objects.bulk_create(Touched(subject_id=case.pk, at=at) for case in cases)
    Round.objects.bulk_create(_round(c, p) for c, p in both)
    Standing.objects.bulk_create(standing_of(c, p, answering) for c, p in both)
    acts = Act.objects.bulk_create(_act(c, p, actor, at) for c, p in both)
    Statement.objects.bulk_create(
        Statement(act=a, case=c, name="matter", words=p.words, public=True)
        for a, (c, p) in zip(acts, both, strict=True)
        if p.words
    )
    Hand.objects.bulk_create(
        (Hand(case=c, organisation_id=o) for c, p in both for o in hands_of(c)), ignore_conflicts=True
    )
    calendar = calendar_of(county.edition_id)
    runs = ClockRun.objects.bulk_create(_run(c, p, answering.name, calendar) for c, p in both)
    ClockEntry.objects.bulk_create(e for r, (c, p) in zip(runs, both, strict=True) for e in _entries(r, c, p, at))
    Deadline.objects.bulk_create(d for r in runs for d in _deadlines(r, at))
    put_many("case", [(c.pk, f"{searchable(c, p.words)} {p.found_by}") for c, p in both])
    record_many(_line(c, p, actor, at) for c, p in both)
    return cases


def as_told(kind: type[Kind], past: Past, county: County, pk: int, at: datetime) -> Case:
    is_open = not isinstance(past.stage, Ending)
    case = Case(
        pk=pk,
        county=county,
        edition_id=county.edition_id,
        kind=kind.name,
        number=number_of(county, pk, past.received_at or past.due_at or at),
        title=title_of(past.title),
        stage=past.stage.name,
        grade=past.grade,
        category=past.category,
        request_class=past.request_class,
        source=past.source,
        tier=int(past.confidential),
        record=msgspec.to_builtins(past.record),
        place=past.place,
        ground_path=ground_of(past.place).path,
        where=unnamed(masked(past.where))[:200],
        lead=past.lead,
        received_at=past.received_at,
        recorded_at=at,
        ended_at=None if is_open else past.ended_at,
        is_open=is_open,
        due_at=past.due_at if is_open and not past.answered else None,
        source_system=past.source_system,
        source_number=past.source_number,
        supervised=past.supervised,
        redone=int(past.redone),
        extended=int(past.extended),
    )
    case.owner = past.desk if past.desk is not None and is_open else owner_at(case, past.stage)
    return case


def _round(case: Case, past: Past) -> Round:
    return Round(
        case=case,
        number=1,
        opened_at=past.received_at,
        ended_at=case.ended_at,
        ending="" if case.is_open else past.stage.name,
        supervised=past.supervised,
        redone=int(past.redone),
    )


def standing_of(case: Case, past: Past, answering: Clock) -> Standing:
    """Since when it stands where it stands: since it ended, was answered, or came in, as far as that is known."""
    since = past.answered_at if past.answered and past.stage not in answering.during else past.received_at
    if not case.is_open:
        since = past.ended_at
    return Standing(
        case=case,
        round=1,
        stage=case.stage,
        owner=case.owner,
        ground_path=case.ground_path,
        tier=case.tier,
        since=since,
    )


def _act(case: Case, past: Past, actor: Actor, at: datetime) -> Act:
    return Act(
        case=case,
        round=1,
        verb=TAKEN_OVER.name,
        actor_kind=actor.kind,
        person_id=actor.person_id,
        post_id=actor.post_id,
        title=actor.title,
        at=at,
        to_stage=case.stage,
        facts={"source": past.source_system, "number": past.source_number, **past.facts},
    )


def hands_of(case: Case) -> set[int]:
    return {p.organisation_id for p in (case.lead, case.owner) if p is not None}


def _ledger(case: Case, past: Past) -> list[dict[str, Any]]:
    """The entries of an answering clock whose due time was set by its source."""
    rows: list[dict[str, Any]] = [
        {
            "verb": Did.SET,
            "at": past.received_at,
            "due_at": past.due_at,
            "rule": f"set by {past.source_system}",
        }
    ]
    if past.answered or not case.is_open:
        rows.append(
            {
                "verb": Did.STOP,
                "at": past.answered_at,
                "due_at": None,
                "rule": f"told by {past.source_system}",
            }
        )
    return rows


def _run(case: Case, past: Past, name: str, calendar: WorkCalendar) -> ClockRun:
    run, reading = ClockRun(case=case, round=1, name=name), Reading()
    for line in _ledger(case, past):
        reading = after(reading, Entry(line["verb"], line["at"], calendar, due_at=line["due_at"]))
    let_say(run, reading)
    return run


def _entries(run: ClockRun, case: Case, past: Past, at: datetime) -> list[ClockEntry]:
    return [ClockEntry(clock=run, edition_id=case.edition_id, told_at=at, **line) for line in _ledger(case, past)]


def _deadlines(run: ClockRun, at: datetime) -> Iterator[Deadline]:
    """What was owed until it was answered, and that it was; where nobody knows when, only that it was."""
    if run.due_at is None:
        return
    told = {"case_id": run.case_id, "round": 1, "clock": run.name, "due_at": run.due_at, "told_at": at}
    if run.state != State.STOPPED or run.stopped_at is not None:
        yield Deadline(**told, at=run.since, until=run.stopped_at)
    if run.state == State.STOPPED:
        yield Deadline(**told, at=run.stopped_at, stopped=True)


def _line(case: Case, past: Past, actor: Actor, at: datetime) -> TrailEntry:
    facts = {"number": case.number, "source": past.source_system, "source_number": past.source_number}
    return TrailEntry(
        actor, TAKEN_OVER, at, ("case", case.pk), case.ground_path, facts, (past.words,) if past.words else ()
    )
