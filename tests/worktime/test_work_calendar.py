"""When something is due: reckoned, and counted again minute by minute."""

import pickle
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jingwei.worktime import (
    BadTable,
    Basis,
    CalendarMissing,
    Day,
    NaiveMoment,
    Span,
    Unit,
    WorkCalendar,
    YearTable,
    national_years,
)

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = ((time(8, 30), time(12)), (time(14), time(18)))
OFFICE = WorkCalendar(Day(HOURS))
MINUTE = timedelta(minutes=1)


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=ZONE)


@cache
def open_on(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


def open_at(moment: datetime) -> bool:
    """Whether the minute that begins at `moment` is worked: the oracle, independent of our tables."""
    return open_on(moment.date()) and any(start <= moment.time() < end for start, end in HOURS)


def counted(start: datetime, minutes: int) -> datetime:
    """`start` plus so many working minutes, one minute after another."""
    moment = start
    while minutes:
        minutes -= open_at(moment)
        moment += MINUTE
    return moment


def minutes_worked(start: datetime, end: datetime) -> int:
    worked = 0
    while start < end:
        worked += open_at(start)
        start += MINUTE
    return worked


def minutes_between(first: str, last: str) -> st.SearchStrategy[datetime]:
    """Any whole minute, at every hour of day and night."""
    since = at(first)
    span = int((at(last) - since) / MINUTE)
    return st.integers(0, span).map(lambda minutes: since + minutes * MINUTE)


EDGY_DAYS = ("2018-12-29", "2025-12-31", "2026-01-01", "2026-01-04", "2026-02-14", "2026-02-15", "2026-03-02")
EDGY_TIMES = ("00:00", "08:29", "08:30", "11:59", "12:00", "13:00", "14:00", "17:59", "18:00", "23:59")
EDGES = [at(f"{day} {clock}") for day in EDGY_DAYS for clock in EDGY_TIMES]
MOMENTS = st.one_of(minutes_between("2004-01-01", "2026-11-01"), st.sampled_from(EDGES))
MOMENTS_TO_THE_MICROSECOND = st.timedeltas(timedelta(), at("2026-11-01") - at("2004-01-01")).map(
    lambda passed: at("2004-01-01") + passed
)
WORKING_SPANS = st.one_of(
    st.builds(Span, st.integers(1, 3000), st.just(Unit.MINUTE), st.just(Basis.WORKING)),
    st.builds(Span, st.integers(1, 60), st.just(Unit.HOUR), st.just(Basis.WORKING)),
    st.builds(Span, st.integers(1, 8), st.just(Unit.DAY), st.just(Basis.WORKING)),
)
WORKING_TIME = st.timedeltas(timedelta(), timedelta(days=10))  # about 32 working days


@settings(max_examples=150, deadline=None)
@given(MOMENTS, WORKING_SPANS)
@example(at("2026-02-13 18:00"), Span(1, Unit.DAY, Basis.WORKING))
@example(at("2025-12-31 17:59"), Span(2, Unit.MINUTE, Basis.WORKING))
def test_due_is_what_counting_every_working_minute_gives(start: datetime, span: Span) -> None:
    minutes = int(span.length(OFFICE.hours.length) / MINUTE)
    assert OFFICE.due(start, span) == counted(start, minutes)


@settings(deadline=None)
@given(MOMENTS, st.integers(1, 99_999), st.sampled_from(Unit))
def test_plain_time_runs_through_nights_and_holidays(start: datetime, amount: int, unit: Unit) -> None:
    minutes = amount * {Unit.MINUTE: 1, Unit.HOUR: 60, Unit.DAY: 1440}[unit]
    assert OFFICE.due(start, Span(amount, unit, Basis.PLAIN)) == start + minutes * MINUTE


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.integers(0, 20_000))
def test_working_time_between_two_moments_is_what_counting_gives(start: datetime, minutes: int) -> None:
    end = start + minutes * MINUTE
    assert OFFICE.working_time(start, end) == minutes_worked(start, end) * MINUTE


