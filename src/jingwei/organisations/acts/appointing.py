"""Who holds a post, from when to when, for what term, where she was chosen from; acting holders and leave."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jingwei.organisations.acts.keeping import hold_standing
from jingwei.organisations.bonds import Candidate
from jingwei.organisations.models import Appointment, Leave, Post
from jingwei.organisations.natures import Nature
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.pack import KEPT_APART
from jingwei.organisations.refusals import OrganisationRefused
from jingwei.people.models import Person
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.trail.acts import Entry, record_many
from jingwei.trail.verbs import Verb, verb

APPOINTED = verb("organisations.appointed", _("appoint"), _("appointed"))
DISMISSED = verb("organisations.dismissed", _("end the appointment"), _("ended the appointment"))
AWAY = verb("organisations.away", _("enter leave"), _("entered leave"))
BACK = verb("organisations.back", _("end the leave"), _("ended the leave"))


class KeptApart(OrganisationRefused):
    """三员分立: who administers, who keeps security and who audits are three persons (GB/T 22239-2019)."""

    def __init__(self, post: Post, other: Post) -> None:
        super().__init__(
            gettext(
                "Whoever holds «%(other)s» cannot hold «%(post)s» too: administrator, security officer and auditor are "
                "three persons. End the other appointment first, or appoint somebody else."
            )
            % {"post": post, "other": other},
            "post",
        )


class NotVetted(OrganisationRefused):
    """Nobody joins an owners' committee before those who look at candidates had no objection 人选把关."""


@dataclass(frozen=True)
class Appointing:
    """One person for one post. `since`: by default the day of the act. `until`: the day it ends by itself.

    `taken_over`: why candidates are not looked at again, such as the decision by which she held the post before the
    county kept its posts here; it stands in the trail. Empty: they are.
    """

    post: Post
    person: int
    since: dt.date | None = None
    until: dt.date | None = None
    term_until: dt.date | None = None
    chosen_from: str = ""
    grade: str = ""
    acting: bool = False
    taken_over: str = ""


@transaction.atomic
def appoint(pairs: Sequence[tuple[Post, int]], *, actor: Actor, at: datetime) -> None:
    """Appoint persons, by number, to posts from the day of `at` on, a line in the trail for each. Raises KeptApart."""
    appoint_each([Appointing(post, person) for post, person in pairs], actor=actor, at=at)


@transaction.atomic
def appoint_each(asked: Sequence[Appointing], *, actor: Actor, at: datetime) -> None:
    """Appoint persons to posts, each with what is known of it, a line in the trail for each; nobody herself.

    Ended and given again on one day, an appointment goes on. Raises KeptApart, NotVetted, OrganisationRefused.
    """
    today = localdate(at)
    hold_standing([one.post for one in asked])
    if actor.person_id is not None and actor.person_id in {one.person for one in asked}:
        raise OrganisationRefused(gettext("Nobody appoints herself; another administrator does."), "person")
    _refuse_words(asked, today)
    _refuse_two_of_three([(one.post, one.person) for one in asked], today)
    _refuse_unvetted(asked)
    rows = [
        Appointment(
            post=one.post, person_id=one.person, since=one.since or today, until=one.until, term_until=one.term_until,
            chosen_from=one.chosen_from, grade=one.grade, acting=one.acting,
        )
        for one in asked
    ]  # fmt: skip
    Appointment.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["post", "person", "since"],
        update_fields=["until", "term_until", "chosen_from", "grade", "acting"],
    )  # fmt: skip
    record_many(_line(actor, APPOINTED, at, row, **_told(one)) for one, row in zip(asked, rows, strict=True))


def _told(one: Appointing) -> dict[str, str | bool]:
    """What the trail says of an appointment that is not like others."""
    told: dict[str, str | bool] = {"acting": True} if one.acting else {}
    return told | ({"taken_over": one.taken_over[:200]} if one.taken_over else {})


@transaction.atomic
def dismiss(appointment: Appointment, *, actor: Actor, at: datetime) -> None:
    """End an appointment: from the day of `at` on the person no longer holds the post. Twice is once."""
    standing = Appointment.objects.select_for_update().select_related("post__ground").get(pk=appointment.pk)
    on = localdate(at)
    if standing.until is not None and standing.until <= on:
        return
    standing.until = max(on, standing.since)
    standing.save(update_fields=["until"])
    record_many([_line(actor, DISMISSED, at, standing)])


