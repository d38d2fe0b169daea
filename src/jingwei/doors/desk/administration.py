"""The administrator's page: who has an account, which posts she holds; inviting, appointing, closing, helping."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jingwei.accounts import acts, lockout, outside
from jingwei.accounts.models import Account
from jingwei.accounts.pack import rules_of
from jingwei.accounts.queries import accounts_under, narrowed, posts_under, without_account
from jingwei.accounts.refusals import AccountRefused, NotForOneself
from jingwei.accounts.sessions import end_sessions
from jingwei.accounts.sitting import Sitting
from jingwei.doors.desk.inviting import Invitation
from jingwei.doors.desk.officers import of_officer, sitting_at
from jingwei.doors.desk.set_up import steps_of
from jingwei.organisations.acts import appoint, dismiss
from jingwei.organisations.models import Appointment, Post
from jingwei.organisations.pack import Role
from jingwei.organisations.refusals import OrganisationRefused
from jingwei.people.models import Person
from jingwei.running.once import once, was_sent

A_PAGE = 50
STATES = ("", "active", "waiting", "disabled")


@of_officer(Role.ADMINISTRATOR)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The accounts of the administrator's ground, by user name."""
    sitting, words = sitting_at(request), request.GET.get("q", "").replace("\x00", "").strip()[:40]
    state = request.GET.get("state", "") if request.GET.get("state") in STATES else ""
    found = narrowed(accounts_under(sitting.post, timezone.localdate()), words, state)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    titles = {"": _("All"), "active": _("In use"), "waiting": _("First password handed out"), "disabled": _("Disabled")}
    chips = [{"label": titles[one], "href": f"?state={one}", "current": one == state} for one in STATES]
    unset = sitting.post.ground.layer == "county" and any(not one.done for one in steps_of(sitting.county_code))
    said = {"page": page, "words": words, "state": state, "chips": chips, "many": page.paginator.count, "unset": unset}
    return render(request, "desk/accounts.html", said)


