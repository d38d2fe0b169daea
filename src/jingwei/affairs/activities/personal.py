"""What sign-ups and certificates hold of persons, as a county's information list names it, and how it is erased."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from jingwei.affairs.activities.models import Certificate, SignUp
from jingwei.people.erasing import Gone, Scope, eraser
from jingwei.people.lists import Begins, personal

NAME = personal("activity_name", _("Name of who signs up for an activity"), Begins.ENDED)
TELEPHONE = personal("activity_telephone", _("Telephone of who signs up for an activity"), Begins.ENDED)
CERTIFICATE_NAME = personal("certificate_name", _("Name on a certificate"), Begins.STORED)


def _erase(scope: Scope, column: str) -> Sequence[Gone]:
    """Names or telephones of activities that ended at or before the scope's moment; the places taken stay counted."""
    if scope.before is None:
        return []  # whoever signed up withdraws with her code, and both go at once
    over = SignUp.objects.filter(activity__county=scope.county_code, activity__ends_at__lte=scope.before)
    rows = list(over.exclude(**{column: ""}).select_related("activity").order_by("pk")[: scope.limit])
    SignUp.objects.filter(pk__in=[one.pk for one in rows]).update(**{column: ""})
    return [Gone(("sign_up", one.pk), 1, one.activity.ground_path) for one in rows]


@eraser(NAME)
def erase_names(scope: Scope) -> Sequence[Gone]:
    """Names of those who signed up."""
    return _erase(scope, "name")


@eraser(TELEPHONE)
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
