"""What the bearer of a code sees and may do, and nobody else."""

from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.families import join
from jingwei.casework.acts.steps import take
from jingwei.casework.models import Case, ClockRun
from jingwei.casework.needs import Evidence

from .conftest import Resident, code_of, handled, photograph, php

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forgotten_guesses() -> None:
    cache.clear()


def shown(answer) -> str:  # type: ignore[no-untyped-def]
    return unescape(answer.content.decode())


def refused(case: Case, qingshi) -> Case:  # type: ignore[no-untyped-def]
    evidence = Evidence(words={"reply": "请向法院提出。"}, choices={"route": "litigation"})
    return take(Incident.refuse, case, actor=qingshi.actor("dispatcher"), at=timezone.now(), evidence=evidence)


def test_a_code_opens_its_case_however_it_is_written(chen: Resident) -> None:
    case = chen.reports()
    neighbour = Client()
    answer = neighbour.post("/progress/", {"code": f" {code_of(case).lower().replace('-', ' ')} "})
    assert (answer.status_code, answer["Location"]) == (302, "/c/")
    assert case.number in shown(neighbour.get("/c/"))
    assert case.number in shown(Client().get(f"/c/{code_of(case)}/"))


def test_a_wrong_code_is_told_so_and_tells_nothing(client: Client) -> None:
    for answer in (client.post("/progress/", {"code": "ABCDE-FGHJK"}), client.get("/c/ABCDE-FGHJK/")):
        assert answer.status_code == 422
        assert "没有找到这个查询码" in shown(answer)


def test_guessing_is_slowed_and_the_neighbour_goes_on(chen: Resident) -> None:
    code = code_of(chen.reports())
    guesser = Client()
    guesser.get("/progress/")
    statuses = [guesser.post("/progress/", {"code": f"WRONG-{n:05}"}).status_code for n in range(21)]
    assert statuses == [422] * 20 + [429]
    assert guesser.post("/progress/", {"code": code}).status_code == 429
    assert Client().post("/progress/", {"code": code}).status_code == 302


def test_without_a_code_the_page_asks_for_one(client: Client) -> None:
    assert client.get("/c/")["Location"] == "/progress/"


def test_no_name_and_no_number_stand_on_the_page(chen: Resident) -> None:
    chen.reports(who="named", name="陈雨", telephone="13812346021", words="请打13812346021，我是业主")
    page = shown(chen.client.get("/c/"))
    assert "138****6021" in page
    assert "13812346021" not in page
    assert "陈雨" not in page


def test_words_and_photographs_are_added(chen: Resident) -> None:
    case = chen.reports()
    answer = chen.client.post("/c/", {"do": "add", "words": "今晚又来了", "photo": photograph()})
    assert (answer.status_code, answer["Location"]) == (302, "/c/?done=add")
    page = shown(chen.client.get(answer["Location"]))
    assert "今晚又来了" in page
    assert f"/photographs/{case.attachments.get().pk}/thumb/" in page
    assert "已补充，谢谢" in page


def test_an_empty_addition_and_a_false_picture_are_answered_with_a_sentence(chen: Resident) -> None:
    case = chen.reports()
    assert chen.client.post("/c/", {"do": "add"}).status_code == 422
    answer = chen.client.post("/c/", {"do": "add", "words": "照片在这里", "photo": php()})
    assert (answer.status_code, "照片在这里" in shown(answer), case.acts.count()) == (422, True, 1)


def test_the_same_urging_sent_twice_counts_once(chen: Resident) -> None:
    case = chen.reports()
    form = {"do": "urge", "key": "7f0bb1a4-1111-4d4e-9a65-0f5d2a9b6a01"}
    chen.client.post("/c/", form)
    chen.client.post("/c/", form)
    case.refresh_from_db()
    assert case.urged == 1


def test_a_rating_waits_until_it_has_been_handled(chen: Resident, qingshi) -> None:  # type: ignore[no-untyped-def]
    case = chen.reports()
    assert "您觉得办得怎么样" not in shown(chen.client.get("/c/"))
    assert chen.client.post("/c/", {"do": "rate", "rating": "5"}).status_code == 422
    handled(case, qingshi)
    assert "您觉得办得怎么样" in shown(chen.client.get("/c/"))
    assert chen.client.post("/c/", {"do": "rate", "rating": "9"}).status_code == 422
    assert chen.client.post("/c/", {"do": "rate", "rating": "2", "words": "还在响"}).status_code == 302
    page = shown(chen.client.get("/c/"))
    assert "不满意" in page
    assert "已到现场劝止" in page


