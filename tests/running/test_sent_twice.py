"""By-law of every form that does something: it carries a key, and sent twice it is done once.

The forms are found by looking at the pages, so that a new one is held to this without being listed here.
"""

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Case
from jingwei.casework.needs import Evidence
from jingwei.people.lists import REGISTERED
from jingwei.people.models import Person

from .forms import Form, forms_in

WITHOUT = {
    "looks:size": "a choice of this browser",
    "looks:language": "a choice of this browser",
    "desk:sign_in": "signing in twice is being signed in",
    "desk:sign_out": "signing out twice is being signed out",
    "desk:second_factor": "a code counts once by itself",
    "desk:set_up_factor": "a second factor is set up once",
    "desk:end_session": "a session that ended stays ended",
    "desk:security": "a setting set twice is set",
    "desk:reviewed": "what is looked over stays looked over",
    "desk:do_account": "an account is what it was made; whoever holds a post is not appointed to it again",
    "invite.html": "a user name is taken once",
    "hand_over_ask.html": "each sheet shown is a line of its own in the trail",
    "desk:choose_post": "sitting twice at a post is sitting at it",
    "desk:notices_read": "what is read stays read",
    "desk:telephone": "each look at a number is a line of its own in the trail",
    "desk:contact": "each look at a number is a line of its own in the trail",
    "doorstep:look_up": "a question, nothing is written",
    "verify.html": "a question, nothing is written",
}
"""Forms that carry no key, and why they need none."""

SOURCE = Path(__file__).parents[2] / "src" / "jingwei"

TABLES = (
    "casework_case", "casework_act", "casework_statement", "casework_standing", "casework_round", "casework_motion",
    "casework_clockentry", "casework_hand", "casework_attachment", "people_person", "people_sharing",
    "people_assessment", "accounts_account", "organisations_appointment", "trail_line", "outbox_message",
)  # fmt: skip


def stock() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES))
        return dict(zip(TABLES, cursor.fetchone(), strict=True))


def named(form: Form) -> str:
    return resolve(urlsplit(form.address).path).view_name


def is_key(said: str) -> bool:
    try:
        return UUID(said).version == 4
    except ValueError:
        return False


class Undone(Exception):
    """Takes back what a form did, so that the next one meets the page as it was drawn."""


def done_by(client: Client, sent: dict[str, list[str]], address: str) -> tuple[dict[str, int], dict[str, int], int]:
    """What the tables gained by sending a form, what they gained by sending it again, and the second answer."""
    session = dict(client.session.items())
    try:
        with transaction.atomic():
            before = stock()
            client.post(address, sent)
            once = stock()
            second = client.post(address, sent)
            twice = stock()
            gained = {name: once[name] - before[name] for name in TABLES if once[name] != before[name]}
            again = {name: twice[name] - once[name] for name in TABLES if twice[name] != once[name]}
            raise Undone
    except Undone:
        assert session is not None
        return gained, again, second.status_code


@pytest.fixture
def matters(qingshi: Any) -> dict[str, Case]:
    """A case at each point of the usual way."""
    at = timezone.now() - timedelta(days=1)
    asker = Person.named(qingshi.county_code, "钱来件", "13800006021", purpose=Person.ASKER, ground="request")

    def opened() -> Case:
        intake = Intake(
            place=qingshi.place("grid"), title="下水道堵了", words="桂花苑3号楼下水道堵了两天。", source="counter",
            category="property_repair", grade="general", request_class="complaint", asker=asker, asks_back=True,
            with_code=True,
        )  # fmt: skip
        return open_case(Incident, intake, actor=qingshi.actor("clerk"), at=at)

    desk = Evidence(posts={"handler": qingshi.post("housing.desk").pk}, words={"words": "请牵头办理。"})
    steps = (
        ("assigned", Incident.assign, "dispatcher", desk),
        ("signed", Incident.sign_for, "housing", Evidence()),
        ("reported", Incident.report_handled, "housing", Evidence(words={"reply": "已疏通，现排水正常。"})),
        ("verified", Incident.verify, "inspector", Evidence()),
    )
    found = {"opened": opened()}
    for n in range(len(steps)):
        case = opened()
        for _name, step, who, evidence in steps[: n + 1]:
            case = take(step, case, actor=qingshi.actor(who), at=at, evidence=evidence)
        found[steps[n][0]] = case
    return found


BUTTONLESS = ("", "")


def tried(client: Client, page: str, **said: str) -> tuple[Counter[str], list[str]]:
    """How often each named form of a page did something, and what is wrong with those that should be done once."""
    answer = client.get(page)
    worked: Counter[str] = Counter()
    wrong: list[str] = []
    if answer.status_code != 200:
        return worked, wrong
    for form in forms_in(answer.content.decode(), page):
        name = named(form)
        if name in WITHOUT:
            continue
        if [key for key in form.values("key") if is_key(key)] == []:
            wrong.append(f"{name} {form.address} carries no key")
            continue
        for button in form.buttons or [BUTTONLESS]:
            gained, again, status = done_by(client, form.filled(button, **said), form.address)
            worked[name] += bool(gained)
            if again or status >= 500:
                wrong.append(f"{name} {form.address} {button}: sent again it wrote {again} ({status})")
    return worked, wrong


