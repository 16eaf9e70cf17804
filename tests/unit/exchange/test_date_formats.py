from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.exchange.date_formats import form_mistake, has_time, read_date

FORMS = ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d", "%B %d, %Y", "%d %b %Y", "%Y-%j"]


@pytest.mark.parametrize("form", [*FORMS, "%y%m%d", "%Y-%m-%d %H:%M:%S.%f", "%d/%m/%Y %I:%M %p"])
def test_a_form_with_year_month_and_day_is_right(form: str) -> None:
    assert form_mistake(form) is None


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("%d/%m", "year"),
        ("%Y %y-%m-%d", "year"),
        ("%Y-%m", "month"),
        ("%Y-%d", "month"),
        ("%Y-%m-%b-%d", "month"),
        ("%Y-%m-%j", "month"),
        ("%Y-%j-%d", "month"),
        ("%Y-%m-%d %I:%M", "hour"),
        ("%Y-%m-%d %H:%M %p", "hour"),
        ("%Y-%m-%d %H %I %p", "hour"),
        ("%Y-%m-%d %d", "twice"),
        ("%Y-%m-%d %Q", '"%Q" is not'),
        ("%c", '"%c" is not'),
        ("%Y-%m-%d %H:%M %Z", '"%Z" is not'),
        ("%Y-%m-%d %", '"%" is not'),
        ("2026-01-01", "year"),
        ("%%Y-%m-%d", "year"),
    ],
)
def test_a_form_that_leaves_the_day_open_is_a_mistake(form: str, told: str) -> None:
    mistake = form_mistake(form)
    assert mistake is not None
    assert told in mistake


@given(st.dates(min_value=dt.date(1000, 1, 1)), st.sampled_from(FORMS))
def test_every_day_is_read_back(day: dt.date, form: str) -> None:
    assert read_date(day.strftime(form), form) == day


def test_the_form_alone_says_what_is_the_day_and_what_the_month() -> None:
    assert read_date("03/04/2026", "%d/%m/%Y") == dt.date(2026, 4, 3)
    assert read_date("03/04/2026", "%m/%d/%Y") == dt.date(2026, 3, 4)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-02-30", "%Y-%m-%d"),
        ("2026-01-01 ", "%Y-%m-%d"),
        ("2026-01-01x", "%Y-%m-%d"),
        ("13/13/2026", "%d/%m/%Y"),
        ("1.2.26", "%d.%m.%Y"),
        ("٢٠٢٦-01-01", "%Y-%m-%d"),
        ("", "%Y-%m-%d"),
    ],
)
def test_any_other_text_is_refused(text: str, form: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_date(text, form)


def test_a_time_without_an_offset_keeps_its_day_alone() -> None:
    form = "%Y-%m-%d %H:%M"
    assert not has_time(form)
    assert read_date("2026-01-02 23:59", form) == dt.date(2026, 1, 2)
    assert type(read_date("2026-01-02 23:59", form)) is dt.date


def test_a_time_with_an_offset_is_kept() -> None:
    form = "%Y-%m-%d %H:%M%z"
    assert has_time(form)
    found = read_date("2026-01-02 23:59+02:00", form)
    assert isinstance(found, dt.datetime)
    assert found.isoformat() == "2026-01-02T23:59:00+02:00"


def test_an_offset_without_a_time_is_a_day() -> None:
    assert not has_time("%Y-%m-%d%z")
    assert type(read_date("2026-01-02+0200", "%Y-%m-%d%z")) is dt.date
