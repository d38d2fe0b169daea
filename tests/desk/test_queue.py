"""The queue: what stands in it, who sees it, what it costs to read, and how it hears of what is new."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jingwei.casework.pages.lists import filter_of, query_of
from jingwei.casework.queries import Filter

pytestmark = pytest.mark.django_db


def numbers(page: Any) -> list[str]:
    return [row.number for row in page.context["rows"]]


def test_what_comes_in_stands_in_the_dispatchers_queue_and_nobody_elses(at_desk: Any, report: Any) -> None:
    case = report("三号楼前路灯不亮")
    assert numbers(at_desk("dispatcher").get("/desk/")) == [case.number]
    assert numbers(at_desk("housing").get("/desk/")) == []
    assert numbers(at_desk("housing").get("/desk/?queue=seen")) == []


@pytest.mark.parametrize("address", ["/desk/", "/desk/?queue=seen", "/desk/rows/", "/desk/?q=路灯"])
def test_a_list_of_three_costs_as_many_questions_as_a_list_of_one(at_desk: Any, report: Any, address: str) -> None:
    dispatcher = at_desk("dispatcher")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert dispatcher.get(address).status_code == 200
        return len(asked)

    report("路灯一")
    cost()
    one = cost()
    report("路灯二")
    report("路灯三")
    assert cost() == one


def test_the_address_keeps_the_whole_filter() -> None:
    by = Filter(queue="late", stage="handling", grade="major", category="noise", source="counter", due="today")
    assert filter_of(QueryDict(query_of(by)[1:])) == by
    mine = Filter(words="路灯")
    assert filter_of(QueryDict(query_of(mine)[1:])) == mine
    assert filter_of(QueryDict("q=路灯")).queue == "seen"
    assert query_of(Filter()) == ""


def test_a_filter_that_nobody_could_have_made_shows_the_queue(at_desk: Any, report: Any) -> None:
    case = report("路灯不亮")
    assert numbers(at_desk("dispatcher").get("/desk/?queue=%00nothing&after=~x")) == [case.number]
    assert at_desk("dispatcher").get("/desk/?stage=%00&q=%27%22%3C").status_code == 200


def test_the_filter_narrows(at_desk: Any, report: Any) -> None:
    noise, lamp = report("半夜施工", category="construction_noise"), report("路灯不亮", category="street_light")
    late = report("垃圾没有人清", at=timezone.now() - timedelta(days=9))
    dispatcher = at_desk("dispatcher")
    assert numbers(dispatcher.get("/desk/?category=noise")) == [noise.number]
    assert numbers(dispatcher.get("/desk/?category=street_light")) == [lamp.number]
    assert numbers(dispatcher.get("/desk/?due=late")) == [late.number]
    assert numbers(dispatcher.get(f"/desk/?q={lamp.number}")) == [lamp.number]
    assert numbers(dispatcher.get("/desk/?stage=verifying")) == []


def test_what_presses_most_stands_first_and_pages_go_on_behind_a_mark(at_desk: Any, report: Any) -> None:
    at = timezone.now()
    made = [report(f"第{n}件", at=at - timedelta(days=n)).number for n in range(32)]
    dispatcher = at_desk("dispatcher")
    first = dispatcher.get("/desk/")
    second = dispatcher.get(first.context["next"])
    assert sorted(numbers(first) + numbers(second)) == sorted(made)
    assert (len(numbers(first)), second.context["next"]) == (24, "")
    back = dispatcher.get(second.context["previous"])
    assert (numbers(back), back.context["previous"], first.context["previous"]) == (numbers(first), "", "")
    polled = dispatcher.get(f"{second.context['poll_at']}&mark={second.context['mark']}")
    assert polled.status_code == 204
    dues = [row.due for page in (first, second) for row in page.context["rows"] if row.due]
    assert dues == sorted(dues)


def poll(client: Any, page: Any, **more: str) -> Any:
    seen = {name: str(page.context[name]) for name in ("mark", "shown", "asked")}
    return client.get("/desk/rows/", seen | more, headers={"HX-Request": "true"})


def test_a_queue_that_has_not_changed_is_not_sent_again(at_desk: Any, report: Any) -> None:
    dispatcher = at_desk("dispatcher")
    report("路灯不亮")
    assert poll(dispatcher, dispatcher.get("/desk/")).status_code == 204


def test_what_is_new_is_told_once(at_desk: Any, report: Any) -> None:
    dispatcher = at_desk("dispatcher")
    before = report("路灯不亮")
    page = dispatcher.get("/desk/")
    report("井盖松动")
    report("垃圾堆积")
    answer = poll(dispatcher, page)
    assert "有2件新来件" in answer.content.decode()
    assert [row.fresh for row in answer.context["rows"] if row.number == before.number] == [False]
    assert poll(dispatcher, answer).status_code == 204


def test_the_case_that_is_looked_at_stays_chosen(at_desk: Any, report: Any) -> None:
    dispatcher, case = at_desk("dispatcher"), report("路灯不亮")
    looking = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/desk/case/{case.number}/?queue=mine"}
    answer = dispatcher.get("/desk/rows/", headers=looking)
    assert [row.current for row in answer.context["rows"]] == [True]


def test_whoever_is_not_signed_in_is_led_to_the_gate(client: Any) -> None:
    assert client.get("/desk/").headers["Location"].startswith("/desk/sign-in/")


def test_a_full_queue_weighs_less_than_forty_kilobytes(at_desk: Any, report: Any) -> None:
    for n in range(31):
        report(f"第{n}件：小区门口垃圾堆积两天没有人清运，气味很大", category="noise")
    assert len(at_desk("dispatcher").get("/desk/").content) < 40 * 1024
