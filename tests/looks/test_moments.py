"""Moments and spans are said as people say them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from jingwei.looks import moments

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 20, 15, 0, tzinfo=ZONE)


def days(n: int) -> datetime:
    return AT + timedelta(days=n)


@pytest.mark.parametrize(
    ("moment", "chinese", "english"),
    [
        (AT, "今天 15:00", "today 15:00"),
        (days(-1), "昨天 15:00", "yesterday 15:00"),
        (days(1), "明天 15:00", "tomorrow 15:00"),
        (days(-2), "11月18日 15:00", "18 Nov 15:00"),
        (days(-365), "2025年11月20日 15:00", "20 Nov 2025 15:00"),
    ],
)
def test_a_moment_is_said_from_where_one_stands(moment: datetime, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert moments.when(moment, AT) == chinese
    with translation.override("en"):
        assert moments.when(moment, AT) == english


def test_today_is_reckoned_in_the_countys_zone() -> None:
    just_past_midnight = datetime(2026, 11, 20, 0, 5, tzinfo=ZONE).astimezone(ZoneInfo("UTC"))
    with translation.override("zh-hans"):
        assert moments.when(just_past_midnight, AT) == "今天 00:05"


@pytest.mark.parametrize(
    ("left", "words", "level"),
    [
        (timedelta(minutes=28), "剩 28 分", "soon"),
        (timedelta(hours=5), "剩 5 小时", "ok"),
        (timedelta(days=1, hours=2, minutes=7), "剩 1 天 2 小时", "ok"),
        (timedelta(days=6, hours=2), "剩 6 天", "ok"),
        (-timedelta(hours=3, minutes=20), "超时 3 小时 20 分", "late"),
        (timedelta(seconds=30), "剩 0 分", "soon"),
    ],
)
def test_what_is_left_is_said_with_how_it_presses(left: timedelta, words: str, level: str) -> None:
    with translation.override("zh-hans"):
        assert moments.left(left) == moments.Left(words, level)  # type: ignore[arg-type]


@given(st.timedeltas(-timedelta(days=9), timedelta(days=9)), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_what_is_used_is_a_share(left: timedelta, whole: timedelta) -> None:
    used = moments.used(left, whole)
    assert 0 <= used <= 100
    assert used == 100 or left > timedelta(0)
