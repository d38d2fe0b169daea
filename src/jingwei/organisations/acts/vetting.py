"""Forming or renewing an owners' committee: candidates are looked at before anybody is appointed 人选把关."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingwei.organisations.acts.keeping import day_of, line, locked
from jingwei.organisations.bonds import Candidate, Forming
from jingwei.organisations.candidacies import CANDIDACY
from jingwei.organisations.models import Organisation
from jingwei.organisations.natures import Nature
from jingwei.organisations.offices import OfficesSection
from jingwei.organisations.refusals import OrganisationRefused
from jingwei.people.lists import refuse_unlisted
from jingwei.people.models import Person
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record_many
from jingwei.trail.verbs import verb

OPENED = verb("forming.opened", gettext_lazy("begin the forming"), gettext_lazy("began the forming"))
PUT_FORWARD = verb(
    "forming.put_forward", gettext_lazy("put forward a candidate"), gettext_lazy("put forward a candidate")
)
LOOKED_AT = verb("forming.looked_at", gettext_lazy("decide on a candidate"), gettext_lazy("decided on a candidate"))
CLOSED = verb("forming.closed", gettext_lazy("close the forming"), gettext_lazy("closed the forming"))


@transaction.atomic
def open_forming(organisation: Organisation, *, renewal: bool = False, actor: Actor, at: datetime) -> Forming:
    """Begin the forming or renewal of an owners' committee; one at a time."""
    row = locked(organisation)
    if book(row.county_id)[OfficesSection].nature(row.kind) is not Nature.OWNERS:
        raise OrganisationRefused(_("Candidates are looked at for owners' committees."))
    if row.formings.filter(until=None).exists():
        raise OrganisationRefused(_("A forming is under way; close it first."))
    forming = Forming.objects.create(organisation=row, renewal=renewal, since=day_of(at))
    record_many([line(actor, OPENED, at, row, forming=forming.pk, renewal=renewal)])
    return forming


@transaction.atomic
def put_forward(forming: Forming, person: Person, *, actor: Actor, at: datetime) -> Candidate:
    """Put a person forward; of her nothing but her name and telephone is kept."""
    row = _going_on(forming)
    if person.county_id != row.organisation.county_id:
        raise OrganisationRefused(_("These belong to different counties."), "person")
    if row.candidates.filter(person=person).exists():
        raise OrganisationRefused(_("She was put forward already."), "person")
    refuse_unlisted(book(row.organisation.county_id), CANDIDACY)
    made = Candidate.objects.create(
        forming=row, person=person, put_forward_by=actor.person_id, put_forward_on=day_of(at)
    )
    record_many([line(actor, PUT_FORWARD, at, row.organisation, candidate=made.pk, person=person.pk)])
    return made


@transaction.atomic
def settle_candidate(
    candidate: Candidate, *, passed: bool, objection: str = "", actor: Actor, at: datetime
) -> Candidate:
    """Decide on a candidate: no objection, or one of the county's list. By another person than put her forward."""
    forming = _going_on(candidate.forming)
    row = Candidate.objects.select_for_update().get(pk=candidate.pk)
    if row.passed is not None:
        raise OrganisationRefused(_("This was decided already."))
    if actor.person_id is None or actor.person_id in (row.put_forward_by, row.person_id):
        raise OrganisationRefused(_("Whoever puts somebody forward does not decide on her; somebody else does."))
    known = {line.key for line in book(forming.organisation.county_id)[OfficesSection].objections}
    if passed == bool(objection) or (objection and objection not in known):
        raise OrganisationRefused(_("An objection is one of the list; without one she passes."), "objection")
    row.passed, row.objection, row.settled_on, row.settled_by_id = passed, objection, day_of(at), actor.post_id
    row.save(update_fields=["passed", "objection", "settled_on", "settled_by"])
    record_many([line(actor, LOOKED_AT, at, forming.organisation, candidate=row.pk, passed=passed)])
    return row


@transaction.atomic
def close_forming(forming: Forming, *, actor: Actor, at: datetime) -> None:
    """Close a forming: those chosen are appointed, or it was given up. Candidates nobody decided on fall away."""
    row = _going_on(forming)
    row.candidates.filter(passed=None).delete()
    row.until = day_of(at)
    row.save(update_fields=["until"])
    record_many([line(actor, CLOSED, at, row.organisation, forming=row.pk)])


def _going_on(forming: Forming) -> Forming:
    row = Forming.objects.select_for_update(of=("self",)).select_related("organisation__ground").get(pk=forming.pk)
    if row.until is not None:
        raise OrganisationRefused(_("It ended on %(day)s.") % {"day": row.until})
    return row
