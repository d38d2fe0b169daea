"""A telephone number typed into the search finds what came in with it, and only for who sees it anyway."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jingwei.casework.models import Case

pytestmark = pytest.mark.django_db


def numbers_found(qingshi: Any, who: str, words: str) -> list[str]:
    page = qingshi.sign_in(Client(), who).get("/desk/", {"queue": "seen", "q": words}).content.decode()
    return [case.number for case in Case.objects.order_by("pk") if f"/desk/case/{case.number}/" in page]


@pytest.mark.parametrize(
    "typed", ["13800006021", "138 0000 6021", "138-0000-6021", "１３８００００６０２１", "+86 13800006021"]
)
def test_however_it_is_typed_the_number_finds_her_matters(
    qingshi: Any, reported: Callable[..., Case], typed: str
) -> None:
    hers = reported(words="路灯不亮", title="路灯不亮")
    reported(telephone="13900006021", words="路灯不亮", title="路灯不亮")
    assert numbers_found(qingshi, "dispatcher", typed) == [hers.number]


def test_who_does_not_see_the_case_does_not_find_it(qingshi: Any, reported: Callable[..., Case]) -> None:
    reported(words="路灯不亮", title="路灯不亮")
    assert numbers_found(qingshi, "housing", "13800006021") == []


def test_a_confidential_case_is_not_found_by_its_number(qingshi: Any, reported: Callable[..., Case]) -> None:
    case = reported(words="路灯不亮", title="路灯不亮", confidential=True)
    assert numbers_found(qingshi, "dispatcher", "13800006021") == []
    assert numbers_found(qingshi, "dispatcher", "路灯不亮") == [case.number]


def test_part_of_a_number_finds_nobody(qingshi: Any, reported: Callable[..., Case]) -> None:
    reported(words="路灯不亮", title="路灯不亮")
    assert numbers_found(qingshi, "dispatcher", "1380000") == []
