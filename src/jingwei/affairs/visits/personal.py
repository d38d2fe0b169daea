"""What records of visits hold of persons, as a county's information list names it, and how it is erased."""

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.visits.models import Visit
from jingwei.people.erasing import Gone, Scope, eraser
from jingwei.people.lists import Begins, personal

WORDS = personal("visit_words", _("What was asked and promised on visits"), Begins.STORED)


@eraser(WORDS)
def erase_words(scope: Scope) -> Sequence[Gone]:
    """The words of visits recorded at or before the scope's moment; that there was a visit, and its promises, stay."""
    if scope.before is None:
        return []  # a visit is to a place, and its record belongs to no one resident
    kept = Visit.objects.filter(county=scope.county_code, recorded_at__lte=scope.before)
    visits = list(kept.exclude(Q(asked="") & Q(promised="")).order_by("pk")[: scope.limit])
    Visit.objects.filter(pk__in=[one.pk for one in visits]).update(asked="", promised="")
    return [Gone(("visit", one.pk), bool(one.asked) + bool(one.promised), one.ground_path) for one in visits]
