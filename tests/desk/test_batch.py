"""Batch acts: each case by itself, each answered by itself."""

from typing import Any
from uuid import uuid4

import pytest

from jingwei.casework.kinds import KINDS
from jingwei.casework.models import Case
from jingwei.casework.pages.batches import in_batch

pytestmark = pytest.mark.django_db


def batch(client: Any, what: str, *cases: Case, **said: str) -> list[str]:
    """What the page that follows says."""
    given = {"key": str(uuid4()), "do": what, "case": [case.number for case in cases]} | said
    return [str(message) for message in client.post("/desk/batch/", given, follow=True).context["messages"]]


def test_each_goes_to_the_unit_suggested_for_it(at_desk: Any, report: Any) -> None:
    one, two = report("门窗漏雨", category="property_repair"), report("半夜施工", category="construction_noise")
    assert batch(at_desk("dispatcher"), "incident.assign", one, two, handler="suggested") == ["已分派：2件。"]
    leads = [Case.objects.get(pk=case.pk).lead.organisation.key for case in (one, two)]  # type: ignore[union-attr]
    assert leads == [case.of_kind.suggested(case)[0].post.organisation.key for case in (one, two)]


def test_one_that_is_refused_leaves_the_others_done(at_desk: Any, report: Any, qingshi: Any) -> None:
    dispatcher, handler = at_desk("dispatcher"), str(qingshi.post("housing.desk").pk)
    one, two, three = report("一"), report("二"), report("三")
    batch(dispatcher, "incident.assign", two, handler=handler)
    said = batch(dispatcher, "incident.assign", one, two, three, handler=handler)
    assert said == [
        f"已分派：2件。 1件没有办成：{two.number} 有人先办了一步：本案现在处于“待签收”（青石乡网格中心·调度席）。"
    ]
    assert {Case.objects.get(pk=case.pk).stage for case in (one, two, three)} == {"assigned"}


def test_a_case_that_is_not_seen_is_not_there(at_desk: Any, report: Any) -> None:
    case = report("举报", confidential=True)
    assert batch(at_desk("housing"), "urge", case) == [f"1件没有办成：{case.number} 没有这件事项，或者您的岗位看不到。"]
    assert Case.objects.get(pk=case.pk).urged == 0


def test_nothing_ticked_is_said(at_desk: Any) -> None:
    assert batch(at_desk("dispatcher"), "urge") == ["请至少勾选一件。"]


def test_the_same_batch_sent_twice_is_done_once(at_desk: Any, report: Any) -> None:
    case, key = report("一"), str(uuid4())
    for _time in range(2):
        batch(at_desk("dispatcher"), "urge", case, key=key)
    assert Case.objects.get(pk=case.pk).urged == 1


def test_only_what_asks_nothing_of_its_own_is_done_in_batches() -> None:
    steps = KINDS["incident"].steps
    assert {name for name, step in steps.items() if in_batch(step)} == {
        "accept", "assign", "recall", "sign_for", "sign_off", "verify",
    }  # fmt: skip


def test_a_step_that_asks_for_a_reason_is_refused_in_a_batch(at_desk: Any, report: Any) -> None:
    case = report("一")
    assert batch(at_desk("dispatcher"), "incident.refuse", case) == [
        f"1件没有办成：{case.number} 这一步不属于这类事项。"
    ]
