"""Signing in elsewhere: a county's own identity provider says who somebody is (OpenID Connect, code flow with PKCE).

Nothing is created by it: only an account that an administrator linked with the provider's name for a person opens.
What is checked of an answer: that we asked for it (state), that it was made for this very question (nonce), by this
issuer, for us, not long ago, and signed with one of its published keys by a real algorithm.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from jingwei.accounts.acts import outside_mark
from jingwei.accounts.models import Account

ASKED = "outside"
"""In the session: what was asked of the provider, until it answers."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Those that a published key proves; never "none", and none that a shared secret would make."""
PATIENCE = 10
"""Seconds to wait for the provider."""
LARGEST = 1_000_000
SKEW = 60
"""Seconds the provider's clock may be off."""


class OutsideRefused(Exception):
    """An answer of the provider opens the gate only if all of it is right; `reason` is for the trail, never a name."""

    def __init__(self, reason: str, sentence: str = "") -> None:
        self.reason = reason
        self.sentence = sentence or _("The sign-in elsewhere did not succeed. Try again, or use name and password.")
        super().__init__(reason)


@dataclass(frozen=True)
class Provider:
    """Where one signs in elsewhere, as the settings say."""

    issuer: str
    client: str
    secret_file: str
    claim: str
    name: str

    @property
    def secret(self) -> str:
        """The secret we prove ourselves with; in a file of its own."""
        return Path(self.secret_file).read_text().strip()


def provider() -> Provider | None:
    """The provider this installation trusts, if any."""
    said = settings.OUTSIDE_SIGN_IN
    return Provider(**said) if said["issuer"] and said["client"] and said["secret_file"] else None


def ask(request: HttpRequest, where: Provider, back: str, wanted: str) -> str:
    """The provider's address that asks who is there; remembers in the session what the answer has to match."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _each in range(3))
    request.session[ASKED] = {"state": state, "nonce": nonce, "verifier": verifier, "next": wanted}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    question = {
        "response_type": "code",
        "client_id": where.client,
        "redirect_uri": back,
        "scope": "openid profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    to = _discovered(where)["authorization_endpoint"]
    return f"{to}{'&' if '?' in to else '?'}{urlencode(question)}"


def answered(request: HttpRequest, where: Provider, back: str, at: datetime) -> tuple[Account, str]:
    """The account an answer opens, and where she wanted to go. Raises OutsideRefused."""
    asked = request.session.pop(ASKED, None)
    if not asked or not constant_time_compare(str(asked["state"]), request.GET.get("state", "")):
        raise OutsideRefused("state")
    if not (code := request.GET.get("code", "")):
        raise OutsideRefused("denied")
    claims = _claims(where, _token(where, code, back, asked["verifier"]), asked["nonce"], at)
    name = claims.get(where.claim)
    if not isinstance(name, str | int) or not str(name).strip():
        raise OutsideRefused("claim")
    account = Account.objects.filter(outside_mark=outside_mark(str(name)), is_active=True).first()
    if account is None:
        raise OutsideRefused(
            "unlinked",
            _("No account here is linked with your sign-in there. Ask the county's administrator to link it."),
        )
    return account, asked["next"]


def _token(where: Provider, code: str, back: str, verifier: str) -> str:
    question = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": where.client,
        "code_verifier": verifier,
    }
    basic = base64.b64encode(f"{where.client}:{where.secret}".encode()).decode()
    request = Request(  # noqa: S310  (_fetched asks for https)
        _discovered(where)["token_endpoint"], urlencode(question).encode(), {"Authorization": f"Basic {basic}"}
    )
    token = _fetched(request).get("id_token")
    return token if isinstance(token, str) else _refuse("token")


def _claims(where: Provider, token: str, nonce: str, at: datetime) -> dict[str, Any]:
    keys = KeySet.import_key_set(_fetched(Request(_discovered(where)["jwks_uri"])))  # type: ignore[arg-type]  # noqa: S310
    rules = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=SKEW,
        iss={"essential": True, "value": where.issuer},
        aud={"essential": True, "value": where.client},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
        sub={"essential": True},
    )
    try:
        read = jwt.decode(token, keys, algorithms=ALGORITHMS)
        rules.validate(read.claims)
    except (JoseError, ValueError) as wrong:
        raise OutsideRefused(f"token: {getattr(wrong, 'error', '') or type(wrong).__name__}") from wrong
    if read.claims.get("azp", where.client) != where.client:
        raise OutsideRefused("token: azp")
    return dict(read.claims)


def _discovered(where: Provider) -> dict[str, str]:
    """What the issuer says of itself; it has to call itself by the name it is known by."""
    said = _fetched(Request(f"{where.issuer.rstrip('/')}/.well-known/openid-configuration"))  # noqa: S310
    if said.get("issuer") != where.issuer:
        raise OutsideRefused("issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(said.get(name), str):
            raise OutsideRefused("discovery")
    return said


class _NoRedirect(HTTPRedirectHandler):
    """A provider answers where it is asked; a redirect would carry our secret elsewhere."""

    def redirect_request(self, *_said: Any) -> None:
        return None


def _fetched(request: Request) -> dict[str, Any]:
    """An answer of the provider, read as an object; encrypted, unless the provider is on this very machine."""
    parts = urlsplit(request.full_url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")):
        raise OutsideRefused("not encrypted")
    try:
        with build_opener(_NoRedirect).open(request, timeout=PATIENCE) as answer:
            said = json.loads(answer.read(LARGEST))
    except (URLError, OSError, ValueError) as wrong:
        raise OutsideRefused(
            f"no answer: {type(wrong).__name__}",
            _("The sign-in elsewhere does not answer. Try again later, or use name and password."),
        ) from wrong
    return said if isinstance(said, dict) else _refuse("no object")


def _refuse(reason: str) -> NoReturn:
    raise OutsideRefused(reason)