@settings(deadline=None)
@given(MOMENTS_TO_THE_MICROSECOND, WORKING_TIME, st.sampled_from(Basis))
def test_what_is_left_until_due_is_the_span_itself(start: datetime, span: timedelta, basis: Basis) -> None:
    due = OFFICE.due_after(start, span, basis)
    assert OFFICE.left(start, due, basis) == span
    assert OFFICE.due_after(start, OFFICE.left(start, due, basis), basis) == due


@settings(deadline=None)
@given(MOMENTS_TO_THE_MICROSECOND, WORKING_TIME, st.sampled_from(Basis))
def test_late_by_so_much_is_due_so_much_earlier(start: datetime, late: timedelta, basis: Basis) -> None:
    start += timedelta(days=60)  # so that ten days of working time earlier is still a known year
    due = OFFICE.due_after(start, -late, basis)
    assert OFFICE.left(start, due, basis) == -late


@settings(deadline=None)
@given(
    MOMENTS_TO_THE_MICROSECOND,
    st.integers(1, 10),
    st.lists(st.tuples(st.floats(0, 0.9), st.timedeltas(timedelta(), timedelta(days=3))), max_size=5),
    st.sampled_from(Basis),
)
def test_pausing_and_resuming_at_any_moments_gives_the_same_time_in_all(
    start: datetime, days: int, pauses: list[tuple[float, timedelta]], basis: Basis
) -> None:
    span = Span(days, Unit.DAY, basis).length(OFFICE.hours.length)
    running_since, due, used = start, OFFICE.due_after(start, span, basis), timedelta()
    for share, pause in pauses:
        paused = running_since + share * (due - running_since)
        left = OFFICE.left(paused, due, basis)
        used += OFFICE.left(running_since, paused, basis)
        running_since = paused + pause
        due = OFFICE.due_after(running_since, left, basis)
    assert used + OFFICE.left(running_since, due, basis) == span


@settings(deadline=None)
@given(MOMENTS_TO_THE_MICROSECOND, MOMENTS_TO_THE_MICROSECOND, MOMENTS_TO_THE_MICROSECOND)
def test_working_time_adds_up_over_any_stop_between(a: datetime, b: datetime, c: datetime) -> None:
    whole = OFFICE.working_time(a, c)
    assert OFFICE.working_time(a, b) + OFFICE.working_time(b, c) == whole
    assert OFFICE.working_time(c, a) == -whole


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        ("2026-03-02 10:00", "2 working hours", "2026-03-02 12:00"),  # to noon, not to 14:00
        ("2026-03-02 12:00", "1 working hour", "2026-03-02 15:00"),  # at closing: the next working time
        ("2026-03-02 13:00", "1 working hour", "2026-03-02 15:00"),
        ("2026-03-02 18:00", "1 working day", "2026-03-03 18:00"),
        ("2026-03-02 23:30", "1 working day", "2026-03-03 18:00"),
        ("2026-03-02 08:30", "1 working day", "2026-03-02 18:00"),
        ("2026-03-02 10:00", "7 working days", "2026-03-11 10:00"),
        ("2026-02-13 17:00", "2 working hours", "2026-02-14 09:30"),  # over to the make-up Saturday
        ("2026-02-14 17:30", "1 working hour", "2026-02-24 09:00"),  # over the Spring Festival
        ("2026-02-14 17:30", "24 hours", "2026-02-15 17:30"),
        ("2025-12-31 17:00", "2 working hours", "2026-01-04 09:30"),  # to a make-up Sunday of the next year
    ],
)
def test_due_times_an_official_can_check_by_hand(start: str, span: str, due: str) -> None:
    assert OFFICE.due(at(start), Span.parse(span)) == at(due)


def test_the_answer_is_on_the_office_clock_wherever_the_question_came_from() -> None:
    due = OFFICE.due(at("2026-03-02 10:00").astimezone(UTC), Span.parse("1 working hour"))
    assert due.isoformat() == "2026-03-02T11:00:00+08:00"


