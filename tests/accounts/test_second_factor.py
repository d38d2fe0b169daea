"""The second factor: codes as every authenticator makes them, taken once; recovery codes; who is asked for it."""

import base64
import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import connection
from django.test import Client
from django.utils import timezone

from jingwei.accounts import factors
from jingwei.accounts.factors import Answer
from jingwei.accounts.models import Account, RecoveryCode, SecondFactor
from jingwei.accounts.pack import AccountsSection
from jingwei.trail.actor import Actor
from people_fixtures.qingshi import Qingshi

from .conftest import enter

RULES = AccountsSection()
SESSION = "a key nobody guesses"
NOON = datetime(2026, 3, 2, 12, 0, 10, tzinfo=timezone.get_default_timezone())


def code_at(account: Account, at: datetime, session: str = SESSION) -> str:
    """What the telephone shows."""
    secret = factors.proposed(account, session).secret
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(at.timestamp())).decode()


def actor_of(account: Account) -> Actor:
    return Actor.of_person(account.person_id, None, "at the gate")


@pytest.fixture
def clerk(qingshi: Qingshi) -> Account:
    """The clerk, who set her factor up at noon."""
    account: Account = qingshi.account("clerk")
    assert factors.confirm(account, SESSION, code_at(account, NOON), actor=actor_of(account), at=NOON)
    return account


