"""Administrator, security officer and auditor are three persons, see no cases, and look after accounts together."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from jingwei.accounts.acts import Asked, invite
from jingwei.accounts.models import Account, Measure, Session
from jingwei.accounts.pack import AccountsSection
from jingwei.accounts.sitting import kept_apart
from jingwei.organisations.acts import KeptApart, appoint
from jingwei.organisations.models import Appointment, Post
from jingwei.people.models import Person
from jingwei.trail.actor import Actor
from people_fixtures.qingshi import Qingshi

from .conftest import PASSWORD, body_of, enter

OFFICE = Actor.machine("office")
THREE = ("county_centre.administrator", "county_centre.security_officer", "county_centre.auditor")
REASON = {"reason": "本人来电，已核实"}


@pytest.fixture
def administrator(qingshi: Qingshi) -> Client:
    return qingshi.sign_in(Client(), "administrator")


def newcomer(qingshi: Qingshi) -> int:
    person = Person.named(qingshi.county_code, "新来的", purpose=Person.OFFICIAL, ground="contract")
    person.save()
    return person.pk


def do(client: Client, account: Account, name: str, **said: Any) -> Any:
    return client.post(f"/desk/accounts/{account.pk}/do/{name}/", said)


@pytest.mark.parametrize("first", THREE)
@pytest.mark.parametrize("second", THREE)
def test_nobody_is_appointed_to_two_of_the_three(qingshi: Qingshi, first: str, second: str) -> None:
    person, at = newcomer(qingshi), timezone.now()
    appoint([(qingshi.post(first), person)], actor=OFFICE, at=at - timedelta(days=1))
    if first == second:
        appoint([(qingshi.post(second), person)], actor=OFFICE, at=at)
        return
    with pytest.raises(KeptApart) as apart:
        appoint([(qingshi.post(second), person)], actor=OFFICE, at=at)
    assert "须由三人分别担任" in apart.value.sentence
    assert Appointment.objects.filter(person_id=person).count() == 1


def test_nor_to_both_in_one_act_nor_to_one_that_begins_later(qingshi: Qingshi) -> None:
    person, at = newcomer(qingshi), timezone.now()
    with pytest.raises(KeptApart):
        appoint([(qingshi.post(one), person) for one in THREE[:2]], actor=OFFICE, at=at)
    assert Appointment.objects.filter(person_id=person).count() == 0
    appoint([(qingshi.post(THREE[0]), person)], actor=OFFICE, at=at + timedelta(days=30))
    with pytest.raises(KeptApart):
        appoint([(qingshi.post(THREE[1]), person)], actor=OFFICE, at=at)


def test_an_ordinary_post_beside_one_of_the_three_is_no_matter(qingshi: Qingshi) -> None:
    person, at = newcomer(qingshi), timezone.now()
    appoint([(qingshi.post(THREE[0]), person), (qingshi.post("town_centre.clerk"), person)], actor=OFFICE, at=at)
    assert Appointment.objects.filter(person_id=person).count() == 2


def test_two_administrators_at_the_same_moment_appoint_her_to_one_of_the_three(
    own_database: str, qingshi: Qingshi
) -> None:
    person, at, ready, said = newcomer(qingshi), timezone.now(), threading.Barrier(2), []
    posts = [qingshi.post(one) for one in THREE[:2]]

    def try_one(post: Post) -> None:
        ready.wait()
        try:
            appoint([(post, person)], actor=OFFICE, at=at)
            said.append("appointed")
        except KeptApart:
            said.append("refused")
        connection.close()

    threads = [threading.Thread(target=try_one, args=(post,)) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["appointed", "refused"]


def test_whoever_holds_two_all_the_same_sits_at_none_of_them(client: Client, qingshi: Qingshi, secret: Any) -> None:
    person = qingshi.person("auditor")
    Appointment.objects.create(post=qingshi.post(THREE[0]), person=person, since=timezone.localdate())
    posts = [qingshi.post(one) for one in (*THREE, "town_centre.clerk")]
    assert kept_apart(posts) == [qingshi.post("town_centre.clerk")]
    assert kept_apart(posts[2:]) == posts[2:]
    enter(client, secret("auditor"))
    answer = client.get("/desk/audit/", follow=True)
    assert (answer.status_code, "三员须分设" in answer.content.decode()) == (403, True)
    assert client.post("/desk/post/", {"post": qingshi.post(THREE[2]).pk}).status_code == 403


@pytest.mark.parametrize("officer", ["administrator", "security", "auditor"])
def test_none_of_them_sees_a_case_or_takes_a_list_of_cases_away(qingshi: Qingshi, officer: str) -> None:
    from jingwei.affairs.incidents.kinds import Incident
    from jingwei.casework.acts.opening import Intake, open_case

    intake = Intake(place=qingshi.place("grid"), title="路灯不亮", words="路灯不亮", source="counter", grade="general")
    case = open_case(Incident, intake, actor=qingshi.actor("county"), at=timezone.now())
    client = qingshi.sign_in(Client(), officer)
    assert client.get(f"/desk/case/{case.number}/").status_code == 404
    assert case.number not in client.get("/desk/rows/?queue=seen").content.decode()
    home = client.get("/desk/")
    assert home.status_code == 302
    assert case.number not in client.get(home.headers["Location"]).content.decode()


@pytest.mark.parametrize(
    ("officer", "pages"),
    [
        ("administrator", {"/desk/accounts/", "/desk/accounts/new/"}),
        ("security", {"/desk/security/"}),
        ("auditor", {"/desk/audit/", "/desk/audit.xlsx"}),
        ("dispatcher", set()),
        ("leader", set()),
    ],
)
def test_each_page_belongs_to_one_of_them(qingshi: Qingshi, officer: str, pages: set[str], told: Any) -> None:
    every = {"/desk/accounts/", "/desk/accounts/new/", "/desk/security/", "/desk/audit/", "/desk/audit.xlsx"}
    client = qingshi.sign_in(Client(), officer)
    opened = set()
    for page in every:
        answer = client.get(page)
        body_of(answer)
        opened |= {page} if answer.status_code == 200 else set()
    assert opened == pages
    refused = told("account.refused")
    assert [(line["status"], line["ok"]) for line in refused] == [(403, False)] * len(every - pages)


def test_an_invited_person_gets_a_password_that_is_shown_once(
    administrator: Client, client: Client, qingshi: Qingshi, told: Any
) -> None:
    post = qingshi.post("town_centre.clerk")
    said = {"name": "周新人", "username": "zhou.xin", "post": post.pk, "telephone": "10000009999"}
    shown = administrator.post("/desk/accounts/new/", said).content.decode()
    found = re.search(r'id="first-password">([a-z]+-[a-z]+-[a-z]+-[0-9]{4})<', shown)
    assert found is not None
    account = Account.objects.get(username="zhou.xin")
    assert (account.person.name, [one.post for one in account.person.appointments.all()]) == ("周新人", [post])
    assert found[1] not in administrator.get(f"/desk/accounts/{account.pk}/").content.decode()
    enter(client, "Zhou.Xin", found[1])
    assert client.get("/desk/new/").headers["Location"].startswith("/desk/account/password/")
    client.post("/desk/account/password/", {"old": found[1], "new": "Heron-cloud-7", "again": "Heron-cloud-7"})
    assert client.get("/desk/new/").status_code == 200
    assert enter(Client(), "zhou.xin", found[1]).status_code == 422
    assert told("accounts.password_changed") == [{"person": account.person_id}]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"username": "clerk"}, "这个用户名已被使用"),
        ({"username": "CLERK"}, "用户名为3到40位"),
        ({"username": "li"}, "用户名为3到40位"),
        ({"username": "李新"}, "用户名为3到40位"),
    ],
)
def test_a_user_name_is_plain_and_nobody_else_s(
    administrator: Client, qingshi: Qingshi, said: dict[str, str], sentence: str
) -> None:
    before = Person.objects.count()
    answer = administrator.post("/desk/accounts/new/", {"name": "李新人"} | said)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert Person.objects.count() == before


def test_a_name_taken_in_the_same_moment_leaves_nothing_behind(qingshi: Qingshi) -> None:
    from jingwei.accounts.refusals import NameTaken

    actor, rules = qingshi.actor("administrator"), AccountsSection()
    with pytest.raises(NameTaken):
        invite(Asked("CLERK", newcomer(qingshi)), rules=rules, actor=actor, at=timezone.now())


def test_the_administrator_is_refused_where_the_three_would_meet(administrator: Client, qingshi: Qingshi) -> None:
    auditor = qingshi.account("auditor")
    answer = do(administrator, auditor, "appoint", post=qingshi.post("county_centre.security_officer").pk)
    assert (answer.status_code, "须由三人分别担任" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("name", ["appoint", "dismiss", "password", "disable", "enable", "unlock", "link"])
def test_nobody_helps_herself(administrator: Client, qingshi: Qingshi, name: str) -> None:
    own = qingshi.account("administrator")
    said = {"post": qingshi.post("town_centre.dispatcher").pk, "appointment": "1", "outside": "x", **REASON}
    answer = do(administrator, own, name, **said)
    assert (answer.status_code, "由另一位管理员办理" in answer.content.decode()) == (422, True)
    assert own.person.appointments.count() == 1


def test_closing_an_account_asks_why_and_ends_its_sessions(
    administrator: Client, client: Client, qingshi: Qingshi, secret: Any
) -> None:
    clerk = qingshi.account(secret("clerk"))
    enter(client, "clerk")
    assert do(administrator, clerk, "disable", reason=" ").status_code == 422
    assert client.get("/desk/new/").status_code == 200
    assert do(administrator, clerk, "disable", **REASON).status_code == 302
    assert (Session.objects.filter(account=clerk).count(), client.get("/desk/new/").status_code) == (0, 302)
    assert enter(Client(), "clerk").status_code == 422
    do(administrator, clerk, "enable", **REASON)
    assert enter(Client(), "clerk").status_code == 302


def test_the_administrator_opens_a_locked_gate(administrator: Client, qingshi: Qingshi, secret: Any) -> None:
    clerk = qingshi.account(secret("clerk"))
    for _try in range(5):
        enter(Client(), "clerk", "wrong")
    assert "输错过多，已锁定" in administrator.get(f"/desk/accounts/{clerk.pk}/").content.decode()
    assert enter(Client(), "clerk").status_code == 429
    do(administrator, clerk, "unlock", **REASON)
    assert enter(Client(), "clerk").status_code == 302


def test_ending_an_appointment_ends_the_session_at_once_and_it_may_be_given_again(
    administrator: Client, client: Client, qingshi: Qingshi, secret: Any
) -> None:
    clerk = qingshi.account(secret("clerk"))
    enter(client, "clerk")
    held = clerk.person.appointments.get()
    do(administrator, clerk, "dismiss", appointment=held.pk)
    assert client.get("/desk/new/").headers["Location"] == "/desk/sign-in/?next=/desk/new/"
    for _time in range(2):
        do(administrator, clerk, "appoint", post=held.post_id)
        enter(client, "clerk")
        assert client.get("/desk/new/").status_code == 200
        do(administrator, clerk, "dismiss", appointment=clerk.person.appointments.order_by("-id")[0].pk)


def test_a_forgotten_password_is_replaced_by_one_that_must_be_changed(
    administrator: Client, client: Client, qingshi: Qingshi, secret: Any
) -> None:
    clerk = qingshi.account(secret("clerk"))
    enter(client, "clerk")
    shown = do(administrator, clerk, "password", **REASON).content.decode()
    found = re.search(r'id="first-password">([^<]+)<', shown)
    assert found is not None
    assert client.get("/desk/new/").status_code == 302
    assert (enter(Client(), "clerk", PASSWORD).status_code, enter(client, "clerk", found[1]).status_code) == (422, 302)
    assert client.get("/desk/new/").headers["Location"].startswith("/desk/account/password/")


def test_an_administrator_of_a_town_looks_after_her_town_alone(client: Client, qingshi: Qingshi) -> None:
    centre = qingshi.organisation("town_centre")
    post = Post.objects.create(
        organisation=centre, key="administrator", title="乡管理员", roles=["administrator"], ground=centre.ground
    )
    appoint([(post, qingshi.person("head").pk)], actor=OFFICE, at=timezone.now())
    town = qingshi.sign_in(client, "head", "town_centre.administrator")
    seen = town.get("/desk/accounts/").content.decode()
    assert (">clerk<" in seen, ">county<" in seen, ">auditor<" in seen) == (True, False, False)
    assert town.get(f"/desk/accounts/{qingshi.account('county').pk}/").status_code == 404
    assert do(town, qingshi.account("county"), "disable", **REASON).status_code == 404
    clerk = qingshi.account("clerk")
    answer = do(town, clerk, "appoint", post=qingshi.post("county_centre.dispatcher").pk)
    assert (answer.status_code, clerk.person.appointments.count()) == (422, 1)


def test_the_security_officer_looks_over_what_administrators_did(
    administrator: Client, client: Client, qingshi: Qingshi, told: Callable[[str], list[dict[str, Any]]]
) -> None:
    do(administrator, qingshi.account("clerk"), "disable", **REASON)
    officer = qingshi.sign_in(client, "security")
    page = officer.get("/desk/security/").content.decode()
    assert (REASON["reason"] in page, "停用了账号" in page) == (True, True)
    measure = Measure.objects.get()
    for _time in range(2):
        officer.post(f"/desk/security/{measure.pk}/reviewed/")
    assert REASON["reason"] not in officer.get("/desk/security/").content.decode()
    assert told("accounts.reviewed") == [{"measure": measure.pk}]
    assert administrator.post(f"/desk/security/{measure.pk}/reviewed/").status_code == 403


def test_her_own_measures_are_looked_over_by_another(client: Client, qingshi: Qingshi) -> None:
    from jingwei.accounts import verbs
    from jingwei.accounts.acts import take_measure

    actor, at = qingshi.actor("security"), timezone.now()
    take_measure(qingshi.account("clerk"), verbs.FACTOR_RESET, "手机丢失", actor=actor, at=at)
    officer, measure = qingshi.sign_in(client, "security"), Measure.objects.get()
    officer.post(f"/desk/security/{measure.pk}/reviewed/")
    measure.refresh_from_db()
    assert measure.reviewed_at is None
