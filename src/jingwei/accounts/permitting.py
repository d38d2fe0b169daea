"""Asking for an exception, granting or refusing it, ending it: two people each time, and a line in the trail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from jingwei.accounts import verbs
from jingwei.accounts.exceptions import WIDER_SIGHT, Scene, Widens, exceptions_of, permission_named
from jingwei.accounts.models import Permit
from jingwei.accounts.refusals import AccountRefused
from jingwei.organisations.models import Post
from jingwei.organisations.pack import KEPT_APART
from jingwei.places.models import Place
from jingwei.policy.models import County
from jingwei.trail.actor import Actor
from jingwei.trail.acts import Fact, record
from jingwei.trail.verbs import Verb

LONGEST_WORDS = 200


@dataclass(frozen=True)
class Wanted:
    """What is asked for: for wider sight a post, for a photograph a kind and one of its steps."""

    permission: str
    scene: Scene
    place: Place
    reason: str
    law: str
    since: datetime
    until: datetime
    post: Post | None = None
    step: tuple[str, str] = ("", "")


class ExceptionRefused(AccountRefused):
    """An exception is not asked for or decided like this; the sentence says what to do instead."""


@transaction.atomic
def ask(wanted: Wanted, county: County, *, actor: Actor, at: datetime, key: UUID) -> Permit:
    """Ask for an exception; it permits nothing until somebody else grants it. The same key twice is once."""
    if done := Permit.objects.filter(key=key).first():
        return done
    _refuse(wanted, county, at)
    assert actor.person_id is not None
    kind, step = wanted.step
    permit = Permit.objects.create(
        county=county, permission=wanted.permission, scene=Scene(wanted.scene), place=wanted.place, post=wanted.post,
        kind=kind, step=step, reason=_short(wanted.reason), law=_short(wanted.law), since=wanted.since,
        until=wanted.until, asked_at=at, asked_by=actor.person_id, asked_title=actor.title, key=key,
    )  # fmt: skip
    _record(verbs.ASKED, permit, actor, at)
    return permit


@transaction.atomic
def decide(permit: Permit, *, grant: bool, actor: Actor, at: datetime) -> Permit:
    """Grant or refuse what was asked for, as another person than who asked. Decided once, it stays decided."""
    permit = _held(permit)
    if permit.asked_by == actor.person_id:
        raise ExceptionRefused(_("You asked for it yourself. Another person, the security officer, decides."))
    if permit.granted is not None:
        raise ExceptionRefused(_("This has been decided already; the page shows how."))
    if grant and at >= permit.until:
        raise ExceptionRefused(_("Its time is over. It has to be asked for anew."))
    permit.granted, permit.decided_at = grant, at
    permit.decided_by, permit.decided_title = actor.person_id, actor.title
    permit.save(update_fields=["granted", "decided_at", "decided_by", "decided_title"])
    _record(verbs.GRANTED if grant else verbs.REFUSED_EXCEPTION, permit, actor, at)
    return permit


@transaction.atomic
def end(permit: Permit, *, actor: Actor, at: datetime) -> Permit:
    """End an exception before its time; twice is once."""
    permit = _held(permit)
    if permit.granted and permit.ended_at is None and at < permit.until:
        _end(permit, verbs.ENDED, actor, at, at)
    return permit


def close_lapsed(at: datetime) -> int:
    """Write down what has ended by itself; it permitted nothing from its last moment on, written down or not."""
    over = Permit.objects.filter(granted=True, ended_at=None, until__lte=at).order_by("pk")
    for permit in over:
        with transaction.atomic():
            held = _held(permit)
            if held.ended_at is None:
                _end(held, verbs.LAPSED, Actor.machine("exceptions"), at, held.until)
    return len(over)


def _end(permit: Permit, verb: Verb, actor: Actor, at: datetime, ended: datetime) -> None:
    permit.ended_at, permit.ended_title = ended, "" if actor.kind == "machine" else actor.title
    permit.save(update_fields=["ended_at", "ended_title"])
    _record(verb, permit, actor, at)


def _held(permit: Permit) -> Permit:
    return Permit.objects.select_for_update(of=("self",)).select_related("place", "post", "county").get(pk=permit.pk)


def _refuse(wanted: Wanted, county: County, at: datetime) -> None:
    rules = exceptions_of(county)
    if wanted.permission not in rules.allowed:
        raise ExceptionRefused(_("The county's pack does not allow this exception."), "permission")
    checks: dict[Widens, Callable[[Wanted], None]] = {Widens.SIGHT: _refuse_sight, Widens.EVIDENCE: _refuse_evidence}
    checks[permission_named(wanted.permission).widens](wanted)
    if wanted.place.county_id != county.pk or wanted.place.rank:
        raise ExceptionRefused(_("Choose a ground of your county."), "place")
    for name in ("reason", "law"):
        if len(_short(getattr(wanted, name))) < 4:
            raise ExceptionRefused(_("Write it out: those affected and the auditor read it."), name)
    if wanted.until <= max(wanted.since, at):
        raise ExceptionRefused(_("The last day lies before the first, or is over."), "until")
    if (wanted.until - wanted.since).days > rules.longest_days:
        most = _("At most %(n)d days. If it is still needed then, it is asked for anew.") % {"n": rules.longest_days}
        raise ExceptionRefused(most, "until")


def _refuse_sight(wanted: Wanted) -> None:
    post = wanted.post
    if post is None or post.until is not None or post.organisation.county_id != wanted.place.county_id:
        raise ExceptionRefused(_("Choose the post that is to see more."), "post")
    if KEPT_APART & set(post.roles):
        raise ExceptionRefused(_("Administrator, security officer and auditor see no cases, by no exception."), "post")


def _refuse_evidence(wanted: Wanted) -> None:
    if not all(wanted.step):
        raise ExceptionRefused(_("Choose the step that is to ask for a photograph."), "step")


def _short(words: str) -> str:
    return " ".join(words.replace("\x00", "").split())[:LONGEST_WORDS]


def _record(verb: Verb, permit: Permit, actor: Actor, at: datetime) -> None:
    facts: dict[str, Fact] = {
        "permission": permit.permission, "scene": permit.scene, "since": permit.since.isoformat(),
        "until": permit.until.isoformat(),
    }  # fmt: skip
    facts |= {"title": permit.post.full_title, "to": permit.post_id} if permit.post else {}
    facts |= {"kind": permit.kind, "step": permit.step} if permit.permission != WIDER_SIGHT.name else {}
    words = [permit.reason, permit.law]
    record(actor, verb, at=at, subject=("exception", permit.pk), place=permit.place.path, facts=facts, words=words)
