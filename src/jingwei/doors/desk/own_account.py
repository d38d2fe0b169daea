"""One's own account: the password, the second factor, and where one is signed in."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.accounts import lockout
from jingwei.accounts.acts import change_own_password, rules_for
from jingwei.accounts.entering import herself
from jingwei.accounts.models import Account, SecondFactor, Session
from jingwei.accounts.passwords import must_change
from jingwei.accounts.refusals import WeakPassword
from jingwei.accounts.sessions import digest_of, end_sessions, is_this, sessions_of
from jingwei.accounts.sitting import as_oneself, sitting_of
from jingwei.accounts.verbs import SESSIONS_ENDED
from jingwei.doors.desk.sign_in import Faults, next_of
from jingwei.running.once import once, was_sent
from jingwei.trail.acts import record


@never_cache
@as_oneself
@require_safe
def account_page(request: HttpRequest) -> HttpResponse:
    """Where one is signed in, since when, last use; the password and the second factor."""
    account: Account = request.user  # type: ignore[assignment]
    at = timezone.now()
    request.sitting = sitting_of(request)  # type: ignore[attr-defined]
    said = {
        "account": account,
        "rules": rules_for(account),
        "factor": SecondFactor.objects.filter(account=account).exclude(confirmed_at=None).first(),
        "codes_left": account.recovery_codes.filter(used_at=None).count(),
        "sessions": [(one, is_this(one, request)) for one in sessions_of(account, at)],
    }
    return render(request, "desk/account.html", said)


@never_cache
@as_oneself
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one session, or with `all` every one but this."""
    account: Account = request.user  # type: ignore[assignment]
    if request.POST.get("all"):
        ended = end_sessions([account], but=request)
    else:
        mine = Session.objects.filter(account=account, session_key=request.POST.get("session", "")[:40])
        ended = mine.exclude(session_key=digest_of(request.session.session_key or "")).delete()[0]
    if ended:
        subject = ("account", account.pk)
        record(herself(account), SESSIONS_ENDED, at=timezone.now(), subject=subject, facts={"sessions": ended})
        messages.success(request, _("Signed out there."))
    return redirect("desk:account")


@never_cache
@sensitive_post_parameters("old", "new", "again")
@as_oneself
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Choose a new password: because one wants to, because the first was handed out, or because it is too old."""
    account: Account = request.user  # type: ignore[assignment]
    at, rules = timezone.now(), rules_for(account)
    if request.method != "POST":
        return _password(request, account, [])
    if was_sent(request):  # the password of today is the new one by now, and nothing was tried wrongly
        return HttpResponseRedirect(next_of(request))
    coming = lockout.coming(account.username, request)
    if lockout.begin_try(coming, rules, at):
        return _password(request, account, [("", _("Too many wrong tries. Wait a quarter of an hour."))], status=429)
    if not account.check_password(request.POST.get("old", "")):
        return _password(request, account, [("id_old", _("The password of today is wrong."))], status=422)
    lockout.succeeded(coming)
    new = request.POST.get("new", "")
    if new != request.POST.get("again"):
        said = _("The two do not agree. Type the new one twice.")
        return _password(request, account, [("id_again", said)], status=422)
    try:
        with once(request, at) as is_new:
            if is_new:
                change_own_password(account, new, rules=rules, actor=herself(account), at=at)
    except WeakPassword as weak:
        return _password(request, account, [("id_new", fault) for fault in weak.faults], status=422)
    update_session_auth_hash(request, account)
    end_sessions([account], but=request)
    messages.success(request, _("The new password holds from now on. You are signed out everywhere else."))
    response = HttpResponseRedirect(next_of(request))
    lockout.remember(response, request, account, secure=settings.SECURE)
    return response


def _password(request: HttpRequest, account: Account, wrong: Faults, status: int = 200) -> HttpResponse:
    rules = rules_for(account)
    said = {
        "wrong": wrong,
        "faults": dict(reversed(wrong)),
        "rules": rules,
        "account": account,
        "must": must_change(account, rules, timezone.now()),
        "first": account.password_since is None,
        "next": next_of(request),
    }
    return render(request, "desk/password.html", said, status=status)