@transaction.atomic
def take_leave(
    appointment: Appointment, *, since: dt.date, until: dt.date, stand_in: int | None = None, actor: Actor, at: datetime
) -> Leave:
    """Enter that a holder is away from `since`, and back on `until`; `stand_in`, a person by number, acts meanwhile."""
    standing = (
        Appointment.objects.select_for_update()
        .select_related("post__ground", "post__organisation")
        .get(pk=appointment.pk)
    )
    if until <= since:
        raise OrganisationRefused(gettext("Whoever goes away comes back on a later day."), "until")
    if not standing.holds(since):
        raise OrganisationRefused(gettext("She does not hold the post on that day."), "since")
    if Leave.objects.filter(appointment=standing, since__lt=until, until__gt=since).exists():
        raise OrganisationRefused(gettext("Leave on some of these days is entered already."), "since")
    acting = None
    if stand_in is not None:
        if stand_in == standing.person_id:
            raise OrganisationRefused(gettext("Somebody else stands in for her."), "stand_in")
        why = gettext("stands in")
        one = Appointing(standing.post, stand_in, since=since, until=until, acting=True, taken_over=why)
        appoint_each([one], actor=actor, at=at)
        acting = Appointment.objects.get(post=standing.post, person=stand_in, since=since)
    leave = Leave.objects.create(appointment=standing, since=since, until=until, stand_in=acting)
    record_many([_line(actor, AWAY, at, standing, since=since.isoformat(), until=until.isoformat())])
    return leave


@transaction.atomic
def come_back(leave: Leave, *, actor: Actor, at: datetime) -> None:
    """End leave early: she is back on the day of `at`, and whoever stood in no longer acts."""
    row = (
        Leave.objects.select_for_update()
        .select_related("appointment__post__ground", "stand_in__post__ground")
        .get(pk=leave.pk)
    )
    on = localdate(at)
    if row.until <= on:
        return
    if row.stand_in is not None:
        dismiss(row.stand_in, actor=actor, at=at)
    if on > row.since:
        row.until = on
        row.save(update_fields=["until"])
    else:
        row.delete()
    record_many([_line(actor, BACK, at, row.appointment)])


def _line(actor: Actor, verb: Verb, at: datetime, row: Appointment, **facts: str | bool) -> Entry:
    facts = {"title": row.post.title, **facts}
    return Entry(actor, verb, at, ("post", row.post_id), row.post.ground.path, {"person": row.person_id, **facts})


def _refuse_words(asked: Sequence[Appointing], today: dt.date) -> None:
    for one in asked:
        since = one.since or today
        if any(day is not None and day <= since for day in (one.until, one.term_until)):
            raise OrganisationRefused(gettext("A term ends after it begins."), "term_until")
        if not (one.chosen_from or one.grade):
            continue
        offices = book(one.post.organisation.county_id)[OfficesSection]
        if one.chosen_from and one.chosen_from not in {line.key for line in offices.chosen_from}:
            raise OrganisationRefused(gettext("Choose from the list where she was chosen from."), "chosen_from")
        team = offices.team(one.post.team)
        if one.grade and (team is None or not team.graded or one.grade not in {line.key for line in offices.grades}):
            raise OrganisationRefused(gettext("This post has no such grade."), "grade")


def _refuse_two_of_three(pairs: Sequence[tuple[Post, int]], since: dt.date) -> None:
    asked = [(post, person) for post, person in pairs if KEPT_APART.intersection(post.roles)]
    if not asked:
        return
    persons = sorted({person for _post, person in asked})
    list(Person.objects.select_for_update().filter(pk__in=persons).order_by("pk"))  # one appointment at a time
    standing = Appointment.objects.filter(
        Q(until=None) | Q(until__gt=since), person_id__in=persons, post__roles__overlap=sorted(KEPT_APART)
    ).select_related("post")
    held = [(one.post, one.person_id) for one in standing]
    for n, (post, person) in enumerate(asked):
        for other, whose in [*held, *asked[:n]]:
            if whose == person and set(other.roles) != set(post.roles):
                raise KeptApart(post, other)


def _refuse_unvetted(asked: Sequence[Appointing]) -> None:
    kinds: dict[str, list[str]] = {}
    for one in asked:
        home = one.post.organisation
        if home.county_id not in kinds:
            kinds[home.county_id] = book(home.county_id)[OfficesSection].kinds_of(Nature.OWNERS)
        if one.taken_over or home.kind not in kinds[home.county_id]:
            continue
        if Appointment.objects.filter(post=one.post, person=one.person, until=None).exists():
            continue  # she holds it; only what is written beside it changes
        forming = Candidate.objects.filter(forming__organisation=home, forming__until=None)
        if not forming.filter(person=one.person, passed=True).exists():
            raise NotVetted(
                gettext("Candidates for «%(name)s» are looked at first. Put her forward, and let it be decided.")
                % {"name": home}, "person",
            )  # fmt: skip
