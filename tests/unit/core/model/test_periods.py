from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.model.errors import InvalidInputError, UsageError
from acctcli.core.model.periods import (
    BY,
    By,
    Period,
    check_order,
    period_of,
    periods,
    since_day,
)

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 3, 10)
some_by = st.sampled_from(BY)


def test_a_day_lies_in_a_month_a_quarter_and_a_year() -> None:
    day = dt.date(2028, 2, 29)
    assert period_of(day, "month") == Period("2028-02", dt.date(2028, 2, 1), day)
    assert period_of(day, "quarter") == Period("2028-Q1", dt.date(2028, 1, 1), dt.date(2028, 3, 31))
    assert period_of(day, "year") == Period("2028", dt.date(2028, 1, 1), dt.date(2028, 12, 31))
    last = period_of(dt.date.max, "quarter")
    assert last == Period("9999-Q4", dt.date(9999, 10, 1), dt.date.max)
    assert period_of(dt.date.min, "month").name == "0001-01"


def test_there_are_no_periods_when_the_last_day_is_before_the_first() -> None:
    assert list(periods(TODAY, TODAY - DAY, "year")) == []
    assert [each.name for each in periods(TODAY, TODAY, "quarter")] == ["2026-Q1"]


@given(st.dates(), st.integers(0, 3000), some_by)
def test_periods_partition_the_days(first: dt.date, count: int, by: By) -> None:
    last = dt.date.fromordinal(min(first.toordinal() + count, dt.date.max.toordinal()))
    found = list(periods(first, last, by))
    assert found[0].first <= first <= found[0].last
    assert found[-1].first <= last <= found[-1].last
    for before, after in pairwise(found):
        assert before.last + DAY == after.first
    assert len({each.name for each in found}) == len(found)
    for each in found:
        assert period_of(each.first, by) == period_of(each.last, by) == each


def test_since_is_a_span_back_or_a_date_word() -> None:
    assert since_day("90d", TODAY) == dt.date(2025, 12, 10)
    assert since_day("1M", TODAY) == dt.date(2026, 2, 10)
    assert since_day("-1m", TODAY) == dt.date(2026, 2, 10)
    assert since_day("2026-01-31", TODAY) == dt.date(2026, 1, 31)
    assert since_day("today", TODAY) == TODAY


@pytest.mark.parametrize(
    ("text", "error"), [("lately", "bad-date"), ("9999y", "bad-span"), ("2026-02-30", "bad-date")]
)
def test_since_names_its_option_when_it_is_neither(text: str, error: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        since_day(text, TODAY, "--from")
    (problem,) = caught.value.problems
    assert problem.id == error
    assert problem.message.startswith(f'--from: "{text}"')
    assert problem.hint is not None
    assert "90d" in problem.hint
    assert "2026-01-01" in problem.hint


def test_a_period_of_one_day_is_one_and_one_of_none_is_refused() -> None:
    check_order(TODAY, TODAY)
    with pytest.raises(UsageError) as caught:
        check_order(TODAY, TODAY - DAY)
    assert caught.value.problems[0].id == "empty-period"
