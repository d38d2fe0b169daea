"""What is told of a case beside its forms: its timeline, clocks, motions, family, rounds, and where and what it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from jingwei.accounts.sitting import Sitting
from jingwei.casework.acts.motions import SORTS
from jingwei.casework.acts.opening import OPENED
from jingwei.casework.clocks import NO_CALENDAR, State
from jingwei.casework.contact import kept_from, shown_to
from jingwei.casework.forms import Deed, Offer
from jingwei.casework.kinds import WAITING, Ending
from jingwei.casework.may import OF_THE_LEAD
from jingwei.casework.models import Act, Case, ClockRun, Motion
from jingwei.casework.needs import Choice, Need, Rating
from jingwei.casework.queries import alike, clocks_of, stage_title, timeline
from jingwei.casework.sight import cases_seen_from
from jingwei.looks.moments import when
from jingwei.organisations.models import Post
from jingwei.organisations.pack import Role
from jingwei.places.models import Place
from jingwei.search.masking import masked
from jingwei.trail.verbs import UnknownVerb, verb_named

MATTER = "matter"
"""The name of the words a case was opened with; they stand above the timeline."""


def timeline_of(case: Case, offer: Offer) -> dict[str, Any]:
    """The acts, newest first, and the asker's own words with the photographs she sent."""
    acts = [act for act in timeline(case) if not _kept_from(act, offer.post)]
    said = [masked(s.words) for act in acts for s in act.statements.all() if s.name == MATTER and not s.erased_at]
    sent = [a for act in acts if act.verb == OPENED.name for a in act.attachments.all()]
    return {"events": [_event(act, case, offer) for act in reversed(acts)], "matter": said, "photographs": sent}


def _kept_from(act: Act, post: Post) -> bool:
    """Whether an act is not for the eyes of a post: that a team passed the case by is no other team's affair."""
    step = act.case.of_kind.steps.get(act.step)
    return step is not None and step.passes and Role.TEAM in post.roles and act.post_id != post.pk


def _event(act: Act, case: Case, offer: Offer) -> dict[str, Any]:
    return {
        "title": _past(act, case),
        "by": _by(act),
        "at": act.at,
        "level": _level(act, case),
        "facts": list(_facts(act, case, offer)),
        "words": [
            _("These words were erased.") if s.erased_at else masked(s.words)
            for s in act.statements.all()
            if s.name != MATTER
        ],
        "photographs": [] if act.verb == OPENED.name else list(act.attachments.all()),
    }


def _past(act: Act, case: Case) -> str:
    try:
        return str(verb_named(act.verb).past)
    except UnknownVerb:
        return act.verb


def _by(act: Act) -> str:
    match act.actor_kind:
        case "bearer":
            return _("The resident")
        case "machine":
            return _("The system")
    return act.title


def _level(act: Act, case: Case) -> str:
    step = case.of_kind.steps.get(act.step)
    if step is not None and step.counts:
        return "late"
    return "done" if isinstance(case.of_kind.stages.get(act.to_stage), Ending) else ""


def _facts(act: Act, case: Case, offer: Offer) -> Any:
    """What the act's facts say, a line each: choices by the pack's words, posts by their titles, moments as dates."""
    step = case.of_kind.steps.get(act.step)
    for need in step.needs if step else ():
        if value := act.facts.get(need.name):
            listed = _listed(need, offer)
            yield _("%(what)s: %(value)s") % {"what": need.label, "value": listed.get(str(value), value)}
    if act.facts.get("motion"):
        yield from _motion_facts(act, offer)
    for name, label in (("category", _("Category")), ("grade", _("Grade")), ("request_class", _("Class of request"))):
        said = str(act.facts.get(name, ""))
        if "→" in said:
            words = offer.words.get(name, {})
            told = " → ".join(words.get(part.strip(), part.strip() or "—") for part in said.split("→"))
            yield _("%(what)s: %(value)s") % {"what": label, "value": told}
    if "→" in str(act.facts.get("place", "")):
        yield _("%(what)s: %(value)s") % {"what": _("Place"), "value": act.facts["place"]}
    for name in ("main", "joined", "rectified", "ending"):
        if act.facts.get(name):
            yield str(act.facts[name])
    if step is None and (rating := act.facts.get("rating")):
        yield _levels(offer).get(str(rating), str(rating))


def _listed(need: Need, offer: Offer) -> dict[str, str]:
    """What the values of a need are called."""
    if isinstance(need, Choice):
        return dict(offer.listed(need.of))
    return _levels(offer) if isinstance(need, Rating) else {}


