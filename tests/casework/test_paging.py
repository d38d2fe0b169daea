"""By-laws of lists: page after page they show what the queue holds, in its order, whichever way it was found."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jingwei.casework import paging
from jingwei.casework.models import Case
from jingwei.casework.paging import Listing, Mark, counted_in_queue
from jingwei.casework.queries import QUEUES, Filter, narrowed, queue
from jingwei.organisations.models import Post

from .conftest import Desk

SAID = ("小区路灯不亮", "物业不管垃圾", "垃圾堆在小区门口", "居民要求修路灯", "门口积水")


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of three, and few cases looked through, so that a dozen cases go every way that a million do."""
    for name, value in {"PAGE": 3, "LOOKED_THROUGH": 2, "FURTHER": 5, "WORTH_IT": 1, "MOST_COUNTED": 8}.items():
        monkeypatch.setattr(paging, name, value)


def some_cases(desk: Desk, many: int = 16) -> None:
    lot = random.Random(3)
    for n in range(many):
        place = desk.qingshi.place("grid", lot.randint(1, 4))
        said = lot.choice(SAID)
        case = desk.report(place=place, title=said, words=said, confidential=lot.random() < 0.3)
        if n % 2:
            desk.assign(case, lot.choice(["housing.desk", "urban_management.desk", "community_1.clerk"]))
        due = None if n % 7 == 0 else desk.at + timedelta(hours=lot.randint(-30, 60))
        Case.objects.filter(pk=case.pk).update(due_at=due, supervised=n % 5 == 0)


def walked(listed: Listing) -> list[int]:
    """The cases of all pages, in the order in which they are shown."""
    found, after = [], ""
    for _ in range(20):
        page = listed.page(after)
        found += [case.pk for case in page.rows]
        after = page.following
        if not after:
            return found
    raise AssertionError("the pages do not end")


def walked_back(listed: Listing) -> list[int]:
    """The same, from the last page to the first one by what each page says of the page before it."""
    page = listed.page()
    while page.following:
        page = listed.page(page.following)
    found = [case.pk for case in page.rows]
    for _ in range(20):
        if not page.preceding:
            return found
        page = listed.page(before=page.preceding)
        found = [case.pk for case in page.rows] + found
    raise AssertionError("the pages do not end")


def as_told(post: Post, by: Filter, at: Any) -> list[int]:
    """The same list the plain way: everything that is seen, narrowed, then sorted in Python."""
    cases = list(narrowed(queue(post, by.queue, at), by, at))
    if by.queue in ("ended", "seen"):
        return [case.pk for case in sorted(cases, key=lambda case: -case.pk)]
    far = at + timedelta(days=9999)
    return [case.pk for case in sorted(cases, key=lambda case: (case.due_at or far, -case.pk))]


POSTS = (
    "county_centre.dispatcher", "town_centre.clerk", "housing.desk", "community_1.clerk", "community_1.grid_worker_2",
    "county_leadership.leader_1", "county_centre.auditor",
)  # fmt: skip
FILTERS = (Filter(), Filter(words="路灯"), Filter(words="垃圾"), Filter(words="小区路灯不亮"), Filter(due="late"))


def test_page_after_page_a_list_shows_what_its_queue_holds(desk: Desk) -> None:
    some_cases(desk)
    at, lengths = desk.at + timedelta(days=1), set()
    for post in map(desk.qingshi.post, POSTS):
        for name in QUEUES:
            for by in FILTERS:
                said = Filter(queue=name, words=by.words, due=by.due)
                expected = as_told(post, said, at)
                listed = Listing(post, said, at)
                assert walked(listed) == walked_back(listed) == expected, (post, said)
                assert listed.everything(99) == sorted(expected, reverse=True)
                n, more = listed.counted()
                assert n < len(expected) if more else n == len(expected), (post, said)
                lengths.add(len(expected))
            assert counted_in_queue(post, name, at) == len(as_told(post, Filter(queue=name), at))
    assert {0, 16} < lengths


def cost(desk: Desk, by: Filter) -> int:
    listed = Listing(desk.qingshi.post("county_centre.dispatcher"), by, desk.at + timedelta(days=1))
    with CaptureQueriesContext(connection) as asked:
        listed.page()
        listed.counted()
    return len(asked)


@pytest.mark.parametrize("name", QUEUES)
def test_a_page_asks_as_many_questions_of_many_cases_as_of_few(desk: Desk, name: str) -> None:
    some_cases(desk, 2)
    few = cost(desk, Filter(queue=name))
    some_cases(desk, 9)
    assert cost(desk, Filter(queue=name)) == few


@pytest.mark.parametrize("name", ["late", "seen"])
def test_the_page_before_asks_as_many_questions_as_the_page_behind(desk: Desk, name: str) -> None:
    some_cases(desk)
    listed = Listing(desk.qingshi.post("county_centre.dispatcher"), Filter(queue=name), desk.at + timedelta(days=9))
    third = listed.page(listed.page(listed.page().following).following)
    costs = []
    for turn in ({"after": third.following}, {"before": third.preceding}):
        with CaptureQueriesContext(connection) as asked:
            assert len(listed.page(**turn).rows) == 3
        costs.append(len(asked))
    assert costs == [2, 2]


def test_words_cost_at_most_eight_questions_wherever_they_are_found(desk: Desk) -> None:
    some_cases(desk)
    costs = {cost(desk, Filter(queue="seen", words=words)) for words in (*SAID, "不在", "路灯", "小区")}
    assert max(costs) <= 8


@pytest.mark.parametrize("said", ["", "~", "~x", "~9" * 20, "~²", "2026-13-01~7", "x~7"])
def test_a_mark_that_no_list_gave_is_none(said: str) -> None:
    assert Mark.read(said) is None


def test_a_mark_is_read_as_it_was_written(desk: Desk) -> None:
    for mark in (Mark(desk.at, 7), Mark(None, 8)):
        assert Mark.read(str(mark)) == mark
