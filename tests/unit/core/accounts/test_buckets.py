from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.accounts.buckets import BUCKETS, Bucket, bucket, title
from acctcli.core.model.records import Settings

TODAY = dt.date(2026, 3, 2)
DAYS = st.dates(dt.date(2025, 12, 1), dt.date(2026, 4, 1))
BOUNDS = st.tuples(st.integers(2, 40), st.integers(1, 40)).map(
    lambda pair: Settings(soon=pair[0], later=pair[0] + pair[1])
)


def test_the_buckets_stand_in_the_order_of_the_board() -> None:
    assert BUCKETS == ("none", "overdue", "today", "tomorrow", "soon", "later")


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (-400, "overdue"),
        (-1, "overdue"),
        (0, "today"),
        (1, "tomorrow"),
        (2, "soon"),
        (6, "soon"),
        (7, "later"),
        (4000, "later"),
    ],
)
def test_the_bucket_follows_from_the_days_ahead(ahead: int, expected: Bucket) -> None:
    assert bucket(TODAY + dt.timedelta(ahead), TODAY, Settings()) == expected


def test_nothing_planned_is_a_bucket_of_its_own() -> None:
    assert bucket(None, TODAY, Settings()) == "none"


@given(DAYS, DAYS, BOUNDS)
def test_every_due_date_falls_in_exactly_one_bucket(
    due: dt.date, today: dt.date, settings: Settings
) -> None:
    ahead = (due - today).days
    holds = {
        "none": False,
        "overdue": ahead < 0,
        "today": ahead == 0,
        "tomorrow": 0 < ahead < settings.soon,
        "soon": settings.soon <= ahead < settings.later,
        "later": ahead >= settings.later,
    }
    assert [name for name in BUCKETS if holds[name]] == [bucket(due, today, settings)]


@given(DAYS, DAYS, DAYS, BOUNDS)
def test_an_earlier_due_date_is_never_in_a_later_bucket(
    one: dt.date, two: dt.date, today: dt.date, settings: Settings
) -> None:
    first, second = sorted((one, two))
    assert BUCKETS.index(bucket(first, today, settings)) <= BUCKETS.index(
        bucket(second, today, settings)
    )


def test_the_titles_are_what_people_read() -> None:
    assert [title(name, Settings()) for name in BUCKETS] == [
        "Nothing planned",
        "Overdue",
        "Today",
        "Tomorrow",
        "In 2 to 6 days",
        "In 7 days or more",
    ]


@pytest.mark.parametrize(
    ("soon", "later", "expected"),
    [
        (3, 14, ["In 1 to 2 days", "In 3 to 13 days", "In 14 days or more"]),
        (2, 3, ["Tomorrow", "In 2 days", "In 3 days or more"]),
    ],
)
def test_the_titles_follow_the_bounds(soon: int, later: int, expected: list[str]) -> None:
    settings = Settings(soon=soon, later=later)
    assert [title(name, settings) for name in BUCKETS[3:]] == expected