def check(account: Account, code: str, at: datetime) -> Answer:
    return factors.check(account, code, RULES, actor=actor_of(account), at=at)


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B: the secret "12345678901234567890" at 59 s and at 1111111109 s, last six digits."""
    totp = TOTP(b"12345678901234567890", 6, SHA1(), 30)
    assert [totp.generate(at).decode() for at in (59, 1111111109)] == ["287082", "081804"]


def test_the_code_of_now_is_taken_once(clerk: Account) -> None:
    later = NOON + timedelta(minutes=1)
    code = code_at(clerk, later)
    assert [check(clerk, code, later) for _time in range(2)] == [Answer.RIGHT, Answer.WRONG]


@pytest.mark.parametrize(
    ("off", "answer"),
    [(-60, Answer.WRONG), (-30, Answer.RIGHT), (0, Answer.RIGHT), (30, Answer.RIGHT), (60, Answer.WRONG)],
)
def test_a_clock_half_a_minute_off_is_taken(clerk: Account, off: int, answer: Answer) -> None:
    later = NOON + timedelta(minutes=10)
    assert check(clerk, code_at(clerk, later + timedelta(seconds=off)), later) is answer


def test_a_code_older_than_the_last_one_taken_is_refused(clerk: Account) -> None:
    later = NOON + timedelta(minutes=10)
    before, now = code_at(clerk, later - timedelta(seconds=30)), code_at(clerk, later)
    assert [check(clerk, code, later) for code in (now, before)] == [Answer.RIGHT, Answer.WRONG]


def test_five_wrong_codes_close_it_for_a_while(clerk: Account) -> None:
    later = NOON + timedelta(minutes=10)
    answers = [check(clerk, "000000", later) for _try in range(5)]
    assert answers == [Answer.WRONG] * 4 + [Answer.CLOSED]
    assert check(clerk, code_at(clerk, later), later) is Answer.CLOSED
    after = later + RULES.locked
    assert check(clerk, code_at(clerk, after), after) is Answer.RIGHT


def test_a_recovery_code_opens_once_and_only_its_own_account(qingshi: Qingshi, clerk: Account, told: Any) -> None:
    codes = factors.renew_codes(clerk, actor=actor_of(clerk), at=NOON)
    assert len(set(codes)) == 10
    other: Account = qingshi.account("caller")
    factors.confirm(other, SESSION, code_at(other, NOON), actor=actor_of(other), at=NOON)
    assert check(other, codes[0], NOON) is Answer.WRONG
    assert [check(clerk, said, NOON) for said in (codes[0].lower(), codes[0], codes[1])] == [
        Answer.RIGHT,
        Answer.WRONG,
        Answer.RIGHT,
    ]
    assert [line["means"] for line in told("account.factor_passed")] == ["recovery", "recovery"]
    assert RecoveryCode.objects.filter(account=clerk, used_at=None).count() == 8


def test_neither_secret_nor_recovery_code_stands_in_the_database(clerk: Account) -> None:
    codes = factors.renew_codes(clerk, actor=actor_of(clerk), at=NOON)
    secret = SecondFactor.objects.get(account=clerk).secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM accounts_secondfactor")
        [(kept,)] = cursor.fetchall()
        cursor.execute("SELECT string_agg(mark, ' ') FROM accounts_recoverycode")
        [(marks,)] = cursor.fetchall()
    assert (secret in kept, any(code.replace("-", "") in marks for code in codes)) == (False, False)


def test_a_post_that_asks_for_it_lets_nobody_act_without(
    client: Client, qingshi: Qingshi, secret: Callable[[str], str], told: Any
) -> None:
    enter(client, secret("leader"))  # Qingshi's pack names the leader's post, beside the three officers
    assert client.get("/desk/").headers["Location"] == "/desk/sign-in/code/?next=/desk/"
    page = client.get("/desk/sign-in/code/", {"next": "/desk/"}, follow=True)
    shown = re.search(r'<p class="code">([A-Z2-7 ]+)</p>', page.content.decode())
    leader = qingshi.account("leader")
    assert shown is not None
    session = str(client.session.session_key)
    assert shown[1].replace(" ", "") == factors.proposed(leader, session).secret
    assert not SecondFactor.objects.exists()  # whoever only looks writes nothing
    assert "<svg" in page.content.decode()
    assert client.post("/desk/sign-in/code/set-up/", {"code": "000000"}).status_code == 422
    done = client.post(
        "/desk/sign-in/code/set-up/", {"code": code_at(leader, timezone.now(), session), "next": "/desk/"}
    )
    assert len(re.findall(r'<li class="code">[A-Z2-9]{5}-[A-Z2-9]{5}</li>', done.content.decode())) == 10
    assert client.get("/desk/").status_code == 200
    assert len(told("accounts.factor_set_up")) == 1


def test_whoever_has_one_is_asked_at_every_sign_in_before_anything_else(
    client: Client, clerk: Account, secret: Callable[[str], str], told: Any
) -> None:
    enter(client, secret("clerk"))
    for page in ("/desk/", "/desk/new/", "/desk/account/", "/desk/account/password/", "/desk/sign-in/code/set-up/"):
        assert client.get(page).headers["Location"].startswith("/desk/sign-in/code/?next="), page
    assert client.post("/desk/sign-in/code/renew/").status_code == 302
    wrong = client.post("/desk/sign-in/code/", {"code": "000000"})
    assert (wrong.status_code, "验证码不对" in wrong.content.decode()) == (422, True)
    key = client.session.session_key
    right = client.post("/desk/sign-in/code/", {"code": code_at(clerk, timezone.now()), "next": "/desk/new/"})
    assert right.headers["Location"] == "/desk/new/"
    assert client.session.session_key != key
    assert client.get("/desk/new/").status_code == 200
    assert [line["ok"] for line in told("account.factor_failed") + told("account.factor_passed")] == [False, True]


def test_a_secret_that_was_shown_but_never_confirmed_locks_nobody_out(
    client: Client, qingshi: Qingshi, secret: Callable[[str], str]
) -> None:
    enter(client, secret("clerk"))
    assert client.get("/desk/sign-in/code/set-up/").status_code == 200
    assert not SecondFactor.objects.exists()
    again = Client()
    enter(again, "clerk")
    assert again.get("/desk/new/").status_code == 200


def test_the_security_officer_resets_it_for_a_reason_and_nobody_else_does(
    client: Client, qingshi: Qingshi, clerk: Account, secret: Callable[[str], str], told: Any
) -> None:
    hers = Client()
    enter(hers, secret("clerk"))
    officer = qingshi.sign_in(Client(), "security")
    said = {"username": "clerk", "reason": "手机丢失，本人持工作证到场"}
    assert qingshi.sign_in(client, "administrator").post("/desk/security/", said).status_code == 403
    assert officer.post("/desk/security/", said | {"reason": " "}).status_code == 422
    assert SecondFactor.objects.filter(account=clerk).exists()
    assert officer.post("/desk/security/", said).status_code == 302
    assert not SecondFactor.objects.filter(account=clerk).exists()
    assert hers.get("/desk/new/").headers["Location"].startswith("/desk/sign-in/?")
    assert told("accounts.factor_reset") == [{"person": clerk.person_id}]
    assert "这个账号没有设置双因素验证。" in officer.post("/desk/security/", said).content.decode()


def test_one_code_sent_twice_at_the_same_moment_opens_once(own_database: str, qingshi: Qingshi) -> None:
    account: Account = qingshi.account("clerk")
    assert factors.confirm(account, SESSION, code_at(account, NOON), actor=actor_of(account), at=NOON)
    later, ready, answers = NOON + timedelta(minutes=10), threading.Barrier(4), []
    code = code_at(account, later)

    def send() -> None:
        ready.wait()
        answers.append(check(account, code, later))
        connection.close()

    threads = [threading.Thread(target=send) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.value for answer in answers) == ["right", "wrong", "wrong", "wrong"]


def test_she_comes_to_where_she_wanted_whatever_stands_in_its_address(
    client: Client, clerk: Account, secret: Callable[[str], str]
) -> None:
    wanted = "/desk/?queue=ended&q=%E8%B7%AF%E7%81%AF"
    enter(client, secret("clerk"))
    gate = client.get(wanted).headers["Location"]
    asked = parse_qs(urlsplit(gate).query)["next"][0]
    assert asked == wanted
    answer = client.post("/desk/sign-in/code/", {"code": code_at(clerk, timezone.now()), "next": asked})
    assert answer.headers["Location"] == wanted
    other = Client()
    enter(other, secret("leader"))
    set_up = other.get("/desk/sign-in/code/", {"next": wanted}).headers["Location"]
    assert parse_qs(urlsplit(set_up).query)["next"] == [wanted]


def test_a_clock_that_was_wrong_for_a_while_locks_nobody_out_afterwards(clerk: Account) -> None:
    ahead = NOON + timedelta(days=400)
    SecondFactor.objects.update(closed_until=ahead, last_step=int(ahead.timestamp()) // 30)
    later = NOON + timedelta(minutes=5)
    assert check(clerk, code_at(clerk, later), later) is Answer.RIGHT
    assert check(clerk, code_at(clerk, later), later) is Answer.WRONG
