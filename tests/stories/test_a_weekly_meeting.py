"""A weekly meeting from its turn to a resolution carried out; a visit from what was asked to a promise kept."""

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
def test_a_meeting_resolves_and_a_leader_promises_and_the_village_carries_it_out(
    width: str, somebody: Callable[..., Any], site: str, qingshi: Any
) -> None:
    from jingwei.casework.models import Case
    from jingwei.duties.acts import lay_out
    from jingwei.duties.models import Turn

    lay_out(qingshi.county_code, at=timezone.now())
    hands = Hands(site, width)
    dispatcher, village = somebody("dispatcher", at=width), somebody("community", at=width)
    unit = qingshi.post_of("dispatcher").organisation
    until = (timezone.localdate() + timedelta(days=3)).isoformat()

    dispatcher.goto(f"{site}/desk/duties/")
    hands.look(dispatcher, "duties")
    dispatcher.get_by_role("link", name="去办理").first.click()
    dispatcher.wait_for_url("**/desk/meetings/new/**")
    hands.look(dispatcher, "agenda")
    dispatcher.locator("#id_came").fill("9")
    dispatcher.locator("#id_words").fill("通报上周办理情况。")
    dispatcher.locator("#id_words_1").fill("本周内清理桥头沟渠")
    dispatcher.locator("#id_until_1").fill(until)
    dispatcher.get_by_role("button", name="记录会议").click()
    dispatcher.locator("#errors").wait_for()
    assert dispatcher.locator("#id_words_1").input_value() == "本周内清理桥头沟渠"
    hands.look(dispatcher, "a-post-is-missing")
    dispatcher.locator("#id_owner_1").select_option(label=qingshi.post_of("community").full_title)
    dispatcher.get_by_role("button", name="记录会议").click()
    dispatcher.wait_for_url(re.compile(r"/desk/meetings/\d+/$"))
    hands.look(dispatcher, "minutes")
    minutes = dispatcher.url
    assert Turn.objects.filter(organisation=unit, key="weekly_meeting", met_at__isnull=False).count() == 1

    village.goto(minutes)
    assert village.locator("text=通报上周办理情况").count() == 0  # not of her unit
    number = Case.objects.get(kind="resolution").number
    village.goto(f"{site}/desk/")
    village.locator(".row__link", has_text="本周内清理桥头沟渠").first.click()
    hands.look(village, "given")
    hands.take(village, number, "report", words="已清理，沟渠畅通。")
    hands.take(dispatcher, number, "again", words="请补清东侧。")
    hands.take(village, number, "report", words="东侧已补清。")
    hands.take(dispatcher, number, "confirm")
    dispatcher.goto(minutes)
    dispatcher.locator(".tag--done").first.wait_for()
    hands.look(dispatcher, "carried-out")
    dispatcher.goto(f"{minutes}?print")
    hands.look(dispatcher, "on-paper")

    dispatcher.goto(minutes)
    dispatcher.get_by_text("撤回会议记录").click()
    dispatcher.get_by_role("button", name="撤回", exact=True).click()
    dispatcher.wait_for_url("**/desk/meetings/")
    assert Turn.objects.filter(organisation=unit, key="weekly_meeting", met_at__isnull=False).count() == 0

    leader = somebody("leader", at=width)
    leader.goto(f"{site}/desk/visits/")
    hands.look(leader, "places-to-visit")
    leader.get_by_role("link", name="记录走访").first.click()
    leader.locator("#id_asked").fill("村口路灯不亮。")
    leader.locator("#id_words_1").fill("修好村口路灯")
    leader.locator("#id_owner_1").select_option(label=qingshi.post_of("community").full_title)
    leader.locator("#id_until_1").fill(until)
    hands.look(leader, "a-visit")
    leader.get_by_role("button", name="保存走访记录").click()
    leader.wait_for_url(re.compile(r"/desk/visits/\d+/$"))
    promise = Case.objects.get(kind="visit_promise").number
    hands.take(village, promise, "report", words="灯已换好。")
    hands.take(leader, promise, "confirm")
    leader.goto(f"{site}/desk/places/{Case.objects.get(number=promise).place_id}/")
    leader.get_by_text(f"上次走访 {timezone.localdate()}").wait_for()
    hands.look(leader, "who-answers-and-was-there")
