"""The rows of an intake and of a step, each created through the ORM, on the product's own tables."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.opening import case_code, code_mark, number_of, searchable, title_of
from jingwei.casework.clocks import Did, Entry, Reading, State, after
from jingwei.casework.ledger import calendar_of
from jingwei.casework.models import Act, Case, ClockEntry, ClockRun, Hand, Round, Standing, Statement
from jingwei.casework.pack import CaseworkSection
from jingwei.casework.tellings import label_of
from jingwei.notices.models import Notice
from jingwei.organisations.models import Post
from jingwei.organisations.queries import posts_with
from jingwei.outbox.models import Message, UsedKey
from jingwei.places.models import Place
from jingwei.policy.models import County
from jingwei.policy.queries import edition_book
from jingwei.search.models import Entry as Found
from jingwei.search.terms import tsvector_of
from jingwei.strokes.stroke import next_id
from jingwei.trail.acts import digest_of
from jingwei.trail.models import Line

KIND = "incident"


@transaction.atomic
def open_plainly(said: dict[str, Any], post: Post, person: int, at: datetime) -> Case:
    """Create the case and every row that goes with it."""
    if before := Act.objects.filter(key=said["key"]).select_related("case").first():
        return before.case
    place = Place.objects.select_related("grid").get(pk=said["place"])
    county = County.objects.get(pk=place.county_id)
    ground = place.grid or place
    pk = next_id(Case)
    owner = posts_with("dispatcher", ground.path).first()
    case = Case.objects.create(
        pk=pk, county=county, edition_id=county.edition_id, kind=KIND, number=number_of(county, pk, at),
        code_mark=code_mark(case_code(pk)), title=title_of(said["words"]), stage="reported", grade=said["grade"],
        source=said["source"], record={"version": 1}, place=place, ground_path=ground.path, owner=owner,
        opened_by=post.organisation, received_at=at, recorded_at=at, version=1,
    )  # fmt: skip
    Round.objects.create(case=case, number=1, opened_at=at)
    act = Act.objects.create(
        case=case, round=1, verb="case.opened", public=True, actor_kind="person", person_id=person, post=post,
        title=post.full_title, at=at, to_stage="reported", facts={"number": case.number}, key=said["key"],
    )  # fmt: skip
    Statement.objects.create(act=act, case=case, name="matter", words=said["words"], public=True)
    _follows(case, act, post, person, said["words"], at)
    _start(case, "acceptance", at)
    case.save()
    Found.objects.create(subject_type="case", subject_id=case.pk, terms=tsvector_of(searchable(case, said["words"])))
    return case


@transaction.atomic
def assign_plainly(said: dict[str, Any], post: Post, person: int, at: datetime) -> Case:
    """Move the case and every row that goes with it."""
    case = Case.objects.select_for_update().get(pk=said["case"])
    if Act.objects.filter(key=said["key"]).exists() or case.stage != "reported":
        return case
    lead = Post.objects.select_related("organisation").get(pk=said["handler"])
    case.stage, case.lead, case.owner, case.version = "assigned", lead, lead, case.version + 1
    act = Act.objects.create(
        case=case, round=1, verb="incident.assign", step="assign", works=True, public=True, actor_kind="person",
        person_id=person, post=post, title=post.full_title, at=at, from_stage="reported", to_stage="assigned",
        facts={"handler": lead.full_title}, key=said["key"],
    )  # fmt: skip
    for standing in case.standings.filter(current=True):
        standing.until, standing.current = at, False
        standing.save()
    for run in case.clocks.exclude(state=State.STOPPED):
        run.state, run.stopped_at = State.STOPPED, at
        run.save()
        _tell(run, Did.STOP, at, rule="left reported", edition_id=case.edition_id)
    _follows(case, act, post, person, "", at)
    for name, clock in Incident.clocks.items():
        if Incident.stages["assigned"] in clock.during:
            _start(case, name, at)
    case.save()
    return case


def _follows(case: Case, act: Act, post: Post, person: int, words: str, at: datetime) -> None:
    salt = secrets.token_bytes(16)
    Line.objects.create(
        id=0, written_at=at, tx=0, at=at, verb=act.verb, actor_kind="person", actor_person=person,
        actor_post=post.pk, actor_title=post.full_title, subject_type="case", subject_id=case.pk,
        place=case.ground_path, facts={"round": 1, "act": act.pk, **act.facts},
        digests=[digest_of(salt, words)] if words else [], salt=salt, digest=b"",
    )  # fmt: skip
    Standing.objects.create(
        case=case, round=1, stage=case.stage, owner=case.owner, ground_path=case.ground_path, tier=case.tier, since=at
    )
    assert case.owner is not None
    for organisation in {post.organisation_id, case.owner.organisation_id}:
        Hand.objects.get_or_create(case=case, organisation_id=organisation)
    notice = Notice.objects.create(
        county_id=case.county_id, post=case.owner, event="received", subject_type="case", subject_id=case.pk,
        label=label_of(case), facts={}, at=at, key=f"case:{case.pk}:plain:{act.pk}",
    )  # fmt: skip
    UsedKey.objects.create(key=f"notice.spread:{notice.pk}", put_at=at)
    Message.objects.create(
        topic="notice.spread", key=f"notice.spread:{notice.pk}", payload={"notices": [notice.pk]}, due_at=at
    )


def _start(case: Case, name: str, at: datetime) -> None:
    try:
        span = str(edition_book(case.edition_id)[CaseworkSection].span(KIND, name, case.grade))
    except (LookupError, ValueError):
        return
    reading = after(Reading(), Entry(Did.START, at, calendar_of(case.edition_id), span))
    run = ClockRun.objects.create(
        case=case, round=1, name=name, state=State.RUNNING, since=at, due_at=reading.due_at, reason=reading.reason
    )
    _tell(run, Did.START, at, span=span, rule=f"{KIND}.{name}", edition_id=case.edition_id)
    case.due_at = reading.due_at


def _tell(run: ClockRun, verb: Did, at: datetime, **said: Any) -> None:
    ClockEntry.objects.create(clock=run, verb=verb, at=at, told_at=at, **said)
    if not Incident.clocks[run.name].answers or run.due_at is None:
        return
    stopped = run.state == State.STOPPED
    if stopped:
        run.case.deadlines.filter(round=run.round, clock=run.name, until=None).update(until=at)
    run.case.deadlines.create(round=run.round, clock=run.name, due_at=run.due_at, stopped=stopped, at=at, told_at=at)
