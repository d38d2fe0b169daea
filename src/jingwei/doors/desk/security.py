"""The security officer's page: resetting second factors, and looking over what was done to accounts."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.accounts import factors, verbs
from jingwei.accounts.acts import review, take_measure
from jingwei.accounts.models import Account, SecondFactor
from jingwei.accounts.queries import accounts_under, measures_of
from jingwei.accounts.refusals import AccountRefused, NotForOneself
from jingwei.accounts.sessions import end_sessions
from jingwei.doors.desk.officers import of_officer, sitting_at
from jingwei.organisations.pack import Role
from jingwei.running.once import once
from jingwei.trail.actor import Actor
from jingwei.trail.verbs import verb_named

A_PAGE = 30
LATELY = timedelta(days=180)


@of_officer(Role.SECURITY_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def security(request: HttpRequest) -> HttpResponse:
    """What waits to be looked over, and the form that resets somebody's second factor."""
    wrong: list[tuple[str, str]] = []
    sitting, at = sitting_at(request), timezone.now()
    if request.method == "POST":
        username = request.POST.get("username", "").replace("\x00", "").strip()[:40]
        account = accounts_under(sitting.post, timezone.localdate()).filter(username__iexact=username).first()
        reason = request.POST.get("reason", "").replace("\x00", "")
        try:
            with once(request, at) as is_new:
                if is_new:
                    reset_factor(account, reason, actor=sitting.actor, at=at)
        except AccountRefused as refused:
            wrong = [(f"id_{refused.field}" if refused.field else "", refused.sentence)]
        else:
            messages.success(request, _("The second factor is reset. She sets up a new one when she signs in."))
            return redirect("desk:security")
    waiting = request.GET.get("all") != "1"
    found = measures_of(sitting.county_code).filter(at__gte=at - LATELY)
    if waiting:
        found = found.filter(reviewed_at=None)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    said = {
        "measures": [(one, str(verb_named(one.verb).past), one.by_person == sitting.account.person_id) for one in page],
        "page": page,
        "waiting": waiting,
        "wrong": wrong,
        "faults": dict(wrong),
        "username": request.POST.get("username", ""),
    }
    return render(request, "desk/security.html", said, status=422 if wrong else 200)


@of_officer(Role.SECURITY_OFFICER)
@require_POST
def reviewed(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a measure was looked over."""
    sitting = sitting_at(request)
    measure = get_object_or_404(measures_of(sitting.county_code), pk=pk)
    try:
        review(measure, actor=sitting.actor, at=timezone.now())
    except AccountRefused as refused:
        messages.error(request, refused.sentence)
    return redirect("desk:security")


@transaction.atomic
def reset_factor(account: Account | None, reason: str, *, actor: Actor, at: datetime) -> None:
    """Take somebody's second factor away, who stood here and showed who she is; her sessions end."""
    if account is None:
        raise AccountRefused(_("No account of your ground has this user name."), "username")
    if account.person_id == actor.person_id:
        raise NotForOneself
    if not SecondFactor.objects.filter(account=account).exclude(confirmed_at=None).exists():
        raise AccountRefused(_("This account has no second factor."), "username")
    factors.take_away(account)
    end_sessions([account])
    take_measure(account, verbs.FACTOR_RESET, reason, actor=actor, at=at)
