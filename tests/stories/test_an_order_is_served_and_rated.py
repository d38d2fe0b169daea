"""An order: a team says no, nobody takes it in time, another comes late; it is rated badly, and put right."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from people_fixtures.units import two_teams
from stories.hands import Hands


def put_right(problem: Any, hands: Hands, village: Any, somebody: Callable[..., Any], qingshi: Any) -> None:
    """The village sets a measure and does it; its first and last steps on the pages, as in the story of problems."""
    from jingwei.affairs.problems.kinds import Measure, Problem
    from jingwei.casework.acts.steps import take
    from jingwei.casework.models import Case
    from jingwei.casework.needs import Evidence
    from jingwei.casework.tasks import go_on_after_waiting

    unit = str(qingshi.post_of("community").organisation)
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    given = {"measure": "请电工上门重修", "measure_owner": unit, "until": until}
    hands.take(village, problem.number, "add_measure", stays=True, **given)
    village.locator("#case").get_by_text(given["measure"]).first.wait_for()
    measure = Case.objects.get(kind="measure")
    did, at = Evidence(words={"words": "已修好。"}), timezone.now()
    for step, case, who in (
        (Measure.tell, measure, "community"), (Measure.accept_measure, measure, "dispatcher"),
        (Problem.sign_off_problem, problem, "leader"),
    ):  # fmt: skip
        take(step, case.pk, actor=qingshi.actor(who), at=at, evidence=did)
    go_on_after_waiting(at + timedelta(days=31))
    inspector = somebody("county_inspector", at=hands.width)
    hands.take(inspector, problem.number, "has_not_come_back", words="风扇正常。")


@pytest.mark.browser
@pytest.mark.drawn
@pytest.mark.parametrize("width", ["telephone", "desk"])
def test_an_order_goes_from_the_door_to_a_team_and_its_bad_rating_is_put_right(
    width: str, somebody: Callable[..., Any], site: str, qingshi: Any
) -> None:
    from jingwei.casework.models import Case, ClockEntry
    from jingwei.casework.tasks import go_on_after_waiting

    two_teams(qingshi)
    hands = Hands(site, width)
    resident = somebody(at=width, javascript=False)
    village = somebody("community", at=width)
    mend, errand = (
        somebody(who, at=width, post=f"team_{key}.desk") for who, key in (("housing", "mend"), ("urban", "errand"))
    )

    resident.goto(f"{site}/")
    hands.look(resident, "the-front-page")
    resident.get_by_role("link", name="点单服务").click()
    hands.look(resident, "the-order-form")
    resident.get_by_role("button", name="提交点单").click()
    hands.look(resident, "nothing-is-chosen")
    resident.get_by_text("修理家电").click()
    resident.locator('[name="community"]').select_option(index=1)
    resident.locator('[name="where"]').fill("二号楼一单元")
    resident.locator('[name="words"]').fill("电风扇不转了，下午都在家。")
    resident.get_by_role("button", name="提交点单").click()
    hands.look(resident, "the-receipt")
    found = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", resident.locator(".receipt__code").inner_text())
    assert found is not None
    order = Case.objects.get(kind="order")

    def stands() -> tuple[str, str]:
        order.refresh_from_db()
        return order.stage, order.owner.organisation.key if order.owner else ""

    def her_page(name: str) -> None:
        resident.goto(f"{site}/c/{found[0]}/")
        hands.look(resident, name)

    assert stands() == ("ordered", "community_1")
    hands.take(village, order.number, "send", team="巧手服务队")
    hands.take(mend, order.number, "pass_by")
    hands.look(mend, "she-said-no-and-nothing-is-asked")
    assert stands() == ("ordered", "community_1")
    village.goto(f"{site}/desk/case/{order.number}/")
    village.locator('form[action*="/step/offer/"]').first.locator("xpath=ancestor::details").locator("summary").click()
    for team in ("巧手服务队", "便民服务队"):
        village.locator('form[action*="/step/offer/"]').get_by_label(team).check()
    hands.look(village, "offered-to-two")
    village.locator('form[action*="/step/offer/"] button').last.click()
    village.locator('form[action*="/step/call_off/"]').first.wait_for(state="attached")
    go_on_after_waiting(timezone.now() + timedelta(days=4))
    assert stands() == ("ordered", "community_1")  # nobody took it up in time
    her_page("she-reads-that-nobody-came-yet")

    hands.take(village, order.number, "send", team="便民服务队")
    mend.goto(f"{site}/desk/case/{order.number}/")
    hands.look(mend, "a-wrong-hand")
    assert mend.locator('form[action*="/step/take_up/"]').count() == 0
    errand.goto(f"{site}/desk/")
    hands.look(errand, "what-the-team-sees")
    hands.take(errand, order.number, "take_up", reply="明天下午三点到。")
    her_page("a-team-comes")
    began = timezone.now() - timedelta(days=30)  # the five days are over
    ClockEntry.objects.filter(clock__case=order, clock__name="handling", verb="start").update(at=began)
    hands.take(errand, order.number, "report_served", reply="换了电容，试转正常。")
    if stands()[0] == "asking":  # drawn by lot
        hands.take(somebody("caller", at=width), order.number, "it_was_done")
    assert stands() == ("served", "")
    assert order.clocks.get(name="handling").late is True
    village.goto(f"{site}/desk/case/{order.number}/")
    assert village.locator('[name="rating"]').count() == 0  # nobody rates for her
    her_page("please-rate")
    resident.locator('[name="rating"][value="2"]').check(force=True)
    resident.get_by_role("button", name="提交评价").click()
    hands.look(resident, "her-rating-is-put-right")

    problem = Case.objects.get(kind="problem")
    assert (problem.parent_id, problem.source) == (order.pk, "bad_rating")
    village.goto(f"{site}/desk/case/{order.number}/")
    hands.look(village, "the-order-shows-its-rectification")
    village.locator(f'#case a[href*="{problem.number}"]').first.click()
    village.locator(f'#case a[href*="{order.number}"]').first.wait_for()
    hands.look(village, "the-rectification-shows-its-order")
    put_right(problem, hands, village, somebody, qingshi)
    her_page("she-reads-that-it-was-put-right")
    assert resident.get_by_text("整改已办结").count() == 1

    resident.locator("summary", has_text="没有解决").click()
    resident.locator('[name="words"]').last.fill("还有一个开关坏了。")
    resident.get_by_role("button", name="要求重办").click()
    assert stands() == ("ordered", "community_1")
    assert order.round == 2
    her_page("reopened")
    resident.locator("summary").last.click()
    resident.get_by_role("button", name="撤回").click()
    hands.look(resident, "withdrawn")
    assert stands() == ("withdrawn", "")
