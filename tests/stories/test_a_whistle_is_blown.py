"""A whistle: the wrong hand blows, two departments come, one late; the street is not content, the leaders decide."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from stories.hands import Hands


@pytest.mark.browser
@pytest.mark.drawn
@pytest.mark.parametrize("width", ["telephone", "desk"])
def test_departments_report_in_conclude_together_and_the_leading_group_decides(
    width: str, somebody: Callable[..., Any], site: str, qingshi: Any
) -> None:
    from jingwei.casework.models import Case, ClockRun
    from jingwei.organisations.models import Post

    hands = Hands(site, width)
    dispatcher, leader, housing = (somebody(who, at=width) for who in ("dispatcher", "leader", "housing"))
    dispatcher.goto(f"{site}/desk/open/whistle/")
    dispatcher.locator('[name="title"]').fill("夜市占道经营、油烟扰民")
    dispatcher.locator('[name="place"]').select_option(index=1)
    dispatcher.locator('[name="category"]').select_option(label="需要综合执法")
    hands.look(dispatcher, "a-whistle")
    dispatcher.get_by_role("button", name="立案").click()
    dispatcher.wait_for_url("**/desk/case/**")
    whistle = Case.objects.get(kind="whistle")
    dispatcher.get_by_text("情形不由本岗位吹哨").first.wait_for()  # the pack says whose it is
    hands.look(dispatcher, "not-hers-to-blow")
    assert dispatcher.locator('form[action*="/step/blow/"]').count() == 0

    unit = str(qingshi.post_of("housing").organisation)
    hands.take(leader, whistle.number, "blow", words="联合整治夜市", handler=unit)
    first = Case.objects.get(kind="attendance")
    assert (first.title, first.parent_id, first.category) == ("联合整治夜市", whistle.pk, "joint_enforcement")
    due = dict(ClockRun.objects.filter(case=first).values_list("name", "due_at"))
    assert due["signing"] - first.received_at == timedelta(hours=1)
    assert due["contact"] - first.received_at == timedelta(hours=24)
    power = str(Post.objects.get(organisation__key="power", front_desk=True).organisation)
    hands.take(dispatcher, whistle.number, "call_another", stays=True, words="断电配合", department_called=power)
    second = Case.objects.filter(kind="attendance").latest("pk")

    long_ago = timezone.now() - timedelta(minutes=1)
    ClockRun.objects.filter(case=first, name="signing").update(due_at=long_ago)
    hands.take(housing, first.number, "sign")
    hands.take(housing, first.number, "contact", words="联系调度岗，明天上午到。")
    hands.take(housing, first.number, "attend", words="已到现场。", rating_of_whistle="满意")
    hands.take(dispatcher, first.number, "was_not_there", words="现场没有人。")
    hands.take(housing, first.number, "attend", words="这次到了。", rating_of_whistle="基本满意")
    hands.take(dispatcher, first.number, "rate_department", rating_of_department="满意")
    whistle.refresh_from_db()
    assert whistle.stage == "blown"  # one department has not come yet
    hands.take(dispatcher, second.number, "did_not_come", words="催了三次没有来。")
    whistle.refresh_from_db()
    assert whistle.stage == "together"

    hands.take(housing, whistle.number, "conclude", words="已清理，油烟未除。")
    hands.take(dispatcher, whistle.number, "bring_up", words="油烟净化装置无人出资。")
    dispatcher.goto(f"{site}/desk/case/{whistle.number}/")
    assert dispatcher.locator('form[action*="/step/decide/"]').count() == 0
    hands.take(leader, whistle.number, "decide", words="由县财政列支，城管局落实。")
    whistle.refresh_from_db()
    assert (whistle.stage, whistle.is_open) == ("decided", False)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.stage, second.stage) == ("rated", "absent")