def _levels(offer: Offer) -> dict[str, str]:
    return {str(level.value): str(level) for level in offer.casework.ratings}


def _motion_facts(act: Act, offer: Offer) -> Any:
    if to := act.facts.get("to"):
        yield _("To %(post)s") % {"post": to}
    if reason := act.facts.get("reason"):
        listed = dict([*offer.listed("hold_reasons"), *offer.listed("extension_reasons")])
        yield _("%(what)s: %(value)s") % {"what": _("Reason"), "value": listed.get(str(reason), reason)}
    until = parse_datetime(str(act.facts.get("until", "")) or "-") if act.facts.get("until") else None
    if until:
        yield _("Until %(moment)s") % {"moment": timezone.localtime(until).strftime("%Y-%m-%d %H:%M")}
    if outcome := act.facts.get("outcome"):
        yield outcome_words(str(outcome))


def outcome_words(outcome: str) -> str:
    """What came of a motion, in words."""
    told = {"granted": _("Granted"), "denied": _("Not granted"), "answered": _("Answered"), "lapsed": _("Lapsed")}
    return told.get(outcome, outcome)


@dataclass(frozen=True)
class ShownClock:
    """A run of a clock as the side column shows it."""

    name: str
    state: str
    left: timedelta | None
    whole: timedelta | None
    due: datetime | None
    note: str


def clocks_shown(case: Case, at: datetime) -> list[ShownClock]:
    """Every run of this round: running, paused, done in time or late, or honestly not known."""
    return [_shown(run, case, at) for run in clocks_of(case)]


def _shown(run: ClockRun, case: Case, at: datetime) -> ShownClock:
    clock = case.of_kind.clocks.get(run.name)
    name = str(clock.title) if clock else run.name
    whole = run.due_at - run.since if run.due_at and run.since else None
    if run.state == State.PAUSED:
        left = None if run.left_ms is None else timedelta(milliseconds=run.left_ms)
        return ShownClock(name, "paused", left, None, None, _("On hold; what was left goes on afterwards."))
    if run.state == State.STOPPED:
        if run.late is None:
            return ShownClock(name, "unknown", None, None, None, _unknown(run))
        moments = {"due": run.due_at, "done": run.stopped_at}
        note = _("due %(due)s, done %(done)s") % {key: when(value, at) for key, value in moments.items() if value}
        return ShownClock(name, "missed" if run.late and run.name != WAITING else "kept", None, None, None, note)
    if run.due_at is None:
        return ShownClock(name, "unknown", None, None, None, _unknown(run))
    return ShownClock(name, "running", run.due_at - at, whole, run.due_at, "")


def _unknown(run: ClockRun) -> str:
    if run.reason == NO_CALENDAR:
        return _("The working calendar of that year is missing; it is reckoned when the calendar comes.")
    return _("The source does not say when.")


def motions_of(case: Case, sitting: Sitting, roles: set[Role], form_for: Callable[[int], Deed]) -> list[dict[str, Any]]:
    """What was put to a post and what it answered; with a form where this post may answer."""
    found = case.motions.select_related("by__organisation", "to__organisation", "raised", "settled").order_by("-id")
    return [
        {
            "title": str(SORTS[m.sort].raised.past),
            "by": m.raised.title,
            "to": m.to.full_title,
            "at": m.raised.at,
            "words": [masked(s.words) for s in m.raised.statements.all()],
            "until": m.asked_until,
            "due": m.due_at if m.settled_id is None else None,
            "outcome": outcome_words(m.outcome) if m.settled_id else "",
            "granted": m.outcome in ("granted", "answered"),
            "answer": [masked(s.words) for s in m.settled.statements.all()]
            if m.settled and m.outcome != "lapsed"
            else [],
            "answered_by": m.settled.title if m.settled and m.outcome != "lapsed" else "",
            "asks": SORTS[m.sort].asks,
            "action": f"motion/{m.pk}/",
            "form": form_for(m.pk) if may_answer(m, sitting, roles) else None,
        }
        for m in found.prefetch_related("raised__statements", "settled__statements")
    ]


def may_answer(motion: Motion, sitting: Sitting, roles: set[Role]) -> bool:
    """Whether this post may answer a motion; the act asks again, with the case locked."""
    if motion.settled_id is not None:
        return False
    to = SORTS[motion.sort].to
    if to is None:
        return motion.to_id == sitting.post.pk or bool(roles & set(OF_THE_LEAD))
    asked_it = motion.by_id == sitting.post.pk or motion.raised.person_id == sitting.account.person_id
    return bool(roles & {to, Role.ARBITER}) and not asked_it


