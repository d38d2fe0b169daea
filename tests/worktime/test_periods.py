"""What a period holds, how it is written, and that periods of one length share out all days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.worktime import Every, NotAPeriod, Period, periods

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(st.sampled_from(Every), days)
def test_a_period_holds_the_day_it_was_asked_for_and_reads_back_as_it_is_written(every: Every, day: date) -> None:
    period = Period.of(every, day)
    assert day in period
    assert Period.parse(str(period)) == period


@given(st.sampled_from(Every), days)
def test_the_period_after_begins_the_day_after_and_leads_back(every: Every, day: date) -> None:
    period = Period.of(every, day)
    assert period.after is not None
    assert period.after.first == period.last + timedelta(days=1)
    assert period.after.before == period


@given(st.sampled_from(Every), days, st.integers(0, 800))
def test_the_periods_of_a_stretch_share_out_its_days(every: Every, first: date, length: int) -> None:
    last = first + timedelta(days=length)
    laid = [one.first + timedelta(days=n) for one in periods(every, first, last) for n in range(one.days)]
    assert [day for day in laid if first <= day <= last] == [first + timedelta(days=n) for n in range(length + 1)]


@given(days, st.integers(0, 400))
def test_days_somebody_chose_lead_to_as_many_before_and_after(first: date, length: int) -> None:
    chosen = Period(first, first + timedelta(days=length))
    assert Period.parse(str(chosen)) == chosen
    assert chosen.after is not None
    assert chosen.before is not None
    assert (chosen.after.days, chosen.before.days) == (length + 1, length + 1)
    assert chosen.after.before == chosen


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("2026-02-14", date(2026, 2, 14), date(2026, 2, 14)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_what_stands_in_an_address_names_these_days(said: str, first: date, last: date) -> None:
    period = Period.parse(said)
    assert (period.first, period.last) == (first, last)


@pytest.mark.parametrize(
    "said",
    ["", "2026-13", "2026-W54", "2026-Q5", "2026-02-30", "9999", "0001", "2026-02-02..2026-02-01", "..", "x" * 500],
)
def test_what_is_no_period_is_refused_with_how_to_write_one(said: str) -> None:
    with pytest.raises(NotAPeriod, match="is no period: write a day as 2026-02-14"):
        Period.parse(said)


def test_the_moments_of_a_period_are_those_of_the_office() -> None:
    february = Period.parse("2026-02")
    assert february.start is not None
    assert february.end is not None
    told = (february.start.isoformat(), february.end.isoformat())
    assert told == ("2026-02-01T00:00:00+08:00", "2026-03-01T00:00:00+08:00")
