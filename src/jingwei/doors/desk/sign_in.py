"""The gate of the desk: an official signs in as herself, and says which post she sits at."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from jingwei.accounts.models import Account
from jingwei.accounts.sitting import CHOSEN
from jingwei.looks.moments import span
from jingwei.organisations.models import Post
from jingwei.organisations.queries import posts_of
from jingwei.policy.models import County
from jingwei.trail.actor import Actor
from jingwei.trail.acts import record
from jingwei.trail.verbs import Verb, verb

SIGNED_IN = verb("account.signed_in", gettext_lazy("sign in"), gettext_lazy("signed in"))
SIGNED_OUT = verb("account.signed_out", gettext_lazy("sign out"), gettext_lazy("signed out"))
FAILED = verb("account.sign_in_failed", gettext_lazy("try to sign in"), gettext_lazy("tried to sign in in vain"))
LOCKED = verb("account.locked_out", gettext_lazy("be locked out"), gettext_lazy("was locked out after wrong tries"))
CHOSE = verb("account.post_chosen", gettext_lazy("choose a post"), gettext_lazy("chose a post"))

GATE = Actor.machine("gate of the desk")
HOME = "/desk/"
NOBODY = 0
"""The subject of a line about a name that no account has."""


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let in whoever knows name and password; five wrong tries close the gate for a quarter of an hour."""
    if request.user.is_authenticated and request.method != "POST":
        return HttpResponseRedirect(_next(request))
    if request.method != "POST":
        return _gate(request)
    username, password = _username(request), request.POST.get("password", "")
    missing = _missing(username, password)
    if missing:
        return _gate(request, missing, username=username, status=422)
    account = authenticate(request, username=username, password=password)
    at = timezone.now()
    if not isinstance(account, Account):
        if not getattr(request, "axes_locked_out", False):  # then `locked_out` answers, and writes the line
            _tell(FAILED, username, at)
        wrong = [("id_username", _("User name or password is wrong. Look at capital letters and try again."))]
        return _gate(request, wrong, username=username, status=422)
    login(request, account)
    request.session.pop(CHOSEN, None)
    record(_herself(account), SIGNED_IN, at=at, subject=("account", account.pk))
    return HttpResponseRedirect(_next(request))


def locked_out(request: HttpRequest, *_axes: object) -> HttpResponse:
    """The answer of the gate while it is closed to somebody; named in the settings for django-axes."""
    wait = timedelta(hours=settings.AXES_COOLOFF_TIME)
    username = _username(request)
    _tell(LOCKED, username, timezone.now())
    sentence = _(
        "Too many wrong tries. The gate stays closed to this name for %(span)s; "
        "if you have forgotten the password, ask the county's administrator for a new one."
    ) % {"span": span(wait)}
    return _gate(request, [("", sentence)], username=username, status=429, title=_("Locked for now"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the next person at this screen begins at the gate."""
    if isinstance(request.user, Account):
        record(_herself(request.user), SIGNED_OUT, at=timezone.now(), subject=("account", request.user.pk))
    logout(request)
    messages.success(request, _("You have signed out."))
    return redirect("desk:sign_in")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_post(request: HttpRequest) -> HttpResponse:
    """Say which of her posts a person sits at; everything she does then is done as that post."""
    account = request.user
    assert isinstance(account, Account)
    posts = list(posts_of(account.person_id, timezone.localdate()))
    _set_county(request, posts)
    if request.method == "POST":
        chosen = next((p for p in posts if str(p.pk) == request.POST.get("post")), None)
        if chosen is None:
            wrong = [("id_post", _("You do not hold this post. Choose one of those below."))]
            return _posts(request, posts, wrong, status=403)
        request.session[CHOSEN] = chosen.pk
        actor = Actor.of_person(account.person_id, chosen.pk, chosen.full_title)
        record(actor, CHOSE, at=timezone.now(), subject=("post", chosen.pk), place=chosen.ground.path)
        return HttpResponseRedirect(_next(request))
    return _posts(request, posts)


def _posts(
    request: HttpRequest, posts: list[Post], wrong: list[tuple[str, str]] | None = None, status: int = 200
) -> HttpResponse:
    options = [{"value": p.pk, "label": str(p), "hint": str(p.organisation)} for p in posts]
    chosen = request.session.get(CHOSEN) or (posts[0].pk if posts else None)
    said = {"options": options, "chosen": chosen, "wrong": wrong or [], "next": _next(request)}
    return render(request, "desk/choose_post.html", said, status=status)


def _gate(
    request: HttpRequest,
    wrong: list[tuple[str, str]] | None = None,
    *,
    username: str = "",
    status: int = 200,
    title: str = "",
) -> HttpResponse:
    counties = County.objects.all()[:2]
    if len(counties) == 1:
        request.county = counties[0]  # type: ignore[attr-defined]
    said = {"wrong": wrong or [], "username": username, "next": _next(request), "wrong_title": title}
    return render(request, "desk/sign_in.html", said, status=status)


def _username(request: HttpRequest) -> str:
    """The name that was typed, no longer than any name is; U+0000 breaks the database."""
    longest = Account._meta.get_field("username").max_length or 0
    return request.POST.get("username", "").replace("\x00", "").strip()[: longest + 1]


def _missing(username: str, password: str) -> list[tuple[str, str]]:
    missing = []
    if not username:
        missing.append(("id_username", _("Write your user name.")))
    if not password:
        missing.append(("id_password", _("Write your password.")))
    return missing


def _next(request: HttpRequest) -> str:
    """Where she wanted to go; only addresses of this site are followed."""
    said = request.POST.get("next") or request.GET.get("next") or HOME
    own = url_has_allowed_host_and_scheme(said, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return said if own else HOME


def _tell(what: Verb, username: str, at: datetime) -> None:
    """Write a failed try to the trail: by the account's id; what was typed may be a password, so it is not kept."""
    pk = Account.objects.filter(username=username).values_list("pk", flat=True).first() if username else None
    record(GATE, what, at=at, subject=("account", pk or NOBODY), facts={"known": pk is not None})


def _herself(account: Account) -> Actor:
    return Actor.of_person(account.person_id, None, _("at the gate of the desk"))


def _set_county(request: HttpRequest, posts: list[Post]) -> None:
    if posts:
        request.county = posts[0].organisation.county  # type: ignore[attr-defined]
