from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.model.errors import AcctcliError, InvalidBookError, StorageError
from acctcli.core.model.records import Settings
from acctcli.store.config import holidays, ics_holidays
from acctcli.store.config.holidays import (
    LIMIT,
    DaysOff,
    days_off,
    is_plainly_valid,
    problems,
    read_days,
)
from acctcli.store.config.ics_holidays import whole_days
from acctcli.store.files import filesystem

if TYPE_CHECKING:
    from pathlib import Path

TODAY = dt.date(2026, 3, 10)
CHRISTMAS = dt.date(2026, 12, 25)
YEARS = range(2016, 2037)


def off(root: Path, *names: str) -> set[str]:
    return {str(day) for day in days_off(root, Settings(holidays=names), TODAY)}


def found(root: Path, *names: str) -> list[tuple[str, str, str]]:
    return [
        (problem.id, str(problem.place), problem.message)
        for problem in problems(root, Settings(holidays=names), TODAY)
    ]


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def calendar(*events: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""]).encode()


def whole(*lines: str) -> list[str]:
    return [str(day) for day in sorted(set(whole_days(calendar(event(*lines)), "a.ics", YEARS)))]


# .yaml


@pytest.mark.parametrize(
    "text",
    [
        "- 2026-12-25\n- 2027-01-06\n",
        "- {date: 2026-12-25, name: Christmas}\n- date: '2027-01-06'\n  name: Epiphany\n",
        "2026-12-25: Christmas\n2027-01-06:\n",
        "# ours\n[2026-12-25, 2027-01-06]\n",
    ],
)
def test_dates_are_listed_or_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "days.yaml").write_text(text)
    assert off(tmp_path, "days.yaml") == {"2026-12-25", "2027-01-06"}
    assert found(tmp_path, "days.yaml") == []


@pytest.mark.parametrize(("text", "many"), [("", 0), ("# none yet\n", 0), ("2026-12-25\n", 1)])
def test_few_dates_are_enough(tmp_path: Path, text: str, many: int) -> None:
    (tmp_path / "days.yaml").write_text(text)
    assert len(off(tmp_path, "days.yaml")) == many


def test_all_files_count_together(tmp_path: Path) -> None:
    (tmp_path / "cal").mkdir()
    (tmp_path / "cal" / "b.ics").write_bytes(calendar(event("DTSTART;VALUE=DATE:20260601")))
    (tmp_path / "a.yaml").write_text("- 2026-12-25\n")
    assert off(tmp_path, "a.yaml", "cal/b.ics") == {"2026-12-25", "2026-06-01"}
    assert off(tmp_path) == set()


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("- 2026-12-25\n- 2026-13-25\n", "2:3", '"2026-13-25" is not a day of the calendar'),
        ("- 2026-12-25\n- Christmas\n", "2:3", '"Christmas" is not a date'),
        ("- {name: Christmas}\n", "1:3", "a date should stand here"),
        ("- {date: 25.12.2026}\n", "1:10", '"25.12.2026" is not a date'),
        ("- [2026-12-25]\n", "1:3", "a date should stand here"),
        ("Christmas: 2026-12-25\n", "1:1", '"Christmas" is not a date'),
        ("-\n", "1:2", '"" is not a date'),
    ],
)
def test_what_is_no_date_has_its_place(tmp_path: Path, text: str, place: str, message: str) -> None:
    (tmp_path / "days.yaml").write_text(text)
    with pytest.raises(InvalidBookError):
        off(tmp_path, "days.yaml")
    assert found(tmp_path, "days.yaml") == [("bad-date", f"days.yaml:{place}", message)]


def test_what_is_no_yaml_has_its_place(tmp_path: Path) -> None:
    (tmp_path / "days.yaml").write_text("- 2026-12-25\n- *all\n")
    ((_, place, _),) = found(tmp_path, "days.yaml")
    assert place == "days.yaml:2:3"


def test_each_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "long.ics").write_bytes(b"x" * (LIMIT + 1))
    (tmp_path / "latin.ics").write_bytes(b"BEGIN:VCALENDAR\r\nX:caf\xe9\r\n")
    assert [
        (name, place)
        for name, place, _ in found(tmp_path, "gone.yaml", "folder.yaml", "long.ics", "latin.ics")
    ] == [
        ("no-holidays-file", "acctcli.yaml"),
        ("not-a-file", "folder.yaml"),
        ("too-long", "long.ics"),
        ("not-utf8", "latin.ics:2:6"),
    ]


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ("format: 1\nholidays: [there.yaml, gone.yaml]\n", "acctcli.yaml:2:24"),
        ("holidays:\n  - gone.yaml\n", "acctcli.yaml:2:5"),
        ("holidays: gone.yaml\n", "acctcli.yaml:1:11"),
        ("format: 1\n", "acctcli.yaml:1:1"),  # changed meanwhile
        ("[\n", "acctcli.yaml"),
        ("", "acctcli.yaml"),
    ],
)
def test_of_a_missing_file_the_place_is_where_it_is_named(
    tmp_path: Path, settings: str, place: str
) -> None:
    (tmp_path / "there.yaml").write_text("- 2026-12-25\n")
    (tmp_path / "acctcli.yaml").write_text(settings)
    assert [each[1] for each in found(tmp_path, "there.yaml", "gone.yaml")] == [place]


