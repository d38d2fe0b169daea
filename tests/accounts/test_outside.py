"""Signing in by an identity provider, over real HTTP: one from elsewhere run beside the test, and a hostile one."""

import base64
import hashlib
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey

from jingwei.accounts import acts
from jingwei.accounts.models import Account
from people_fixtures.qingshi import Qingshi

CLIENT = "jingwei-qingshi"
NAME = "employee-4711"


class Stay(HTTPRedirectHandler):
    """A browser that shows where it is sent, and stays."""

    def redirect_request(self, *_said: Any) -> None:
        return None


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def trust(settings: Any, tmp_path: Path) -> Callable[..., None]:
    """Let the installation trust the provider at an address."""
    secret = tmp_path / "oidc-secret"
    secret.write_text("not-to-be-told\n")

    def _trust(issuer: str, claim: str = "sub") -> None:
        settings.BASE_URL = "http://testserver"
        settings.OUTSIDE_SIGN_IN = {
            "issuer": issuer,
            "client": CLIENT,
            "secret_file": str(secret),
            "claim": claim,
            "name": "统一身份认证",
        }

    return _trust


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """oidc-provider-mock, a provider of somebody else's, in a process of its own; its address."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _try in range(100):
        try:
            urlopen(f"{address}/.well-known/openid-configuration", timeout=2).close()
            break
        except OSError:
            time.sleep(0.1)
    yield address
    process.terminate()
    process.wait(10)


def agree(address: str, sub: str) -> str:
    """Sign in at the provider as `sub`; the address it sends the browser back to, without the host."""
    from urllib.error import HTTPError

    form = Request(address, urlencode({"sub": sub}).encode())
    try:
        build_opener(Stay).open(form, timeout=5).close()
    except HTTPError as sent:
        back = urlsplit(sent.headers["Location"])
        sent.close()
        return f"{back.path}?{back.query}"
    raise AssertionError("the provider did not send the browser back")


def link(qingshi: Qingshi, username: str, name: str) -> Account:
    from django.utils import timezone

    account: Account = qingshi.account(username)
    acts.link(account, name, actor=qingshi.actor("administrator"), at=timezone.now())
    return account


def is_in(client: Client) -> bool:
    return client.get("/desk/new/").status_code == 200


def test_whoever_is_linked_comes_in_by_the_provider(
    client: Client, qingshi: Qingshi, provider: str, trust: Callable[..., None], told: Any
) -> None:
    link(qingshi, "clerk", NAME)
    trust(provider)
    assert "统一身份认证" in client.get("/desk/sign-in/").content.decode()
    question = client.get("/desk/sign-in/elsewhere/", {"next": "/desk/new/"}).headers["Location"]
    asked = parse_qs(urlsplit(question).query)
    assert (asked["response_type"], asked["code_challenge_method"], asked["client_id"]) == (
        ["code"],
        ["S256"],
        [CLIENT],
    )
    key = client.session.session_key
    answer = client.get(agree(question, NAME))
    assert answer.headers["Location"] == "/desk/new/"
    assert is_in(client)
    assert client.session.session_key != key
    assert told("account.signed_in") == [{"means": "outside", "ok": True}]


def test_whoever_comes_by_the_provider_is_asked_for_no_password_of_ours_but_for_the_second_factor(
    client: Client, qingshi: Qingshi, provider: str, trust: Callable[..., None]
) -> None:
    from django.utils import timezone

    for username, name, page in (("clerk", NAME, ""), ("leader", "leader-1", "/desk/sign-in/code/?next=/desk/")):
        account = link(qingshi, username, name)
        Account.objects.filter(pk=account.pk).update(password_since=None, first_until=timezone.now())
        trust(provider)
        client.get(agree(client.get("/desk/sign-in/elsewhere/").headers["Location"], name))
        assert client.get("/desk/").headers.get("Location", "") == page
        client.post("/desk/sign-out/")


def test_whoever_is_not_linked_is_refused_and_no_account_is_made(
    client: Client, qingshi: Qingshi, provider: str, trust: Callable[..., None], told: Any
) -> None:
    trust(provider)
    before = Account.objects.count()
    answer = client.get(agree(client.get("/desk/sign-in/elsewhere/").headers["Location"], "somebody-else"))
    assert (answer.status_code, "还没有关联本系统的账号" in answer.content.decode()) == (422, True)
    assert (is_in(client), Account.objects.count()) == (False, before)
    assert [line["why"] for line in told("account.sign_in_failed")] == ["unlinked"]
    assert "somebody-else" not in str(told("account.sign_in_failed"))


def test_a_closed_account_is_not_opened_by_the_provider(
    client: Client, qingshi: Qingshi, provider: str, trust: Callable[..., None]
) -> None:
    Account.objects.filter(pk=link(qingshi, "clerk", NAME).pk).update(is_active=False)
    trust(provider)
    assert client.get(agree(client.get("/desk/sign-in/elsewhere/").headers["Location"], NAME)).status_code == 422


def test_an_answer_to_a_question_of_another_browser_is_refused(
    client: Client, qingshi: Qingshi, provider: str, trust: Callable[..., None], told: Any
) -> None:
    link(qingshi, "clerk", NAME)
    trust(provider)
    back = agree(Client().get("/desk/sign-in/elsewhere/").headers["Location"], NAME)
    assert client.get(back).status_code == 422
    client.get("/desk/sign-in/elsewhere/")
    assert client.get(back).status_code == 422
    assert [line["why"] for line in told("account.sign_in_failed")] == ["state", "state"]
    assert not is_in(client)


def test_an_answer_opens_once(client: Client, qingshi: Qingshi, provider: str, trust: Callable[..., None]) -> None:
    link(qingshi, "clerk", NAME)
    trust(provider)
    back = agree(client.get("/desk/sign-in/elsewhere/").headers["Location"], NAME)
    assert client.get(back).status_code == 302
    client.post("/desk/sign-out/")
    assert client.get(back).status_code == 422


def test_a_nonce_that_was_exchanged_on_the_way_is_refused(
    client: Client, qingshi: Qingshi, provider: str, trust: Callable[..., None], told: Any
) -> None:
    link(qingshi, "clerk", NAME)
    trust(provider)
    question = client.get("/desk/sign-in/elsewhere/").headers["Location"]
    nonce = parse_qs(urlsplit(question).query)["nonce"][0]
    assert client.get(agree(question.replace(nonce, "another"), NAME)).status_code == 422
    assert [line["why"] for line in told("account.sign_in_failed")] == ["token: invalid_claim"]


def test_a_provider_that_calls_itself_otherwise_is_refused(
    client: Client, provider: str, qingshi: Qingshi, trust: Callable[..., None], told: Any
) -> None:
    trust(provider.replace("127.0.0.1", "localhost") + "/")
    assert client.get("/desk/sign-in/elsewhere/").status_code == 422
    assert [line["why"] for line in told("account.sign_in_failed")] == ["issuer"]


def test_a_provider_that_is_not_there_or_not_encrypted_is_told_in_a_sentence(
    client: Client, qingshi: Qingshi, trust: Callable[..., None]
) -> None:
    trust(f"http://127.0.0.1:{free_port()}")
    answer = client.get("/desk/sign-in/elsewhere/")
    assert (answer.status_code, "统一身份认证没有响应" in answer.content.decode()) == (422, True)
    trust("http://identity.example")
    assert client.get("/desk/sign-in/elsewhere/").status_code == 422


def test_without_a_provider_there_is_no_such_page(client: Client, qingshi: Qingshi) -> None:
    assert client.get("/desk/sign-in/elsewhere/").status_code == 404
    assert "elsewhere" not in client.get("/desk/sign-in/").content.decode()


class Hostile(ThreadingHTTPServer):
    """A provider that holds the issuer's key and answers whatever `twist` makes of an honest token."""

    key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
    twist: Callable[["Hostile", dict[str, Any]], str]
    nonce = ""
    challenge = ""
    verified: bool | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def signed(self, claims: dict[str, Any], key: Any = None, alg: str = "RS256") -> str:
        return jwt.encode({"alg": alg, "kid": "1"}, claims, key or self.key, algorithms=[alg])