# General Office of the State Council, notices on the holidays of 2026 (4 November 2025), of 2025 (12 November
# 2024) and on the longer Spring Festival of 2020 (26 January 2020).
@pytest.mark.parametrize(
    "day",
    ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
     "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"],
)  # fmt: skip
def test_a_weekend_that_the_state_council_names_is_worked(day: str) -> None:
    assert date.fromisoformat(day).weekday() >= 5
    assert OFFICE.is_working_day(date.fromisoformat(day)) is True


@pytest.mark.parametrize(
    "day",
    ["2026-01-01", "2026-01-02", "2026-02-16", "2026-02-23", "2026-04-06", "2026-05-05", "2026-06-19",
     "2026-09-25", "2026-10-07", "2025-01-28", "2025-10-08", "2020-01-31"],
)  # fmt: skip
def test_a_weekday_that_the_state_council_names_is_a_holiday(day: str) -> None:
    assert date.fromisoformat(day).weekday() < 5
    assert OFFICE.is_working_day(date.fromisoformat(day)) is False


def test_2026_has_248_working_days() -> None:
    days = [date(2026, 1, 1) + timedelta(days=day) for day in range(365)]
    assert sum(map(OFFICE.is_working_day, days)) == 248


def test_the_national_years_are_those_with_both_new_year_and_national_day() -> None:
    assert national_years() >= frozenset(range(2004, 2027))
    assert all(
        chinese_calendar.is_holiday(date(year, 1, 1)) and chinese_calendar.is_holiday(date(year, 10, 1))
        for year in national_years()
    )


UNKNOWN = max(national_years()) + 1


def test_a_year_that_nobody_has_published_is_asked_for_by_name() -> None:
    eve = datetime(UNKNOWN - 1, 12, 31, 17, 0, tzinfo=ZONE)
    for refused in (
        lambda: OFFICE.is_working_day(date(UNKNOWN, 1, 4)),
        lambda: OFFICE.due(eve, Span.parse("2 working days")),
        lambda: OFFICE.working_time(eve, eve + timedelta(days=2)),
        lambda: OFFICE.due(datetime(2003, 5, 1, tzinfo=ZONE), Span.parse("1 working hour")),
    ):
        with pytest.raises(CalendarMissing):
            refused()
    with pytest.raises(CalendarMissing, match=f"no working calendar for {UNKNOWN}") as refusal:
        OFFICE.due(eve, Span.parse("1 working day"))
    assert refusal.value.year == UNKNOWN
    assert pickle.loads(pickle.dumps(refusal.value)).year == UNKNOWN
    assert OFFICE.due(eve, Span.parse("24 hours")) == eve + timedelta(days=1)


def test_the_calendar_says_from_which_day_on_it_knows_nothing() -> None:
    assert OFFICE.next_unknown(date(2026, 3, 2)) == date(UNKNOWN, 1, 1)
    assert OFFICE.next_unknown(date(UNKNOWN + 3, 5, 6)) == date(UNKNOWN + 3, 5, 6)
    further = WorkCalendar(Day(HOURS), {UNKNOWN: YearTable(frozenset())})
    assert further.next_unknown(date(2026, 3, 2)) == date(UNKNOWN + 1, 1, 1)


def test_a_packs_own_table_wins_over_the_national_one_for_its_year_only() -> None:
    own = YearTable(holidays=frozenset({date(2026, 3, 2)}), make_up_days=frozenset({date(2026, 3, 7)}))
    county = WorkCalendar(Day(HOURS), {2026: own})
    assert county.is_working_day(date(2026, 3, 2)) is False
    assert county.is_working_day(date(2026, 3, 7)) is True
    assert county.is_working_day(date(2026, 10, 1)) is True
    assert county.is_working_day(date(2025, 10, 1)) is False
    assert county.due(at("2026-02-27 17:00"), Span.parse("1 working day")) == at("2026-03-03 17:00")


