"""Who asked is covered; the unit that has the case uncovers it for a reason, while it is open, and never after."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jingwei.casework.acts.residents import withdraw
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Case
from jingwei.casework.needs import Evidence
from jingwei.people.models import Unmasking
from jingwei.trail.actor import Actor

REASON = {"reason": "on_site", "words": "约上门疏通的时间"}
SHOWN, COVERED = "13800006021", "138****6021"


@pytest.fixture
def assigned(qingshi: Any, opened: Callable[..., Case], at: Any) -> Case:
    """With the housing bureau, which has not signed for it yet."""
    from jingwei.affairs.incidents.kinds import Incident

    evidence = Evidence(posts={"handler": qingshi.post("housing.desk").pk})
    return take(Incident.assign, opened(), actor=qingshi.actor("dispatcher"), at=at, evidence=evidence)


def page(qingshi: Any, who: str) -> Client:
    return qingshi.sign_in(Client(), who)  # type: ignore[no-any-return]


def test_the_unit_that_has_the_case_sees_the_number_once_for_a_reason(qingshi: Any, assigned: Case, told: Any) -> None:
    client, address = page(qingshi, "housing"), f"/desk/case/{assigned.number}/contact/"
    assert address in client.get(f"/desk/case/{assigned.number}/").content.decode()
    before = client.get(address).content.decode()
    assert [said in before for said in (COVERED, SHOWN, "钱**", "钱来件")] == [True, False, True, False]
    answer = client.post(address, REASON)
    assert [said in answer.content.decode() for said in (SHOWN, "钱来件")] == [True, True]
    assert "no-store" in answer.headers["Cache-Control"]
    assert SHOWN not in client.get(address).content.decode()
    [line] = told("people.unmasked")
    assert line["facts"] == {"about": assigned.number, "reason": "on_site", "unmasking": Unmasking.objects.get().pk}
    assert Unmasking.objects.get().words == "约上门疏通的时间"


@pytest.mark.parametrize(
    "said", [{}, {"reason": "on_site"}, {"words": "约时间上门"}, {"reason": "curious", "words": "想看看是谁"},
             {"reason": "on_site", "words": "看"}],
)  # fmt: skip
def test_without_a_reason_nothing_is_shown(qingshi: Any, assigned: Case, said: dict[str, str]) -> None:
    answer = page(qingshi, "housing").post(f"/desk/case/{assigned.number}/contact/", said)
    assert (answer.status_code, SHOWN in answer.content.decode()) == (422, False)
    assert Unmasking.objects.count() == 0


@pytest.mark.parametrize(("who", "status"), [("inspector", 422), ("leader", 422), ("urban", 404), ("auditor", 404)])
def test_no_other_post_is_shown_who_asked(qingshi: Any, assigned: Case, who: str, status: int) -> None:
    answer = page(qingshi, who).post(f"/desk/case/{assigned.number}/contact/", REASON)
    assert (answer.status_code, SHOWN in answer.content.decode()) == (status, False)
    assert Unmasking.objects.count() == 0


def test_a_case_that_has_ended_is_shown_to_nobody(qingshi: Any, assigned: Case) -> None:
    withdraw(assigned, actor=Actor.bearer(assigned.pk), at=timezone.now())
    for who in ("housing", "dispatcher", "caller", "county"):
        answer = page(qingshi, who).post(f"/desk/case/{assigned.number}/contact/", REASON)
        assert (answer.status_code, SHOWN in answer.content.decode()) == (422, False)


def test_the_unit_that_handed_it_on_is_not_shown_it_any_more(qingshi: Any, assigned: Case, at: Any) -> None:
    from jingwei.affairs.incidents.kinds import Incident

    evidence = Evidence(choices={"return_reason": "not_our_duty"}, words={"words": "应由城管局办理。"})
    take(Incident.give_back, assigned, actor=qingshi.actor("housing"), at=at, evidence=evidence)
    assert page(qingshi, "housing").post(f"/desk/case/{assigned.number}/contact/", REASON).status_code == 422


def test_who_handles_a_confidential_case_is_not_shown_who_asked(
    qingshi: Any, opened: Callable[..., Case], at: Any
) -> None:
    from jingwei.affairs.incidents.kinds import Incident

    evidence = Evidence(posts={"handler": qingshi.post("housing.desk").pk})
    case = take(Incident.assign, opened(confidential=True), actor=qingshi.actor("dispatcher"), at=at, evidence=evidence)
    address = f"/desk/case/{case.number}/contact/"
    assert page(qingshi, "housing").post(address, REASON).status_code == 422
    assert SHOWN in page(qingshi, "dispatcher").post(address, REASON).content.decode()
