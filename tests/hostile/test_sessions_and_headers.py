"""What stands around every page: the session, forged forms, frames of others, caches, addresses to go on to."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as now
from django.test import Client
from django.urls import URLPattern, path
from pytest_django import Settings

from hostile.addresses import ADDRESSES, real
from hostile.answers import Answered, strict
from hostile.everything import NUMBER
from hostile.reading import Reader, filled, form_to
from hostile.world import Someone, World, build
from hostile.writes import written

pytestmark = pytest.mark.django_db
STRANGERS = [
    "https://evil.example/", "//evil.example", "///evil.example", "\\\\evil.example", "/\\evil.example",
    "https:evil.example", "http:///evil.example", "javascript:alert(1)", "data:text/html,x", " //evil.example",
    "/\t/evil.example", "https://testserver@evil.example/", "https://testserver.evil.example/", "\x00//evil.example",
    "／／evil.example", "/%0d%0aSet-Cookie:%20x=1/../\r\nSet-Cookie: x=1",
]  # fmt: skip


@pytest.fixture
def world(qingshi: Any, settings: Settings, tmp_path: Path) -> World:
    settings.FILES_ROOT = tmp_path / "files"
    return build(qingshi)


def test_no_form_is_taken_without_the_token_that_it_was_drawn_with(world: World) -> None:
    """At every address no token by two people and a wrong one by two others, in turn."""
    wrong = []
    for n, address in enumerate(ADDRESSES.values()):
        for m, name in enumerate(("our dispatcher", "our caller", "nobody", "the bearer")):
            client = strict(world.person(name).client)
            token = ("", "x" * 64)[(n + m) % 2]
            with written() as tables:
                answer = client.post(real(address, world), {"csrfmiddlewaretoken": token, "do": "withdraw"})
            if (address.posts and answer.status_code not in (302, 403)) or tables or answer.status_code >= 500:
                wrong.append(f"{address.sample} by {name}: {answer.status_code}, wrote to {tables}")
    assert wrong == []


def test_a_token_of_another_browser_does_not_fit(world: World) -> None:
    mine, theirs = strict(world.person("our dispatcher").client), Client()
    theirs.get("/desk/sign-in/")
    form = form_to(mine.get(f"/desk/case/{world.open.number}/"), "/do/comment/")
    stolen = {"csrfmiddlewaretoken": theirs.cookies["csrftoken"].value}
    assert mine.post(form.action, filled(form) | stolen).status_code == 403
    assert mine.post(form.action, filled(form)).status_code == 302


def boom(request: Any) -> Any:
    raise RuntimeError("on purpose")


urlpatterns: list[URLPattern] = [path("boom/", boom)]
GUARDED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def unguarded(answer: Any) -> list[str]:
    """What an answer lacks of what guards it in a browser."""
    policy = answer.headers.get("Content-Security-Policy", "")
    lacking = [
        f"{name}: {answer.headers.get(name)}" for name, value in GUARDED.items() if answer.headers.get(name) != value
    ]
    if not re.search(r"default-src '(self|none)'", policy) or "unsafe" in policy or "*" in policy:
        lacking.append(f"Content-Security-Policy: {policy}")
    if "sandbox" not in policy and ("object-src 'none'" not in policy or "frame-ancestors 'none'" not in policy):
        lacking.append(f"Content-Security-Policy: {policy}")
    return lacking


@pytest.mark.xdist_group("every answer")
def test_every_answer_says_how_a_browser_must_treat_it(answered: list[Answered]) -> None:
    wrong = [f"{one.what} by {one.name} ({one.status}): {lack}" for one in answered for lack in unguarded(one)]
    assert wrong == []
    assert {one.status for one in answered} >= {200, 302, 400, 403, 404, 405}


def test_an_error_of_ours_is_guarded_too_and_tells_nothing_of_itself(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    answer = Client(raise_request_exception=False).get("/boom/")
    assert (answer.status_code, unguarded(answer)) == (500, [])
    assert b"on purpose" not in answer.content
    assert b"RuntimeError" not in answer.content


@pytest.mark.xdist_group("every answer")
def test_what_belongs_to_somebody_is_kept_in_no_cache(answered: list[Answered]) -> None:
    """On a screen that many use, the button "back" shows nothing of the one before."""
    wrong = []
    for one in answered:
        said = one.headers.get("Cache-Control", "")
        personal = one.what.startswith(("/desk/", "/c/", "/case/", "/progress/"))
        picture = one.status == 200 and one.headers["Content-Type"].startswith("image/")
        if personal and one.name != "nobody" and not ("no-store" in said or (picture and "private" in said)):
            wrong.append(f"{one.what} ({one.status}) by {one.name}: {said!r}")
        if "public" in said and one.name != "nobody":
            wrong.append(f"{one.what} by {one.name} may be kept by anybody: {said!r}")
    assert wrong == []


@pytest.mark.xdist_group("every answer")
def test_the_filing_number_stands_on_every_page(answered: list[Answered]) -> None:
    """What 国办函〔2026〕12号 asks of every page."""
    whole = [one for one in answered if "<html" in one.page]
    assert [one.what for one in whole if NUMBER not in one.page] == []
    assert len({one.what for one in whole}) > 60


def test_whoever_signs_in_gets_a_session_that_nobody_knew_before(qingshi: Any) -> None:
    account, client = qingshi.account("dispatcher"), Client()
    account.set_password("right horse 42")
    account.save()
    client.get("/desk/sign-in/?next=/desk/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = client.cookies[now.SESSION_COOKIE_NAME] = session.session_key
    client.post("/desk/sign-in/", {"username": "dispatcher", "password": "right horse 42"})
    assert client.get("/desk/").status_code == 200
    assert client.cookies[now.SESSION_COOKIE_NAME].value != planted
    thief = Client()
    thief.cookies[now.SESSION_COOKIE_NAME] = planted
    assert thief.get("/desk/")["Location"].startswith("/desk/sign-in/")


def test_a_session_that_was_ended_opens_nothing_any_more(qingshi: Any) -> None:
    client, thief = qingshi.sign_in(Client(), "dispatcher"), Client()
    thief.cookies[now.SESSION_COOKIE_NAME] = client.cookies[now.SESSION_COOKIE_NAME].value
    assert thief.get("/desk/").status_code == 200
    assert client.post("/desk/sign-out/").status_code == 302
    assert thief.get("/desk/")["Location"].startswith("/desk/sign-in/")


def test_a_session_ends_when_its_password_changes(qingshi: Any) -> None:
    from django.utils import timezone

    from jingwei.accounts.acts import set_password
    from jingwei.trail.actor import Actor

    client = qingshi.sign_in(Client(), "dispatcher")
    set_password([qingshi.account("dispatcher")], "n3w words here", actor=Actor.machine("test"), at=timezone.now())
    assert client.get("/desk/")["Location"].startswith("/desk/sign-in/")


def test_nobody_is_signed_out_by_a_link_or_a_picture(world: World) -> None:
    one = world.person("our dispatcher")
    assert one.client.get("/desk/sign-out/").status_code in (302, 405)
    assert one.client.get("/desk/").status_code == 200


def test_cookies_are_kept_from_scripts_and_other_sites(qingshi: Any, settings: Settings) -> None:
    account, client = qingshi.account("dispatcher"), Client()
    account.set_password("right horse 42")
    account.save()
    client.get("/desk/sign-in/")
    client.post("/desk/sign-in/", {"username": "dispatcher", "password": "right horse 42"})
    client.post("/language/", {"language": "en"})
    told = {name: (bool(c["httponly"]), c["samesite"]) for name, c in client.cookies.items()}
    assert told[now.SESSION_COOKIE_NAME] == (True, "Lax")
    assert {same for _http, same in told.values()} == {"Lax"}


def test_over_https_every_cookie_is_for_https_only() -> None:
    import subprocess
    import sys

    asked = "from jingwei import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
    from os import environ

    env = {**environ, "JINGWEI_URL": "https://jingwei.example", "PYTHONPATH": ":".join(sys.path)}
    said = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["True", "True"]


def test_nobody_is_sent_on_to_a_stranger(world: World) -> None:
    one = world.person("our dispatcher")
    assert [fault for stranger in STRANGERS for fault in sent_on(one, stranger)] == []


def sent_on(one: Someone, stranger: str) -> list[tuple[str, int, int, str]]:
    """Where somebody was sent on by asking for a stranger's address, wherever one may say where to go on to."""
    post, wrong = one.hand.post, []
    tries = [
        lambda: one.client.get("/desk/sign-in/", {"next": stranger}),
        lambda: one.client.post("/desk/post/", {"post": post, "next": stranger}),
        lambda: one.client.post("/size/", {"size": "elder", "next": stranger}),
        lambda: one.client.post("/language/", {"language": "en", "next": stranger}),
        lambda: one.client.get("/desk/", headers={"HX-Request": "true", "HX-Current-URL": stranger}),
        lambda: Client().get("/desk/", headers={"HX-Request": "true", "HX-Current-URL": stranger}),
    ]
    for n, tried in enumerate(tries):
        answer = tried()
        where = answer.headers.get("Location", answer.headers.get("HX-Redirect", ""))
        ours = where == "" or re.match(r"/(?![/\\])[^\\\s]*$", where)
        if answer.status_code >= 400 or not ours or "Set-Cookie: x" in str(answer.headers):
            wrong.append((stranger, n, answer.status_code, where))
    return wrong