def test_a_file_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.ics").open("wb") as file:
        file.truncate(1 << 30)
    assert found(tmp_path, "huge.ics")[0][0] == "too-long"


def test_a_file_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "days.yaml").write_text("- 2026-12-25\n")

    def refuse(handle: int, size: int) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "read", refuse)
    with pytest.raises(StorageError):
        off(tmp_path, "days.yaml")
    assert (
        filesystem.cannot_read("x", OSError(5, "e")).problems[0].id
        == found(tmp_path, "days.yaml")[0][0]
    )


def test_at_the_ends_of_the_calendar_there_are_fewer_years(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(
        calendar(event("DTSTART;VALUE=DATE:00010101", "RRULE:FREQ=YEARLY"))
    )
    settings = Settings(holidays=("a.ics",))
    assert len(days_off(tmp_path, settings, dt.date.max)) == 11
    assert len(days_off(tmp_path, settings, dt.date.min)) == 10


def test_days_off_are_read_when_something_looks_into_them_and_once() -> None:
    calls = []

    def read() -> frozenset[dt.date]:
        calls.append(1)
        return frozenset({CHRISTMAS})

    days = DaysOff(read)
    assert calls == []
    assert CHRISTMAS in days
    assert list(days) == [CHRISTMAS]
    assert len(days) == 1
    assert calls == [1]


# .ics


def test_an_event_may_last_for_several_days() -> None:
    assert whole("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227") == [
        "2026-12-24",
        "2026-12-25",
        "2026-12-26",
    ]
    assert whole("DTSTART;VALUE=DATE:20261224", "DURATION:P2D") == ["2026-12-24", "2026-12-25"]
    assert whole("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261224") == ["2026-12-24"]


def test_a_rule_is_followed_through_the_years_of_interest() -> None:
    days = whole("DTSTART;VALUE=DATE:19900107", "DTEND;VALUE=DATE:19900109", "RRULE:FREQ=YEARLY")
    assert len(days) == 42
    assert days[:2] == ["2016-01-07", "2016-01-08"]
    thanksgiving = "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20271231T000000Z"
    assert whole("DTSTART;VALUE=DATE:20251127", thanksgiving) == [
        "2025-11-27",
        "2026-11-26",
        "2027-11-25",
    ]


def test_one_that_reaches_into_the_first_year_counts_there() -> None:
    days = whole("DTSTART;VALUE=DATE:20141231", "DTEND;VALUE=DATE:20150102", "RRULE:FREQ=YEARLY")
    assert days[0] == "2016-01-01"
    assert days[-1] == "2036-12-31"


def test_dates_are_added_and_taken_out() -> None:
    assert whole(
        "DTSTART;VALUE=DATE:20260501",
        "RRULE:FREQ=YEARLY;COUNT=3",
        "EXDATE;VALUE=DATE:20270501",
        "EXDATE:20280501T000000Z",
        "RDATE;VALUE=DATE:20270503,20270504",
    ) == ["2026-05-01", "2027-05-03", "2027-05-04"]


def test_one_day_of_a_series_may_be_moved() -> None:
    data = calendar(
        event("UID:x", "DTSTART;VALUE=DATE:20260501", "RRULE:FREQ=YEARLY;COUNT=2"),
        event("UID:x", "RECURRENCE-ID;VALUE=DATE:20270501", "DTSTART;VALUE=DATE:20270503"),
        event("DTSTART;VALUE=DATE:20270501", "SUMMARY:has no UID"),
    )
    assert [str(day) for day in whole_days(data, "a.ics", YEARS)] == [
        "2026-05-01",
        "2027-05-03",
        "2027-05-01",
    ]


def test_what_is_cancelled_or_has_a_time_is_no_day_off() -> None:
    assert whole("DTSTART;VALUE=DATE:20260501", "STATUS:CANCELLED") == []
    assert whole("DTSTART:20260501T090000Z", "RRULE:FREQ=SECONDLY") == []


def test_what_is_nested_or_beside_events_is_not_looked_at() -> None:
    data = calendar(
        "BEGIN:VTIMEZONE",
        "TZID:X",
        "BEGIN:STANDARD",
        "DTSTART:00010101T000000",
        "RRULE:FREQ=SECONDLY",
        "END:STANDARD",
        "END:VTIMEZONE",
        event(
            "DTSTART;VALUE=DATE:20260501",
            "BEGIN:VALARM",
            "TRIGGER:never",
            "END:VALARM",
            "SUMMARY;VALUE=DATE:Labour",
            "  Day",
            "STATUS:CON",
            " FIRMED",
        ),
    )
    assert [str(day) for day in whole_days(b"\xef\xbb\xbf" + data, "a.ics", YEARS)] == [
        "2026-05-01"
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["SUMMARY:x"], "it has no DTSTART"),
        (["DTSTART;VALUE=DATE:20261301"], "DTSTART"),
        (["DTSTART;VALUE=TIME:090000"], "DTSTART is not a date"),
        (["DTSTART;VALUE=DATE:20260101", "DTSTART;VALUE=DATE:20260102"], "DTSTART more than once"),
        (["DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=DAILY"], "RRULE: FREQ=DAILY is not yearly"),
        (["DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=NEVER"], "RRULE"),
        (["DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=YEARLY;BYEASTER=0"], "BYEASTER"),
        (["DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20280101"], "730 days long"),
        (["DTSTART;VALUE=DATE:20260101", "RDATE;VALUE=PERIOD:20260101T000000Z/P1D"], "a date is"),
        (["DTSTART;=:20260101"], "DTSTART"),
    ],
)
def test_an_event_that_cannot_be_read_has_its_line(lines: list[str], message: str) -> None:
    data = calendar(event("DTSTART;VALUE=DATE:20260501"), event(*lines))
    with pytest.raises(InvalidBookError) as caught:
        list(whole_days(data, "a.ics", YEARS))
    (problem,) = caught.value.problems
    assert (problem.id, str(problem.place)) == ("bad-calendar", "a.ics:6")
    assert message in problem.message


