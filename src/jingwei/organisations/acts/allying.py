"""Alliances and their members, agreements and what was promised in them, help to new organisations."""

import datetime as dt
import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.organisations.acts.keeping import day_of, line, locked, of_one_county
from jingwei.organisations.bonds import Agreement, Alliance, Forming, Fulfilment, Membership, Promise, Support
from jingwei.organisations.models import Organisation
from jingwei.organisations.offices import AllianceLine, OfficesSection
from jingwei.organisations.refusals import OrganisationRefused
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record_many
from jingwei.trail.verbs import verb

FORMED = verb("alliance.formed", gettext_lazy("form the alliance"), gettext_lazy("formed the alliance"))
JOINED = verb("alliance.joined", gettext_lazy("join the alliance"), gettext_lazy("joined the alliance"))
LEFT = verb("alliance.left", gettext_lazy("leave the alliance"), gettext_lazy("left the alliance"))
CLOSED = verb("alliance.closed", gettext_lazy("end the alliance"), gettext_lazy("ended the alliance"))
SIGNED = verb("agreement.signed", gettext_lazy("sign the agreement"), gettext_lazy("signed the agreement"))
PROMISED = verb("agreement.promised", gettext_lazy("add a promise"), gettext_lazy("added a promise"))
KEPT = verb("agreement.kept", gettext_lazy("enter what was kept"), gettext_lazy("entered what was kept"))
RELEASED = verb("agreement.ended", gettext_lazy("end the agreement"), gettext_lazy("ended the agreement"))
HELPED = verb("organisation.helped", gettext_lazy("enter help given"), gettext_lazy("entered help given"))
HELP_ENDED = verb("organisation.help_ended", gettext_lazy("end the help"), gettext_lazy("ended the help"))


@transaction.atomic
def form_alliance(core: Organisation, *, name: str, sort: str, actor: Actor, at: datetime) -> Alliance:
    """Form an alliance around one core organisation. Raises OrganisationRefused."""
    row = locked(core)
    offices = book(row.county_id)[OfficesSection]
    said = _alliance(offices, sort)
    if said.core and offices.nature(row.kind) not in said.core:
        raise OrganisationRefused(
            _("«%(name)s» cannot be the core of «%(sort)s».") % {"name": row, "sort": said}, "core"
        )
    name = _words(name, 80, "name")
    if Alliance.objects.filter(county=row.county_id, name=name, until=None).exists():
        raise OrganisationRefused(_("There is an alliance of that name already."), "name")
    alliance = Alliance.objects.create(county_id=row.county_id, name=name, sort=sort, core=row, since=day_of(at))
    record_many([line(actor, FORMED, at, row, alliance=alliance.pk, title=name)])
    return alliance


@transaction.atomic
def join_alliance(
    alliance: Alliance, organisation: Organisation, *, part: str = "", actor: Actor, at: datetime
) -> Membership:
    """Let an organisation join, as one of the standing sorts of member or (empty) as a further one."""
    row = locked(organisation)
    of_one_county(row, alliance.core)
    _refuse_over(alliance.until)
    said = _alliance(book(row.county_id)[OfficesSection], alliance.sort)
    if part and part not in {one.key for one in said.members}:
        raise OrganisationRefused(_("The alliance has no such sort of member."), "part")
    if row.pk == alliance.core_id or alliance.memberships.filter(organisation=row, until=None).exists():
        raise OrganisationRefused(_("«%(name)s» belongs to it already.") % {"name": row}, "organisation")
    member, _new = Membership.objects.update_or_create(
        alliance=alliance, organisation=row, since=day_of(at), defaults={"part": part, "until": None}
    )
    record_many([line(actor, JOINED, at, row, alliance=alliance.pk, title=alliance.name, part=part)])
    return member


@transaction.atomic
def leave_alliance(membership: Membership, *, actor: Actor, at: datetime) -> None:
    """End a membership. Twice is once."""
    row = (
        Membership.objects.select_for_update().select_related("alliance", "organisation__ground").get(pk=membership.pk)
    )
    if row.until is None:
        row.until = day_of(at)
        row.save(update_fields=["until"])
        record_many([line(actor, LEFT, at, row.organisation, alliance=row.alliance_id, title=row.alliance.name)])


