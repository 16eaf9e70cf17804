"""Lengths of time: spans, delays and rhythms."""

from __future__ import annotations

import datetime as dt

import pytest

from acctcli.core.model import durations
from acctcli.core.model.errors import InvalidInputError

MONDAY = dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30d", "2026-01-31"),
        ("2w", "2026-02-16"),
        ("3M", "2025-12-02"),
        ("1y", "2025-03-02"),
        ("0d", "2026-03-02"),
    ],
)
def test_spans_lie_before_today(text: str, expected: str) -> None:
    assert durations.days_before(text, MONDAY) == dt.date.fromisoformat(expected)


def test_a_span_is_a_count_and_a_unit() -> None:
    assert durations.parse_span("30d") == durations.Span(30, "d")
    assert durations.Span(1, "m").subtract_from(dt.date(2026, 3, 31)) == dt.date(2026, 2, 28)


@pytest.mark.parametrize("text", ["", "30", "d", "-30d", "+30d", "1x", "3bd", "1.5w", "\u0663d"])
def test_any_other_span_is_refused_with_examples(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        durations.days_before(text, MONDAY)
    (problem,) = caught.value.problems
    assert problem.id == "bad-span"
    assert problem.message == f'"{text}" is not a span of time'
    assert problem.hint == durations.SPAN_HINT


@pytest.mark.parametrize("text", ["99999m", "99999w"])
def test_a_span_beyond_the_calendar_is_refused(text: str) -> None:
    today = dt.date(1500, 3, 2)
    with pytest.raises(InvalidInputError) as caught:
        durations.days_before(text, today)
    assert str(caught.value) == f'"{text}" from 1500-03-02 is not a day of the calendar'


def test_what_lies_ahead_is_reached_and_refused_alike() -> None:
    assert durations.days_after("90d", MONDAY) == dt.date(2026, 5, 31)
    assert durations.days_after("1y", dt.date(2028, 2, 29)) == dt.date(2029, 2, 28)
    with pytest.raises(InvalidInputError, match="is not a day of the calendar"):
        durations.days_after("99999y", MONDAY)


def test_a_delay_may_count_business_days() -> None:
    friday = dt.date(2026, 3, 6)
    assert durations.parse_delay("1bd").add_to(friday) == dt.date(2026, 3, 9)
    assert durations.parse_delay("1bd").add_to(friday, {dt.date(2026, 3, 9)}) == dt.date(
        2026, 3, 10
    )
    assert durations.parse_delay("1bd").subtract_from(dt.date(2026, 3, 9)) == friday
    assert durations.parse_delay("1bd").subtract_from(dt.date(2026, 3, 9), {friday}) == dt.date(
        2026, 3, 5
    )
    with pytest.raises(ValueError, match="delay"):
        durations.parse_delay("bd")


def test_a_delay_may_go_on_to_a_business_day() -> None:
    assert durations.parse_delay("5d+0bd") == durations.Span(5, "d", 0)
    assert durations.parse_delay("5d+0bd").add_to(MONDAY) == dt.date(2026, 3, 9)
    assert durations.parse_delay("5d").add_to(MONDAY) == dt.date(2026, 3, 7)
    assert durations.parse_delay("4d+0bd").add_to(MONDAY) == dt.date(2026, 3, 6)
    assert durations.parse_delay("4d+0bd").add_to(MONDAY, {dt.date(2026, 3, 6)}) == dt.date(
        2026, 3, 9
    )
    assert durations.parse_delay("1w+2bd").add_to(MONDAY) == dt.date(2026, 3, 11)
    assert durations.parse_delay("1d+0bd").subtract_from(MONDAY) == MONDAY
    with pytest.raises(ValueError, match="delay"):
        durations.parse_delay("1w+2d")


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("every day", 1, "d"),
        ("every 1 week", 1, "w"),
        ("every 3 months", 3, "m"),
        ("every 2 years", 2, "y"),
    ],
)
def test_a_rhythm_says_how_often(text: str, count: int, unit: str) -> None:
    assert durations.parse_every(text) == durations.Span(count, unit)


@pytest.mark.parametrize(
    "text",
    ["", "monthly", "every", "every 0 days", "every months", "every 3 month", "every 1 days"],
)
def test_any_other_rhythm_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="how often"):
        durations.parse_every(text)


@pytest.mark.parametrize("text", ["soon", "99999y"])
def test_a_span_of_an_option_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(InvalidInputError, match=f'^--within: "{text}"'):
        durations.days_after(text, MONDAY, "--within")
    with pytest.raises(InvalidInputError, match=f'^"{text}"'):
        durations.days_before(text, MONDAY)