def test_a_host_that_is_not_ours_is_refused_and_stands_in_no_address(world: World) -> None:
    for host in ("evil.example", "testserver.evil.example", "testserver:80@evil.example", "a b", "[::"):
        for what in ({"host": host}, {"X-Forwarded-Host": host}, {"Forwarded": f"host={host}"}):
            answer = world.person("the bearer").client.get("/case/", headers=what)
            assert answer.status_code == (400 if "host" in what else 200), what
            assert b"evil.example" not in answer.content, what


def test_no_header_turns_a_request_into_another(world: World) -> None:
    """A method or an address said in a header is a word, not an order."""
    client = world.person("our dispatcher").client
    for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        assert client.get("/desk/sign-out/", headers={header: "POST"}).status_code in (302, 405)
    for header in ("X-Original-URL", "X-Rewrite-URL"):
        assert client.get("/", headers={header: "/desk/sign-out/"}).status_code == 200
    assert client.get("/desk/?_method=POST&method=DELETE").status_code == 200


def test_whoever_says_whose_address_it_is_is_not_believed(qingshi: Any, settings: Settings) -> None:
    """Wrong codes are counted by where the request comes from, whatever a stranger says of herself."""
    settings.LIMITS_FACTOR = 0.02
    statuses = set()
    for n in range(30):
        said = {"X-Forwarded-For": f"10.9.8.{n}", "X-Real-IP": f"10.9.8.{n}", "Forwarded": f"for=10.9.8.{n}"}
        code = {"code": f"AAAAA-AAA{n:02}"}
        statuses.add(Client().post("/progress/", code, headers=said, REMOTE_ADDR="203.0.113.9").status_code)
    assert statuses == {422, 429}


@pytest.mark.xdist_group("every answer")
def test_no_page_puts_a_foreign_address_or_script_into_itself(answered: list[Answered]) -> None:
    wrong = []
    for one in answered:
        page = Reader(one.page)
        foreign = [s for s in page.sources if not s.startswith(("/", "data:image/", "blob:"))]
        if foreign or page.handlers or any(script.strip() for script in page.scripts):
            wrong.append((one.what, one.name, foreign, page.handlers, page.scripts))
    assert wrong == []
