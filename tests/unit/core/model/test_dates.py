from __future__ import annotations

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.model import dates
from acctcli.core.model.errors import InvalidInputError

MONDAY = dt.date(2026, 3, 2)
ROME = ZoneInfo("Europe/Rome")
DAY = dt.timedelta(days=1)
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))
MOMENTS = st.datetimes(
    dt.datetime(2, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    dt.datetime(9998, 12, 31),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.integers(-1439, 1439).map(
        lambda minutes: dt.timezone(dt.timedelta(0, minutes * 60))
    ),
)


@given(st.dates())
def test_every_day_is_read_from_its_iso_form(day: dt.date) -> None:
    assert dates.parse_iso(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20260302",
        "2026-W10-1",
        "2026-3-2",
        "26-03-02",
        "2026/03/02",
        " 2026-03-02",
        "2026-03-02\n",
        "\u0662026-03-02",
        "２026-03-02",
        "2026-03-02T00:00:00Z",
        "+026-03-02",
    ],
)
def test_another_form_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date") as caught:
        dates.parse_iso(text)
    assert str(caught.value) == f'"{text}" is not a date'


@pytest.mark.parametrize("text", ["2026-13-45", "2026-02-29", "2026-00-01", "0000-01-01"])
def test_a_day_that_is_not_in_the_calendar_is_told_apart(text: str) -> None:
    with pytest.raises(ValueError, match="calendar") as caught:
        dates.parse_iso(text)
    assert str(caught.value) == f'"{text}" is not a day of the calendar'


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("2026-05-17", "2026-05-17"),
        ("today", "2026-03-02"),
        ("Tomorrow", "2026-03-03"),
        ("yesterday", "2026-03-01"),
        ("monday", "2026-03-09"),
        ("MON", "2026-03-09"),
        ("tue", "2026-03-03"),
        ("Friday", "2026-03-06"),
        ("sunday", "2026-03-08"),
        ("+3d", "2026-03-05"),
        ("+0d", "2026-03-02"),
        ("-2w", "2026-02-16"),
        ("+1M", "2026-04-02"),
        ("-3m", "2025-12-02"),
        ("+3bd", "2026-03-05"),
        ("+5bd", "2026-03-09"),
        ("-1bd", "2026-02-27"),
        ("eom", "2026-03-31"),
        ("eoq", "2026-03-31"),
        ("EOY", "2026-12-31"),
    ],
)
def test_date_words(word: str, expected: str) -> None:
    assert dates.parse_day(word, MONDAY) == dt.date.fromisoformat(expected)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "soonish",
        "day before",
        "next friday",
        "3d",
        "+3",
        "+3y",
        "+ 3d",
        "+3 d",
        "++3d",
        "+1.5d",
        "+123456d",
        "+\u0663d",
        " today",
        "fr",
        "frid",
        "02.03.2026",
        "3/2/2026",
        "\u017funday",
    ],
)
def test_any_other_word_is_refused_with_examples(word: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        dates.parse_day(word, MONDAY)
    (problem,) = caught.value.problems
    assert problem.id == "bad-date"
    assert problem.message == f'"{word}" is not a date'
    assert problem.hint == (
        "write a date such as 2026-03-31, or today, tomorrow, friday, +3d, -2w, +1m, +3bd, eom,"
        " eoq or eoy"
    )


@pytest.mark.parametrize("word", ["2026-13-45", "+99999m", "-99999m"])
def test_a_word_for_no_day_of_the_calendar_is_refused(word: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        dates.parse_day(word, MONDAY)
    (problem,) = caught.value.problems
    assert (problem.id, problem.message) == (
        "bad-date",
        f'"{word}" is not a day of the calendar',
    )


@pytest.mark.parametrize("word", ["tomorrow", "friday", "saturday", "+1d", "+1m", "+1bd"])
def test_the_end_of_the_calendar_is_an_error_not_a_crash(word: str) -> None:
    with pytest.raises(InvalidInputError, match="calendar"):
        dates.parse_day(word, dt.date.max)
    assert dates.parse_day("eoy", dt.date.max) == dt.date.max


@given(DAYS, st.sampled_from(WEEKDAYS))
def test_a_weekday_is_the_next_one_and_never_today(today: dt.date, name: str) -> None:
    day = dates.parse_day(name, today)
    assert WEEKDAYS[day.weekday()] == name
    assert 1 <= (day - today).days <= 7
    assert dates.parse_day(name[:3].lower(), today) == day


@given(DAYS)
def test_periods_end_on_their_last_day(today: dt.date) -> None:
    month, quarter, year = (dates.parse_day(word, today) for word in ("eom", "eoq", "eoy"))
    assert today <= month <= quarter <= year == dt.date(today.year, 12, 31)
    assert (month.year, month.month) == (today.year, today.month)
    assert (month + DAY).day == (quarter + DAY).day == 1
    assert (quarter.month - 1) // 3 == (today.month - 1) // 3
    assert quarter.month % 3 == 0


@given(DAYS, st.integers(-600, 600))
def test_months_are_added_and_their_ends_clipped(day: dt.date, count: int) -> None:
    moved = dates.add_months(day, count)
    assert (moved.year - day.year) * 12 + moved.month - day.month == count
    assert moved.day == min(day.day, calendar.monthrange(moved.year, moved.month)[1])


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2000-01-31", 1, "2000-02-29"),
        ("2100-01-31", 1, "2100-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("9998-12-31", 12, "9999-12-31"),
        ("0001-12-31", -11, "0001-01-31"),
    ],
)
def test_months_at_the_edges(day: str, count: int, expected: str) -> None:
    assert dates.add_months(dt.date.fromisoformat(day), count).isoformat() == expected


@pytest.mark.parametrize("count", [12 * 9000, -12 * 9000])
def test_months_beyond_the_calendar_overflow(count: int) -> None:
    with pytest.raises(OverflowError):
        dates.add_months(MONDAY, count)


def naive_business_days(day: dt.date, count: int, holidays: set[dt.date]) -> dt.date:
    def works(day: dt.date) -> bool:
        return day.weekday() < 5 and day not in holidays

    if count == 0:
        while not works(day):
            day += DAY
    step = DAY if count > 0 else -DAY
    for _ in range(abs(count)):
        day += step
        while not works(day):
            day += step
    return day


@given(DAYS, st.integers(-60, 60), st.sets(st.integers(-90, 90), max_size=40))
def test_business_days_are_those_of_a_naive_loop(day: dt.date, count: int, offs: set[int]) -> None:
    holidays = {day + off * DAY for off in offs}
    moved = dates.add_business_days(day, count, holidays)
    assert moved == naive_business_days(day, count, holidays)
    assert moved.weekday() < 5
    assert moved not in holidays


def test_holidays_are_no_business_days() -> None:
    holidays = frozenset({dt.date(2026, 3, 3), dt.date(2026, 3, 7)})
    assert dates.parse_day("+1bd", MONDAY, holidays) == dt.date(2026, 3, 4)
    assert dates.add_business_days(dt.date(2026, 3, 7), 0) == dt.date(2026, 3, 9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z"),
        ("2026-03-02t10:00:00z", "2026-03-02T10:00:00Z"),
        ("2026-03-02 10:00:00+00:00", "2026-03-02T10:00:00Z"),
        ("2026-03-02T10:00:00-00:00", "2026-03-02T10:00:00Z"),
        ("2026-03-02T10:00:00+05:30", "2026-03-02T10:00:00+05:30"),
        ("2026-03-02T10:00:00.5Z", "2026-03-02T10:00:00.500000Z"),
        ("2026-03-02T10:00:00.123456789-08:00", "2026-03-02T10:00:00.123456-08:00"),
        ("2026-03-02", "2026-03-02"),
    ],
)
def test_stamps_are_read_and_written(text: str, expected: str) -> None:
    assert dates.stamp_text(dates.parse_stamp(text)) == expected
    assert dates.is_stamp(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a date"),
        ("10:00:00Z", "is not a date"),
        ("2026-02-29", "is not a day of the calendar"),
        ("2026-02-29T10:00:00Z", "is not a day of the calendar"),
    ],
)
def test_a_stamp_of_no_day_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match="is not") as caught:
        dates.parse_stamp(text)
    assert str(caught.value) == f'"{text[:10]}" {message}'
    assert not dates.is_stamp(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T10:00:00",
        "2026-03-02T10:00Z",
        "2026-03-02T24:00:00Z",
        "2026-03-02T10:00:60Z",
        "2026-03-02T10:00:00+0100",
        "2026-03-02T10:00:00+01",
        "2026-03-02T10:00:00+01:60",
        "2026-03-02T10:00:00+24:00",
        "2026-03-02T10:00:00.Z",
        "2026-03-02  10:00:00Z",
        "2026-03-02T10:00:00 Z",
        "2026-03-02T10:00:00Z\n",
        "2026-03-02T1\u0660:00:00Z",
        "20260302T100000Z",
    ],
)
def test_a_stamp_in_another_form_or_without_offset_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="offset") as caught:
        dates.parse_stamp(text)
    assert str(caught.value) == f'"{text}" is not a date or a timestamp with an offset'
    assert not dates.is_stamp(text)


