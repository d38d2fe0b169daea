"""By-laws of telling at half time: nobody is left out, however many wait, and nobody hears it twice."""

from collections import Counter
from datetime import timedelta

import pytest

from jingwei.casework import tasks
from jingwei.casework.models import Case, ClockRun
from jingwei.casework.pack import Reminders
from jingwei.casework.tasks import tell_at_half_time
from jingwei.notices.models import Notice

from .conftest import Desk


def running(desk: Desk, hours: float) -> Case:
    """A case whose clock runs out so many hours after it began."""
    case = desk.report()
    due = desk.at + timedelta(hours=hours)
    run = ClockRun.objects.filter(case=case).order_by("pk")[0]
    ClockRun.objects.filter(pk=run.pk).update(since=desk.at, due_at=due, state="running")
    Case.objects.filter(pk=case.pk).update(due_at=due, told_share=0)
    return case


def told() -> Counter[int]:
    return Counter(Notice.objects.filter(event="half_time").values_list("subject_id", flat=True))


def test_each_owner_hears_of_half_time_once_though_hundreds_are_due_before_and_not_yet_half_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "BATCH", 2)
    begun = desk.at
    long = [running(desk, 40) for _ in range(3)]
    desk.at = begun + timedelta(hours=19)
    nearer = [running(desk, hours) for hours in (10, 11, 12)]
    tell_at_half_time(begun + timedelta(hours=19, minutes=59))
    assert told() == {}
    for minutes in (0, 10):
        tell_at_half_time(begun + timedelta(hours=20, minutes=minutes))
    assert told() == {case.pk: 1 for case in long}
    tell_at_half_time(begun + timedelta(hours=25))
    assert told() == {case.pk: 1 for case in (*long, *nearer)}


def test_a_clock_that_rests_or_that_is_not_the_nearest_is_not_told(desk: Desk) -> None:
    paused, other = running(desk, 10), running(desk, 10)
    ClockRun.objects.filter(case=paused).update(state="paused")
    Case.objects.filter(pk=other.pk).update(due_at=desk.at + timedelta(hours=9))
    tell_at_half_time(desk.at + timedelta(hours=8))
    assert told() == {}


def test_of_two_parts_that_are_over_at_once_the_later_is_told_and_each_has_a_telling_of_its_own(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:

    class Book:
        """A pack's book that tells owners at two parts of the span."""

        reminders = Reminders(shares=(0.5, 0.8), before=())

        def __init__(self, digest: str) -> None:
            pass

        def __getitem__(self, section: object) -> "Book":
            return self

    monkeypatch.setattr(tasks, "edition_book", Book)
    one, both = running(desk, 10), running(desk, 5)
    tell_at_half_time(desk.at + timedelta(hours=4.5))
    tell_at_half_time(desk.at + timedelta(hours=6))
    tell_at_half_time(desk.at + timedelta(hours=9))
    assert told() == {one.pk: 2, both.pk: 1}
