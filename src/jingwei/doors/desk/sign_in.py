"""The gate of the desk: an official signs in as herself, and says which post she sits at."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.accounts import lockout, outside, verbs
from jingwei.accounts.entering import herself, let_in
from jingwei.accounts.models import Account
from jingwei.accounts.pack import rules_of_the_gate
from jingwei.accounts.sitting import CHOSEN, kept_apart
from jingwei.looks.moments import span
from jingwei.organisations.models import Post
from jingwei.organisations.queries import posts_of
from jingwei.policy.models import County
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import Verb

GATE = Actor.machine("gate of the desk")
HOME = "/desk/"
NOBODY = 0
"""The subject of a line about a name that no account has."""

Faults = list[tuple[str, str]]


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let in whoever knows name and password; too many wrong tries close the gate for a while."""
    if request.user.is_authenticated and request.method != "POST":
        return HttpResponseRedirect(next_of(request))
    if request.method != "POST":
        return gate(request)
    username, password = _username(request), request.POST.get("password", "")
    missing = _missing(username, password)
    if missing:
        return gate(request, missing, username=username, status=422)
    at, rules = timezone.now(), rules_of_the_gate()
    coming = lockout.coming(username, request)
    if closed := lockout.begin_try(coming, rules, at):
        return _locked_out(request, username, closed, at)
    account = authenticate(request, username=username, password=password)
    if not isinstance(account, Account) or _too_late(account, at):
        if closed := lockout.closed(coming, rules, at):
            return _locked_out(request, username, closed, at)
        _tell(verbs.FAILED, username, at)
        return gate(request, [("id_username", _wrong(account))], username=username, status=422)
    lockout.succeeded(coming)
    let_in(request, account, means="password", at=at)
    response = HttpResponseRedirect(next_of(request))
    lockout.remember(response, request, account, secure=settings.SECURE)
    return response


def _too_late(account: Account, at: datetime) -> bool:
    """Whether the password was handed out, and not used in time."""
    return account.password_since is None and account.first_until is not None and account.first_until <= at


def _wrong(account: object) -> str:
    if isinstance(account, Account):
        return _("This first password has run out. Ask the county's administrator for a new one.")
    return _("User name or password is wrong. Look at capital letters and try again.")


def _locked_out(request: HttpRequest, username: str, closed: lockout.Closed, at: datetime) -> HttpResponse:
    """The answer of the gate while it is closed to somebody."""
    _tell(verbs.LOCKED, username, at)
    minutes = timedelta(minutes=-(-(closed.until - at) // timedelta(minutes=1)))
    sentence = _(
        "Too many wrong tries. The gate stays closed to this name for %(span)s; "
        "if you have forgotten the password, ask the county's administrator for a new one."
    ) % {"span": span(minutes)}
    return gate(request, [("", sentence)], username=username, status=429, title=_("Locked for now"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the next person at this screen begins at the gate."""
    if isinstance(request.user, Account):
        record(herself(request.user), verbs.SIGNED_OUT, at=timezone.now(), subject=("account", request.user.pk))
    logout(request)
    messages.success(request, _("You have signed out."))
    return redirect("desk:sign_in")


@never_cache
def posts_changed(request: HttpRequest) -> HttpResponse:
    """Say why the session is over: her posts are others than when it began."""
    messages.info(request, _("Your posts have changed since you signed in. Sign in again to go on."))
    return onward("desk:sign_in", next_of(request))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_post(request: HttpRequest) -> HttpResponse:
    """Say which of her posts a person sits at; everything she does then is done as that post."""
    account = request.user
    assert isinstance(account, Account)
    held = list(posts_of(account.person_id, timezone.localdate()))
    posts = kept_apart(held)
    _set_county(request, held)
    wrong: Faults = []
    if len(posts) < len(held):
        wrong = [("", _("You hold two of these posts: administrator, security officer, auditor. They are kept apart, "
                        "so you can sit at none of them until another administrator has ended one."))]  # fmt: skip
    if request.method == "POST":
        chosen = next((p for p in posts if str(p.pk) == request.POST.get("post")), None)
        if chosen is None:
            facts: dict[str, str | int | bool | None] = {"page": "choose_post", "status": 403, "ok": False}
            record(herself(account), verbs.REFUSED, at=timezone.now(), subject=("account", account.pk), facts=facts)
            wrong = wrong or [("id_post", _("You do not hold this post. Choose one of those below."))]
            return _posts(request, posts, wrong, status=403)
        request.session[CHOSEN] = chosen.pk
        actor = Actor.of_person(account.person_id, chosen.pk, chosen.full_title)
        record(actor, verbs.CHOSE, at=timezone.now(), subject=("post", chosen.pk), place=chosen.ground.path)
        return HttpResponseRedirect(next_of(request))
    return _posts(request, posts, wrong, status=403 if wrong else 200)


def _posts(request: HttpRequest, posts: list[Post], wrong: Faults, status: int = 200) -> HttpResponse:
    options = [{"value": p.pk, "label": str(p), "hint": str(p.organisation)} for p in posts]
    chosen = request.session.get(CHOSEN) or (posts[0].pk if posts else None)
    said = {"options": options, "chosen": chosen, "wrong": wrong, "next": next_of(request)}
    return render(request, "desk/choose_post.html", said, status=status)


def gate(
    request: HttpRequest, wrong: Faults | None = None, *, username: str = "", status: int = 200, title: str = ""
) -> HttpResponse:
    """The page on which one signs in, with what is wrong."""
    counties = County.objects.all()[:2]
    if len(counties) == 1:
        request.county = counties[0]  # type: ignore[attr-defined]
    said = {
        "wrong": wrong or [],
        "username": username,
        "next": next_of(request),
        "wrong_title": title,
        "outside": outside.provider(),
    }
    return render(request, "desk/sign_in.html", said, status=status)


def onward(name: str, wanted: str) -> HttpResponse:
    """On to a page of the gate that leads to where she wanted to go."""
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': wanted})}")


def next_of(request: HttpRequest) -> str:
    """Where she wanted to go; only addresses of this site are followed."""
    said = request.POST.get("next") or request.GET.get("next") or HOME
    own = url_has_allowed_host_and_scheme(said, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return said if own and said.startswith("/") else HOME


def _username(request: HttpRequest) -> str:
    """The name that was typed, no longer than any name is; U+0000 breaks the database."""
    longest = Account._meta.get_field("username").max_length or 0
    return request.POST.get("username", "").replace("\x00", "").strip()[: longest + 1]


def _missing(username: str, password: str) -> Faults:
    missing = []
    if not username:
        missing.append(("id_username", _("Write your user name.")))
    if not password:
        missing.append(("id_password", _("Write your password.")))
    return missing


def _tell(what: Verb, username: str, at: datetime) -> None:
    """Write a failed try to the trail: by the account's id, or by the name's keyed hash; it may be a password."""
    pk = Account.objects.filter(username__iexact=username).values_list("pk", flat=True).first()
    facts: dict[str, str | int | bool | None] = {"known": pk is not None, "ok": False}
    if pk is None:
        facts["name"] = lockout.mark_of(username)
    record(GATE, what, at=at, subject=("account", pk or NOBODY), facts=facts)


def _set_county(request: HttpRequest, posts: list[Post]) -> None:
    if posts:
        request.county = posts[0].organisation.county  # type: ignore[attr-defined]