def family_of(case: Case, sitting: Sitting, at: datetime, *, joins: bool) -> dict[str, Any]:
    """Parent, children, what was joined, and open cases nearby that may be the same; links only to what is seen."""
    beside = [c for c in (case.parent, case.main) if c is not None]
    children, joined = list(case.children.order_by("id")), list(case.joined_to_it.order_by("id"))
    near = alike(case, at) if case.is_open else []
    ids = [c.pk for c in (*beside, *children, *joined, *near)]
    seen = set(cases_seen_from(sitting.post).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    return {
        "parent": _relative(case.parent, seen) if case.parent else None,
        "main": _relative(case.main, seen) if case.main else None,
        "children": [_relative(c, seen) for c in children if not c.stands_by_itself],
        "rectifications": [_relative(c, seen) for c in children if c.stands_by_itself],
        "joined": [_relative(c, seen) for c in joined],
        "alike": [_relative(c, seen) for c in near if c.pk in seen],
        "joins": joins,
    }


def _relative(case: Case, seen: set[int]) -> dict[str, Any]:
    may = case.pk in seen
    return {
        "number": case.number,
        "title": case.title if may else "",
        "stage": stage_title(case),
        "href": reverse("desk:case", args=[case.number]) if may else "",
        "at": case.received_at,
        "key": uuid4(),
    }


def rounds_of(case: Case, offer: Offer) -> list[dict[str, Any]]:
    """The rounds of a case that was reopened, newest first."""
    ratings = {level.value: str(level) for level in offer.casework.ratings}
    stages = case.of_kind.stages
    return [
        {
            "number": r.number,
            "opened": r.opened_at,
            "ended": r.ended_at,
            "ending": str(stages[r.ending].title) if r.ending in stages else r.ending,
            "rating": ratings.get(r.rating or 0, ""),
        }
        for r in case.rounds.order_by("-number")
    ]


def side_facts(case: Case, offer: Offer, roles: set[Role]) -> dict[str, Any]:
    """Where it is, what it is, who asked; as terms and values."""
    words, stage = offer.words, case.at_stage
    six, seven = dict(offer.listed("six_steps")), dict(offer.listed("seven_stages"))
    what = [
        (_("Category"), words.get("category", {}).get(case.category, case.category) or _("Not said")),
        (_("Grade"), words.get("grade", {}).get(case.grade, case.grade) or _("Not said")),
        (_("Class of request"), words.get("request_class", {}).get(case.request_class, case.request_class)),
        (_("Owed by"), case.owner.full_title if case.owner else ""),
        (_("Led by"), case.lead.full_title if case.lead else ""),
        (_("Number at the source"), case.source_number),
        (_("Of the six steps"), six.get(stage.six, "")),
        (_("Of the seven stages"), seven.get(stage.seven, "")),
    ]
    return {
        "where": [(_("Address"), case.where), (_("On the ground of"), breadcrumb(case))],
        "what": [(term, value) for term, value in what if value],
        "who": asker_of(case, roles, offer.post),
        "contact": bool(shown_to(case, roles, offer.post)),
    }


def breadcrumb(case: Case) -> str:
    """The places a case lies in, from the county down to the place itself."""
    parts = case.ground_path.strip("/").split("/")
    paths = ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
    above = list(Place.objects.filter(path__in=paths, rank=0, county_id=case.county_id, until=None).order_by("path"))
    names = [str(place) for place in above]
    if case.place.rank:
        names.append(str(case.place))
    return " › ".join(names)


def asker_of(case: Case, roles: set[Role], post: Post) -> list[tuple[str, str]]:
    """Who asked, as far as this post needs to know: name and number covered (`contact` uncovers them, for a reason)."""
    if case.asker is None:
        return [(_("Asked by"), _("Anonymous") if not case.parent_id else _("See the case it belongs to"))]
    if kept_from(case, roles, post):
        return [(_("Asked by"), _("Asked to be kept confidential"))]
    told = [(_("Asked by"), case.asker.masked_name or _("No name given"))]
    if case.asker.masked_telephone:
        told.append((_("Telephone"), case.asker.masked_telephone))
    if case.tier:
        told.append((_("Confidential"), _("Kept from those who handle it")))
    told.append((_("Call-back"), _("Wishes to be asked") if case.asks_back else _("Not wished")))
    return told
