"""What is kept of candidates of owners' committees, as the county's information list names it, and how it goes."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from jingwei.organisations.bonds import Candidate
from jingwei.organisations.models import Appointment
from jingwei.people.erasing import Gone, Scope, eraser
from jingwei.people.lists import Begins, personal
from jingwei.people.models import Person

CANDIDACY = personal(
    "staff_candidacy", _("That somebody stood for an owners' committee, and the outcome"), Begins.STORED
)


@eraser(CANDIDACY)
def erase_candidacies(scope: Scope) -> Sequence[Gone]:
    """Delete candidacies whose forming closed before the term, and with them the name of who never held a post."""
    kept = Candidate.objects.filter(forming__organisation__county_id=scope.county_code)
    if scope.before is None:
        kept = kept.filter(person__in=scope.persons)
    else:
        kept = kept.filter(forming__until__lte=localdate(scope.before))
    found = list(kept.order_by("pk")[: scope.limit])
    Candidate.objects.filter(pk__in=[one.pk for one in found]).delete()
    of_person = {"person": OuterRef("pk")}
    Person.objects.filter(
        ~Exists(Appointment.objects.filter(**of_person)),
        ~Exists(Candidate.objects.filter(**of_person)),
        pk__in=[one.person_id for one in found],
        purpose=Person.OFFICIAL,
    ).update(name_locked=None, telephone_locked=None, telephone_mark="", erased_at=scope.at)
    return [Gone(("candidate", one.pk)) for one in found]
