from __future__ import annotations

import datetime as dt

import pytest
from dateutil import rrule
from hypothesis import assume, given
from hypothesis import strategies as st

from acctcli.core.model.yearly_rules import Yearly, parse_yearly, rule_days

_BYDAY = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)
starts = st.dates(dt.date(1995, 1, 1), dt.date(2026, 12, 31)) | st.just(dt.date(2024, 2, 29))


def _some(values: st.SearchStrategy[int]) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(values, max_size=3, unique=True).map(tuple)


month_days = st.integers(1, 31) | st.integers(-31, -1)
# Not both with and without a position: dateutil takes only what is in both.
every_weekday = _some(st.integers(0, 6)).map(lambda found: tuple((0, each) for each in found))
nth_weekday = st.lists(
    st.tuples(st.sampled_from([1, 2, 4, 5, -1, -2]), st.integers(0, 6)), max_size=3, unique=True
).map(tuple)


@given(
    start=starts,
    interval=st.integers(1, 5),
    count=st.none() | st.integers(1, 40),
    until=st.none() | starts,
    months=_some(st.integers(1, 12)),
    days_=_some(month_days),
    weekdays=every_weekday | nth_weekday,
    positions=_some(st.sampled_from([1, 2, 10, -1, -3])),
)
def test_the_days_are_those_of_dateutil(
    *,
    start: dt.date,
    interval: int,
    count: int | None,
    until: dt.date | None,
    months: tuple[int, ...],
    days_: tuple[int, ...],
    weekdays: tuple[tuple[int, int], ...],
    positions: tuple[int, ...],
) -> None:
    assume(count is None or until is None)
    assume(not positions or months or days_ or weekdays)  # dateutil wants another part beside it
    rule = Yearly(
        start=start,
        interval=interval,
        count=count,
        until=until,
        months=months,
        month_days=days_,
        weekdays=weekdays,
        positions=positions,
    )
    other = rrule.rrule(
        rrule.YEARLY,
        dtstart=dt.datetime.combine(start, dt.time()),
        interval=interval,
        count=count,
        # An end, lest a rule without a day goes on to the year 9999.
        until=dt.datetime.combine(until or dt.date(2036, 12, 31), dt.time())
        if count is None
        else None,
        bymonth=months or None,
        bymonthday=days_ or None,
        byweekday=[_BYDAY[each](which) if which else _BYDAY[each] for which, each in weekdays]
        or None,
        bysetpos=positions or None,
    )
    expected = [each.date() for each in other if 2016 <= each.year <= 2036]
    assert list(rule_days(rule, 2016, 2036)) == expected


def test_a_rule_without_a_day_ends() -> None:
    never = Yearly(start=dt.date(2026, 1, 1), months=(2,), month_days=(30,))
    assert list(rule_days(never, 2016, 2036)) == []
    counted = Yearly(start=dt.date(2026, 1, 1), months=(2,), month_days=(30,), count=5)
    assert list(rule_days(counted, 2016, 2036)) == []


def test_the_parts_of_a_rule() -> None:
    parts = {
        "FREQ": ["yearly"],
        "INTERVAL": ["2"],
        "COUNT": ["3"],
        "BYMONTH": ["5", "11"],
        "BYMONTHDAY": ["-1"],
        "BYDAY": ["MO", "-1th", "+2SU"],
        "BYSETPOS": ["-1"],
        "WKST": ["SU"],
    }
    start, until = dt.date(2026, 1, 1), dt.date(2027, 1, 1)
    assert parse_yearly(start, parts, until) == Yearly(
        start=start,
        interval=2,
        count=3,
        until=until,
        months=(5, 11),
        month_days=(-1,),
        weekdays=((0, 0), (-1, 3), (2, 6)),
        positions=(-1,),
    )
    assert parse_yearly(start, {"FREQ": ["YEARLY"]}, None) == Yearly(start=start)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({}, "FREQ= is not yearly"),
        ({"FREQ": ["DAILY"]}, "FREQ=DAILY is not yearly"),
        ({"FREQ": ["YEARLY"], "BYWEEKNO": ["1"]}, "BYWEEKNO is not known"),
        ({"FREQ": ["YEARLY"], "BYDAY": ["XX"]}, "BYDAY=XX is no day of the week"),
        ({"FREQ": ["YEARLY"], "BYMONTH": ["13"]}, "BYMONTH=13 cannot be"),
        ({"FREQ": ["YEARLY"], "INTERVAL": ["0"]}, "INTERVAL=0 cannot be"),
        ({"FREQ": ["YEARLY"], "COUNT": ["many"]}, "COUNT=many cannot be"),
        ({"FREQ": ["YEARLY"], "BYMONTHDAY": ["0"]}, "BYMONTHDAY=0 cannot be"),
    ],
)
def test_a_part_that_is_not_known_is_named(parts: dict[str, list[str]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_yearly(dt.date(2026, 1, 1), parts, None)


def test_a_count_begins_with_the_first_year_of_the_rule() -> None:
    rule = parse_yearly(dt.date(2020, 3, 1), {"FREQ": ["YEARLY"], "COUNT": ["4"]}, None)
    assert list(rule_days(rule, 2022, 2030)) == [dt.date(2022, 3, 1), dt.date(2023, 3, 1)]
