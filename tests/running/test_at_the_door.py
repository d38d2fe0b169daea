"""By-laws of limits as a resident meets them: told when and whom to ring, nothing lost, the neighbours untouched."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from jingwei.casework.acts.opening import case_code
from jingwei.casework.models import Case
from jingwei.casework.pages.limiting import REPORTS, WORDS
from jingwei.running.browsers import COOKIE
from jingwei.running.models import Bucket

WORD = re.compile(r"<[^>]+>")


def shown(answer: Any) -> str:
    return " ".join(WORD.sub(" ", answer.content.decode()).split())


@pytest.fixture
def door(qingshi: Any) -> Callable[[], Client]:
    """A browser that has looked at the page for reports once."""

    def opened() -> Client:
        client = Client()
        client.get(f"/q/{qingshi.place('compound').qr}/")
        return client

    return opened


def report(client: Client, qingshi: Any, words: str, **said: str) -> Any:
    given = {"key": str(uuid4()), "category": "noise", "words": words, "who": "anonymous"} | said
    return client.post(f"/q/{qingshi.place('compound').qr}/", given)


@pytest.mark.django_db
def test_who_reports_too_much_rests_keeps_her_words_and_is_told_whom_to_ring(
    qingshi: Any, door: Callable[[], Client]
) -> None:
    chen, neighbour = door(), door()
    first = [report(chen, qingshi, f"第{n}处噪声").status_code for n in range(REPORTS.browser.burst)]
    assert first == [302] * REPORTS.browser.burst
    cases = Case.objects.count()
    answer = report(chen, qingshi, "半夜还在施工", who="named", telephone="13812346021")
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 240
    assert re.search(r"请在 \d\d:\d\d 之后再次提交，或拨打 990-0000。", shown(answer))
    assert "半夜还在施工" in answer.content.decode()
    assert 'value="13812346021"' in answer.content.decode()
    assert Case.objects.count() == cases
    assert report(neighbour, qingshi, "隔壁也在施工").status_code == 302


@pytest.mark.django_db
def test_what_is_wrong_or_was_sent_before_costs_nothing(qingshi: Any, door: Callable[[], Client]) -> None:
    chen = door()
    same = {"key": str(uuid4())}
    for _ in range(2 * REPORTS.browser.burst):
        assert report(chen, qingshi, "电梯坏了", **same).status_code == 302
        assert report(chen, qingshi, "", category="").status_code == 422
    assert report(chen, qingshi, "电梯还没修").status_code == 302


@pytest.mark.django_db
def test_a_compound_whose_water_fails_is_heard_out_of_one_address(qingshi: Any, door: Callable[[], Client]) -> None:
    answers = [report(door(), qingshi, f"停水了，{n}单元").status_code for n in range(60)]
    assert answers == [302] * 60


@pytest.mark.django_db
def test_looking_costs_nothing_and_gives_the_mark_that_counts(qingshi: Any, door: Callable[[], Client]) -> None:
    chen = door()
    for _ in range(50):
        chen.get("/")
        chen.get("/progress/")
    assert Bucket.objects.count() == 0
    assert chen.cookies[COOKIE].value


@pytest.mark.django_db
def test_who_adds_to_her_case_without_end_rests_and_keeps_her_words(qingshi: Any, door: Callable[[], Client]) -> None:
    chen = door()
    report(chen, qingshi, "半夜还在施工")
    for n in range(WORDS.browser.burst):
        said = {"do": "add", "words": f"第{n}晚", "key": str(uuid4())}
        assert chen.post("/c/", said).status_code == 302
    answer = chen.post("/c/", {"do": "add", "words": "今晚又来了", "key": str(uuid4())})
    assert answer.status_code == 429
    assert "今晚又来了" in answer.content.decode()
    assert "拨打 990-0000" in shown(answer)


@pytest.mark.django_db
def test_a_right_code_costs_nothing_however_often_it_is_shown(qingshi: Any, door: Callable[[], Client]) -> None:
    chen = door()
    report(chen, qingshi, "半夜还在施工")
    code = case_code(Case.objects.latest("pk").pk)
    family = Client()
    family.get("/progress/")
    for _ in range(30):
        family.cookies.pop("sessionid", None)
        assert family.get(f"/c/{code}/").status_code == 200
    assert family.post("/progress/", {"code": "WRONG-00000"}).status_code == 422
