"""Invented cases of any kind: opened by a post, taken along the steps that the pack names, each by who may."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.timezone import localdate

from jingwei.affairs.living.pack import MatterLine, StepLine
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.residents import rate
from jingwei.casework.acts.steps import take
from jingwei.casework.kinds import Step, kind_named
from jingwei.casework.may import why_not
from jingwei.casework.models import Case
from jingwei.casework.needs import Assisting, Choice, Entrusted, Evidence, Handler, Need, Until, Words
from jingwei.organisations.models import Appointment, Organisation, Post
from jingwei.organisations.pack import Role
from jingwei.organisations.queries import front_desk, front_desks
from jingwei.places.models import Place
from jingwei.places.queries import standing
from jingwei.trail.actor import Actor


class NobodyMay(LookupError):
    """An invented case is taken on by somebody who may; the pack names a step that nobody in the county may take."""


def open_matters(lines: Sequence[MatterLine], county_code: str, *, at: datetime) -> None:
    """Open the pack's invented cases and take each along its steps, the oldest first."""
    compounds = list(standing(county_code, "compound").select_related("grid").order_by("code"))
    for line in sorted(lines, key=lambda one: -one.hours_ago):
        _live(line, compounds[(line.compound - 1) % len(compounds)], at)


def _live(line: MatterLine, place: Place, at: datetime) -> None:
    began = at - timedelta(hours=line.hours_ago)
    path = place.grid.path if place.grid else place.path
    intake = Intake(
        place=place, title=line.words, source=line.source, words=line.words, grade=line.grade, category=line.category,
        with_code=line.with_code, record=kind_named(line.kind).record(),
    )  # fmt: skip
    opener = next(seats(place.county_id, line.opened_by, path))
    case = open_case(kind_named(line.kind), intake, actor=_sitting(opener), at=began)
    pause = timedelta(hours=line.hours_ago) / (len(line.steps) + 1)
    moment = began
    for step in line.steps:
        moment += pause if step.minutes is None else timedelta(minutes=step.minutes)
        _step(step, case, at=moment)
    if line.rating and not Case.objects.get(pk=case.pk).is_open:  # what is drawn for a call is still to be asked
        rate(case, line.rating, actor=Actor.bearer(case.pk), at=at)


def _step(line: StepLine, case: Case, *, at: datetime) -> None:
    case = Case.objects.get(pk=case.pk)
    if line.child:
        case = Case.objects.filter(parent=case.pk).order_by("id")[line.child - 1]
    step = case.of_kind.steps[line.take]
    take(step, case, actor=_taker(step, case), at=at, evidence=_given(step, line, case, at))


def _given(step: Step, line: StepLine, case: Case, at: datetime) -> Evidence:
    """What the step needs, from the line; where it says nothing, the first of a list."""
    words, choices, posts, assisting, until = {}, {}, {}, [], None
    for need in step.needs:
        match need:
            case Words() if line.words:
                words[need.name] = line.words
            case Choice():
                choices[need.name] = line.choice
            case Handler() | Entrusted() if line.handler:
                posts[need.name] = _desk(line.handler, case, need).pk
            case Assisting():
                assisting = [_desk(key, case).pk for key in line.assisting]
            case Until() if line.days is not None:
                until = localdate(at) + timedelta(days=line.days)
    return Evidence(words=words, choices=choices, posts=posts, assisting=tuple(assisting), until=until)


def _desk(key: str, case: Case, need: Need | None = None) -> Post:
    """Where the organisation of the pack's `key` on the ground of the case receives what it is sent.

    `need`: what it is chosen for, which may let through but some of the organisations.
    """
    if isinstance(need, Handler) and (need.among is not None or need.role is not Role.DEPARTMENT):
        desks = front_desks(case.county_id, need.role).filter(organisation__key__regex=f"^{key}(_[0-9]+)?$")
        chosen = (desks if need.among is None else need.among(case, desks)).first()
        if chosen is None:
            raise NobodyMay(f"«{key}» may not be chosen for {case.number}; name another handler, or another place.")
        return chosen
    found = Organisation.objects.filter(
        county=case.county_id, key__regex=f"^{key}(_[0-9]+)?$", until=None
    ).select_related("ground")
    here = sorted((one for one in found if one.ground.covers(case.ground_path)), key=lambda one: -len(one.ground.path))
    desk = front_desk(here[0]) if here else None
    if desk is None:
        raise NobodyMay(f"«{key}» has no post on the ground of {case.number}; give it one, or another handler.")
    return desk


def seats(county_code: str, path: str, ground: str) -> Iterator[Appointment]:
    """Who holds the post that the pack calls `path`, those first whose ground holds `ground`."""
    organisation, _dot, post = path.partition(".")
    found = Appointment.objects.filter(
        post__organisation__county=county_code, until=None,
        post__organisation__key__regex=f"^{organisation}(_[0-9]+)?$", post__key__regex=f"^{post}(_[0-9]+)?$",
    ).select_related("post__organisation", "post__ground").order_by("id")  # fmt: skip
    yield from sorted(found, key=lambda one: not one.post.ground.covers(ground))


def _taker(step: Step, case: Case) -> Actor:
    """Who takes the step: the caller by her code, or the first who may, nearest to the case."""
    if Role.RESIDENT in step.by:
        return Actor.bearer(case.pk)
    for held in _near(step, case):
        actor = _sitting(held)
        if why_not(step, case, actor, held.post) is None:
            return actor
    raise NobodyMay(f"Nobody may take «{step.name}» on {case.number} at «{case.stage}».")


def _near(step: Step, case: Case) -> Iterator[Appointment]:
    """Holders of the post that owes the case, of its organisation, and of posts with a role of the step."""
    held = Appointment.objects.filter(until=None, post__until=None).select_related("post__organisation", "post__ground")
    if case.owner is not None:
        yield from held.filter(post=case.owner).order_by("id")
        yield from held.filter(post__organisation=case.owner.organisation_id).order_by("id")
    mine = Q(post__organisation__county=case.county_id, post__roles__overlap=[role.value for role in step.by])
    yield from (one for one in held.filter(mine).order_by("id") if one.post.ground.covers(case.ground_path))


def _sitting(held: Appointment) -> Actor:
    return Actor.of_person(held.person_id, held.post_id, held.post.full_title)