def test_a_pack_without_the_national_table_knows_only_its_own_years() -> None:
    county = WorkCalendar(Day(HOURS), {2031: YearTable(frozenset())}, national=False)
    assert (county.knows(2031), county.knows(2026)) == (True, False)
    with pytest.raises(CalendarMissing, match="2026"):
        county.is_working_day(date(2026, 3, 2))


def test_a_year_between_two_known_ones_is_not_jumped_over() -> None:
    county = WorkCalendar(Day(HOURS), {UNKNOWN + 1: YearTable(frozenset())})
    start, end = datetime(UNKNOWN - 1, 12, 30, tzinfo=ZONE), datetime(UNKNOWN + 1, 1, 5, tzinfo=ZONE)
    with pytest.raises(CalendarMissing, match=str(UNKNOWN)):
        county.working_time(start, end)


def test_a_table_with_a_day_of_another_year_or_a_day_said_twice_is_refused() -> None:
    with pytest.raises(BadTable, match="2027-01-01 stands in the table of 2026"):
        WorkCalendar(Day(HOURS), {2026: YearTable(frozenset({date(2027, 1, 1)}))})
    with pytest.raises(BadTable, match="2026-02-14 is both a holiday and a make-up day"):
        YearTable(frozenset({date(2026, 2, 14)}), frozenset({date(2026, 2, 14)}))


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = at("2026-03-02 10:00").replace(tzinfo=None)
    for basis in Basis:
        with pytest.raises(NaiveMoment, match="has no time zone"):
            OFFICE.due(naive, Span(1, Unit.HOUR, basis))
        with pytest.raises(NaiveMoment, match="has no time zone"):
            OFFICE.left(at("2026-03-02 10:00"), naive, basis)


BY_THE_DAY = WorkCalendar(Day(HOURS), ends_with_day=True)


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        ("2026-03-02 10:00", "1 working day", "2026-03-03 18:00"),
        ("2026-03-02 18:00", "1 working day", "2026-03-03 18:00"),
        ("2026-03-02 20:00", "1 day", "2026-03-03 18:00"),
        ("2026-02-10 10:00", "7 days", "2026-02-24 18:00"),  # the last day is a holiday: the next working day
        ("2026-03-02 10:00", "2 working hours", "2026-03-02 12:00"),  # hours run to the minute
        ("2026-03-02 10:00", "30 minutes", "2026-03-02 10:30"),
    ],
)
def test_days_may_end_with_the_day_and_hours_never_do(start: str, span: str, due: str) -> None:
    assert BY_THE_DAY.due(at(start), Span.parse(span)) == at(due)


@settings(deadline=None)
@given(MOMENTS, st.integers(1, 30), st.sampled_from(Basis))
def test_ending_with_the_day_is_always_a_closing_on_a_working_day(start: datetime, days: int, basis: Basis) -> None:
    due = BY_THE_DAY.due(start, Span(days, Unit.DAY, basis))
    assert (due.time(), open_on(due.date())) == (time(18), True)


def test_after_a_pause_days_still_end_with_the_day() -> None:
    left = timedelta(hours=3)
    resumed = at("2026-03-04 09:00")
    assert BY_THE_DAY.due_after(resumed, left, Basis.WORKING) == at("2026-03-04 12:00")
    assert BY_THE_DAY.due_after(resumed, left, Basis.WORKING, counted_in_days=True) == at("2026-03-04 18:00")


ROUND_THE_CLOCK = WorkCalendar(Day(((time(0), time(0)),)))


@settings(deadline=None)
@given(MOMENTS_TO_THE_MICROSECOND, WORKING_TIME)
def test_an_office_open_day_and_night_counts_to_midnight(start: datetime, span: timedelta) -> None:
    due = ROUND_THE_CLOCK.due_after(start, span, Basis.WORKING)
    assert ROUND_THE_CLOCK.working_time(start, due) == span
