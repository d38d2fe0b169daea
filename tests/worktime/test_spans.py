"""How long somebody has, as people write it."""

from datetime import time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jingwei.worktime import BadHours, BadSpan, Basis, Day, Span, Unit

EVERY_SPAN = st.builds(Span, st.integers(1, 99_999), st.sampled_from(Unit), st.sampled_from(Basis))


@settings(deadline=None)
@given(EVERY_SPAN)
def test_a_span_reads_back_as_it_was_written(span: Span) -> None:
    assert Span.parse(str(span)) == span


@pytest.mark.parametrize(
    ("said", "span", "canonical"),
    [
        ("30 minutes", Span(30, Unit.MINUTE, Basis.PLAIN), "30 minutes"),
        ("24 hours", Span(24, Unit.HOUR, Basis.PLAIN), "24 hours"),
        ("1 hours", Span(1, Unit.HOUR, Basis.PLAIN), "1 hour"),
        ("  2  Working  Hours ", Span(2, Unit.HOUR, Basis.WORKING), "2 working hours"),
        ("7 working days", Span(7, Unit.DAY, Basis.WORKING), "7 working days"),
    ],
)
def test_a_span_is_written_one_way_only(said: str, span: Span, canonical: str) -> None:
    assert Span.parse(said) == span
    assert str(Span.parse(said)) == canonical


@pytest.mark.parametrize(
    "said",
    [
        "",
        "soon",
        "0 days",
        "-1 day",
        "1.5 hours",
        "7",
        "days",
        "7 days working",
        "7天",
        "\uff17 days",
        "100000 days",
    ],
)
def test_a_span_that_cannot_be_read_is_refused_with_examples(said: str) -> None:
    with pytest.raises(BadSpan) as refusal:
        Span.parse(said)
    assert str(refusal.value) == (f"'{said}' should read like '30 minutes', '2 working hours', '7 working days'")


def test_a_working_day_is_as_long_as_the_office_is_open_and_a_plain_day_24_hours() -> None:
    open_for = timedelta(hours=7, minutes=30)
    assert Span(2, Unit.DAY, Basis.WORKING).length(open_for) == timedelta(hours=15)
    assert Span(2, Unit.DAY, Basis.PLAIN).length(open_for) == timedelta(hours=48)
    assert Span(2, Unit.HOUR, Basis.WORKING).length(open_for) == timedelta(hours=2)


def test_a_day_is_the_sum_of_its_office_hours() -> None:
    day = Day(((time(8, 30), time(12)), (time(14), time(18))))
    assert day.length == timedelta(hours=7, minutes=30)
    assert day.closes == timedelta(hours=18)
    assert Day(((time(0), time(0)),)).length == timedelta(hours=24)


@pytest.mark.parametrize(
    "hours",
    [
        (),
        ((time(12), time(8)),),
        ((time(8), time(8)),),
        ((time(14), time(18)), (time(8), time(12))),
        ((time(8), time(12)), (time(11), time(18))),
        ((time(8), time(0)), (time(14), time(18))),
    ],
)
def test_office_hours_out_of_order_are_refused(hours: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(BadHours, match="should be stretches in order, like 08:30-12:00, 14:00-18:00"):
        Day(hours)
