"""The case's page: drawn from the kind for the post that sits, and for nobody who may not see it."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from jingwei.casework.acts.motions import HOLD, raise_motion, settle
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Case, ClockRun
from jingwei.casework.needs import Evidence
from jingwei.people.models import Person

pytestmark = pytest.mark.django_db


def page_of(client: Any, case: Case, **more: Any) -> Any:
    return client.get(f"/desk/case/{case.number}/", **more)


def offered(page: Any) -> list[str]:
    return [act.name for act in page.context["steps"] if not act.refusal]


def operations(page: Any) -> list[str]:
    return [act.name for act in page.context["operations"]]


def send(client: Any, case: Case, what: str, **said: Any) -> Any:
    return client.post(f"/desk/case/{case.number}/{what}/", {"key": str(uuid4())} | said)


def assigned(qingshi: Any, report: Any, **said: Any) -> Case:
    from jingwei.affairs.incidents.kinds import Incident

    case = report("路灯不亮", **said)
    evidence = Evidence(posts={"handler": qingshi.post("housing.desk").pk})
    return take(Incident.assign, case, actor=qingshi.actor("dispatcher"), at=timezone.now(), evidence=evidence)


def test_each_post_is_offered_its_own_steps(at_desk: Any, report: Any, qingshi: Any) -> None:
    case = report("路灯不亮")
    page = page_of(at_desk("dispatcher"), case)
    assert offered(page) == ["assign", "accept", "refuse", "answer"]
    assert re.findall(r"<(h\d)", page.content.decode())[0] == "h1"  # the queue stands beside it and heads nothing
    assert offered(page_of(at_desk("inspector"), case)) == []
    assert operations(page_of(at_desk("inspector"), case)) == ["urge", "supervision"]
    case = assigned(qingshi, report)
    assert offered(page_of(at_desk("dispatcher"), case)) == ["recall"]
    assert offered(page_of(at_desk("housing"), case)) == ["sign_for", "assign_onward", "give_back"]


@pytest.mark.parametrize("username", ["housing", "urban", "leader", "administrator", "auditor"])
def test_a_confidential_case_is_not_there_for_those_it_does_not_concern(
    at_desk: Any, report: Any, username: str
) -> None:
    case = report("举报", confidential=True)
    page = page_of(at_desk(username), case)
    assert page.status_code == 404
    assert "没有这件事项，或者您的岗位看不到" in page.content.decode()
    assert "举报" not in page.content.decode()
    assert send(at_desk(username), case, "do/comment", words="看看").status_code == 404
    assert page_of(at_desk(username), case, headers={"HX-Request": "true", "HX-Target": "div#case"}).status_code == 404


def test_a_number_that_is_nobodys_looks_the_same(at_desk: Any) -> None:
    page = at_desk("dispatcher").get("/desk/case/QS9999999999/")
    assert (page.status_code, "没有这件事项，或者您的岗位看不到" in page.content.decode()) == (404, True)


def test_htmx_gets_the_case_alone(at_desk: Any, report: Any) -> None:
    case, dispatcher = report("路灯不亮"), at_desk("dispatcher")
    pane = page_of(dispatcher, case, headers={"HX-Request": "true", "HX-Target": "div#case"}).content.decode()
    assert "<html" not in pane
    assert "路灯不亮" in pane
    restored = {"HX-Request": "true", "HX-Target": "div#case", "HX-History-Restore-Request": "true"}
    assert "<html" in page_of(dispatcher, case, headers=restored).content.decode()


def test_a_step_is_taken_without_script(at_desk: Any, report: Any, qingshi: Any) -> None:
    case, dispatcher = report("路灯不亮"), at_desk("dispatcher")
    handler = qingshi.post("housing.desk").pk
    answer = send(dispatcher, case, "step/assign", handler=handler, words="请今晚到场。")
    assert answer.headers["Location"] == f"/desk/case/{case.number}/"
    page = dispatcher.get(answer.headers["Location"])
    assert "已分派" in page.content.decode()
    assert "请今晚到场。" in page.content.decode()
    assert Case.objects.get(pk=case.pk).owner_id == handler


def test_the_same_form_sent_twice_is_one_act(at_desk: Any, report: Any) -> None:
    case, dispatcher, key = report("路灯不亮"), at_desk("dispatcher"), str(uuid4())
    for _time in range(2):
        assert send(dispatcher, case, "do/urge", key=key, words="").status_code == 302
    assert Case.objects.get(pk=case.pk).urged == 1


def test_what_is_missing_is_said_and_what_was_typed_stays(at_desk: Any, report: Any, qingshi: Any) -> None:
    case = assigned(qingshi, report)
    answer = send(at_desk("housing"), case, "step/give_back", words="这是城管的事。")
    assert answer.status_code == 422
    assert "这是城管的事。" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).stage == "assigned"


def test_whoever_is_second_reads_who_was_first_and_loses_nothing(at_desk: Any, report: Any, qingshi: Any) -> None:
    case, handler = report("路灯不亮"), qingshi.post("housing.desk").pk
    send(at_desk("dispatcher"), case, "step/assign", handler=handler)
    answer = send(at_desk("county"), case, "step/assign", handler=handler, words="请消防一并到场查看。")
    said = answer.content.decode()
    assert answer.status_code == 409
    assert "有人先办了一步：本案现在处于“待签收”（青石乡网格中心·调度席）。" in said
    assert "请消防一并到场查看。" in said
    assert answer.context["case"].stage == "assigned"


def test_nobody_verifies_her_own_work_and_the_page_says_so(at_desk: Any, report: Any, qingshi: Any) -> None:
    from jingwei.affairs.incidents.kinds import Incident

    case = assigned(qingshi, report)
    at, housing = timezone.now(), qingshi.actor("housing")
    take(Incident.sign_for, case, actor=housing, at=at)
    take(Incident.report_handled, case, actor=housing, at=at, evidence=Evidence(words={"reply": "修好了。"}))
    qingshi.post("town_centre.inspector").appointments.create(
        person=qingshi.person("housing"), since=timezone.localdate()
    )
    both = at_desk("housing", "town_centre.inspector")
    page = page_of(both, case)
    assert "verify" not in offered(page)
    assert "您办理过本案，应由其他人核查办结。" in page.content.decode()


def test_a_hold_stands_in_the_way_of_steps_and_pauses_the_clocks(at_desk: Any, report: Any, qingshi: Any) -> None:
    case, at = assigned(qingshi, report), timezone.now()
    housing = at_desk("housing")
    until = timezone.localtime(at + timedelta(days=5)).strftime("%Y-%m-%dT%H:%M")
    reason = page_of(housing, case).context["operations"][1].form.fields["reason"].choices[1][0]
    assert send(housing, case, "do/hold", words="等材料。", reason=reason, until=until).status_code == 302
    dispatcher, motion = at_desk("dispatcher"), case.motions.get()
    assert [row.number for row in dispatcher.get("/desk/?queue=motions").context["rows"]] == [case.number]
    assert send(dispatcher, case, f"motion/{motion.pk}", words="同意。", grant="1").status_code == 302
    page = page_of(housing, case)
    assert offered(page) == []
    assert "本案已挂账，请先恢复办理。" in page.content.decode()
    assert {clock.state for clock in page.context["clocks"]} == {"paused", "kept"}
    assert send(housing, case, "do/resume", words="").status_code == 302
    assert offered(page_of(housing, case)) == ["sign_for", "assign_onward", "give_back"]


def test_the_asker_of_a_hold_does_not_grant_it(at_desk: Any, report: Any, qingshi: Any) -> None:
    case, at = assigned(qingshi, report), timezone.now()
    raise_motion(HOLD, case, "等材料。", actor=qingshi.actor("housing"), at=at, until=at + timedelta(days=2))
    page = page_of(at_desk("housing"), case)
    assert [motion["form"] for motion in page.context["motions"]] == [None]
    settle(case.motions.get(), "同意。", grant=True, actor=qingshi.actor("dispatcher"), at=at)
    assert [m["outcome"] for m in page_of(at_desk("housing"), case).context["motions"]] == ["已同意"]


def test_a_clock_whose_calendar_is_missing_says_so(at_desk: Any, report: Any) -> None:
    case = report("路灯不亮")
    ClockRun.objects.filter(case=case).update(due_at=None, reason="calendar")
    said = page_of(at_desk("dispatcher"), case).content.decode()
    assert "缺少当年工作日历，补入后再计算。" in said


def asker(qingshi: Any) -> Person:
    return Person.named(qingshi.county_code, "李虚构", "13800006021", purpose="asker", ground="request")


def test_a_telephone_number_is_never_whole(at_desk: Any, report: Any, qingshi: Any) -> None:
    case = report("路灯不亮", asker=asker(qingshi), asks_back=True)
    said = page_of(at_desk("dispatcher"), case).content.decode()
    assert [one in said for one in ("138****6021", "13800006021", "李**", "李虚构")] == [True, False, True, False]


def test_who_handles_a_confidential_case_does_not_read_who_asked(at_desk: Any, report: Any, qingshi: Any) -> None:
    case = assigned(qingshi, report, asker=asker(qingshi), confidential=True)
    said = page_of(at_desk("housing"), case).content.decode()
    assert ("要求保密" in said, "李虚构" in said, "138****6021" in said) == (True, False, False)
    assert "李**" in page_of(at_desk("dispatcher"), case).content.decode()


def test_words_are_shown_as_words(at_desk: Any, report: Any) -> None:
    case = report("<script>alert(1)</script>", words="<img src=x onerror=alert(1)> {{ settings }}")
    said = page_of(at_desk("dispatcher"), case).content.decode()
    assert "<script>alert" not in said
    assert "<img src=x" not in said
    assert "{{ settings }}" in said


def test_a_case_is_corrected_split_joined_and_shut(at_desk: Any, report: Any, qingshi: Any) -> None:
    dispatcher, case, twin = at_desk("dispatcher"), report("路灯不亮", category="noise"), report("路灯又不亮")
    compound = qingshi.place("compound", 2)
    assert send(dispatcher, case, "do/correct", place=compound.code, category="street_light").status_code == 302
    case.refresh_from_db()
    assert (case.place_id, case.category) == (compound.pk, "street_light")
    assert send(dispatcher, case, "do/correct", place="没有这个地方").status_code == 422
    assert send(dispatcher, twin, "do/join", number=case.number, words="同一盏灯").status_code == 302
    twin.refresh_from_db()
    assert (twin.main_id, twin.is_open) == (case.pk, False)
    assert send(dispatcher, case, "do/split", parts="只有一行").status_code == 422
    assert send(dispatcher, case, "do/split", parts="换灯泡\n修电线").status_code == 302
    assert [child["title"] for child in page_of(dispatcher, case).context["children"]] == ["换灯泡", "修电线"]
    assert send(dispatcher, case, "do/shut").status_code == 302
    assert page_of(at_desk("leader"), case).status_code == 404


def test_a_department_asks_another_to_assist_and_takes_what_it_gave(at_desk: Any, report: Any, qingshi: Any) -> None:
    case, housing, urban = assigned(qingshi, report), at_desk("housing"), at_desk("urban")
    post = qingshi.post("urban_management.desk").pk
    assert send(housing, case, "do/assist", post=post, words="请一同到场。").status_code == 302
    child = case.children.get()
    assert offered(page_of(urban, child)) == ["give"]
    send(urban, child, "step/give", words="已到场。")
    assert offered(page_of(housing, child)) == ["take_it", "ask_again"]


def test_a_case_is_supervised_and_the_handler_answers(at_desk: Any, report: Any, qingshi: Any) -> None:
    case = assigned(qingshi, report)
    assert send(at_desk("inspector"), case, "do/supervision", words="三日内办结。").status_code == 302
    page = page_of(at_desk("housing"), case)
    assert "督办" in page.context["marks"]
    motion = case.motions.get()
    assert send(at_desk("housing"), case, f"motion/{motion.pk}", words="照办。").status_code == 302
    assert send(at_desk("leader"), case, "do/instruction", words="请重视。").status_code == 302


def test_every_word_has_its_english(at_desk: Any, report: Any, qingshi: Any) -> None:
    dispatcher, case = at_desk("dispatcher"), report("lamp", category="street_light", words="The lamp is out.")
    dispatcher.post("/language/", {"language": "en", "next": "/desk/"})
    page = page_of(dispatcher, case)
    said = re.sub(r"<[^>]+>|中文", " ", page.content.decode())
    names = {"甲", "甲调度", "青石乡网格中心", "受理席"}  # a person's name, and a title as it was written
    assert set(re.findall(r"[\u4e00-\u9fff]+", said)) == names


def test_an_ended_case_is_reopened(at_desk: Any, report: Any) -> None:
    case, dispatcher = report("路灯不亮"), at_desk("dispatcher")
    page = page_of(dispatcher, case)
    refuse = next(act for act in page.context["steps"] if act.name == "refuse")
    route = refuse.form.fields["route"].choices[1][0]
    assert send(dispatcher, case, "step/refuse", route=route, reply="请向法院起诉。").status_code == 302
    assert operations(page_of(dispatcher, case)) == ["shut", "reopen"]
    assert send(dispatcher, case, "do/reopen", words="又来反映。").status_code == 302
    page = page_of(dispatcher, case)
    assert [r["number"] for r in page.context["rounds"]] == [2, 1]
