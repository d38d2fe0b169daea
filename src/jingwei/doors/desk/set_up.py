"""What a new county still lacks before its first case, in the order in which it is done."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jingwei.casework.models import Case
from jingwei.organisations.models import Appointment, Organisation
from jingwei.organisations.pack import KEPT_APART, Role
from jingwei.places.queries import standing


@dataclass(frozen=True)
class Step:
    """One thing to do, whether it is done, and where."""

    title: Promise | str
    words: Promise | str
    done: bool
    href: str = ""


def steps_of(county_code: str) -> list[Step]:
    """The steps of setting up a county; empty once its first case has come."""
    if Case.objects.filter(county_id=county_code).exists():
        return []
    today = timezone.localdate()
    held = Appointment.objects.filter(
        Q(until=None) | Q(until__gt=today), since__lte=today, post__organisation__county_id=county_code
    )
    working = held.exclude(post__roles__overlap=sorted(KEPT_APART))
    signing_in = working.filter(person__account__is_active=True)
    rosters, accounts = reverse("desk:rosters"), reverse("desk:accounts_without")
    return [
        Step(
            _("Places"),
            _("Hand in the list of communities, villages and grids."),
            standing(county_code, "grid").exists(),
            rosters,
        ),
        Step(
            _("Organisations and posts"),
            _("Hand in the list of departments, centres and committees with their posts."),
            Organisation.objects.filter(county_id=county_code, until=None).count() > 1,
            rosters,
        ),
        Step(_("People"), _("Hand in the list of who holds which post."), working.exists(), rosters),
        Step(
            _("Accounts"),
            _("Open accounts for the dispatcher and for one post that handles."),
            signing_in.filter(post__roles__contains=[Role.DISPATCHER.value]).exists()
            and signing_in.filter(post__front_desk=True, post__roles__contains=[Role.DEPARTMENT.value]).exists(),
            accounts,
        ),
        Step(
            _("First case"),
            _("The dispatcher prints QR codes, takes in a report and assigns it."),
            False,
        ),
    ]
