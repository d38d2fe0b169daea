"""The second factor at the desk: giving its code, setting it up, and new recovery codes."""

from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.accounts import factors
from jingwei.accounts.acts import rules_for
from jingwei.accounts.entering import herself
from jingwei.accounts.models import Account, SecondFactor
from jingwei.accounts.sitting import OWED, PASSED, as_oneself
from jingwei.doors.desk.sign_in import Faults, next_of, onward
from jingwei.running.once import once


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the second factor; whoever has none yet sets it up first."""
    account = request.user
    if not isinstance(account, Account):
        return redirect("desk:sign_in")
    request.county = account.person.county  # type: ignore[attr-defined]
    if not SecondFactor.objects.filter(account=account).exclude(confirmed_at=None).exists():
        return onward("desk:set_up_factor", next_of(request))
    if request.method != "POST":
        return _ask(request)
    rules = rules_for(account)
    answer = factors.check(account, request.POST.get("code", "")[:40], rules, actor=herself(account), at=timezone.now())
    if answer is factors.Answer.RIGHT:
        _passed(request)
        return HttpResponseRedirect(next_of(request))
    if answer is factors.Answer.CLOSED:
        sentence = _("Too many wrong codes. Wait %(minutes)d minutes, then try again.") % {
            "minutes": rules.locked_minutes
        }
        return _ask(request, [("", sentence)], status=429)
    sentence = _("This code is wrong, or was used before. Wait for the next one and type it.")
    return _ask(request, [("id_code", sentence)], status=422)


@never_cache
@sensitive_post_parameters("code")
@as_oneself
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the secret as a QR code and as letters, and take the first code made from it."""
    account: Account = request.user  # type: ignore[assignment]
    session = request.session.session_key or ""
    factor = factors.proposed(account, session)
    if factor.confirmed_at is not None:
        return HttpResponseRedirect(next_of(request))
    wrong: Faults = []
    if request.method == "POST":
        at = timezone.now()
        codes = factors.confirm(account, session, request.POST.get("code", "")[:40], actor=herself(account), at=at)
        if codes is not None:
            _passed(request)
            return _show_codes(request, codes)
        wrong = [("id_code", _("This code does not fit. Look at the telephone's clock, wait for the next one."))]
    issuer = f"{request.county} {_('Jingwei')}"  # type: ignore[attr-defined]
    said = {
        "wrong": wrong,
        "next": next_of(request),
        "picture": _picture(factors.address(factor, issuer)),
        "secret": " ".join(factor.secret[n : n + 4] for n in range(0, len(factor.secret), 4)),
    }
    return render(request, "desk/set_up_factor.html", said, status=422 if wrong else 200)


@never_cache
@as_oneself
@require_POST
def renew_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once, in place of the old ones."""
    account: Account = request.user  # type: ignore[assignment]
    if not request.session.get(PASSED):
        return onward("desk:second_factor", reverse("desk:account"))
    at = timezone.now()
    with once(request, at) as is_new:
        codes = factors.renew_codes(account, actor=herself(account), at=at) if is_new else []
    if not is_new:
        sentence = _("These codes were made already, and shown once. If you did not see them, make new ones.")
        messages.info(request, sentence)
        return redirect("desk:account")
    return _show_codes(request, codes)


def _ask(request: HttpRequest, wrong: Faults | None = None, status: int = 200) -> HttpResponse:
    said: dict[str, Any] = {"wrong": wrong or [], "next": next_of(request)}
    return render(request, "desk/second_factor.html", said, status=status)


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "desk/recovery_codes.html", {"codes": codes, "next": next_of(request)})


def _passed(request: HttpRequest) -> None:
    """Remember that the factor was shown; the session's key changes, as at every gain of trust."""
    request.session[OWED] = request.session[PASSED] = True
    request.session.cycle_key()


def _picture(address: str) -> str:
    drawn = segno.make(address, error="m").svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None)
    return mark_safe(drawn)  # noqa: S308  (drawn by segno from our own address)