HANDED_OVER = {
    "recipient": "省信访局", "purpose": "转办", "ground": "条例第三条", "records": "3",
    "fields_shared": next(iter(REGISTERED)),
}  # fmt: skip
LOOKS = (
    ("clerk", "opened"), ("dispatcher", "opened"), ("dispatcher", "assigned"), ("housing", "assigned"),
    ("housing", "signed"), ("leader", "signed"), ("inspector", "reported"), ("dispatcher", "verified"),
)  # fmt: skip


@pytest.mark.django_db
def test_on_the_page_of_a_case_every_form_is_done_once(qingshi: Any, matters: dict[str, Case]) -> None:
    worked: Counter[str] = Counter()
    wrong: list[str] = []
    for who, at in LOOKS:
        one, faults = tried(qingshi.sign_in(Client(), who), f"/desk/case/{matters[at].number}/")
        worked += one
        wrong += faults
    assert wrong == []
    assert worked["desk:step"] >= 6
    assert worked["desk:operation"] >= 16


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "page", "said"),
    [
        ("clerk", "/desk/new/", {"telephone": "13800006021", "name": "钱来件"}),
        ("grid", "/desk/new/", {}),
        ("caller", "/desk/callbacks/{verified}/", {}),
        ("security", "/desk/records/assessments/", {"subject": "来电人信息"}),
        (
            "security",
            "/desk/records/sharings/",
            HANDED_OVER,
        ),
    ],
)
def test_what_is_taken_in_called_about_or_written_down_is_done_once(
    qingshi: Any, matters: dict[str, Case], who: str, page: str, said: dict[str, str]
) -> None:
    numbers = {name: case.number for name, case in matters.items()}
    worked, wrong = tried(qingshi.sign_in(Client(), who), page.format(**numbers), **said)
    assert wrong == []
    assert worked.total() > 0


@pytest.mark.django_db
def test_a_batch_is_done_once(qingshi: Any, matters: dict[str, Case]) -> None:
    client = qingshi.sign_in(Client(), "dispatcher")
    (form,) = [f for f in forms_in(client.get("/desk/").content.decode(), "/desk/") if named(f) == "desk:batch"]
    assert [is_key(key) for key in form.values("key")] == [True]
    sent = form.filled(form.buttons[0]) | {"case": [matters["opened"].number]}
    handler = str(qingshi.post("housing.desk").pk)
    worked = []
    for what in ("urge", "assign", "accept"):
        gained, again, status = done_by(
            client, sent | {"what": [what], "do": [what], "handler": [handler]}, form.address
        )
        assert (again, status < 500) == ({}, True)
        worked.append(bool(gained))
    assert any(worked) or form.buttons


@pytest.mark.django_db
def test_at_the_residents_door_every_form_is_done_once(qingshi: Any, matters: dict[str, Case]) -> None:
    from jingwei.casework.acts.opening import case_code

    bearer = Client()
    bearer.get(f"/c/{case_code(matters['signed'].pk)}/")
    token = qingshi.place("compound").qr
    worked: Counter[str] = Counter()
    wrong: list[str] = []
    named_report = {"who": "named", "name": "钱来件", "telephone": "13800006021"}
    for client, page, said in (
        (Client(), f"/q/{token}/", {}),
        (Client(), f"/q/{token}/", named_report),
        (Client(), "/report/", {}),
        (Client(), "/suggest/", {}),
        (bearer, "/c/", {}),
    ):
        one, faults = tried(client, page, **said)
        worked += one
        wrong += faults
    assert wrong == []
    assert set(worked) >= {"doorstep:report_at", "doorstep:report", "doorstep:suggest", "doorstep:progress"}


FORM = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.DOTALL)
KEY = re.compile(r'name="key"|\bform\.key|[{]% once %[}]|hidden_fields')
TO = re.compile(r"[{]% url '([\w:]+)'")


def test_a_form_without_a_key_says_here_why_it_needs_none() -> None:
    """Read from the templates, so that a form on a page which no test opens is held to it too."""
    keyless = {
        (TO.findall(form[:400]) or [template.name])[0]
        for template in sorted(SOURCE.rglob("templates/**/*.html"))
        for form in FORM.findall(template.read_text())
        if not KEY.search(form)
    }
    assert keyless - set(WITHOUT) == set()


def test_the_reasons_name_forms_that_there_are() -> None:
    from django.urls import get_resolver

    known = {
        f"{space}:{name}"
        for space, (_, inside) in get_resolver().namespace_dict.items()
        for name in inside.reverse_dict
        if isinstance(name, str)
    }
    assert set(WITHOUT) - known - {name for name in WITHOUT if name.endswith(".html")} == set()
