from __future__ import annotations

import calendar
import datetime as dt

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.model.durations import parse_every, parse_rhythm, rhythm_text
from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.records import Activity
from acctcli.core.rules.recurrence import NextOccurrence, next_occurrence

DAY = dt.timedelta(days=1)
counts = st.integers(1, 30)
units = st.sampled_from(["day", "week", "month", "year"])
days = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))
# Many at the ends of months, where it is hard.
starts = (
    days
    | days.map(lambda day: day.replace(day=calendar.monthrange(day.year, day.month)[1]))
    | st.just(dt.date(2024, 2, 29))
)


def rhythm(count: int, unit: str) -> str:
    return f"every {unit}" if count == 1 else f"every {count} {unit}s"


def activity(due: str | dt.date | None, repeat: str, **more: object) -> Activity:
    day = dt.date.fromisoformat(due) if isinstance(due, str) else due
    return Activity(id="a1", subject="Visit", due_date=day, repeat=repeat, **more)  # type: ignore[arg-type]


def on(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def steps_by_the_rule(start: dt.date, count: int, unit: str, many: int) -> list[dt.date]:
    """The dates of a series as dateutil works them out, each from the first."""
    return [start + relativedelta(**{f"{unit}s": count * step}) for step in range(1, many + 1)]  # type: ignore[arg-type]


def done_each_on_its_day(first: Activity, many: int) -> list[NextOccurrence]:
    found: list[NextOccurrence] = []
    due, repeat = first.due_date, first.repeat
    for _ in range(many):
        assert due is not None
        now = activity(due, repeat or "", from_=first.from_, until=first.until)
        after = next_occurrence(now, due, due)
        if after is None:
            break
        found.append(after)
        due, repeat = after.due, after.repeat
    return found


@given(starts, counts, units, st.integers(1, 40))
def test_done_on_its_day_each_time_it_has_exactly_the_dates_of_the_rule(
    start: dt.date, count: int, unit: str, many: int
) -> None:
    found = done_each_on_its_day(activity(start, rhythm(count, unit)), many)
    dates = [each.due for each in found]
    assert dates == steps_by_the_rule(start, count, unit, many)
    assert all(one < other for one, other in zip([start, *dates], dates, strict=False))
    assert all(each.skipped == 0 for each in found)


@given(starts, counts, units, st.integers(-400, 4000), st.integers(-30, 30))
def test_done_early_or_late_it_is_the_first_date_of_the_rule_that_is_not_past(
    start: dt.date, count: int, unit: str, late: int, told_later: int
) -> None:
    done_on = start + late * DAY
    today = done_on + told_later * DAY
    found = next_occurrence(activity(start, rhythm(count, unit)), done_on, today)
    assert found is not None
    assert found.due > done_on
    assert found.due >= today
    rule = steps_by_the_rule(start, count, unit, found.skipped + 1)
    assert found.due == rule[-1]
    assert all(day <= done_on or day < today for day in rule[:-1])


@given(starts, counts, units, st.integers(0, 2000))
def test_until_is_never_passed_and_nothing_before_it_is_left_out(
    start: dt.date, count: int, unit: str, ahead: int
) -> None:
    until = start + ahead * DAY
    found = done_each_on_its_day(activity(start, rhythm(count, unit), until=until), 3000)
    dates = [each.due for each in found]
    rule = steps_by_the_rule(start, count, unit, len(dates) + 1)
    assert dates == rule[:-1]
    assert all(day <= until for day in dates)
    assert rule[-1] > until


@given(starts, starts, counts, units)
def test_from_done_it_counts_from_the_day_it_was_done(
    due: dt.date, done_on: dt.date, count: int, unit: str
) -> None:
    text = rhythm(count, unit)
    found = next_occurrence(activity(due, text, from_="done"), done_on, done_on)
    assert found == NextOccurrence(steps_by_the_rule(done_on, count, unit, 1)[0], text, 0)


@pytest.mark.parametrize(
    ("due", "repeat", "expected"),
    [
        ("2026-01-31", "every month", [("2026-02-28", " on day 31"), ("2026-03-31", " on day 31")]),
        ("2027-12-30", "every month", [("2028-01-30", ""), ("2028-02-29", " on day 30")]),
        ("2024-02-29", "every year", [("2025-02-28", " on day 29"), ("2026-02-28", " on day 29")]),
        ("2024-02-29", "every 4 years", [("2028-02-29", ""), ("2032-02-29", "")]),
        ("2026-03-31", "every month on day 31", [("2026-04-30", " on day 31")]),
        ("2026-02-28", "every month", [("2026-03-28", ""), ("2026-04-28", "")]),
    ],
)
def test_the_end_of_a_month_is_remembered(
    due: str, repeat: str, expected: list[tuple[str, str]]
) -> None:
    found = done_each_on_its_day(activity(due, repeat), len(expected))
    plain = repeat.partition(" on day")[0]
    assert [(str(each.due), each.repeat) for each in found] == [
        (day, plain + tail) for day, tail in expected
    ]


def test_one_that_was_moved_from_the_end_of_the_month_moves_the_series() -> None:
    found = next_occurrence(
        activity("2026-03-02", "every month on day 31"), on("2026-03-02"), on("2026-03-02")
    )
    assert found == NextOccurrence(on("2026-04-02"), "every month", 0)


def test_what_says_a_day_keeps_it_when_counted_from_the_day_it_was_done() -> None:
    given_ = activity(None, "every month on day 31", from_="done")
    assert next_occurrence(given_, on("2026-02-10"), on("2026-02-10")) == NextOccurrence(
        on("2026-03-10"), "every month on day 31", 0
    )


def test_one_done_after_its_day_in_the_month_is_due_in_the_next() -> None:
    found = next_occurrence(
        activity("2026-01-15", "every month"), on("2026-02-19"), on("2026-02-19")
    )
    assert found == NextOccurrence(on("2026-03-15"), "every month", 1)


def test_one_done_long_ago_says_how_many_dates_passed() -> None:
    found = next_occurrence(
        activity("2026-01-05", "every week"), on("2026-01-05"), on("2026-02-02")
    )
    assert found == NextOccurrence(on("2026-02-02"), "every week", 3)


def test_without_a_due_date_it_says_what_to_do() -> None:
    with pytest.raises(InvalidInputError) as caught:
        next_occurrence(activity(None, "every week"), on("2026-01-05"), on("2026-01-05"))
    (problem,) = caught.value.problems
    assert problem.id == "repeat-without-due"
    assert "acctcli activity edit a1 --set from=done" in str(problem.hint)


@pytest.mark.parametrize(
    ("due", "repeat", "done_on"),
    [
        ("9999-12-31", "every day", "9999-12-30"),
        ("9999-12-31", "every day", "9999-12-31"),
        ("9999-12-31", "every month", "9999-12-30"),
        ("9999-12-31", "every month on day 31", "9999-12-31"),
        ("2026-03-01", "every 9999 years", "2026-03-01"),
        ("2026-03-01", "every 9999 weeks", "9900-03-01"),
    ],
)
def test_the_calendar_ends(due: str, repeat: str, done_on: str) -> None:
    assert next_occurrence(activity(due, repeat), on(done_on), on(done_on)) is None


@given(counts, units)
def test_a_rhythm_is_written_as_it_is_read(count: int, unit: str) -> None:
    text = rhythm(count, unit)
    assert rhythm_text(*parse_rhythm(text)) == text
    if unit in ("month", "year"):
        assert rhythm_text(*parse_rhythm(f"{text} on day 30")) == f"{text} on day 30"
    else:
        with pytest.raises(ValueError, match="counts no months"):
            parse_every(f"{text} on day 30")


@pytest.mark.parametrize("text", ["every month on day 28", "every month on day 32", "on day 31"])
def test_only_a_day_that_some_months_lack_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="how often"):
        parse_every(text)