@given(st.dates() | MOMENTS)
def test_what_is_written_is_read_back(stamp: dt.date) -> None:
    text = dates.stamp_text(stamp)
    again = dates.parse_stamp(text)
    assert type(again) is type(stamp)
    assert again == stamp
    assert dates.stamp_text(again) == text


def test_an_offset_with_seconds_is_written_in_utc() -> None:
    zone = dt.timezone(dt.timedelta(minutes=49, seconds=56))
    stamp = dt.datetime(1890, 1, 1, 12, 0, 0, tzinfo=zone)
    assert dates.stamp_text(stamp) == "1890-01-01T11:10:04Z"


def test_a_moment_without_an_offset_is_not_written() -> None:
    with pytest.raises(ValueError, match="has no offset"):
        dates.stamp_text(dt.datetime(2026, 3, 2, 10, 0, 0))  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02", "2026-03-02"),
        ("2026-03-02T22:59:59Z", "2026-03-02"),
        ("2026-03-02T23:00:00Z", "2026-03-03"),
        ("2026-03-02T00:30:00+05:00", "2026-03-01"),
        ("9999-12-31T23:59:59Z", "9999-12-31"),
    ],
)
def test_the_day_of_a_stamp_is_taken_in_the_zone(text: str, expected: str) -> None:
    assert dates.stamp_day(dates.parse_stamp(text), ROME) == dt.date.fromisoformat(expected)


def test_the_first_moment_of_the_calendar_has_a_day() -> None:
    stamp = dates.parse_stamp("0001-01-01T00:00:00+05:00")
    assert dates.stamp_day(stamp, dt.UTC) == dt.date.min


@given(st.times())
def test_times_are_written_and_read_back(time: dt.time) -> None:
    time = time.replace(microsecond=0)
    text = dates.time_text(time)
    assert dates.parse_time(text) == time
    assert len(text) == (8 if time.second else 5)


@pytest.mark.parametrize(
    "text", ["", "9:30", "0930", "24:00", "12:60", "12:00:60", "12:00:00.5", "12:00Z", "12:00\n"]
)
def test_any_other_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time") as caught:
        dates.parse_time(text)
    assert str(caught.value) == f'"{text}" is not a time'
