"""What registration holds of persons, as a county's information list names it, and how it is erased."""

from collections.abc import Sequence

from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.registration.models import RegisteredMember
from jingwei.people.erasing import Gone, Scope, eraser
from jingwei.people.lists import Begins, personal

NAME = personal("registered_name", _("Name of a member who registers where she lives"), Begins.STORED)
TELEPHONE = personal("registered_telephone", _("Telephone of a member who registers where she lives"), Begins.STORED)


def _erase(scope: Scope, column: str) -> Sequence[Gone]:
    """Of those who registered at or before the scope's moment; with it the registration is over."""
    if scope.before is None:
        return []  # whoever registered withdraws with her code, and both go at once
    found = RegisteredMember.objects.filter(county=scope.county_code, registered_at__lte=scope.before)
    rows = list(found.exclude(**{column: ""}).select_related("community").order_by("pk")[: scope.limit])
    over = {column: "", "withdrawn_at": Coalesce("withdrawn_at", scope.at)}
    RegisteredMember.objects.filter(pk__in=[one.pk for one in rows]).update(**over)
    return [Gone(("registered_member", one.pk), 1, one.community.path) for one in rows]


@eraser(NAME)
def erase_names(scope: Scope) -> Sequence[Gone]:
    """Names of members who registered."""
    return _erase(scope, "name")


@eraser(TELEPHONE)
def erase_telephones(scope: Scope) -> Sequence[Gone]:
    """Telephones of members who registered."""
    return _erase(scope, "telephone")
