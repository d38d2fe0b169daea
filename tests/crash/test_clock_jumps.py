"""By-law: the machine's clock may jump, and still nobody is told twice, nothing is put off for a year, the trail seals.

What acts make of a clock that jumps is walked through in tests/casework/test_any_sequence.py.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.opening import Intake, open_case
from jingwei.casework.models import Case
from jingwei.casework.tasks import tell_of_clocks
from jingwei.notices.models import Notice
from jingwei.outbox import worker
from jingwei.outbox.acts import put
from jingwei.outbox.handlers import Periodic
from jingwei.outbox.models import Message, Round
from jingwei.outbox.worker import come_round, work_once
from jingwei.trail.models import Line, Seal
from jingwei.trail.proof import verify
from jingwei.trail.sealer import seal_all
from people_fixtures.qingshi import STOOD_UP

MONDAY = STOOD_UP + timedelta(days=56)
YEAR = timedelta(days=365)


def opened(qingshi: Any, at: datetime) -> Case:
    intake = Intake(place=qingshi.place("compound", 1), title="路灯不亮", source="counter", grade="general")
    return open_case(Incident, intake, actor=qingshi.actor("clerk"), at=at)


@pytest.mark.django_db
def test_a_sweep_under_a_clock_that_jumps_tells_nobody_twice(qingshi: Any) -> None:
    case = opened(qingshi, MONDAY)
    hours = st.lists(st.integers(-400, 400), min_size=1, max_size=12)

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(hours)
    def sweeps(jumps: list[int]) -> None:
        for jump in jumps:
            tell_of_clocks(MONDAY + timedelta(hours=jump))
        told = Notice.objects.filter(subject_id=case.pk).values_list("event", flat=True)
        assert len(told) == len(set(told))

    sweeps()
    tell_of_clocks(MONDAY + YEAR)
    assert Notice.objects.filter(subject_id=case.pk, event="overdue").count() == 1


def test_the_trail_seals_under_a_clock_that_jumps(own_database: str, qingshi: Any, tmp_path: Path) -> None:
    with override_settings(STATE=tmp_path):
        for at in (MONDAY, MONDAY + YEAR, MONDAY - YEAR, MONDAY + timedelta(hours=1)):
            opened(qingshi, at)
            seal_all(at)
        assert list(verify()) == []
        assert Seal.objects.order_by("-id").values_list("id_below", flat=True)[0] == Line.objects.latest("id").pk + 1


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """When the one task of this test was run; it comes round every half minute."""
    ran: list[datetime] = []
    monkeypatch.setattr(worker, "rounds", {"task": Periodic("task", timedelta(seconds=30), ran.append)})
    return ran


@pytest.mark.usefixtures("own_database")
def test_a_task_goes_on_coming_round_once_a_clock_that_was_ahead_is_set_right(ran: list[datetime]) -> None:
    wrong = MONDAY + YEAR
    moments = [MONDAY, wrong, MONDAY + timedelta(minutes=1), MONDAY + timedelta(minutes=2)]
    for at in moments:
        come_round(at)
    assert ran == moments
    come_round(moments[-1] + timedelta(seconds=29))
    assert (ran, Round.objects.get(task="task").ran_at) == (moments, moments[-1])


@pytest.mark.usefixtures("own_database", "ran")
def test_a_message_of_a_clock_that_was_ahead_is_not_put_off_until_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    does: Callable[..., None] = lambda payload, *, key: done.append(key)  # noqa: E731
    monkeypatch.setattr(worker, "handlers", {"test.topic": does})
    wrong, tomorrow, later = MONDAY + YEAR, MONDAY + timedelta(days=1), MONDAY + 2 * YEAR
    come_round(wrong)
    put("test.topic", {}, key="put while it was ahead", at=wrong)
    put("test.topic", {}, key="for later", at=MONDAY, due=later)
    work_once(MONDAY)
    assert done == []
    come_round(tomorrow)
    work_once(tomorrow)
    assert (done, Message.objects.get().key) == (["put while it was ahead"], "for later")