class Answers(BaseHTTPRequestHandler):
    """What the hostile provider answers."""

    server: Hostile

    def log_message(self, *_said: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        at = self.server.address
        if self.path == "/keys":
            self._say({"keys": [self.server.key.as_dict(private=False)]})
        else:
            ends = {"authorization_endpoint": f"{at}/ask", "token_endpoint": f"{at}/token", "jwks_uri": f"{at}/keys"}
            self._say({"issuer": at, "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"], **ends})

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        self.server.verified = base64.urlsafe_b64encode(digest).decode().rstrip("=") == self.server.challenge
        now = int(time.time())
        honest = {"iss": self.server.address, "aud": CLIENT, "sub": NAME, "nonce": self.server.nonce, "iat": now,
                  "exp": now + 300}  # fmt: skip
        token = self.server.twist(honest)
        self._say({"access_token": "a", "token_type": "Bearer"} | ({"id_token": token} if token else {}))

    def _say(self, what: Any) -> None:
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def hostile(trust: Callable[..., None]) -> Iterator[Hostile]:
    server = Hostile(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    trust(server.address)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


def by_public_key(server: Hostile, claims: dict[str, Any]) -> str:
    """The old trick: the published key taken for a shared secret."""
    import hmac

    head, body = unsigned(claims).split(".")[:2]
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"1"}').decode().rstrip("=")
    secret = server.key.as_pem(private=False)
    mark = hmac.new(secret, f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(mark).decode().rstrip('=')}"


