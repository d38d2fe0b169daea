"""Every address by every role and method: open where the law says so, else hidden, and nothing leaks or is written."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from drawn import Some
from hostile.addresses import ADDRESSES, patterns, real
from hostile.answers import Answered, let_go
from hostile.hands import Matter, concerned_as, sees
from hostile.looking import CHOICE, FEW, GATE, leaks, may_come_of, noted_of, outcome, those_who_try
from hostile.reading import filled, form_to, read
from hostile.world import SECRET, Someone, World, build
from hostile.writes import written
from jingwei.casework.kinds import KINDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(qingshi: Any, settings: Settings, tmp_path: Path) -> World:
    settings.FILES_ROOT = tmp_path / "files"
    made = build(qingshi)
    from jingwei.files.acts import make_waiting_ready

    make_waiting_ready(made.at)
    return made


def test_every_address_of_the_site_stands_in_the_table() -> None:
    found = [route for route, _pattern in patterns()]
    missing, gone = sorted({*found} - {*ADDRESSES}), sorted({*ADDRESSES} - {*found})
    assert (missing, gone) == ([], []), "Write the sample and the law of each in tests/hostile/addresses.py."
    assert len(found) == len({*found})


@pytest.mark.xdist_group("every answer")
def test_looking_shows_an_address_to_whom_it_is_for_hides_it_from_others_and_writes_nothing(
    answered: list[Answered],
) -> None:
    assert [fault for one in answered for fault in one.faults] == []
    assert len(answered) >= 8 * len(ADDRESSES)


def test_what_is_sent_to_an_address_that_is_not_for_one_does_nothing(world: World, some: Some) -> None:
    """Empty forms: they say nothing, so whoever may send them is told what is missing; others are not let in."""
    wrong = []
    for address in ADDRESSES.values():
        path = real(address, world)
        if path == "/desk/sign-out/":
            continue  # it would end the sitting of the test
        for one in some(those_who_try(address, world), 5) if address.posts else [world.person(n) for n in FEW]:
            with written() as tables:
                answer = one.client.post(path, headers={"HX-Request": "true", "HX-Target": "div#case"})
            told = answer.headers.get("HX-Redirect", "").partition("?")[0]
            came = {GATE: "to the gate", CHOICE: "to a post"}.get(told) or outcome(answer)
            if address.posts and (address.sends or address.law)(one.hand, world):
                closed = {"to the gate", "to a post", "no such method"} - address.shows
                if answer.status_code >= 500 or came in closed:
                    wrong.append(f"POST {path} by {one.name}: {came}")
                continue
            may = may_come_of(address, one, world, method=address.posts)
            if address.sends:
                may = {*may, "refused"} - {"shown"}
            if came not in may or {*tables} - noted_of(answer, one):
                wrong.append(f"POST {path} by {one.name}: {came}, not {sorted(may)}; wrote to {tables}")
            if address.about and (leaked := leaks(answer, path)):
                wrong.append(f"POST {path} by {one.name} leaked {leaked}")
    assert wrong == []


@pytest.mark.drawn
@pytest.mark.parametrize("name", ["our dispatcher", "nobody"])
def test_no_address_does_anything_by_another_method(world: World, name: str) -> None:
    one, wrong = world.person(name), []
    for address in ADDRESSES.values():
        path = real(address, world)
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"):
            with written() as tables:
                answer = one.client.generic(method, path, b"{}", content_type="application/json")
            if method == "PUT" and path == "/photographs/" + "0" * 64 + "/":
                continue  # where photographs are handed in
            if answer.status_code not in (302, 403, 404, 405) or {*tables} - noted_of(answer, one):
                wrong.append(f"{method} {path}: {answer.status_code}, wrote to {tables}")
        with written() as tables:
            head = one.client.head(path)
        let_go(head)
        if (
            head.status_code >= 500
            or {*tables} - address.notes - noted_of(head, one)
            or (head.content if not head.streaming else b"")
        ):
            wrong.append(f"HEAD {path}: {head.status_code}, wrote to {tables}")
    assert wrong == []


def test_a_hidden_case_looks_the_same_as_one_that_is_not_there(world: World) -> None:
    """Nobody learns from the page whether a number was ever given."""
    wrong = []
    blind = [one for one in world.people if one.hand.post and not sees(one.hand, Matter.of(world.confidential))]
    number = world.confidential.number
    nothing = number[:-6] + "999999"
    for one in blind:
        for path in ("case/{}/", "case/{}/print/assignment/", "new/{}/", "callbacks/{}/", "case/{}/photo/abc/thumb/"):
            there, not_there = (one.client.get("/desk/" + path.format(n)) for n in (number, nothing))
            pages = [plain(answer, n) for answer, n in ((there, number), (not_there, nothing))]
            if there.status_code != not_there.status_code or pages[0] != pages[1]:
                wrong.append(f"{path} by {one.name}")
    assert wrong == []
    assert len(blind) > 8


def plain(answer: Any, number: str) -> list[str]:
    """The words of a page without the number that was asked for."""
    return [word.replace(number, "") for word in read(answer).text if word.strip()]


def test_a_form_drawn_for_one_hand_does_nothing_in_another(world: World) -> None:
    """Every form on the page of a case, filled in by whoever it was drawn for, sent by all who may not."""
    wrong, tried = [], 0
    for drawn_for, case in drawn(world):
        page = drawn_for.client.get(f"/desk/case/{case.number}/")
        forms = [form for form in read(page).forms if f"/case/{case.number}/" in form.action and form.method == "post"]
        for form in forms:
            allowed = law_of(form.action)
            matter = Matter.of(case)
            given = filled(form, place="", number=world.asked.number)
            may = [p for p in world.people if concerned_as(p.hand, matter) & allowed and sees(p.hand, matter)]
            seeing = [p for p in world.people if sees(p.hand, matter) and p not in may]
            blind = [p for p in world.people if not sees(p.hand, matter)]
            for one in (*every_so_often(seeing, tried, 4), *every_so_often(blind, tried, 2)):
                with written() as tables:
                    headers = {"HX-Request": "true", "HX-Target": "div#case"}
                    answer = one.client.post(form.action, given, headers=headers)
                tried += 1
                refused = answer.status_code in (404, 409) or answer.headers.get("HX-Redirect")
                if not refused or {*tables} - noted_of(answer, one):
                    wrong.append(f"{form.action} by {one.name}: {answer.status_code}, wrote to {tables}")
                if not sees(one.hand, matter) and (told := leaks(answer, form.action)):
                    wrong.append(f"{form.action} by {one.name} leaked {told}")
    assert wrong == []
    assert tried > 80


def every_so_often(people: list[Someone], begin: int, n: int) -> list[Someone]:
    """A few of many, others each time; who may what is tried whole at the acts."""
    turned = people[begin % len(people) :] + people[: begin % len(people)] if people else []
    return turned[:n]


def drawn(world: World) -> list[tuple[Someone, Any]]:
    """Who has a case's page drawn, so that together every form there is stands on one of them."""
    return [(world.person("our housing"), world.open), (world.person("our dispatcher"), world.open)]


