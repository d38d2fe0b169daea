"""Registering and withdrawing, units at the desk and members at the residents' door; naming in what one took part."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from jingwei.affairs.registration.duties import PART
from jingwei.affairs.registration.models import RegisteredMember, RegisteredUnit, TakenPart
from jingwei.affairs.registration.personal import NAME, TELEPHONE
from jingwei.casework.wording import clean
from jingwei.duties.acts import owe_no_more, record_changed
from jingwei.duties.declared import Found
from jingwei.organisations.models import Organisation, Post
from jingwei.people.lists import refuse_unlisted
from jingwei.people.models import Person
from jingwei.places.models import Place
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import Verb, verb

UNIT_CAME = verb("registration.unit", _("register the unit"), _("registered the unit"))
UNIT_LEFT = verb("registration.unit_ended", _("end the registration"), _("ended the registration"))
MEMBER_CAME = verb("registration.member", _("register as a member"), _("registered as a member"))
MEMBER_LEFT = verb("registration.member_ended", _("withdraw as a member"), _("withdrew as a member"))
PART_NAMED = verb("registration.part", _("say that one took part"), _("said that she took part"))

DOOR = Actor.machine(gettext_noop("residents' door"))


class NoCommittee(ValueError):
    """Somebody has to answer for whoever registers."""

    sentence = _("This community has no committee on file yet. Choose another one, or ask the county's centre.")


@dataclass(frozen=True)
class Joining:
    """What a member says of herself; `unit` None: she names none."""

    community: Place
    name: str
    telephone: str
    unit: Organisation | None = None
    offers: tuple[str, ...] = ()


@transaction.atomic
def register_unit(
    unit: Organisation, community: Place, offers: Sequence[str], words: str, *, by: Post, actor: Actor, at: datetime,
    key: UUID,
) -> RegisteredUnit:  # fmt: skip
    """Register a unit with a community; one that is registered there already stays as it is."""
    Organisation.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    there = RegisteredUnit.objects.filter(organisation=unit, community=community, until=None).first()
    if before := RegisteredUnit.objects.filter(key=key).first() or there:
        return before
    row = RegisteredUnit.objects.create(
        organisation=unit, community=community, offers=list(offers), words=clean(words), kept_by=by,
        since=timezone.localdate(at), recorded_at=at, key=key,
    )  # fmt: skip
    _written(actor, UNIT_CAME, ("organisation", unit.pk), at, community, offers=", ".join(offers))
    return row


@transaction.atomic
def end_unit(row: RegisteredUnit, *, actor: Actor, at: datetime) -> None:
    """End the registration of a unit. Twice is once."""
    if RegisteredUnit.objects.filter(pk=row.pk, until=None).update(until=timezone.localdate(at)):
        _written(actor, UNIT_LEFT, ("organisation", row.organisation_id), at, row.community)


@transaction.atomic
def register_member(joining: Joining, committee: Organisation | None, *, at: datetime, key: UUID) -> RegisteredMember:
    """Register a member where she lives; the same `key` again is the same. Raises NotOnTheList, NoCommittee."""
    county = joining.community.county_id
    if before := RegisteredMember.objects.filter(key=key).first():
        return before
    refuse_unlisted(book(county), NAME, TELEPHONE)
    unit = joining.unit or committee
    if unit is None:
        raise NoCommittee
    person = Person.objects.create(county_id=county, purpose="member", ground="consent")
    row = RegisteredMember(
        county_id=county, community=joining.community, organisation=unit, person=person, offers=list(joining.offers),
        name=joining.name, telephone=joining.telephone, registered_at=at, key=key,
    )  # fmt: skip
    row.code_mark = _mark(code_of(row))
    row.save()
    _written(DOOR, MEMBER_CAME, ("registered_member", row.pk), at, row.community, unit=unit.pk)
    return row


@transaction.atomic
def withdraw_member(row: RegisteredMember, *, at: datetime) -> None:
    """Withdraw: name and telephone go at once, and nothing is owed any more. Twice is once."""
    stands = RegisteredMember.objects.filter(pk=row.pk, withdrawn_at=None)
    if stands.update(withdrawn_at=at, name="", telephone="", offers=[]):
        owe_no_more(row.person_id)
        _written(DOOR, MEMBER_LEFT, ("registered_member", row.pk), at, row.community)


@transaction.atomic
def name_parts(row: RegisteredMember, held: Sequence[Found], chosen: Sequence[int], *, at: datetime) -> None:
    """Keep just those of what was held here in which she says she took part; what is not in `held` stays."""
    RegisteredMember.objects.select_for_update().get(pk=row.pk)
    offered = {found.record: found.at for found in held}
    there = set(row.parts.filter(activity__in=offered).values_list("activity", flat=True))
    wanted = offered.keys() & set(chosen)
    if there == wanted:
        return
    row.parts.filter(activity__in=there - wanted).delete()
    TakenPart.objects.bulk_create(
        TakenPart(member=row, activity=pk, held_at=offered[pk]) for pk in sorted(wanted - there)
    )
    _written(DOOR, PART_NAMED, ("registered_member", row.pk), at, row.community, parts=len(wanted))
    for day in {timezone.localdate(offered[pk]) for pk in there ^ wanted}:
        record_changed(PART, [row.organisation_id], day)


def code_of(row: RegisteredMember) -> str:
    """The code to look oneself up with, about 40 bits; made from the secret, so that the same form shows it again."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"registered {row.key}".encode(), hashlib.sha256).digest()
    text = base64.b32encode(digest).decode().translate(str.maketrans("01IOLU", "892345"))
    return f"{text[:4]}-{text[4:8]}"


def by_code(code: str) -> RegisteredMember | None:
    """The registration that stands under a code."""
    found = RegisteredMember.objects.filter(code_mark=_mark(code), withdrawn_at=None)
    return found.select_related("community", "organisation", "county").first()


def _mark(code: str) -> str:
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hmac.new(settings.SECRET_KEY.encode(), f"registered mark {plain}".encode(), hashlib.sha256).hexdigest()


def _written(actor: Actor, what: Verb, subject: tuple[str, int], at: datetime, community: Place, **facts: Any) -> None:
    record(actor, what, at=at, subject=subject, place=community.path, facts={"community": community.pk, **facts})