@transaction.atomic
def end_alliance(alliance: Alliance, *, actor: Actor, at: datetime) -> None:
    """End an alliance with all memberships. Twice is once."""
    row = Alliance.objects.select_for_update().select_related("core__ground").get(pk=alliance.pk)
    if row.until is None:
        row.until = day_of(at)
        row.save(update_fields=["until"])
        row.memberships.filter(until=None).update(until=row.until)
        record_many([line(actor, CLOSED, at, row.core, alliance=row.pk, title=row.name)])


@transaction.atomic
def sign(
    first: Organisation, second: Organisation, *, title: str, sort: str, actor: Actor, at: datetime,
    since: dt.date | None = None, term_until: dt.date | None = None, alliance: Alliance | None = None,
    promises: Sequence[tuple[Organisation, str, dt.date | None]] = (),
) -> Agreement:  # fmt: skip
    """Enter an agreement two organisations signed, with its promises: who promised, what, by when."""
    one, other = locked(first), locked(second)
    of_one_county(one, other)
    if one.pk == other.pk:
        raise OrganisationRefused(_("An agreement is between two."), "second")
    if sort not in {said.key for said in book(one.county_id)[OfficesSection].agreements if not said.retired}:
        raise OrganisationRefused(_("The county has no such sort of agreement."), "sort")
    since = since or day_of(at)
    if since > day_of(at):
        raise OrganisationRefused(_("It is entered on the day it was signed, or later."), "since")
    if term_until is not None and term_until <= since:
        raise OrganisationRefused(_("A term ends after it begins."), "term_until")
    title = _words(title, 80, "title")
    if Agreement.objects.filter(first=one, second=other, title=title, since=since).exists():
        raise OrganisationRefused(_("This agreement is entered already."), "title")
    agreement = Agreement.objects.create(
        county_id=one.county_id, title=title, sort=sort, first=one, second=other, alliance=alliance, since=since,
        term_until=term_until,
    )  # fmt: skip
    record_many([line(actor, SIGNED, at, one, agreement=agreement.pk, title=title, second=other.pk)])
    for by, words, due in promises:
        promise(agreement, by, words, due=due, actor=actor, at=at)
    return agreement


@transaction.atomic
def promise(
    agreement: Agreement, by: Organisation, words: str, *, due: dt.date | None = None, actor: Actor, at: datetime
) -> Promise:
    """Add a promise that one of the two made. `words` say what is done, not about whom."""
    _refuse_over(agreement.until)
    if by.pk not in (agreement.first_id, agreement.second_id):
        raise OrganisationRefused(_("One of the two promises."), "by")
    made = Promise.objects.create(agreement=agreement, by=by, words=_words(words, 200, "words"), due=due)
    record_many([line(actor, PROMISED, at, by, agreement=agreement.pk, promise=made.pk)])
    return made


@transaction.atomic
def fulfil(kept: Promise, *, on: dt.date, evidence: str, whole: bool = True, actor: Actor, at: datetime) -> Fulfilment:
    """Enter that a promise was kept on a day, and by what one can tell; by a post."""
    if on > day_of(at):
        raise OrganisationRefused(_("What is still to come is not entered as kept."), "on")
    if on < kept.agreement.since:
        raise OrganisationRefused(_("That was before the agreement."), "on")
    if actor.post_id is None:
        raise OrganisationRefused(_("Choose your post first."))
    words = _words(evidence, 200, "evidence")
    row, _new = Fulfilment.objects.get_or_create(
        promise=kept, on=on, evidence=words, defaults={"whole": whole, "post_id": actor.post_id}
    )
    record_many([line(actor, KEPT, at, kept.by, agreement=kept.agreement_id, promise=kept.pk, on=on.isoformat())])
    return row


