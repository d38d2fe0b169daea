"""Taking a place without an account: a number of places, a code to withdraw with, and a list of those who wait."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from jingwei.affairs.activities.acts import ActivityRefused
from jingwei.affairs.activities.models import Activity, SignUp
from jingwei.affairs.activities.personal import NAME, TELEPHONE
from jingwei.affairs.activities.waiting import is_open, move_up
from jingwei.people.lists import refuse_unlisted
from jingwei.policy.queries import book
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import verb

SIGNED_UP = verb("activities.signed_up", _("take places"), _("took places"))
WITHDRAWN = verb("activities.withdrawn", _("give places back"), _("gave places back"))

DOOR = Actor.machine(gettext_noop("residents' door"))
MOST = 10
"""Places taken at once; a larger group rings the unit."""


class SignUpClosed(ActivityRefused):
    """Places are taken while it is announced and has not begun."""

    sentence = _("Nobody can sign up for this any more.")


class Unsaid(ActivityRefused):
    """An activity that asks who comes takes no place without it."""

    sentence = _("This activity asks for your name and telephone number.")


@dataclass(frozen=True)
class Taking:
    """What somebody asks for at the door."""

    places: int = 1
    name: str = ""
    telephone: str = ""


def code_of(sign_up: SignUp) -> str:
    """The code to withdraw with, about 40 bits; made from the secret, so that the same request shows it again."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"sign-up {sign_up.key}".encode(), hashlib.sha256).digest()
    text = base64.b32encode(digest).decode().translate(str.maketrans("01IOLU", "892345"))
    return f"{text[:4]}-{text[4:8]}"


def _mark(code: str) -> str:
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hmac.new(settings.SECRET_KEY.encode(), f"sign-up mark {plain}".encode(), hashlib.sha256).hexdigest()


def by_code(activity: Activity, code: str) -> SignUp | None:
    """The places that somebody took with this code and has not given back."""
    return activity.sign_ups.filter(code_mark=_mark(code), withdrawn_at=None).first()


@transaction.atomic
def sign_up(activity: Activity, asked: Taking, *, at: datetime, key: UUID) -> SignUp:
    """Take places; where there is not room for all of them, wait. The same `key` again is the same.

    Raises SignUpClosed, Unsaid, NotOnTheList.
    """
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    if before := SignUp.objects.filter(key=key, activity=activity).first():
        return before
    if not is_open(activity, at):
        raise SignUpClosed
    said = {}
    if activity.asks_contact:
        refuse_unlisted(book(activity.county_id), NAME, TELEPHONE)
        if not (asked.name and asked.telephone):
            raise Unsaid
        said = {"name": asked.name, "telephone": asked.telephone}
    waiting = activity.room is not None and activity.taken + asked.places > activity.room
    row = SignUp(activity=activity, places=asked.places, at=at, key=key, waiting=waiting, **said)
    row.code_mark = _mark(code_of(row))
    row.save()
    facts = {"places": asked.places, "waiting": waiting}
    record(DOOR, SIGNED_UP, at=at, subject=("activity", activity.pk), place=activity.ground_path, facts=facts)
    return row


@transaction.atomic
def withdraw(sign_up_: SignUp, *, at: datetime) -> None:
    """Give places back: name and telephone go at once, and those who wait move up in their order."""
    activity = Activity.objects.select_for_update(of=("self",)).get(pk=sign_up_.activity_id)
    given = SignUp.objects.filter(pk=sign_up_.pk, withdrawn_at=None)
    if not given.update(withdrawn_at=at, name="", telephone=""):
        return
    moved = move_up(activity, at)
    facts = {"places": sign_up_.places, "moved_up": moved}
    record(DOOR, WITHDRAWN, at=at, subject=("activity", activity.pk), place=activity.ground_path, facts=facts)