@of_officer(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Open an account for one person, appoint her, and show the first password once."""
    sitting, at = sitting_at(request), timezone.now()
    if was_sent(request):  # her name is taken by now, by herself
        return _invited_before(request, request.POST.get("username", "").replace("\x00", "").strip()[:40])
    person = _appointed(request, sitting)
    posted = request.POST if request.method == "POST" else None
    form = Invitation(posted, posts=posts_under(sitting.post), person=person)
    if request.method == "POST" and form.is_valid():
        try:
            with once(request, at) as is_new:
                if not is_new:
                    return _invited_before(request, form.cleaned_data["username"])
                account, first = form.invite(sitting, at)
        except AccountRefused as refused:
            form.add_error(refused.field or None, refused.sentence)
        except OrganisationRefused as apart:
            form.add_error("post", apart.sentence)
        else:
            return _show_first_password(request, sitting, account, first)
    return render(request, "desk/invite.html", {"form": form, "person": person}, status=422 if form.errors else 200)


@of_officer(Role.ADMINISTRATOR)
@require_safe
def without(request: HttpRequest) -> HttpResponse:
    """Who holds a post on the administrator's ground and cannot sign in yet; rosters bring in people, not accounts."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    found = without_account(sitting_at(request).post, timezone.localdate(), words)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    said = {"page": page, "words": words, "many": page.paginator.count}
    return render(request, "desk/accounts_without.html", said)


def _appointed(request: HttpRequest, sitting: Sitting) -> Person | None:
    """The person the address names, who holds a post here and has no account; None where it names nobody."""
    said = request.GET.get("person", "")
    if not said:
        return None
    wanted = int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0
    held = without_account(sitting.post, timezone.localdate(), "").filter(person=wanted).first()
    if held is None:
        raise Http404
    return held.person


@of_officer(Role.ADMINISTRATOR)
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its posts, its state, and what can be done."""
    return _page(request, _managed(request, pk))


@of_officer(Role.ADMINISTRATOR)
@require_POST
def do(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one thing to an account, for a reason."""
    if (deed := DEEDS.get(name)) is None:
        raise Http404
    account, at = _managed(request, pk), timezone.now()
    try:
        with once(request, at) as is_new:
            answer = deed(request, account, at) if is_new else None
            if not is_new:
                _done_before(request)
    except (AccountRefused, OrganisationRefused) as refused:
        return _page(request, account, wrong=[("", refused.sentence)], status=422)
    return answer or redirect("desk:an_account", pk=account.pk)


def _managed(request: HttpRequest, pk: int) -> Account:
    return get_object_or_404(accounts_under(sitting_at(request).post, timezone.localdate()), pk=pk)


def _page(
    request: HttpRequest, account: Account, *, wrong: list[tuple[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    sitting = sitting_at(request)
    rules = rules_of(account.person.county)
    said: dict[str, Any] = {
        "account": account,
        "standing": account.person.standing,  # type: ignore[attr-defined]
        "posts": [("", _("Choose a post")), *((p.pk, p.full_title) for p in posts_under(sitting.post))],
        "locked": lockout.is_locked_anywhere(account.username, rules, timezone.now()),
        "waiting": account.password_since is None and account.first_until is not None,
        "own": account.person_id == sitting.account.person_id,
        "outside": outside.provider(),
        "wrong": wrong or [],
    }
    return render(request, "desk/an_account.html", said, status=status)


def _invited_before(request: HttpRequest, username: str) -> HttpResponse:
    account = accounts_under(sitting_at(request).post, timezone.localdate()).filter(username=username).first()
    _done_before(request)
    return redirect("desk:an_account", pk=account.pk) if account else redirect("desk:accounts")


def _done_before(request: HttpRequest) -> None:
    messages.info(request, _("This had been sent already, and was done once."))


def _show_first_password(request: HttpRequest, sitting: Sitting, account: Account, first: str) -> HttpResponse:
    said = {
        "account": account,
        "first": first,
        "hours": rules_of(sitting.post.organisation.county).first_password_hours,
    }
    return render(request, "desk/first_password.html", said)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").replace("\x00", "")


def _hand_out(request: HttpRequest, account: Account, at: datetime) -> HttpResponse:
    sitting = sitting_at(request)
    rules = rules_of(account.person.county)
    first = acts.hand_out_password(account, _reason(request), rules=rules, actor=sitting.actor, at=at)
    return _show_first_password(request, sitting, account, first)


def _disable(request: HttpRequest, account: Account, at: datetime) -> None:
    acts.disable(account, _reason(request), actor=sitting_at(request).actor, at=at)
    messages.success(request, _("The account is closed, and signed out everywhere."))


def _enable(request: HttpRequest, account: Account, at: datetime) -> None:
    acts.enable(account, _reason(request), actor=sitting_at(request).actor, at=at)
    messages.success(request, _("The account is open again."))


def _unlock(request: HttpRequest, account: Account, at: datetime) -> None:
    acts.unlock(account, _reason(request), actor=sitting_at(request).actor, at=at)
    messages.success(request, _("The gate is open to this name again."))


def _end_sessions(request: HttpRequest, account: Account, at: datetime) -> None:
    acts.end_all_sessions(account, _reason(request), actor=sitting_at(request).actor, at=at)
    messages.success(request, _("Signed out everywhere."))


def _link(request: HttpRequest, account: Account, at: datetime) -> None:
    said = request.POST.get("outside", "").replace("\x00", "")[:200]
    acts.link(account, said, actor=sitting_at(request).actor, at=at)
    messages.success(request, _("Linked.") if said.strip() else _("The link is undone."))


def _appoint(request: HttpRequest, account: Account, at: datetime) -> None:
    sitting = sitting_at(request)
    if account.person_id == sitting.account.person_id:
        raise NotForOneself
    post = _post(sitting, request.POST.get("post", ""))
    if any(standing.post_id == post.pk for standing in account.person.standing):  # type: ignore[attr-defined]
        raise AccountRefused(_("She holds this post already."), "post")
    appoint([(post, account.person_id)], actor=sitting.actor, at=at)
    end_sessions([account])
    messages.success(request, _("Appointed."))


def _dismiss(request: HttpRequest, account: Account, at: datetime) -> None:
    sitting = sitting_at(request)
    if account.person_id == sitting.account.person_id:
        raise NotForOneself
    said = request.POST.get("appointment", "")
    appointment = get_object_or_404(
        Appointment, pk=int(said) if said.isdecimal() and len(said) < 19 else 0, person=account.person_id
    )
    dismiss(appointment, actor=sitting.actor, at=at)
    end_sessions([account])
    messages.success(request, _("The appointment has ended, and she is signed out everywhere."))


def _post(sitting: Sitting, said: str) -> Post:
    found = posts_under(sitting.post).filter(pk=int(said)) if said.isdecimal() and len(said) < 19 else None
    post = found.first() if found is not None else None
    if post is None:
        raise AccountRefused(_("Choose a post from the list."), "post")
    return post


DEEDS: dict[str, Callable[[HttpRequest, Account, datetime], HttpResponse | None]] = {
    "password": _hand_out,
    "disable": _disable,
    "enable": _enable,
    "unlock": _unlock,
    "sign-out": _end_sessions,
    "link": _link,
    "appoint": _appoint,
    "dismiss": _dismiss,
}
