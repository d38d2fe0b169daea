"""Who has left: officials who hold no post any more, and since when."""

from collections.abc import Iterable

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from jingwei.organisations.models import Appointment
from jingwei.people.erasing import Scope
from jingwei.people.forgetting import past_of
from jingwei.people.models import Person


@past_of(Person.OFFICIAL)
def officials_past(scope: Scope) -> Iterable[int]:
    """Officials whose last appointment ended at or before the scope's moment. Whoever never held a post is not past."""
    assert scope.before is not None
    today = timezone.localdate(scope.at)
    serving = Appointment.objects.filter(Q(until=None) | Q(until__gt=today), person=OuterRef("pk"))
    return (
        Person.objects.filter(~Exists(serving), county_id=scope.county_code, purpose=Person.OFFICIAL)
        .annotate(left=Max("appointments__until"))
        .filter(left__lte=timezone.localdate(scope.before))
        .values_list("pk", flat=True)
    )
