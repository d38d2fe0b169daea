"""Where one is signed in: sessions that end after a while, are listed for their owner, and can be ended by her.

A session's end is one moment in its row: the sooner of "nothing done for so long" and "signed in for so long".
The browser's key is kept only as its digest, so a copy of the database opens no session.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from jingwei.accounts.models import Account, Session
from jingwei.accounts.pack import AccountsSection

SINCE, UNTIL, IDLE, BROWSER = "since", "until", "idle", "browser"
TOUCHED_EVERY = timedelta(minutes=1)
"""How exactly the last use is known."""

LOOKING_BY_ITSELF = frozenset({"desk:rows"})
"""Pages that a browser fetches unasked; they do not count as use, or an open queue would never time out."""

BROWSERS = (
    ("Edg", "Edge"),
    ("MicroMessenger", "WeChat"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


class SessionStore(DatabaseStore):
    """Django's sessions in the database, with whose they are and until when they last."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """The sooner of both ends; for somebody who is not signed in, the usual age."""
        at = kwargs.get("modification") or timezone.now()
        if IDLE not in self:
            return at + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        return min(at + timedelta(minutes=self[IDLE]), datetime.fromisoformat(self[UNTIL]))

    def save(self, must_create: bool = False) -> None:
        """Save it. Raises UpdateError where it was ended meanwhile.

        Trap: Django calls a session ended too when the database went away while it was saved. That would be
        answered «nothing was done», after the deed was done, and nobody would send again.
        """
        try:
            super().save(must_create)
        except UpdateError as ended:
            if isinstance(away := ended.__context__, OperationalError | InterfaceError):
                raise away from None
            raise

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of this session; the key as its digest."""
        now = timezone.now()
        since = data.get(SINCE)
        return Session(
            session_key=digest_of(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            account_id=data.get(SESSION_KEY),
            browser=data.get(BROWSER, ""),
            since=datetime.fromisoformat(since) if since else now,
            used_at=now,
        )

    def exists(self, session_key: str) -> bool:
        """Whether there is a session with that key."""
        return Session.objects.filter(session_key=digest_of(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        """End the session."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=digest_of(key)).delete()

    def _get_session_from_db(self) -> Session | None:
        try:
            row = Session.objects.get(session_key=digest_of(self.session_key or ""), expire_date__gt=timezone.now())
        except Session.DoesNotExist:
            self._session_key = None
            return None
        self.used_at = row.used_at
        return row


def digest_of(session_key: str) -> str:
    """What the database keeps of a browser's key: it has 32 random characters, so it needs no salt."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


def begin(request: HttpRequest, rules: AccountsSection, at: datetime) -> None:
    """Give a session that has just been signed in to its ends, and the words its owner knows it by."""
    request.session[SINCE] = at.isoformat()
    request.session[UNTIL] = (at + timedelta(hours=rules.signed_in_hours)).isoformat()
    request.session[IDLE] = rules.idle_minutes
    request.session[BROWSER] = browser_of(request.headers.get("User-Agent", ""))


def browser_of(agent: str) -> str:
    """A browser as its owner knows it, from what it says of itself: "Chrome · Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if re.search(mark, agent)), "")
    return " · ".join(filter(None, (browser, system)))


def sessions_of(account: Account, at: datetime) -> list[Session]:
    """Where an account is signed in, the latest first."""
    return list(Session.objects.filter(account=account, expire_date__gt=at).order_by("-since"))


def is_this(session: Session, request: HttpRequest) -> bool:
    """Whether it is the session of this very request."""
    return session.session_key == digest_of(request.session.session_key or "")


def end_sessions(accounts: Iterable[Account], *, but: HttpRequest | None = None) -> int:
    """End every session of these accounts, except the one of the request `but`; how many there were."""
    found = Session.objects.filter(account__in=accounts)
    if but is not None:
        found = found.exclude(session_key=digest_of(but.session.session_key or ""))
    return found.delete()[0]


def forget_ended(at: datetime) -> int:
    """Throw away the rows of sessions that are over."""
    return Session.objects.filter(expire_date__lte=at).delete()[0]


class Use:
    """Middleware: a request of somebody signed in puts off the end of the session, once a minute at most."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        session, now = request.session, timezone.now()
        used_at = getattr(session, "used_at", None)
        match = request.resolver_match
        if used_at is None or now - used_at < TOUCHED_EVERY or (match and match.view_name in LOOKING_BY_ITSELF):
            return response
        if session.session_key and IDLE in session and not session.modified:
            row = Session.objects.filter(session_key=digest_of(session.session_key))
            row.update(used_at=now, expire_date=session.get_expiry_date())
        return response