OTHER = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
TWISTS: dict[str, Callable[[Hostile, dict[str, Any]], str]] = {
    "no algorithm": lambda server, claims: unsigned(claims),
    "a public key as a secret": by_public_key,
    "another key": lambda server, claims: server.signed(claims, OTHER),
    "another issuer": lambda server, claims: server.signed(claims | {"iss": "https://elsewhere.example"}),
    "another client": lambda server, claims: server.signed(claims | {"aud": "another"}),
    "made out to another": lambda server, claims: server.signed(
        claims | {"aud": [CLIENT, "another"], "azp": "another"}
    ),
    "another nonce": lambda server, claims: server.signed(claims | {"nonce": "another"}),
    "no nonce": lambda server, claims: server.signed({k: v for k, v in claims.items() if k != "nonce"}),
    "expired": lambda server, claims: server.signed(claims | {"iat": claims["iat"] - 900, "exp": claims["iat"] - 600}),
    "no end": lambda server, claims: server.signed({k: v for k, v in claims.items() if k != "exp"}),
    "made tomorrow": lambda server, claims: server.signed(claims | {"iat": claims["iat"] + 86400}),
    "nobody": lambda server, claims: server.signed(claims | {"sub": ""}),
    "no token": lambda server, claims: "",
    "no token at all": lambda server, claims: "x.y.z",
    "altered": lambda server, claims: server.signed(claims)[:-8] + "AAAAAAAA",
}


@pytest.mark.parametrize("twist", sorted(TWISTS))
def test_a_token_with_one_thing_wrong_is_refused(
    client: Client, qingshi: Qingshi, hostile: Hostile, told: Any, twist: str
) -> None:
    link(qingshi, "clerk", NAME)
    hostile.twist = TWISTS[twist].__get__(hostile)  # type: ignore[method-assign]
    assert come_back(client, hostile).status_code == 422
    assert not is_in(client)
    assert [line["ok"] for line in told("account.sign_in_failed")] == [False]


def test_the_honest_token_of_the_same_provider_opens_and_proves_that_we_asked(
    client: Client, qingshi: Qingshi, hostile: Hostile
) -> None:
    link(qingshi, "clerk", NAME)
    hostile.twist = Hostile.signed.__get__(hostile)  # type: ignore[method-assign]
    assert come_back(client, hostile).status_code == 302
    assert (is_in(client), hostile.verified) == (True, True)


def come_back(client: Client, hostile: Hostile) -> Any:
    asked = parse_qs(urlsplit(client.get("/desk/sign-in/elsewhere/").headers["Location"]).query)
    hostile.nonce, hostile.challenge = asked["nonce"][0], asked["code_challenge"][0]
    return client.get("/desk/sign-in/elsewhere/back/", {"code": "c", "state": asked["state"][0]})