@transaction.atomic
def end_agreement(agreement: Agreement, *, actor: Actor, at: datetime) -> None:
    """End an agreement. Twice is once."""
    row = Agreement.objects.select_for_update(of=("self",)).select_related("first__ground").get(pk=agreement.pk)
    if row.until is None:
        row.until = day_of(at)
        row.save(update_fields=["until"])
        record_many([line(actor, RELEASED, at, row.first, agreement=row.pk, title=row.title)])


@transaction.atomic
def give_support(
    organisation: Organisation, sort: str, *, actor: Actor, at: datetime, since: dt.date | None = None
) -> Support:
    """Enter what a new organisation is given: room, training, practice."""
    row = locked(organisation)
    if sort not in {said.key for said in book(row.county_id)[OfficesSection].support if not said.retired}:
        raise OrganisationRefused(_("The county gives no such help."), "sort")
    given, _new = Support.objects.update_or_create(
        organisation=row, sort=sort, since=since or day_of(at), defaults={"until": None}
    )
    record_many([line(actor, HELPED, at, row, sort=sort)])
    return given


@transaction.atomic
def end_support(support: Support, *, actor: Actor, at: datetime) -> None:
    """End help that was given. Twice is once."""
    row = Support.objects.select_for_update().select_related("organisation__ground").get(pk=support.pk)
    if row.until is None:
        row.until = day_of(at)
        row.save(update_fields=["until"])
        record_many([line(actor, HELP_ENDED, at, row.organisation, sort=row.sort)])


def end_bonds(organisation: Organisation, heir: Organisation | None, *, actor: Actor, at: datetime) -> None:
    """What becomes of an organisation's bonds when it ends: its heir takes its place in alliances, or they end.

    An agreement goes on between the other and the heir, who is named beside the one that signed; without an heir
    it ends.
    """
    for alliance in Alliance.objects.filter(core=organisation, until=None).select_related("core__ground"):
        members = list(alliance.memberships.filter(until=None).select_related("organisation"))
        end_alliance(alliance, actor=actor, at=at)
        if heir is not None:
            _form_again(alliance, heir, members, actor, at)
    for member in organisation.memberships.filter(until=None).select_related("alliance__core"):
        leave_alliance(member, actor=actor, at=at)
        there = member.alliance.memberships.filter(organisation=heir, until=None).exists()
        if heir is not None and not there and heir.pk != member.alliance.core_id:
            join_alliance(member.alliance, heir, part=member.part, actor=actor, at=at)
    if heir is None:
        for agreement in _agreements(organisation):
            end_agreement(agreement, actor=actor, at=at)
    Support.objects.filter(organisation=organisation, until=None).update(until=day_of(at))
    Forming.objects.filter(organisation=organisation, until=None).update(until=day_of(at))


def _form_again(
    alliance: Alliance, heir: Organisation, members: Sequence[Membership], actor: Actor, at: datetime
) -> None:
    again = Alliance.objects.create(
        county_id=alliance.county_id, name=alliance.name, sort=alliance.sort, core=heir, since=day_of(at)
    )
    record_many([line(actor, FORMED, at, heir, alliance=again.pk, title=again.name)])
    for member in members:
        if member.organisation_id != heir.pk:
            join_alliance(again, member.organisation, part=member.part, actor=actor, at=at)
    Agreement.objects.filter(alliance=alliance, until=None).update(alliance=again)


def _agreements(organisation: Organisation) -> list[Agreement]:
    standing = Agreement.objects.filter(until=None)
    return [*standing.filter(first=organisation), *standing.filter(second=organisation)]


def _alliance(offices: OfficesSection, sort: str) -> AllianceLine:
    said = next((one for one in offices.alliances if one.key == sort), None)
    if said is None:
        raise OrganisationRefused(_("The county has no such sort of alliance."), "sort")
    return said


def _refuse_over(until: dt.date | None) -> None:
    if until is not None:
        raise OrganisationRefused(_("It ended on %(day)s.") % {"day": until})


def _words(said: str, most: int, field: str) -> str:
    words = re.sub(r"\s+", " ", said.replace("\x00", "")).strip()
    if not words or len(words) > most:
        raise OrganisationRefused(_("Write it in at most %(most)s characters.") % {"most": most}, field)
    return words
