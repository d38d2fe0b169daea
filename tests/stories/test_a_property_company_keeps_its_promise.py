"""54321: a company comes, the caller says so by her code, the forty minutes run out, the company is heard."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from people_fixtures.units import a_unit
from stories.hands import Hands


@pytest.mark.browser
@pytest.mark.drawn
@pytest.mark.parametrize("width", ["telephone", "desk"])
def test_the_caller_confirms_the_coming_and_a_breach_counts_once_heard_and_verified(
    width: str, somebody: Callable[..., Any], site: str, qingshi: Any
) -> None:
    from jingwei.affairs.promises.models import PromiseBreach
    from jingwei.casework.models import Case, ClockEntry, ClockRun

    home, next_door = qingshi.place("compound", 1), qingshi.place("compound", 2)
    ours = a_unit(
        qingshi, "property_ours", "安居物业", kind="property", role="department", who="housing", serves=[home]
    )
    a_unit(qingshi, "property_theirs", "邻里物业", kind="property", role="department", who="urban", serves=[next_door])
    hands = Hands(site, width)
    dispatcher, inspector = (somebody(who, at=width) for who in ("dispatcher", "inspector"))
    company = somebody("housing", at=width, post="property_ours.desk")
    caller = somebody(at="telephone", javascript=False)
    dispatcher.goto(f"{site}/desk/open/promise/")
    dispatcher.locator('[name="title"]').fill("三号楼水管漏水")
    dispatcher.locator('[name="place"]').select_option(value=str(home.pk))
    dispatcher.locator('[name="grade"]').select_option(label="小事")
    dispatcher.get_by_role("button", name="立案").click()
    dispatcher.wait_for_url("**/desk/new/**")
    hands.look(dispatcher, "the-slip-with-her-code")
    found = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", dispatcher.locator(".sheet .code").inner_text())
    assert found is not None
    case = Case.objects.get(kind="promise")
    dispatcher.goto(f"{site}/desk/case/{case.number}/")
    offered = dispatcher.locator('form[action*="/step/give/"] [name="handler"] option').all_text_contents()
    assert offered[1:] == ["安居物业"]  # nobody promises for another's compound
    hands.take(dispatcher, case.number, "give", handler="安居物业")
    clocks = ClockRun.objects.filter(case=case, state="running").order_by("name")
    spans = {run.name: run.due_at - run.since for run in clocks}
    assert spans == {"arrival": timedelta(minutes=5), "handling": timedelta(minutes=40)}

    hands.take(company, case.number, "come")
    caller.goto(f"{site}/c/{found[0]}/")
    hands.look(caller, "has-somebody-come")
    caller.get_by_role("button", name="没有人到场").click()
    case.refresh_from_db()
    assert case.stage == "on_the_way"
    hands.take(company, case.number, "come")
    caller.goto(f"{site}/c/{found[0]}/")
    caller.get_by_role("button", name="确认已到场").click()
    caller.wait_for_load_state()
    hands.look(caller, "she-confirmed")
    case.refresh_from_db()
    assert case.stage == "under_repair"

    began = timezone.now() - timedelta(hours=1)  # the forty minutes are over
    ClockEntry.objects.filter(clock__case=case, clock__name="handling", verb="start").update(at=began)
    hands.take(company, case.number, "report_done", reply="已换水管。")
    assert PromiseBreach.objects.get(case=case).verified_at is None
    hands.take(inspector, case.number, "check_it")
    inspector.goto(f"{site}/desk/case/{case.number}/")
    assert inspector.locator('form[action*="/step/uphold/"]').count() == 0  # the company is heard first
    hands.take(company, case.number, "have_its_say", words="配件不在库。")
    hands.take(inspector, case.number, "uphold", words="查看了出库记录。")
    breach = PromiseBreach.objects.get(case=case)
    case.refresh_from_db()
    assert (breach.promise, breach.organisation_id) == ("handling", ours.organisation_id)
    assert (case.stage, breach.set_aside_at) == ("broken", None)
    assert (breach.heard_at or began) < (breach.verified_at or began)
    inspector.goto(f"{site}/desk/breaches/")
    hands.look(inspector, "the-list-of-broken-promises")
    assert inspector.locator("tbody tr").count() == 1
    inspector.get_by_role("link", name="不予认定").click()
    inspector.get_by_text("没有违诺记录").wait_for()
