"""Who may try a password: wrong tries close the gate for a while, to one name from one place, and to nobody for ever.

Three sentences say it all. Five wrong tries (the pack's number) for one name from one address close the gate to
that name from that address. A browser in which the name was used before counts as an address of its own, so
neither a colleague behind the same address nor anybody outside closes it to the name's owner. Fifty wrong tries for
one name from anywhere within an hour leave only such browsers in. Tries at a closed gate count for nothing, so it
opens by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from jingwei.accounts.models import Account, WrongTry
from jingwei.accounts.pack import AccountsSection
from jingwei.running.addresses import household_of

COOKIE = "known"
COOKIE_DAYS = 180
COOKIE_NAMES = 6
"""How many names a browser remembers; an office's shared computer knows a few."""
ANYWHERE = timedelta(hours=1)
KEPT = timedelta(days=1)

CLOCKS_DIFFER = timedelta(minutes=2)
"""How far ahead of this server's clock another's may be. What lies further ahead was written by a clock that was wrong,
and would close the gate until that moment comes; it counts no more."""


@dataclass(frozen=True)
class Closed:
    """The gate is closed to this name from here, until a moment."""

    until: datetime


@dataclass(frozen=True)
class Coming:
    """Who wants in, and from where: a browser that knows the name, or an address. Both as keyed hashes."""

    name_mark: str
    from_mark: str
    known: bool


def coming(username: str, request: HttpRequest) -> Coming:
    """What the rules look at of a try."""
    known = is_known(username, request)
    place = f"browser:{request.COOKIES[COOKIE]}" if known else f"address:{household_of(request)}"
    return Coming(mark_of(username), salted_hmac("accounts.from", place, algorithm="sha256").hexdigest(), known)


def mark_of(username: str) -> str:
    """What is kept of a name that was typed, which may be a password in the wrong field: its keyed hash."""
    return salted_hmac("accounts.name", username.strip().casefold(), algorithm="sha256").hexdigest()


def closed(one: Coming, rules: AccountsSection, at: datetime) -> Closed | None:
    """Whether the gate is closed to this name from here."""
    tries = WrongTry.objects.filter(name_mark=one.name_mark, at__lte=at + CLOCKS_DIFFER)
    here = tries.filter(from_mark=one.from_mark)
    last = here.order_by("-at").values_list("at", flat=True).first()
    if last is not None and last + rules.locked > at:
        together = here.filter(at__gt=last - rules.locked).count()
        if together >= rules.attempts:
            return Closed(last + rules.locked)
    if not one.known:
        lately = tries.filter(at__gt=at - ANYWHERE).order_by("-at").values_list("at", flat=True)
        if len(found := lately[: rules.attempts_anywhere]) >= rules.attempts_anywhere:
            return Closed(found[rules.attempts_anywhere - 1] + ANYWHERE)
    return None


def begin_try(one: Coming, rules: AccountsSection, at: datetime) -> Closed | None:
    """Count a try before the password is looked at, so that many at once are counted too; Closed if it may not be."""
    if found := closed(one, rules, at):
        return found
    mine = WrongTry.objects.create(name_mark=one.name_mark, from_mark=one.from_mark, at=at)
    here = WrongTry.objects.filter(name_mark=one.name_mark, from_mark=one.from_mark, at__gt=at - rules.locked)
    here = here.filter(at__lte=at + CLOCKS_DIFFER)
    if here.count() > rules.attempts:
        mine.delete()
        return Closed(at + rules.locked)
    return None


def succeeded(one: Coming) -> None:
    """The password was right: what was wrong before, from here, counts no more."""
    WrongTry.objects.filter(name_mark=one.name_mark, from_mark=one.from_mark).delete()


def unlock(username: str) -> int:
    """Open the gate to a name from everywhere; how many wrong tries were forgotten."""
    return WrongTry.objects.filter(name_mark=mark_of(username)).delete()[0]


def is_locked_anywhere(username: str, rules: AccountsSection, at: datetime) -> bool:
    """Whether the gate is closed to a name from some place, for the administrator's page."""
    recent = WrongTry.objects.filter(name_mark=mark_of(username), at__gt=at - rules.locked)
    recent = recent.filter(at__lte=at + CLOCKS_DIFFER)
    places: dict[str, int] = {}
    for place in recent.values_list("from_mark", flat=True):
        places[place] = places.get(place, 0) + 1
    return max(places.values(), default=0) >= rules.attempts


def forget_old(at: datetime) -> int:
    """Throw away tries that no rule asks for any more."""
    return WrongTry.objects.filter(Q(at__lte=at - KEPT) | Q(at__gt=at + KEPT)).delete()[0]


def remember(response: HttpResponse, request: HttpRequest, account: Account, *, secure: bool) -> None:
    """Let this browser be one in which the account was used; a new password makes it forget."""
    names = [_stamp(account), *(n for n in _names(request) if n != _stamp(account))][:COOKIE_NAMES]
    response.set_cookie(
        COOKIE,
        signing.dumps(names, salt="accounts.known"),
        max_age=COOKIE_DAYS * 86400,
        httponly=True,
        secure=secure,
        samesite="Lax",
    )


def is_known(username: str, request: HttpRequest) -> bool:
    """Whether the account of `username` was used in this browser before."""
    names = _names(request)
    if not names:
        return False
    account = Account.objects.filter(username__iexact=username.strip()).first()
    return account is not None and any(constant_time_compare(name, _stamp(account)) for name in names)


def _names(request: HttpRequest) -> list[str]:
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt="accounts.known", max_age=COOKIE_DAYS * 86400)
    except signing.BadSignature:
        return []
    return [str(name) for name in said] if isinstance(said, list) else []


def _stamp(account: Account) -> str:
    return salted_hmac("accounts.stamp", f"{account.pk}:{account.password}", algorithm="sha256").hexdigest()[:20]
