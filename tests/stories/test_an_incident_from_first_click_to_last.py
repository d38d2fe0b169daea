"""An incident, from a tap on a QR code to its end: returned, assigned again, done again, reopened and closed."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from stories.hands import Hands


def stage_of(number: str) -> tuple[str, int]:
    from jingwei.casework.models import Case

    case = Case.objects.get(number=number)
    return case.stage, case.round


@pytest.mark.browser
@pytest.mark.parametrize("width", ["telephone", "desk"])
def test_an_incident_is_reported_returned_redone_called_back_reopened_and_closed(
    width: str, somebody: Callable[..., Any], site: str, qingshi: Any
) -> None:
    hands = Hands(site, width)
    housing = str(qingshi.organisation("housing").name)
    urban = str(qingshi.organisation("urban_management").name)
    place = qingshi.place("compound", 2)

    resident = somebody(at=width)
    resident.goto(f"{site}/q/{place.qr}/")
    resident.get_by_text("环境卫生").first.click()
    resident.get_by_text(re.compile("留联系方式|留下联系方式|联系方式")).first.click()
    resident.locator('[name="contact"], [name="who"]').nth(1).check(force=True)
    resident.locator('[name="telephone"]').fill("13800000000")
    hands.look(resident, "report")
    resident.get_by_role("button", name="提交").click()
    resident.get_by_text("您的查询码").wait_for()
    hands.look(resident, "receipt")
    number = re.search(r"QS\d{10,}", resident.content())
    assert number is not None
    case = number[0]
    code = resident.locator(".code").first.inner_text()

    people = {name: somebody(name, at=width) for name in ("dispatcher", "housing", "urban", "inspector", "caller")}
    dispatcher, inspector, caller = people["dispatcher"], people["inspector"], people["caller"]

    hands.take(dispatcher, case, "assign", handler=housing)
    assert stage_of(case) == ("assigned", 1)
    hands.take(people["housing"], case, "give_back", return_reason="不属于本单位职责", words="这是城管的事。")
    assert stage_of(case) == ("accepted", 1)

    arbiter = somebody("county", at=width)  # Qingshi lets a case bounce once; then the county decides
    hands.take(arbiter, case, "assign", handler=urban)
    hands.take(people["urban"], case, "sign_for")
    hands.take(people["urban"], case, "report_handled", reply="垃圾已经清走。")
    hands.take(inspector, case, "fail", words="桶边还有散落的垃圾。")
    assert stage_of(case) == ("handling", 1)
    hands.take(people["urban"], case, "report_handled", reply="散落的垃圾也清走了。")
    hands.take(inspector, case, "verify")
    assert stage_of(case) == ("calling_back", 1)
    hands.take(caller, case, "call_back", words="她说还有气味。")
    assert stage_of(case) == ("closed", 1)

    resident.goto(f"{site}/c/{code}/")
    hands.look(resident, "handled")
    resident.locator('#rate [name="rating"][value="1"]').check(force=True)
    resident.locator("#rate button").last.click()
    resident.wait_for_url("**done=rate")
    resident.get_by_text("没有解决？要求重办").click()
    resident.locator("#id_reopen_words").fill("第二天又堆满了。")
    hands.look(resident, "reopen")
    resident.locator("#id_reopen_words").locator("xpath=ancestor::form").locator("button").last.click()
    resident.locator("#add").wait_for()
    assert stage_of(case) == ("reported", 2)
    hands.look(resident, "reopened")

    hands.take(dispatcher, case, "assign", handler=urban)
    hands.take(people["urban"], case, "sign_for")
    hands.take(people["urban"], case, "report_handled", reply="改为每天清运两次。")
    hands.take(inspector, case, "verify")
    hands.take(caller, case, "call_back", rating="非常满意", words="满意。")
    assert stage_of(case) == ("closed", 2)

    resident.goto(f"{site}/c/{code}/")
    hands.look(resident, "closed")
    assert "改为每天清运两次。" in resident.content()
    assert "这是城管的事。" not in resident.content()
