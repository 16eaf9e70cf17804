from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from helpers.samples import bare_row, row
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from acctcli.core.model.records import Org, Settings
from acctcli.core.reports.contact_rhythm import (
    ContactDue,
    contact_due,
    most_late,
    unknown_tier,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

TODAY = dt.date(2026, 3, 10)
NOW = TODAY.toordinal()
TIERS = {"A": "30d", "B": "3m", "never": "9999y"}
BOOK = Settings(tiers=TIERS)
ROW = replace(row(), tier="A", won_count=1)
SOON = BOOK.later - 1  # the last day ahead that is in time when the contact is late


def due(
    *,
    contacts: Sequence[int] = (),
    wins: Sequence[int] = (),
    planned: Sequence[int] = (),
    tier: str | None = "A",
    won: int = 1,
) -> ContactDue | None:
    """When a contact is due; all days are given and counted from today."""
    days = [[NOW + each for each in given] for given in (contacts, wins, planned)]
    standing = replace(ROW, tier=tier, won_count=won)
    return contact_due(standing, days[0], days[1], days[2], BOOK, TODAY)


def is_late(**given: Sequence[int]) -> bool:
    found = due(contacts=given.get("contacts", ()), wins=given.get("wins", ()),
                planned=given.get("planned", ()))  # fmt: skip
    assert found is not None
    return found.is_late


def day(ahead: int) -> dt.date:
    return TODAY + dt.timedelta(days=ahead)


def test_the_rhythm_counts_from_the_last_contact() -> None:
    assert due(contacts=(-90, -67), wins=(-20,)) == ContactDue(
        tier="A", rhythm="30d", day=day(-37), late_by=37, planned=None
    )


def test_without_a_contact_it_counts_from_the_first_win() -> None:
    found = due(wins=(-40, -2))
    assert found is not None
    assert (found.day, found.late_by, found.is_late) == (day(-10), 10, True)


def test_without_any_day_it_is_late_nobody_knows_since_when() -> None:
    found = due()
    assert found is not None
    assert (found.day, found.late_by, found.is_late) == (None, None, True)
    assert not is_late(planned=(SOON,))
    assert is_late(planned=(SOON + 1,))


def test_a_contact_that_lies_ahead_is_none_yet() -> None:
    found = due(contacts=(-31, 5))
    assert found is not None
    assert found.late_by == 1
    found = due(contacts=(5,), wins=(-30,))
    assert found is not None
    assert (found.day, found.late_by) == (TODAY, 0)


def test_months_are_those_of_the_calendar() -> None:
    found = due(contacts=(-10,), tier="B")
    assert found is not None
    assert found.day == dt.date(2026, 5, 28)


def test_a_rhythm_beyond_the_calendar_ends_with_it() -> None:
    found = due(contacts=(-10,), tier="never")
    assert found is not None
    assert (found.day, found.is_late) == (dt.date.max, False)


def test_no_tier_no_rhythm_or_no_account_is_never_late() -> None:
    assert due(tier=None) is None
    assert due(tier="gold") is None
    assert due(won=0) is None
    assert contact_due(replace(bare_row(), tier=None), (), (), (), Settings(), TODAY) is None


def test_it_is_late_the_day_after_it_is_due() -> None:
    assert not is_late(contacts=(-30,))
    assert is_late(contacts=(-31,))


@pytest.mark.parametrize(
    ("planned", "late"),
    [
        ((), True),
        ((-1,), True),
        ((0,), False),
        ((SOON,), False),
        ((SOON + 1,), True),
        ((-5, 3), False),
        ((-5, 60), True),
    ],
)
def test_what_is_planned_in_time_covers(planned: tuple[int, ...], late: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_late(contacts=(-40,), planned=planned) == late


def test_before_the_contact_is_due_all_up_to_that_day_is_in_time() -> None:
    for ahead, expected in ((20, day(20)), (21, None)):
        found = due(contacts=(-10,), planned=(ahead,))
        assert found is not None
        assert found.planned == expected
        assert not found.is_late


def test_where_soon_ends_is_what_the_settings_say() -> None:
    book = Settings(tiers=TIERS, later=15)
    for ahead, late in ((14, False), (15, True)):
        found = contact_due(ROW, (NOW - 40,), (), (NOW + ahead,), book, TODAY)
        assert found is not None
        assert found.is_late == late


def test_the_latest_stand_first_and_those_without_a_day_before_them() -> None:
    found = [due(wins=(-40,)), due(), due(wins=(-50,))]
    known = sorted((each for each in found if each is not None), key=most_late)
    assert [each.late_by for each in known] == [None, 20, 10]


some_days = st.lists(st.integers(-200, 60), max_size=5).map(sorted)


@given(some_days, some_days, some_days, st.sampled_from(["A", "B"]))
def test_late_is_what_the_rule_says(
    contacts: list[int], wins: list[int], planned: list[int], tier: str
) -> None:
    found = due(contacts=contacts, wins=wins, planned=planned, tier=tier)
    assert found is not None
    past = [each for each in contacts if each <= 0]
    since = max(past) if past else wins[0] if wins else None
    if since is None:
        overdue = True
    else:
        assert found.day is not None
        assert 0 < (found.day - day(since)).days <= 92
        overdue = found.day < TODAY
        assert found.late_by == max(0, (TODAY - found.day).days)
    in_time = [each for each in planned if 0 <= each <= SOON]
    assert found.is_late == (overdue and not in_time)


@given(some_days, some_days, some_days)
def test_a_contact_or_a_plan_for_today_makes_nobody_late(
    contacts: list[int], wins: list[int], planned: list[int]
) -> None:
    assert not is_late(contacts=sorted([*contacts, 0]), wins=wins, planned=planned)
    assert not is_late(contacts=contacts, wins=wins, planned=sorted([*planned, 0]))


def test_a_tier_without_a_rhythm_is_a_problem_that_names_the_nearest() -> None:
    assert unknown_tier(Org(id="a", name="A"), BOOK) is None
    assert unknown_tier(Org(id="a", name="A", tier="B"), BOOK) is None
    problem = unknown_tier(Org(id="a", name="A", tier="nver"), BOOK)
    assert problem is not None
    assert (problem.id, problem.level, problem.kind, problem.record, problem.field) == (
        "unknown-tier",
        "error",
        "orgs",
        "a",
        "tier",
    )
    assert problem.message == 'tier: there is no tier "nver"; did you mean "never"?'
    assert problem.hint is not None
    assert problem.hint.startswith("the tiers are A, B, never; ")


def test_in_a_book_without_tiers_the_hint_says_how_to_have_one() -> None:
    problem = unknown_tier(Org(id="a", name="A", tier="gold"), Settings())
    assert problem is not None
    assert problem.message == 'tier: there is no tier "gold"'
    assert problem.hint == (
        'a tier is one with a rhythm in acctcli.yaml, such as "tiers: {gold: 30d}"'
    )
