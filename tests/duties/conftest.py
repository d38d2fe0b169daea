"""Qingshi with duties: a daily round, a weekly meeting of each village, Friday's volunteers, a monthly screening."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from jingwei.duties.declared import DUTIES, Duty, Found, Record
from jingwei.duties.models import Turn
from people_fixtures.qingshi import Qingshi

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YEAR = datetime(2025, 12, 31, 9, 0, tzinfo=SHANGHAI)
DUTIES_OF_QINGSHI = """
[[duties]]
key = "round"
name = "网格巡查"
owed_by = {role = "grid_worker"}
every = "day"
since = 2026-01-01

[[duties]]
key = "village_meeting"
duty = "noted_meeting"
name = "村周例会"
owed_by = {organisations = "community"}
every = "week"
since = 2026-01-01
remind = 2

[[duties]]
key = "volunteers"
duty = "noted_meeting"
name = "周五志愿日"
owed_by = {post = "community.secretary"}
every = "week"
weekday = "friday"
days_off = "skip"
since = 2026-01-01
times = 2
new_in_post = 10

[[duties]]
key = "screening"
duty = "noted_meeting"
name = "纠纷月排查"
owed_by = {post = "town_centre.dispatcher"}
every = "month"
day = 25
days_off = "after"
since = 2026-01-01

[[excuses]]
key = "leave"
name = "休假，无人代理"
"""


class Notebook:
    """A register of meetings that exists anyway: which organisation met when."""

    def __init__(self) -> None:
        self.meetings: dict[int, tuple[int, datetime]] = {}

    def find(self, turns: Sequence[Turn]) -> Iterator[Found]:
        """The meetings of a turn's organisation on the days of the turn."""
        for turn in turns:
            for number, (organisation, at) in self.meetings.items():
                if organisation == turn.organisation_id and turn.first <= at.astimezone(SHANGHAI).date() <= turn.last:
                    yield Found(turn.pk, number, at)


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Notebook:
    """The register, known to the house as what meets the duty «noted_meeting»."""
    book = Notebook()
    record = Record("noted", "A meeting in the notebook", book.find)
    with monkeypatch.context() as apart:
        apart.setattr("jingwei.duties.declared.DUTIES", {})
        duty = Duty("noted_meeting", "Noted meeting", record)
    monkeypatch.setitem(DUTIES, duty.name, duty)
    return book


@pytest.fixture
def with_duties(qingshi: Qingshi, notebook: Notebook, tmp_path: Path) -> Qingshi:
    """Qingshi, working by a pack with four duties."""
    return qingshi.works_by(tmp_path, NEW_YEAR, duties=DUTIES_OF_QINGSHI)