def law_of(action: str) -> set[str]:
    """The roles that an address of a deed is for, by the law."""
    from hostile.test_wrong_hands_at_the_acts import WHO_MAY

    parts = action.partition("?")[0].strip("/").split("/")
    if parts[3] == "step":
        return {*KINDS["incident"].steps[parts[4]].by}
    return WHO_MAY[parts[4]] if parts[3] == "do" else {"dispatcher", "arbiter"}


def test_a_post_that_was_left_shows_nothing_more_to_an_open_session(world: World) -> None:
    """Dismissed at noon, the same browser: the desk asks for another post, and deeds do nothing."""
    from jingwei.organisations.models import Appointment

    one = world.person("our housing")
    page = one.client.get(f"/desk/case/{world.open.number}/")
    form = form_to(page, "/do/comment/")
    Appointment.objects.filter(post_id=one.hand.post).update(until="2026-02-01")
    with written() as tables:
        answers = [one.client.get(f"/desk/case/{world.open.number}/"), one.client.post(form.action, filled(form))]
        answers.append(one.client.get(f"/photographs/{world.photograph.pk}/full/"))
    came = [outcome(answer) for answer in answers]
    assert came in (["to a post", "to a post", "hidden"], ["to /desk/sign-in/again/", "to the gate", "hidden"])
    assert [table for table in tables if table.startswith("casework")] == []


def test_a_closed_account_is_out_of_the_door_at_once(world: World) -> None:
    from jingwei.accounts.models import Account

    one = world.person("our housing")
    Account.objects.filter(person_id=one.hand.actor.person_id).update(is_active=False)
    assert outcome(one.client.get("/desk/")) == "to the gate"


def test_nobody_chooses_a_post_she_does_not_hold(world: World) -> None:
    one, wanted = world.person("clerk"), world.person("our dispatcher").hand.post
    with written() as tables:
        answer = one.client.post("/desk/post/", {"post": wanted})
    assert (answer.status_code, tables) == (403, ["trail_line"])  # a refusal is noted, and nothing else
    session = one.client.session
    session["post"] = wanted  # even a session that says so is not believed
    session.save()
    assert one.client.get("/desk/").context["sitting"].post.pk == one.hand.post


def test_a_code_opens_one_case_and_no_other(world: World, client: Client) -> None:
    bearer = world.person("the bearer")
    other = world.confidential.attachments.first()
    assert outcome(bearer.client.get(f"/photographs/{other.pk}/full/")) == "hidden"
    assert outcome(bearer.client.get(f"/photographs/{world.photograph.pk}/full/")) == "shown"
    assert outcome(client.get(f"/photographs/{world.photograph.pk}/full/")) == "hidden"
    assert SECRET + "三" not in bearer.client.get("/c/").content.decode()
