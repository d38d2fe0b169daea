"""What is owed when: laid out over the working calendar, compared with counting day by day."""

from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jingwei.duties.laying import DaysOff, Debtor, Laid, Rule, due_day, lay
from jingwei.worktime import CalendarMissing, Day, Every, Period, WorkCalendar

CALENDAR = WorkCalendar(Day(((time(8, 30), time(12)), (time(14), time(18)))))
"""The national one, with its holidays and make-up days."""
FIRST, LAST = date(2023, 1, 1), date(2025, 12, 31)
days = st.dates(FIRST, LAST)
rules = st.builds(
    Rule,
    key=st.just("meeting"),
    every=st.sampled_from(Every),
    times=st.integers(1, 3),
    since=days,
    weekday=st.none(),
    day=st.none(),
    days_off=st.sampled_from(DaysOff),
    working_days=st.booleans(),
) | st.one_of(
    st.builds(
        Rule, key=st.just("friday"), every=st.just(Every.WEEK), times=st.just(1), since=days,
        weekday=st.integers(0, 6), days_off=st.sampled_from(DaysOff), working_days=st.booleans(),
    ),
    st.builds(
        Rule, key=st.just("on_a_day"), every=st.sampled_from([Every.MONTH, Every.QUARTER, Every.YEAR]),
        times=st.just(1), since=days, day=st.sampled_from([-1, 1, 15, 30, 31]), days_off=st.sampled_from(DaysOff),
        working_days=st.booleans(),
    ),
)  # fmt: skip
debtors = st.lists(
    st.builds(
        Debtor, organisation=st.integers(1, 3), post=st.integers(1, 3), since=days, until=st.none() | days
    ).filter(lambda one: one.until is None or one.since < one.until),
    max_size=3,
    unique_by=lambda one: (one.organisation, one.post),
)


def by_counting(rule: Rule, period: Period) -> date | None:
    """The day a period is due, told by looking at every day of it."""
    every_day = [period.first + timedelta(days=n) for n in range(period.days)]
    wished = period.last
    if rule.weekday is not None:
        wished = next(day for day in every_day if day.weekday() == rule.weekday)
    elif rule.day not in (None, -1):
        in_last_month = [day for day in every_day if (day.year, day.month) == (period.last.year, period.last.month)]
        wished = max(day for day in in_last_month if day.day <= (rule.day or 0))
    if not rule.working_days:
        return wished
    open_days = [day for day in every_day if CALENDAR.is_working_day(day)]
    if wished in open_days:
        return wished
    if rule.days_off is DaysOff.SKIP and not (rule.weekday is None and rule.day is None):
        return None
    earlier, later = [d for d in open_days if d < wished], [d for d in open_days if d > wished]
    first, second = (earlier[-1:], later[:1]) if rule.days_off is DaysOff.BEFORE else (later[:1], earlier[-1:])
    return next(iter([*first, *second]), None)


at_any_pace = settings(suppress_health_check=[HealthCheck.too_slow])
"""A busy machine draws slowly; that says nothing of the law."""


@at_any_pace
@given(rules, days)
def test_a_period_is_due_on_the_day_that_counting_finds(rule: Rule, day: date) -> None:
    period = Period.of(rule.every, day)
    if period.first < FIRST or period.last > LAST:
        return
    assert due_day(rule, period, CALENDAR) == by_counting(rule, period)


@at_any_pace
@given(rules, debtors, days, st.integers(0, 200))
def test_turns_are_those_of_every_period_that_begins_within_for_whoever_stood_then(
    rule: Rule, owing: list[Debtor], first: date, length: int
) -> None:
    last = min(first + timedelta(days=length), date(2024, 12, 31))
    begun = {Period.of(rule.every, first + timedelta(days=n)) for n in range((last - first).days + 1)}
    wanted = {
        Laid(rule.key, one, period, due, rule.times)
        for period in begun
        if first <= period.first <= last and period.first >= rule.since
        for one in owing
        if one.since <= period.first and (one.until is None or period.first < one.until)
        if (due := by_counting(rule, period)) is not None
    }
    assert set(lay(rule, owing, CALENDAR, first, last)) == wanted


@at_any_pace
@given(rules, debtors, st.lists(st.dates(FIRST, date(2024, 12, 31)), max_size=6))
def test_a_stretch_laid_out_in_pieces_is_the_stretch_laid_out_at_once(
    rule: Rule, owing: list[Debtor], cuts: list[date]
) -> None:
    first, last = FIRST, date(2024, 12, 31)
    ends = sorted({*cuts, last})
    begins = [first, *(end + timedelta(days=1) for end in ends[:-1])]
    pieces = [one for a, b in zip(begins, ends, strict=True) if a <= b for one in lay(rule, owing, CALENDAR, a, b)]
    assert pieces == list(lay(rule, owing, CALENDAR, first, last))


def test_friday_of_the_volunteers_falls_into_the_holiday_week_and_moves_as_the_pack_says() -> None:
    friday = Rule("volunteer_day", Every.WEEK, 1, FIRST, weekday=4)
    week = Period.parse("2024-W18")  # 1 to 5 May 2024 are days off; 28 April and 11 May are worked
    told = {way: due_day(Rule(**{**vars(friday), "days_off": way}), week, CALENDAR) for way in DaysOff}
    assert told == {DaysOff.BEFORE: date(2024, 4, 30), DaysOff.AFTER: date(2024, 4, 30), DaysOff.SKIP: None}


def test_a_make_up_day_on_a_weekend_is_owed_like_any_other_day() -> None:
    daily = Rule("consultation", Every.DAY, 1, FIRST)
    owed = [one.due for one in lay(daily, [Debtor(1)], CALENDAR, date(2024, 4, 26), date(2024, 5, 6))]
    assert owed == [date(2024, 4, 26), date(2024, 4, 28), date(2024, 4, 29), date(2024, 4, 30), date(2024, 5, 6)]


def test_a_year_whose_calendar_is_missing_is_said_and_not_guessed() -> None:
    with pytest.raises(CalendarMissing):
        list(lay(Rule("daily", Every.DAY, 1, FIRST), [Debtor(1)], CALENDAR, date(2099, 1, 1), date(2099, 1, 2)))
