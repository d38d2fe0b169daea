"""Letting somebody in: a fresh session that knows when it ends and whether a second factor is owed."""

from datetime import datetime

from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingwei.accounts import sessions, verbs
from jingwei.accounts.acts import rules_for
from jingwei.accounts.models import Account, SecondFactor
from jingwei.accounts.sitting import CHOSEN, MEANS, OWED, PASSED, STANDING, standing_of
from jingwei.organisations.queries import posts_of
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record

BACKEND = "django.contrib.auth.backends.ModelBackend"


def let_in(request: HttpRequest, account: Account, *, means: str, at: datetime) -> None:
    """Sign an account in by `means` ("password", "outside"): the session's key changes, and its clock begins."""
    login(request, account, backend=BACKEND)
    for left in (CHOSEN, PASSED):
        request.session.pop(left, None)
    request.session[MEANS] = means
    request.session[STANDING] = standing_of(list(posts_of(account.person_id, timezone.localdate(at))))
    sessions.begin(request, rules_for(account), at)
    request.session[OWED] = SecondFactor.objects.filter(account=account).exclude(confirmed_at=None).exists()
    record(
        herself(account), verbs.SIGNED_IN, at=at, subject=("account", account.pk), facts={"means": means, "ok": True}
    )


def herself(account: Account) -> Actor:
    """Somebody who has not said yet at which post she acts."""
    return Actor.of_person(account.person_id, None, str(_("at the gate of the desk")))