def test_a_rating_told_on_the_telephone_is_shown_apart_and_replaced_by_her_own(chen: Resident, qingshi) -> None:  # type: ignore[no-untyped-def]
    case = handled(chen.reports(), qingshi)
    Case.objects.filter(pk=case.pk).update(rating=4, rating_told=True)
    assert "电话回访时您的评价是“满意”" in shown(chen.client.get("/c/"))
    chen.client.post("/c/", {"do": "rate", "rating": "1"})
    case.refresh_from_db()
    assert (case.rating, case.rating_told) == (1, False)


def test_an_ended_case_is_reopened_within_the_span_and_says_until_when(chen: Resident, qingshi) -> None:  # type: ignore[no-untyped-def]
    case = handled(chen.reports(), qingshi)
    assert "可以要求重办的截止时间" in shown(chen.client.get("/c/"))
    assert chen.client.post("/c/", {"do": "reopen", "words": ""}).status_code == 422
    assert chen.client.post("/c/", {"do": "reopen", "words": "又响了"}).status_code == 302
    case.refresh_from_db()
    assert (case.round, case.is_open) == (2, True)


def test_after_the_span_it_is_reported_anew(chen: Resident, qingshi) -> None:  # type: ignore[no-untyped-def]
    case = handled(chen.reports(), qingshi)
    Case.objects.filter(pk=case.pk).update(ended_at=timezone.now() - timedelta(days=40))
    assert "要求重办的期限已过" in shown(chen.client.get("/c/"))
    assert chen.client.post("/c/", {"do": "reopen", "words": "又响了"}).status_code == 422


def test_it_is_withdrawn_by_whoever_bears_its_code(chen: Resident) -> None:
    case = chen.reports()
    chen.client.post("/c/", {"do": "withdraw"})
    case.refresh_from_db()
    assert (case.stage, case.is_open) == ("withdrawn", False)


def test_a_refusal_shows_the_lawful_route_with_its_law_and_telephone(chen: Resident, qingshi) -> None:  # type: ignore[no-untyped-def]
    refused(chen.reports(), qingshi)
    page = shown(chen.client.get("/c/"))
    for words in ("诉讼", "中华人民共和国民事诉讼法", "12348", "请向法院提出。"):
        assert words in page


def test_a_joined_case_shows_how_the_main_one_fares_without_others_words(chen: Resident, qingshi) -> None:  # type: ignore[no-untyped-def]
    main = chen.reports(words="三楼李家装修", photo=photograph("navy"))
    mine = chen.reports(words="楼上半夜装修")
    at = timezone.now()
    join(mine, main, actor=qingshi.actor("dispatcher"), at=at)
    take(Incident.accept, Case.objects.get(pk=main.pk), actor=qingshi.actor("dispatcher"), at=at)
    page = shown(chen.client.get("/c/"))
    assert "楼上半夜装修" in page
    assert "三楼李家" not in page
    assert f"/photographs/{main.attachments.get().pk}/" not in page
    assert "已合并办理" in page


def test_a_promise_that_has_passed_is_said_to_have_passed(chen: Resident) -> None:
    case = chen.reports()
    ClockRun.objects.filter(case=case).update(due_at=timezone.now() - timedelta(hours=3))
    assert "已超过承诺时限" in shown(chen.client.get("/c/"))


def test_a_missing_calendar_is_said_and_no_day_is_invented(chen: Resident) -> None:
    case = chen.reports()
    ClockRun.objects.filter(case=case).update(due_at=None, reason="calendar")
    for address in ("/case/", "/c/"):
        assert "放假安排尚未公布" in shown(chen.client.get(address))


def test_one_code_does_nothing_to_another_case(chen: Resident) -> None:
    first, second = chen.reports(words="一"), chen.reports(words="二")
    chen.client.post(f"/c/{code_of(first)}/", {"do": "withdraw"})
    assert (Case.objects.get(pk=first.pk).is_open, Case.objects.get(pk=second.pk).is_open) == (False, True)


def test_the_pages_speak_english_when_asked(chen: Resident) -> None:
    chen.reports()
    chen.client.cookies["language"] = "en"
    assert "See how it fares" in shown(chen.client.get("/case/"))
    assert "Urge them" in shown(chen.client.get("/c/"))


@pytest.mark.parametrize("rating", ["²", "9" * 5000, "-1"])
def test_a_rating_that_is_none_is_asked_for_once_more(chen: Resident, rating: str) -> None:
    case = chen.reports()
    answer = chen.client.post(f"/c/{code_of(case)}/", {"do": "rate", "rating": rating})
    assert answer.status_code == 422


def test_a_community_that_no_place_can_be_is_none(chen: Resident) -> None:
    assert chen.reports("/report/", community="\x00").place.layer == "town"
