"""One service and one meeting a year, of one's own undertaking: of units by what they held or came to, of members
by the activities they say they took part in. Counted by unit; nobody is ranked."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.registration.models import RegisteredMember, RegisteredUnit, TakenPart
from jingwei.duties.debtors import SOURCES
from jingwei.duties.declared import DUTIES, Duty, Found, Record
from jingwei.duties.laying import Debtor
from jingwei.duties.models import Turn
from jingwei.organisations.models import Organisation
from jingwei.worktime import Period


def _units(county: str) -> Iterator[Debtor]:
    rows = RegisteredUnit.objects.filter(organisation__county=county).order_by("pk")
    for unit, since, until in rows.values_list("organisation", "since", "until"):
        yield Debtor(unit, since=since, until=until)


def _members(county: str) -> Iterator[Debtor]:
    for one in RegisteredMember.objects.filter(county=county, withdrawn_at=None).order_by("pk"):
        yield Debtor(one.organisation_id, person=one.person_id, since=timezone.localdate(one.registered_at))


SOURCES["registered_units"] = _units
SOURCES["registered_members"] = _members


def _parts(turns: Sequence[Turn]) -> Iterator[Found]:
    """The activities of each turn's days and sorts in which its person says she took part."""
    named = TakenPart.objects.filter(member__person__in={turn.person_id for turn in turns})
    by_person: dict[int | None, list[tuple[int, datetime]]] = {}
    for person, activity, at in named.values_list("member__person", "activity", "held_at"):
        by_person.setdefault(person, []).append((activity, at))
    for turn in turns:
        parts = by_person.get(turn.person_id, ())
        of_its_sort = {found.record for found in held_near(turn)} if parts else set[int]()
        for activity, at in parts:
            if activity in of_its_sort and turn.first <= timezone.localdate(at) <= turn.last:
                yield Found(turn.pk, activity, at)


def held_near(turn: Turn) -> list[Found]:
    """What was held in the community of a member, of the sorts that her turn asks for, on its days."""
    member = RegisteredMember.objects.select_related("community").get(person=turn.person_id)
    return held_at(member, turn.key, Period(turn.first, turn.last), turn.edition_id)


def held_at(member: RegisteredMember, key: str, days: Period, edition: str) -> list[Found]:
    """What organisations on the ground of a member's community held on these days, of the sorts for a duty."""
    near = Organisation.objects.filter(county=member.county_id, ground__path__startswith=member.community.path)
    asked = [
        Turn(pk=pk, key=key, organisation_id=pk, first=days.first, last=days.last, edition_id=edition)
        for pk in near.values_list("pk", flat=True)
    ]
    finds = DUTIES["activity"].met_by.finds
    assert finds is not None
    return sorted(finds(asked), key=lambda found: found.at, reverse=True)


PART = Record("part", _("Took part in an activity"), _parts, made_of="activity")

Duty("member_service", _("A member's service in the year"), PART)
Duty("member_meeting", _("A member's meeting in the year"), PART)
