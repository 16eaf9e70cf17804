from __future__ import annotations

import datetime as dt
from itertools import pairwise
from statistics import median

import pytest
from helpers.samples import row
from hypothesis import given
from hypothesis import strategies as st

from acctcli.core.model.periods import BY, By, period_of
from acctcli.core.reports.repeat_customers import (
    Customers,
    buying_rhythm,
    customers,
    overdue_order,
    usual_days,
)

TODAY = dt.date(2026, 3, 10)
DAY = dt.timedelta(days=1)
some_by = st.sampled_from(BY)
some_wins = st.lists(
    st.dates(dt.date(2024, 1, 1), dt.date(2026, 6, 30)).map(dt.date.toordinal), max_size=6
).map(sorted)
some_accounts = st.lists(some_wins, max_size=8)


def numbers(*days: str) -> list[int]:
    return [dt.date.fromisoformat(day).toordinal() for day in days]


@pytest.mark.parametrize(
    ("wins", "usual"),
    [
        ((), None),
        ((100,), None),
        ((100, 100), None),
        ((100, 130), 30),
        ((100, 100, 130), 30),
        ((100, 110, 140), 20),
        ((100, 110, 141), 21),
        ((100, 110, 140, 240), 30),
    ],
)
def test_usual_days_are_the_median_of_the_gaps(wins: tuple[int, ...], usual: int | None) -> None:
    assert usual_days(wins) == usual


@given(some_wins)
def test_usual_days_are_a_median_rounded_up(wins: list[int]) -> None:
    days = sorted(set(wins))
    gaps = [after - before for before, after in pairwise(days)]
    found = usual_days(wins)
    if not gaps:
        assert found is None
    else:
        assert found is not None
        assert 0 <= found - median(gaps) < 1
        assert min(gaps) <= found <= max(gaps)


def test_the_next_win_is_expected_after_the_usual_days() -> None:
    found = buying_rhythm(row(), numbers("2025-01-05", "2025-06-04"), TODAY)
    assert (found.id, found.win_count, found.usual_days) == ("muller-sohne", 2, 150)
    assert (found.next_win, found.late_by) == (dt.date(2025, 11, 1), 129)
    assert (found.first_win, found.last_win) == (row().first_won, row().last_won)


def test_on_the_day_of_the_next_win_nobody_is_late() -> None:
    wins = numbers("2026-01-09", "2026-02-08")
    assert buying_rhythm(row(), wins, TODAY).late_by == 0
    assert buying_rhythm(row(), wins, TODAY + DAY).late_by == 1
    assert buying_rhythm(row(), wins, TODAY - DAY).late_by == 0


def test_one_win_makes_no_rhythm() -> None:
    found = buying_rhythm(row(), numbers("2025-01-05"), TODAY)
    assert (found.usual_days, found.next_win, found.late_by) == (None, None, None)
    assert overdue_order(found) == dt.date.max


def test_a_next_win_beyond_the_calendar_is_not_expected() -> None:
    found = buying_rhythm(row(), numbers("2025-01-05", "9999-01-05"), TODAY)
    assert (found.next_win, found.late_by) == (None, None)
    assert found.usual_days is not None


def test_who_is_most_late_stands_first() -> None:
    wins = [
        numbers("2025-01-05"),
        numbers("2025-01-01", "2025-12-01"),
        numbers("2024-01-01", "2024-02-01"),
    ]
    found = sorted((buying_rhythm(row(), each, TODAY) for each in wins), key=overdue_order)
    assert [each.late_by for each in found] == [737, 0, None]


def told(found: list[Customers]) -> list[tuple[str, int, int, int, int, int]]:
    return [
        (each.period, each.win_count, each.customer_count, each.new_count, each.returning_count,
         each.lapsed_count)
        for each in found
    ]  # fmt: skip


def test_new_returning_and_lapsed_customers() -> None:
    accounts = [
        numbers("2025-01-31", "2025-02-01", "2025-02-28", "2025-06-01"),
        numbers("2025-02-10"),
        [],
    ]
    found = customers(accounts, "month", None, dt.date(2025, 7, 1))
    assert told(found) == [
        ("2025-01", 1, 1, 1, 0, 0),
        ("2025-02", 3, 2, 1, 1, 0),
        ("2025-03", 0, 0, 0, 0, 2),
        ("2025-04", 0, 0, 0, 0, 0),
        ("2025-05", 0, 0, 0, 0, 0),
        ("2025-06", 1, 1, 0, 1, 0),
        ("2025-07", 0, 0, 0, 0, 1),
    ]
    assert (found[1].since, found[1].until) == (dt.date(2025, 2, 1), dt.date(2025, 2, 28))


def test_since_leaves_periods_out_and_knows_what_was_before() -> None:
    accounts = [numbers("2025-01-31", "2025-02-01"), numbers("2025-01-10")]
    found = customers(accounts, "month", dt.date(2025, 2, 20), dt.date(2025, 2, 21))
    assert told(found) == [("2025-02", 1, 1, 0, 1, 1)]
    assert customers(accounts, "month", dt.date(2025, 3, 1), dt.date(2025, 2, 21)) == []


def test_a_win_that_lies_ahead_has_its_period_too() -> None:
    found = customers([numbers("2027-05-01")], "year", None, TODAY)
    assert told(found) == [("2027", 1, 1, 1, 0, 0)]
    found = customers([numbers("2027-05-01")], "year", TODAY, TODAY)
    assert [each.period for each in found] == ["2026", "2027"]


def test_without_a_win_there_are_no_periods() -> None:
    assert customers([], "year", None, TODAY) == []
    assert customers([[]], "year", dt.date(2020, 1, 1), TODAY) == []


def test_the_calendar_may_begin_with_a_win() -> None:
    found = customers([[1]], "year", None, dt.date(1, 5, 1))
    assert told(found) == [("0001", 1, 1, 1, 0, 0)]


@given(some_accounts, some_by)
def test_every_win_and_every_account_counts_once(accounts: list[list[int]], by: By) -> None:
    found = customers(accounts, by, None, TODAY)
    assert sum(each.win_count for each in found) == sum(map(len, accounts))
    assert sum(each.new_count for each in found) == sum(map(bool, accounts))


@given(some_accounts, some_by, st.none() | st.dates(dt.date(2024, 1, 1), TODAY))
def test_customers_are_what_the_words_say(
    accounts: list[list[int]], by: By, since: dt.date | None
) -> None:
    buyers: dict[str, set[int]] = {}
    first: dict[str, set[int]] = {}
    for number, wins in enumerate(accounts):
        names = [period_of(dt.date.fromordinal(day), by).name for day in wins]
        for name in names:
            buyers.setdefault(name, set()).add(number)
        if names:
            first.setdefault(names[0], set()).add(number)
    for each in customers(accounts, by, since, TODAY):
        mine = buyers.get(each.period, set())
        new = first.get(each.period, set())
        before = buyers.get(period_of(each.since - DAY, by).name, set())
        assert each.customer_count == len(mine) == each.new_count + each.returning_count
        assert each.new_count == len(new)
        assert each.returning_count == len(mine - new)
        assert each.lapsed_count == len(before - mine)