@pytest.mark.parametrize("data", [b"", b"- 2026-12-25\n", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n"])
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidBookError) as caught:
        list(whole_days(data, "a.ics", YEARS))
    assert caught.value.problems[0].id == "bad-calendar"


def test_an_event_that_does_not_end_has_its_line() -> None:
    with pytest.raises(InvalidBookError) as caught:
        list(whole_days(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\n", "a.ics", YEARS))
    assert str(caught.value.problems[0].place) == "a.ics:2"


@pytest.mark.parametrize(
    ("lines", "times", "what"),
    [
        (["DTSTART;VALUE=DATE:20260101"], ics_holidays.MOST_EVENTS + 1, "events"),
        (["RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"], ics_holidays.MOST_RULES + 1, "rules"),
        (
            [
                "DTSTART;VALUE=DATE:20260101",
                "DTEND;VALUE=DATE:20270101",
                "RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
            ],
            1,
            "days",
        ),
    ],
)
def test_a_calendar_of_too_much_is_refused(lines: list[str], times: int, what: str) -> None:
    with pytest.raises(InvalidBookError) as caught:
        list(whole_days(calendar(*[event(*lines)] * times), "a.ics", YEARS))
    (problem,) = caught.value.problems
    assert problem.id == "too-long"
    assert what in problem.message


def test_rules_without_a_day_take_no_time() -> None:
    never = event("DTSTART;VALUE=DATE:00010101", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    assert list(whole_days(calendar(*[never] * ics_holidays.MOST_RULES), "a.ics", YEARS)) == []


_LINES = (
    st.sampled_from(
        ["BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VALARM", "DTSTART;VALUE=DATE:20260101"]
    )
    | st.text(max_size=20).map("RRULE:{}".format)
    | st.text(max_size=30)
)


@given(st.lists(_LINES, max_size=12))
def test_whatever_stands_in_a_file_is_read_or_refused_with_its_place(lines: list[str]) -> None:
    data = "\n".join(["BEGIN:VCALENDAR", *lines]).encode("utf-8", "replace")
    try:
        days = list(whole_days(data, "a.ics", YEARS))
        told = []
    except AcctcliError as error:
        days, told = [], list(error.problems)
    assert all(problem.place and problem.hint for problem in told)
    assert all(2016 <= day.year <= 2036 for day in days)


# without the parser


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# ours\n",
        "- 2026-12-25\n- 2027-01-06  # Epiphany\n",
        "2026-12-25: Christmas, the first day\r\n\r\n2027-01-06:\n",
        "2026-12-25: Lúcia (the saint's day) # é\n",
    ],
)
def test_plain_files_are_right_without_the_parser(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "h.yaml").write_text(text, "utf-8", newline="")
    monkeypatch.setattr(holidays, "read_days", None)
    assert found(tmp_path, "h.yaml") == []


_DAYS = ["2026-12-25", "2027-01-06", "2026-02-30"]


_ONE, _TWO = _DAYS[:2]
_ODD_PARTS = (
    *(f"- {day}\n" for day in _DAYS),
    *(f"{day}: A\n" for day in _DAYS),
    *("\n", "# a\n", " # a\n", "- x\n", "\t\n", "\f\n", "\ufeff", "\r"),
    *(f"{_ONE}:\n", f"{_ONE}: 'x\n", f"{_ONE}: a: b\n", f"{_ONE}: a:\n", f"{_ONE}:A\n"),
    *(f"{_ONE}\n", f"{_TWO}: a # b: c\n", f"- {_TWO} #\n", f"{_TWO}: ~\n", f"{_TWO}:  A\n"),
)


@settings(max_examples=500)
@given(st.lists(st.sampled_from(_ODD_PARTS), max_size=5).map("".join))
def test_what_is_right_without_the_parser_is_right(text: str) -> None:
    for data in (text.encode(), text.encode() + b"\xff"):
        if is_plainly_valid(data):
            list(read_days(data, "h.yaml"))
