"""A fair from its poster to the people it served; a course from its batch to a certificate that is verified."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from stories.hands import Hands

SAVE = {"name": "保存安排"}


def plan(page: Any, site: str, begins: Any, **said: str) -> None:
    """Fill in a plan at the desk and keep it."""
    page.goto(f"{site}/desk/activities/new/")
    local = timezone.localtime(begins)
    page.locator("#id_begins_at").fill(f"{local:%Y-%m-%dT%H:%M}")
    page.locator("#id_ends_at").fill(f"{local + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    for name, value in said.items():
        field = page.locator(f"#id_{name}")
        if name == "sort":
            field.select_option(label=value)
        else:
            field.fill(value)


def hold(page: Any, address: str, served: str) -> None:
    """Let the day come, and record how many were served."""
    from jingwei.affairs.activities.models import Activity

    past = timezone.now() - timedelta(hours=3)
    Activity.objects.filter(pk=int(address.rstrip("/").rsplit("/", 1)[1])).update(
        begins_at=past, ends_at=past + timedelta(hours=2)
    )
    page.goto(address)
    page.locator("#id_served").fill(served)
    page.get_by_role("button", name="活动已开展").click()
    page.locator(".tag--done").first.wait_for()


@pytest.mark.browser
@pytest.mark.drawn
@pytest.mark.parametrize("width", ["telephone", "desk"])
def test_a_fair_from_its_poster_to_the_people_it_served(
    width: str, somebody: Callable[..., Any], site: str, qingshi: Any
) -> None:
    from jingwei.affairs.activities.models import Activity

    hands = Hands(site, width)
    village, resident = somebody("community", at=width), somebody(at=width, javascript=False)
    village.goto(f"{site}/desk/activities/")
    hands.look(village, "nothing-yet")
    words = "理发、义诊、磨刀，都不收钱。请自带水杯。"
    plan(
        village, site, timezone.now() + timedelta(days=2), sort="便民集市", title="三月便民集市", where="村委会前广场",
        words=words, room="2", cost_planned="300",
    )  # fmt: skip
    hands.look(village, "plan")
    village.get_by_role("button", **SAVE).click()
    village.wait_for_url(re.compile(r"/desk/activities/\d+/$"))
    hands.look(village, "planned")
    address = village.url
    village.get_by_role("button", name="发布", exact=True).click()
    village.get_by_role("link", name="海报").wait_for()
    hands.look(village, "announced")

    resident.goto(f"{site}/")
    resident.get_by_role("link", name="查看活动日历").click()
    hands.look(resident, "calendar")
    resident.get_by_role("link", name="三月便民集市").click()
    hands.look(resident, "the-fair")
    page = resident.url
    resident.goto(f"{page}poster/")
    assert resident.locator("svg").first.is_visible()
    hands.look(resident, "poster")
    resident.goto(page)
    resident.locator("#id_places").fill("2")
    resident.get_by_role("button", name="报名", exact=True).click()
    code = resident.locator(".code").inner_text()
    hands.look(resident, "taken")

    other = somebody(at=width, javascript=False)
    other.goto(page)
    other.get_by_role("button", name="候补报名").click()
    other.get_by_text("名额已满，您排在候补名单上").wait_for()
    hands.look(other, "waiting")
    third = somebody(at=width, javascript=False)
    third.goto(page)
    third.get_by_text("已经报过名").click()
    third.locator("#id_code").fill("ABCD-2345")
    third.get_by_role("button", name="查看报名情况").click()
    third.get_by_text("没有查到这个报名码").first.wait_for()
    hands.look(third, "no-such-code")
    third.locator("summary", has_text="已经报过名").click()
    third.locator("#id_code").fill(code.lower())
    third.get_by_role("button", name="查看报名情况").click()
    third.get_by_role("button", name="退出报名").click()
    third.get_by_text("已退出报名").wait_for()
    other.goto(page)
    other.get_by_text("报名成功").wait_for()

    hold(village, address, "86")
    hands.look(village, "held")
    fair = Activity.objects.get()
    assert (fair.served, fair.taken) == (86, 1)
    resident.goto(page)
    hands.look(resident, "it-was-held")
    village.goto(f"{site}/desk/activities/")
    hands.look(village, "listed")


@pytest.mark.browser
@pytest.mark.drawn
@pytest.mark.parametrize("width", ["telephone", "desk"])
def test_a_course_from_its_batch_to_a_verified_certificate(
    width: str, somebody: Callable[..., Any], site: str, qingshi: Any
) -> None:
    hands = Hands(site, width)
    village, resident = somebody("community", at=width), somebody(at=width, javascript=False)
    begins = timezone.now() + timedelta(days=2)
    plan(village, site, begins, sort="培训", title="红色物业培训", where="村文化站")
    village.get_by_text("分期分批的培训").click()
    village.locator("#id_batch").fill("第一批")
    village.locator("#id_ends_at").fill(f"{timezone.localtime(begins) + timedelta(days=7):%Y-%m-%dT%H:%M}")
    village.locator("#id_further_1").fill(f"{timezone.localtime(begins) + timedelta(days=6):%Y-%m-%dT%H:%M}")
    village.get_by_text("报名时询问姓名和电话").click()
    hands.look(village, "plan-of-a-course")
    village.get_by_role("button", **SAVE).click()
    village.wait_for_url(re.compile(r"/desk/activities/\d+/$"))
    address = village.url
    village.get_by_role("button", name="发布", exact=True).click()
    village.get_by_role("link", name="海报").wait_for()

    resident.goto(f"{site}/activities/{address.rstrip('/').rsplit('/', 1)[1]}/")
    hands.look(resident, "the-course")
    resident.locator("#id_name").fill("周五一")
    resident.locator("#id_telephone").fill("138")
    resident.get_by_role("button", name="报名", exact=True).click()
    resident.locator("#errors").wait_for()
    assert resident.locator("#id_name").input_value() == "周五一"
    hands.look(resident, "a-wrong-number")
    resident.locator("#id_telephone").fill("13800001234")
    resident.get_by_role("button", name="报名", exact=True).click()
    resident.locator(".code").wait_for()

    hold(village, address, "1")
    village.get_by_text("周五一").click()
    village.get_by_role("button", name="发放证书").click()
    number = village.get_by_text(re.compile(r"990302-\d{4}-\d{6}-\w{4}")).inner_text()
    hands.look(village, "completed")
    village.get_by_role("link", name="打印证书").click()
    hands.look(village, "certificate")

    resident.goto(f"{site}/certificates/")
    resident.locator("#id_number").fill(number)
    resident.locator("#id_initial").fill("吴")
    resident.get_by_role("button", name="核验").click()
    resident.get_by_text("没有查到编号").wait_for()
    hands.look(resident, "not-verified")
    resident.locator("#id_initial").fill("周")
    resident.get_by_role("button", name="核验").click()
    resident.get_by_text("证书有效").wait_for()
    assert resident.get_by_text("周五一").count() == 0
    hands.look(resident, "verified")
