from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from acctcli.core.accounts.buckets import BUCKETS, Bucket, bucket
from acctcli.core.model.dates import is_business_day
from acctcli.core.model.errors import AcctcliError, InvalidInputError, UsageError
from acctcli.core.model.records import Activity, Settings
from acctcli.core.rules.move_card import move

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 3, 10)  # a Tuesday
days = st.integers(-30, 60).map(lambda ahead: TODAY + ahead * DAY)


def planned(key: str, due: dt.date | None, *, done: bool = False) -> Activity:
    return Activity(id=key, subject=key, due_date=due, done=done)


lists = st.lists(st.tuples(st.none() | days, st.booleans()), max_size=6).map(
    lambda given_: [
        planned(f"a{number}", due, done=done) for number, (due, done) in enumerate(given_)
    ]
)


@st.composite
def settings_of(draw: st.DrawFn) -> Settings:
    soon = draw(st.integers(2, 9))
    later = draw(st.integers(soon + 1, 20))
    return Settings(soon=soon, later=later, business_days=draw(st.booleans()))


def stands(activities: list[Activity], today: dt.date, settings: Settings) -> Bucket:
    due = [each.due_date for each in activities if not each.done and each.due_date is not None]
    return bucket(min(due, default=None), today, settings)


@given(lists, st.sampled_from(BUCKETS), days, settings_of(), st.frozensets(days))
def test_after_a_move_the_account_stands_where_it_was_moved_to(
    given_: list[Activity],
    target: Bucket,
    today: dt.date,
    settings: Settings,
    holidays: frozenset[dt.date],
) -> None:
    before = stands(given_, today, settings)
    try:
        found = move(given_, target, today, settings, holidays)
    except AcctcliError:
        assert target == "overdue" or before == "none"
        return
    moved = {each.id for each in found.activities}
    after = [
        structs.replace(each, due_date=found.day) if each.id in moved else each for each in given_
    ]
    assert stands(after, today, settings) == target
    assert bool(moved) == (before != target)
    assert not any(each.done or each.due_date is None for each in found.activities)
    # Only what stood in the way, or is next, is touched.
    for each in found.activities[1:] if found.day is not None else ():
        assert each.due_date is not None
        assert found.day is not None
        assert each.due_date < found.day
    if settings.business_days and moved and found.day is not None:
        assert is_business_day(found.day, holidays) != found.is_day_off
        if found.is_day_off:
            column = [TODAY + ahead * DAY for ahead in range(-30, 90)]
            assert not any(
                is_business_day(day, holidays)
                for day in column
                if bucket(day, today, settings) == target
            )
    else:
        assert not found.is_day_off


@pytest.mark.parametrize(
    ("target", "day"),
    [
        ("today", "2026-03-10"),
        ("tomorrow", "2026-03-11"),
        ("soon", "2026-03-13"),
        ("later", "2026-03-17"),
    ],
)
def test_the_usual_days(target: Bucket, day: str) -> None:
    found = move([planned("a1", dt.date(2026, 1, 1))], target, TODAY, Settings())
    assert str(found.day) == day


def test_the_day_stays_within_the_bounds_of_the_book() -> None:
    late = [planned("a1", dt.date(2026, 1, 1))]
    narrow = Settings(soon=5, later=14)
    assert move(late, "soon", TODAY, narrow).day == TODAY + 5 * DAY
    assert move(late, "later", TODAY, narrow).day == TODAY + 14 * DAY
    assert move(late, "soon", TODAY, Settings(soon=2, later=3)).day == TODAY + 2 * DAY


def test_a_business_day_before_the_usual_one_when_none_follows_in_the_column() -> None:
    # On Thursday, soon is Saturday to Monday with these bounds, and Monday is off.
    today = dt.date(2026, 3, 12)
    settings = Settings(soon=2, later=5, business_days=True)
    wednesday = [planned("a1", today - DAY)]
    assert move(wednesday, "soon", today, settings).day == dt.date(2026, 3, 16)
    off = move(wednesday, "soon", today, settings, frozenset({dt.date(2026, 3, 16)}))
    assert (off.day, off.is_day_off) == (dt.date(2026, 3, 15), True)
    early = move(wednesday, "soon", dt.date(2026, 3, 11), settings)
    assert (early.day, early.is_day_off) == (dt.date(2026, 3, 13), False)


def test_what_is_due_before_the_new_day_goes_along_the_most_urgent_first() -> None:
    given_ = [
        planned("a1", dt.date(2026, 3, 12)),
        planned("a2", dt.date(2026, 3, 2)),
        planned("a3", dt.date(2026, 4, 1)),
        planned("a4", dt.date(2026, 3, 1), done=True),
    ]
    found = move(given_, "soon", TODAY, Settings())
    assert [each.id for each in found.activities] == ["a2", "a1"]
    assert [each.id for each in move(given_, "none", TODAY, Settings()).activities] == [
        "a2",
        "a1",
        "a3",
    ]


def test_where_it_stands_already_nothing_moves() -> None:
    found = move([planned("a1", TODAY)], "today", TODAY, Settings())
    assert (found.day, found.activities) == (TODAY, ())


def test_nothing_is_moved_to_overdue() -> None:
    with pytest.raises(UsageError) as caught:
        move([planned("a1", TODAY)], "overdue", TODAY, Settings())
    assert caught.value.problems[0].id == "move-to-overdue"


@pytest.mark.parametrize(("target", "when"), [("today", "today"), ("later", "+1w")])
def test_nothing_planned_says_how_to_plan(target: Bucket, when: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        move([planned("a1", None)], target, TODAY, Settings())
    assert caught.value.problems[0].id == "nothing-planned"
    assert str(caught.value.problems[0].hint).endswith(f"--due {when}")


def test_the_calendar_ends() -> None:
    with pytest.raises(InvalidInputError) as caught:
        move([planned("a1", TODAY)], "later", dt.date(9999, 12, 30), Settings())
    assert caught.value.problems[0].id == "bad-date"
