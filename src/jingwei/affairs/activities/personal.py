"""What sign-ups, certificates and photographs hold of persons, as a county's list names it, and how it is erased."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.activities.models import Certificate, Photograph, SignUp
from jingwei.files.forgetting import forget_unused
from jingwei.people.erasing import KEPT_BY_NUMBER, Gone, Scope, eraser
from jingwei.people.lists import Begins, personal
from jingwei.people.numbers import only_digits

NAME = personal("activity_name", _("Name of who signs up for an activity"), Begins.ENDED)
TELEPHONE = personal("activity_telephone", _("Telephone of who signs up for an activity"), Begins.ENDED)
CERTIFICATE_NAME = personal("certificate_name", _("Name on a certificate"), Begins.STORED)
PHOTOGRAPHS = personal("activity_photographs", _("Photographs of activities"), Begins.STORED)


def _erase(scope: Scope, column: str) -> Sequence[Gone]:
    """Names or telephones of activities that ended at or before the scope's moment; the places taken stay counted."""
    kept = SignUp.objects.filter(activity__county=scope.county_code)
    if scope.before is None:
        over = kept.filter(pk__in=[one.pk for one in sign_ups_of(scope.county_code, frozenset(scope.numbers))])
    else:
        over = kept.filter(activity__ends_at__lte=scope.before)
    rows = list(over.exclude(**{column: ""}).select_related("activity").order_by("pk")[: scope.limit])
    SignUp.objects.filter(pk__in=[one.pk for one in rows]).update(**{column: ""})
    return [Gone(("sign_up", one.pk), 1, one.activity.ground_path) for one in rows]


def sign_ups_of(county: str, numbers: frozenset[str]) -> list[SignUp]:
    """Places taken with one of these numbers. Each is unlocked and compared: they are few, and go after the event."""
    if not numbers:
        return []
    kept = SignUp.objects.filter(activity__county=county).exclude(telephone="").select_related("activity")
    return [one for one in kept.order_by("pk").iterator() if only_digits(one.telephone) in numbers]


def _kept(county: str, numbers: frozenset[str]) -> list[dict[str, str]]:
    return [
        {"title": one.activity.title, "at": _moment(one.at), "name": one.name, "telephone": one.telephone}
        for one in sign_ups_of(county, numbers)
    ]


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


KEPT_BY_NUMBER.append(_kept)


@eraser(NAME, by_number=True)
def erase_names(scope: Scope) -> Sequence[Gone]:
    """Names of those who signed up."""
    return _erase(scope, "name")


@eraser(TELEPHONE, by_number=True)
def erase_telephones(scope: Scope) -> Sequence[Gone]:
    """Telephones of those who signed up."""
    return _erase(scope, "telephone")


@eraser(CERTIFICATE_NAME)
def erase_certificate_names(scope: Scope) -> Sequence[Gone]:
    """Names on certificates issued at or before the scope's moment; their numbers can still be verified."""
    if scope.before is None:
        return []
    issued = Certificate.objects.filter(activity__county=scope.county_code, issued_at__lte=scope.before)
    rows = list(issued.exclude(name="").select_related("activity").order_by("pk")[: scope.limit])
    Certificate.objects.filter(pk__in=[one.pk for one in rows]).update(name="")
    return [Gone(("certificate", one.pk), 1, one.activity.ground_path) for one in rows]


@eraser(PHOTOGRAPHS)
def erase_photographs(scope: Scope) -> Sequence[Gone]:
    """Photographs of activities kept at or before the scope's moment, wherever they were shown; files included."""
    if scope.before is None:
        return []  # whom a photograph shows is not written down anywhere
    kept = Photograph.objects.filter(activity__county=scope.county_code, added_at__lte=scope.before)
    rows = list(kept.select_related("activity").order_by("pk")[: scope.limit])
    Photograph.objects.filter(pk__in=[one.pk for one in rows]).delete()
    forget_unused(one.blob_id for one in rows)
    return [Gone(("photograph", one.pk), 1, one.activity.ground_path) for one in rows]
