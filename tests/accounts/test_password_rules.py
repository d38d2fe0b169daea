"""What a county asks of a password, and what happens when one is too old or was handed out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jingwei.accounts.acts import change_own_password
from jingwei.accounts.models import Account
from jingwei.accounts.pack import AccountsSection
from jingwei.accounts.passwords import classes_of, faults_of, must_change, readable
from jingwei.accounts.refusals import WeakPassword
from people_fixtures.qingshi import STOOD_UP, Qingshi

from .conftest import PASSWORD, enter

RULES = AccountsSection()
MIX = "大写字母、小写字母、数字、其他符号中，至少用 3 类。"


@pytest.mark.parametrize(
    ("password", "classes"),
    [("abc", 1), ("abcD", 2), ("abcD1", 3), ("abcD1-", 4), ("口令", 1), ("   ", 0), ("", 0)],
)
def test_sorts_of_signs_are_counted(password: str, classes: int) -> None:
    assert classes_of(password) == classes


@pytest.mark.parametrize(
    ("password", "faults"),
    [
        ("Ab1-Ab1-A", ["长度须为 10 到 128 位。"]),
        ("heroncloud", [MIX]),
        ("password123", [MIX, "这个密码太常见，容易被猜中，请换一个。"]),
        ("Clerk-2026-x", ["密码中不要包含用户名。"]),
        ("A" * 70 + "b1-" * 20, ["长度须为 10 到 128 位。"]),
        ("Heron-cloud-7", []),
    ],
)
def test_each_fault_is_a_sentence_that_says_what_to_do(qingshi: Qingshi, password: str, faults: list[str]) -> None:
    assert faults_of(password, qingshi.account("clerk"), RULES) == faults


@given(st.integers(8, 20), st.integers(1, 3))
def test_a_first_password_keeps_the_rules_of_most_packs(length: int, classes: int) -> None:
    assert faults_of(readable(), None, AccountsSection(password_length=length, password_classes=classes)) in (
        [], [f"长度须为 {length} 到 128 位。"] if length > 17 else [],
    )  # fmt: skip


def test_the_last_five_passwords_do_not_come_back(qingshi: Qingshi) -> None:
    clerk, actor, at = qingshi.account("clerk"), qingshi.actor("clerk"), STOOD_UP
    for n in range(1, 7):
        change_own_password(clerk, f"Heron-cloud-{n}", rules=RULES, actor=actor, at=at + timedelta(days=n))
    used = [n for n in range(1, 7) if faults_of(f"Heron-cloud-{n}", clerk, RULES)]
    assert used == [2, 3, 4, 5, 6]
    with pytest.raises(WeakPassword) as weak:
        change_own_password(clerk, "Heron-cloud-6", rules=RULES, actor=actor, at=at)
    assert weak.value.faults == ("这个密码用过了，不能与最近 5 次的相同。",)


@pytest.mark.parametrize(
    ("age", "days", "first", "must"),
    [(89, 90, False, False), (90, 90, False, True), (900, 0, False, False), (None, 90, True, True)],
)
def test_a_password_has_to_be_changed_when_it_is_too_old_or_not_her_own(
    age: int | None, days: int, first: bool, must: bool
) -> None:
    at = timezone.now()
    account = Account(
        username="somebody",
        password_since=None if age is None else at - timedelta(days=age),
        first_until=at if first else None,
    )
    assert must_change(account, AccountsSection(password_days=days), at) is must


def test_before_a_first_password_is_changed_no_page_opens(client: Client, qingshi: Qingshi, secret: Any) -> None:
    account = qingshi.account(secret("clerk"))
    account.password_since, account.first_until = None, timezone.now() + timedelta(hours=1)
    account.save()
    enter(client, "clerk")
    for page in ("/desk/", "/desk/new/", "/desk/export.xlsx", "/desk/qr/"):
        assert client.get(page).headers["Location"].startswith("/desk/account/password/"), page
    new = {"old": PASSWORD, "new": "Heron-cloud-7", "again": "Heron-cloud-7", "next": "/desk/new/"}
    assert client.post("/desk/account/password/", new).headers["Location"] == "/desk/new/"
    assert client.get("/desk/new/").status_code == 200


def test_a_first_password_that_ran_out_opens_nothing(client: Client, qingshi: Qingshi, secret: Any, told: Any) -> None:
    account = qingshi.account(secret("clerk"))
    account.password_since, account.first_until = None, timezone.now()
    account.save()
    answer = enter(client, "clerk")
    assert answer.status_code == 422
    assert "初始密码已过期" in answer.content.decode()
    assert [line["ok"] for line in told("account.sign_in_failed")] == [False]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"old": "wrong", "new": "Heron-cloud-7", "again": "Heron-cloud-7"}, "当前密码不正确。"),
        ({"old": PASSWORD, "new": "Heron-cloud-7", "again": "Heron-cloud-8"}, "两次输入的新密码不一致"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "这个密码用过了"),
    ],
)
def test_what_is_wrong_with_a_new_password_is_said(
    client: Client, secret: Callable[[str], str], said: dict[str, str], sentence: str
) -> None:
    enter(client, secret("clerk"))
    answer = client.post("/desk/account/password/", said)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert client.get("/desk/new/").status_code == 200


def test_guessing_the_old_password_at_an_open_desk_is_stopped(client: Client, secret: Callable[[str], str]) -> None:
    enter(client, secret("clerk"))
    guess = {"old": "wrong", "new": "Heron-cloud-7", "again": "Heron-cloud-7"}
    answers = [client.post("/desk/account/password/", guess).status_code for _try in range(6)]
    assert answers == [422] * 5 + [429]
