"""A problem of an opinion drive: two measures of two units, a signature, and a second look that finds it back."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from stories.hands import Hands


@pytest.mark.browser
@pytest.mark.drawn
@pytest.mark.parametrize("width", ["telephone", "desk"])
def test_a_problem_is_put_right_comes_back_and_is_put_right_for_good(
    width: str, somebody: Callable[..., Any], site: str, qingshi: Any
) -> None:
    from jingwei.casework.models import Case
    from jingwei.casework.tasks import go_on_after_waiting

    hands = Hands(site, width)
    inspector, leader, housing = (somebody(who, at=width) for who in ("inspector", "leader", "housing"))
    inspector.goto(f"{site}/desk/open/problem/")
    inspector.locator('[name="title"]').fill("楼道堆放杂物，居民意见大")
    inspector.locator('[name="place"]').select_option(index=1)
    inspector.locator('[name="source"]').select_option(label="征求意见")
    hands.look(inspector, "a-problem")
    inspector.get_by_role("button", name="立案").click()
    inspector.wait_for_url("**/desk/case/**")
    problem = Case.objects.get(kind="problem")
    assert (problem.source, problem.stage) == ("opinions", "found")

    def measure(words: str, owner: str, days: int = 3) -> Any:
        until = (timezone.localdate() + timedelta(days=days)).isoformat()
        given = {"measure": words, "measure_owner": owner, "until": until}
        hands.take(inspector, problem.number, "add_measure", stays=True, **given)
        return Case.objects.filter(kind="measure").latest("pk")

    def seen() -> tuple[str, int]:
        problem.refresh_from_db()
        return problem.stage, problem.round

    unit = str(qingshi.post_of("housing").organisation)
    first, second = measure("三日内清理各楼道", unit), measure("与住户签订公约", unit)
    assert [timezone.localdate(m.due_at) - timezone.localdate() for m in (first, second)] == [timedelta(days=3)] * 2

    hands.take(housing, first.number, "tell", words="已经清理。")
    hands.take(inspector, first.number, "not_done", words="三单元还有。")
    hands.take(housing, first.number, "tell", words="三单元也清理了。")
    inspector.goto(f"{site}/desk/?queue=seen&kind=measure")
    assert inspector.locator(".row__link").count() == 2
    hands.look(inspector, "the-list-of-measures")
    hands.take(inspector, first.number, "accept_measure")
    assert seen() == ("righting", 1)
    hands.take(housing, second.number, "tell", words="已经签订。")
    hands.take(inspector, second.number, "accept_measure")
    assert seen() == ("to_sign_off", 1)
    inspector.goto(f"{site}/desk/case/{problem.number}/")
    assert inspector.locator('form[action*="/step/sign_off_problem/"]').count() == 0  # a leader's, not hers
    hands.take(leader, problem.number, "sign_off_problem", words="同意销号。")
    assert seen() == ("settling", 1)

    go_on_after_waiting(timezone.now() + timedelta(days=29))
    assert seen() == ("settling", 1)
    go_on_after_waiting(timezone.now() + timedelta(days=31))
    assert seen() == ("looking_again", 1)
    hands.take(inspector, problem.number, "has_come_back", words="又堆了。")
    assert seen() == ("found", 1)
    third = measure("每周五巡查一次", unit)
    hands.take(housing, third.number, "tell", words="已经安排。")
    hands.take(inspector, third.number, "accept_measure")
    hands.take(leader, problem.number, "sign_off_problem")
    go_on_after_waiting(timezone.now() + timedelta(days=31))
    inspector.goto(f"{site}/desk/case/{problem.number}/")
    hands.look(inspector, "she-worked-on-it-herself")
    assert inspector.locator('form[action*="/step/has_not_come_back/"]').count() == 0
    hands.take(somebody("county_inspector", at=width), problem.number, "has_not_come_back", words="没有反弹。")
    assert (seen(), problem.redone, problem.is_open) == (("righted", 1), 1, False)
    inspector.goto(f"{site}/desk/?queue=ended&kind=problem")
    inspector.get_by_text(re.compile("楼道堆放杂物")).first.wait_for()
    hands.look(inspector, "the-list-of-problems")
