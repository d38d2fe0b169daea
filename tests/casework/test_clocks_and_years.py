"""By-laws of clocks: what crosses into a year without a calendar is taken in, and reckoned when its table arrives."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.motions import HOLD, raise_motion, resume, settle
from jingwei.casework.ledger import calendar_of, reading_of, replayed
from jingwei.casework.models import Case
from jingwei.casework.tasks import reckon_again
from jingwei.policy import load
from jingwei.policy.acts import adopt
from jingwei.trail.actor import Actor

from .conftest import Desk

PACK = Path(__file__).parents[1] / "packs" / "qingshi"
FAR = datetime(2031, 12, 30, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""Of 2031 and 2032 nobody has published the holidays."""


def arrive(desk: Desk, tmp_path: Path, *years: int) -> None:
    """The tables of these years arrive in the county's pack."""
    folder = tmp_path / f"qingshi-{len(years)}"
    shutil.copytree(PACK, folder)
    tables = "".join(f'[worktime.years.{year}]\nholidays = ["{year}-01-01"]\nmake_up_days = []\n' for year in years)
    (folder / "worktime.toml").write_text(tables, encoding="utf-8")
    adopt(load(folder), desk.qingshi.county_code, actor=Actor.machine("test"), at=desk.at)


@pytest.fixture
def far(desk: Desk) -> Desk:
    desk.at = FAR
    return desk


def handling(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_a_case_in_a_year_without_a_calendar_comes_in_and_is_reckoned_later(far: Desk, tmp_path: Path) -> None:
    case = far.assign(far.report())
    run = case.clocks.get(name="handling")
    assert (run.state, run.due_at, run.reason, handling(case).due_at) == ("running", None, "calendar", None)
    entries = run.entries.count()
    reckon_again(far.later())
    assert run.entries.count() == entries  # nothing to say, nothing written
    arrive(far, tmp_path, 2031)
    reckon_again(far.later())
    run.refresh_from_db()
    assert (run.due_at, run.reason) == (None, "calendar")  # five working days end in 2032
    arrive(far, tmp_path, 2031, 2032)
    reckon_again(far.later())
    run = case.clocks.get(name="handling")
    calendar = calendar_of(handling(case).county.edition_id)
    assert run.due_at is not None
    assert run.since is not None
    assert calendar.working_time(run.since, run.due_at) == timedelta(hours=7.5 * 5)
    assert replayed(run) == reading_of(run)
    assert handling(case).due_at == min(r.due_at for r in case.clocks.filter(state="running") if r.due_at)


def test_a_hold_in_a_year_without_a_calendar_is_given_back_when_it_is_known(far: Desk, tmp_path: Path) -> None:
    case = far.assign(far.report())
    far.take(Incident.sign_for, case, "housing.desk")
    raise_motion(HOLD, case, "等", actor=far.by("housing.desk"), at=far.later(), until=far.at + timedelta(days=9))
    settle(case.motions.get(), "同意", grant=True, actor=far.by("town_centre.dispatcher"), at=far.later())
    held = far.at
    resume(case, actor=far.by("housing.desk"), at=far.later(48))
    taken_up = far.at
    assert case.clocks.get(name="handling").reason == "calendar"
    arrive(far, tmp_path, 2031, 2032)
    reckon_again(far.later())
    run = case.clocks.get(name="handling")
    calendar = calendar_of(handling(case).county.edition_id)
    assert run.due_at is not None
    assert run.since is not None
    worked = calendar.working_time(run.since, held) + calendar.working_time(taken_up, run.due_at)
    assert worked == timedelta(hours=7.5 * 5)
    assert replayed(run) == reading_of(run)


def test_a_case_that_came_in_by_an_old_edition_is_reckoned_by_today_s_calendar(far: Desk, tmp_path: Path) -> None:
    case = far.report()
    arrive(far, tmp_path, 2031, 2032)
    far.assign(case)
    assert handling(case).edition_id != handling(case).county.edition_id
    run = case.clocks.get(name="handling")
    assert run.due_at is not None
    assert replayed(run) == reading_of(run)


def test_another_grade_keeps_what_a_hold_gave_back(desk: Desk) -> None:
    from jingwei.casework.acts.remarks import correct

    case = desk.assign(desk.report())
    desk.take(Incident.sign_for, case, "housing.desk")
    raise_motion(HOLD, case, "等", actor=desk.by("housing.desk"), at=desk.later(), until=desk.at + timedelta(days=60))
    settle(case.motions.get(), "同意", grant=True, actor=desk.by("town_centre.dispatcher"), at=desk.later())
    held = desk.at
    resume(case, actor=desk.by("housing.desk"), at=desk.later(24 * 40))
    taken_up = desk.at
    case = correct(case, grade="prominent", actor=desk.by("town_centre.dispatcher"), at=desk.later())
    run = case.clocks.filter(name="handling").order_by("-run")[0]
    calendar = calendar_of(case.edition_id)
    assert run.due_at is not None
    assert run.since is not None
    worked = calendar.working_time(run.since, held) + calendar.working_time(taken_up, run.due_at)
    assert worked == timedelta(hours=7.5 * 10)
    assert replayed(run) == reading_of(run)
