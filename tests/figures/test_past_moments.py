"""By-laws of the cut-off: a number says tomorrow what it said today, whatever is granted, corrected or rated later."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from casework.conftest import HOUR, MONDAY, Desk
from jingwei.affairs.incidents.kinds import Incident
from jingwei.casework.acts.following import take_over_again
from jingwei.casework.acts.motions import EXTENSION, HOLD, raise_motion, resume, settle
from jingwei.casework.acts.past import Past, take_over
from jingwei.casework.acts.remarks import correct
from jingwei.casework.acts.residents import rate
from jingwei.casework.ledger import calendar_of
from jingwei.casework.models import Case
from jingwei.figures.counting import Question
from jingwei.figures.declared import figure_named
from jingwei.people.models import Person
from jingwei.policy.models import County
from jingwei.trail.actor import Actor
from jingwei.worktime import ALL, Every, Period

DAY = timedelta(days=1)


@pytest.fixture
def desk(qingshi: Any) -> Desk:
    return Desk(qingshi)


def number(desk: Desk, name: str, known: datetime, period: Period = ALL) -> int:
    """An official number of the county, as of a cut-off."""
    figure: Any = figure_named(f"incidents.{name}")
    return Question(figure, desk.qingshi.place("county"), period, known, None).count()


def on(day: date) -> Period:
    return Period.of(Every.DAY, day)


def test_a_case_that_is_graded_anew_was_overdue_as_long_as_that_was_known(desk: Desk) -> None:
    """Simple: two working days. On the Friday it turns out to be major: twenty, from the same Monday on."""
    case = desk.assign(desk.report(grade="simple"))
    friday = MONDAY + 4 * DAY
    thursday = on(friday.date() - DAY)
    assert [number(desk, name, friday) for name in ("due", "overdue")] == [1, 1]
    assert number(desk, "overdue", friday, thursday) == 1
    later = friday + HOUR
    correct(case, grade="major", actor=desk.by("town_centre.dispatcher"), at=later)
    assert [number(desk, name, later) for name in ("due", "overdue")] == [0, 0]
    assert number(desk, "overdue", later, thursday) == 0  # as it is known now, it was not
    assert [number(desk, name, friday) for name in ("due", "overdue")] == [1, 1]
    assert number(desk, "overdue", friday, thursday) == 1


def test_an_extension_granted_late_does_not_unsay_that_it_was_overdue(desk: Desk) -> None:
    """Due on the second Monday, extended on the Tuesday after."""
    case = desk.assign(desk.report())
    due = case.clocks.get(name="handling").due_at
    assert due is not None
    monday, tuesday = on(due.date()), due + DAY
    raise_motion(EXTENSION, case, "管线要挖", actor=desk.by("housing.desk"), at=due - HOUR, until=due + 5 * DAY)
    settle(
        Case.objects.get(pk=case.pk).motions.get(), "同意", grant=True,
        actor=desk.by("town_centre.dispatcher"), at=tuesday,
    )  # fmt: skip
    before, after = tuesday - HOUR, tuesday + HOUR
    assert [number(desk, "due", known, monday) for known in (before, after)] == [1, 0]
    assert [number(desk, "overdue", known) for known in (before, after, due + 6 * DAY)] == [1, 0, 1]
    assert number(desk, "overdue", after, monday) == 1  # that evening it was, and nothing that came later changes it


def test_on_hold_nothing_is_owed_and_before_it_was(desk: Desk) -> None:
    case = desk.assign(desk.report(grade="simple"))
    desk.take(Incident.sign_for, case, "housing.desk")
    friday = MONDAY + 4 * DAY
    raise_motion(HOLD, case, "等天暖", actor=desk.by("housing.desk"), at=friday, until=friday + 60 * DAY)
    held = friday + HOUR
    settle(
        Case.objects.get(pk=case.pk).motions.get(), "同意", grant=True,
        actor=desk.by("town_centre.dispatcher"), at=held,
    )  # fmt: skip
    resumed = held + 10 * DAY
    resume(Case.objects.get(pk=case.pk), actor=desk.by("housing.desk"), at=resumed)
    moments = (friday, held, resumed - HOUR, resumed + HOUR)
    assert [number(desk, "overdue", known) for known in moments] == [1, 0, 0, 1]
    assert [number(desk, "due", known) for known in moments] == [1, 0, 0, 1]


def test_what_was_said_on_the_telephone_counts_until_she_rates_it_herself(desk: Desk) -> None:
    asker = Person.named(desk.qingshi.county_code, "庄样本", "13900000000", purpose=Person.ASKER, ground="asked")
    case = desk.closed(desk.report(asker=asker, asks_back=True, with_code=True))
    case = desk.take(Incident.call_back, case, "town_centre.caller", rating=2)
    told = desk.at
    assert [number(desk, name, told) for name in ("closed", "rated", "satisfied")] == [1, 1, 0]
    rate(case, 5, actor=Actor.bearer(case.pk), at=desk.later())
    assert [number(desk, name, desk.at) for name in ("closed", "rated", "satisfied")] == [1, 1, 1]
    assert [number(desk, name, told) for name in ("closed", "rated", "satisfied")] == [1, 1, 0]
    assert number(desk, "rated", told - HOUR) == 0


def test_an_extension_granted_on_hold_is_owed_when_the_hold_is_over(desk: Desk) -> None:
    case = desk.assign(desk.report())
    due = case.clocks.get(name="handling").due_at
    assert due is not None
    asked = {"actor": desk.by("housing.desk"), "at": desk.later()}
    raise_motion(EXTENSION, case, "管线要挖", until=due + 5 * DAY, **asked)
    raise_motion(HOLD, case, "等天暖", until=due + 60 * DAY, **asked)
    for sort in (HOLD, EXTENSION):
        motion = Case.objects.get(pk=case.pk).motions.get(sort=sort.name)
        settle(motion, "同意", grant=True, actor=desk.by("town_centre.dispatcher"), at=desk.later())
    assert [number(desk, name, due + 20 * DAY) for name in ("due", "overdue")] == [0, 0]
    resumed = due + 20 * DAY
    again = resume(Case.objects.get(pk=case.pk), actor=desk.by("housing.desk"), at=resumed)
    calendar, due_again = calendar_of(case.edition_id), again.clocks.get(name="handling").due_at
    assert due_again is not None
    assert calendar.working_time(resumed, due_again) == calendar.working_time(desk.at, due + 5 * DAY)
    assert [number(desk, "overdue", due_again + n * DAY) for n in (-1, 1)] == [0, 1]


def test_an_assignment_that_is_graded_anew_is_one_and_signed_for_once(desk: Desk) -> None:
    case = desk.assign(desk.report())
    correct(case, grade="major", actor=desk.by("town_centre.dispatcher"), at=desk.later(0.1))
    assert [number(desk, name, desk.at) for name in ("to_sign_for", "signed_in_time")] == [1, 0]
    desk.at -= 0.9 * HOUR  # the time for signing is short
    desk.take(Incident.sign_for, case, "housing.desk")
    assert [number(desk, name, desk.at) for name in ("to_sign_for", "signed_in_time")] == [1, 1]


def test_a_sheet_that_comes_again_changes_what_is_known_from_then_on(desk: Desk) -> None:
    """Due on the Wednesday. Thursday's sheet knows of no reply, Saturday's of one on the Tuesday; Sunday's has it that
    it was due on the Monday evening."""
    told = Past(
        source_system="旧系统", source_number="1", place=desk.qingshi.place("grid", 1), title="路灯", words="不亮",
        source="hotline_12345", stage=Incident.handling, lead=desk.qingshi.post("housing.desk"),
        received_at=MONDAY, due_at=MONDAY + 2 * DAY,
    )  # fmt: skip
    machine, county = Actor.machine("import"), County.objects.get(pk=desk.qingshi.county_code)
    thursday, saturday, sunday = (MONDAY + n * DAY for n in (3, 5, 6))
    [case] = take_over(Incident, [told], county, actor=machine, at=thursday)
    answered = replace(told, stage=Incident.verifying, answered=True, answered_at=MONDAY + DAY)
    case = take_over_again(case, answered, actor=machine, at=saturday)
    take_over_again(case, replace(answered, due_at=MONDAY + 10 * HOUR), actor=machine, at=sunday)
    monday, wednesday = on(MONDAY.date()), on((MONDAY + 2 * DAY).date())
    said = {
        known: [number(desk, *asked) for asked in (
            ("overdue", known, wednesday), ("overdue", known, monday), ("due", known), ("done_in_time", known),
        )]
        for known in (thursday - HOUR, thursday, saturday, sunday)
    }  # fmt: skip
    assert list(said.values()) == [[0, 0, 0, 0], [1, 0, 1, 0], [0, 0, 1, 1], [0, 1, 1, 0]]


def test_a_reply_that_is_told_to_have_come_later_was_owed_until_then(desk: Desk) -> None:
    """Due on the Wednesday. Saturday's sheet has a reply without a moment, then it was Tuesday, then Thursday."""
    told = Past(
        source_system="旧系统", source_number="1", place=desk.qingshi.place("grid", 1), title="路灯", words="不亮",
        source="hotline_12345", stage=Incident.verifying, lead=desk.qingshi.post("housing.desk"),
        received_at=MONDAY, due_at=MONDAY + 2 * DAY, answered=True,
    )  # fmt: skip
    machine, county = Actor.machine("import"), County.objects.get(pk=desk.qingshi.county_code)
    sheets = {5: None, 6: MONDAY + DAY, 7: MONDAY + 3 * DAY}
    [case] = take_over(Incident, [told], county, actor=machine, at=MONDAY + 5 * DAY)
    for day, answered_at in list(sheets.items())[1:]:
        take_over_again(case, replace(told, answered_at=answered_at), actor=machine, at=MONDAY + day * DAY)
    wednesday = on((MONDAY + 2 * DAY).date())
    said = [
        [number(desk, "overdue", MONDAY + day * DAY, wednesday), number(desk, "done_in_time", MONDAY + day * DAY)]
        for day in sheets
    ]
    assert said == [[0, 0], [0, 1], [1, 0]]
