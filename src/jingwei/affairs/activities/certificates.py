"""Certificates of a course: given to those who completed it, verified by number and the name's first character."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingwei.affairs.activities.acts import ActivityRefused
from jingwei.affairs.activities.models import Activity, Certificate, SignUp, State
from jingwei.affairs.activities.pack import ActivitiesSection
from jingwei.affairs.activities.personal import CERTIFICATE_NAME
from jingwei.people.lists import refuse_unlisted
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb

CERTIFIED = verb("activities.certified", _("give certificates"), _("gave certificates"))

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class NoCertificates(ActivityRefused):
    """Certificates are of courses that were held, and bear a name."""

    sentence = _("Certificates are given for a course that was held, to people who signed up with their names.")


def certifies(activity: Activity) -> bool:
    """Whether its sort gives certificates, and it asked for names to write on them."""
    line = book(activity.county_id)[ActivitiesSection].line(activity.sort)
    return line is not None and line.certificate and activity.asks_contact


@transaction.atomic
def certify(activity: Activity, completed: Collection[int], *, actor: Actor, at: datetime) -> None:
    """Let exactly these sign-ups have a certificate: others lose theirs. Raises NoCertificates, NotOnTheList."""
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    if not certifies(activity) or activity.state != State.HELD:
        raise NoCertificates
    refuse_unlisted(book(activity.county_id), CERTIFICATE_NAME)
    given = activity.certificates.select_for_update()
    revoked = given.filter(revoked_at=None).exclude(sign_up__in=completed).update(revoked_at=at)
    again = given.filter(sign_up__in=completed).exclude(revoked_at=None).update(revoked_at=None)
    rows = activity.sign_ups.filter(pk__in=completed, withdrawn_at=None, certificate=None).order_by("pk")
    new = [_give(activity, row, at) for row in rows if row.name]
    if new or revoked or again:
        facts = {"given": len(new) + again, "revoked": revoked}
        record(actor, CERTIFIED, at=at, subject=("activity", activity.pk), place=activity.ground_path, facts=facts)


def _give(activity: Activity, row: SignUp, at: datetime) -> Certificate:
    tail = "".join(secrets.choice(LETTERS) for _n in range(4))
    number = f"{activity.county_id}-{timezone.localdate(at).year}-{row.pk:06d}-{tail}"
    return Certificate.objects.create(
        activity=activity, sign_up=row, number=number, name=row.name, initial_mark=_mark(number, row.name), issued_at=at
    )


def verified(number: str, initial: str) -> Certificate | None:
    """The certificate that bears this number and a name with this first character, unless it was taken back."""
    number, initial = "".join(number.split()).upper(), initial.strip()
    found = Certificate.objects.filter(number=number, revoked_at=None).select_related("activity__organisation").first()
    fits = found is not None and initial and hmac.compare_digest(found.initial_mark, _mark(number, initial))
    return found if fits else None


def _mark(number: str, name: str) -> str:
    said = f"certificate {number} {name[:1]}"
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()
