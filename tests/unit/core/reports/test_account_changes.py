"""What changed with accounts: nothing between equal states, and every difference between others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from helpers.samples import bare_row
from helpers.strategies import states
from hypothesis import given

from acctcli.core.model.choices import CHANGE_KINDS
from acctcli.core.model.money import total
from acctcli.core.reports.account_changes import (
    AccountChange,
    AccountState,
    account_changes,
    difference,
    state,
)


def why(org: str) -> str:
    return f"{org} is gone"


def sums(totals: list[dict[str, Decimal]]) -> dict[str, Decimal]:
    added = total((code, amount) for each in totals for code, amount in each.items())
    return {code: amount for code, amount in added.items() if amount}


@given(states)
def test_nothing_changed_between_equal_states(book: list[AccountState]) -> None:
    assert account_changes(book, book, why) == []
    assert account_changes(book, book[::-1], why) == []


@given(states, states)
def test_new_lost_and_kept_part_the_accounts(
    before: list[AccountState], now: list[AccountState]
) -> None:
    found = account_changes(before, now, why)
    by_change = {name: {each.id for each in found if each.change == name} for name in CHANGE_KINDS}
    old, new = {each.id for each in before}, {each.id for each in now}
    assert by_change["new"] == new - old
    assert by_change["lost"] == old - new
    for name in CHANGE_KINDS[2:]:
        assert by_change[name] <= old & new
    assert not by_change["overdue"] & by_change["moved"]
    assert len({(each.change, each.id) for each in found}) == len(found)
    assert all((each.reason is not None) == (each.change == "lost") for each in found)
    assert all((each.bucket is None) == (each.change == "lost") for each in found)


@given(states, states)
def test_differences_add_up_to_the_difference(
    before: list[AccountState], now: list[AccountState]
) -> None:
    found = account_changes(before, now, why)
    changed = sums([each.difference for each in found])
    was, is_ = (sums([each.won_value for each in book]) for book in (before, now))
    assert changed == sums([is_, {code: -amount for code, amount in was.items()}])
    for each in found:
        assert each.difference in ({}, difference(each.won_value_before, each.won_value)) or (
            each.change.startswith("value")
        )


@given(states, states)
def test_each_kind_stands_by_name_in_the_order_of_kinds(
    before: list[AccountState], now: list[AccountState]
) -> None:
    found = account_changes(before, now, why)
    places = [CHANGE_KINDS.index(each.change) for each in found]
    assert places == sorted(places)
    back = account_changes(now, before, why)
    assert len([each for each in found if each.change == "new"]) == len(
        [each for each in back if each.change == "lost"]
    )
    assert account_changes(before, now[::-1], why) == found


def account(**fields: Any) -> AccountState:  # noqa: ANN401 - the fields of a state by name
    known: dict[str, Any] = {
        "id": "acme", "name": "Acme", "owner": "mia", "tier": "A",
        "won_value": {"EUR": Decimal(5)}, "bucket": "later",
    }  # fmt: skip
    return AccountState(**(known | fields))


def test_a_new_account_brings_all_that_it_won() -> None:
    assert account_changes([], [account()], why) == [
        AccountChange(
            change="new", id="acme", name="Acme", owner="mia", tier="A", won_value_before={},
            won_value={"EUR": Decimal(5)}, difference={"EUR": Decimal(5)}, bucket="later",
        )
    ]  # fmt: skip


def test_a_lost_account_takes_it_all_and_says_why() -> None:
    assert account_changes([account()], [], why) == [
        AccountChange(
            change="lost", id="acme", name="Acme", owner="mia", tier="A",
            won_value_before={"EUR": Decimal(5)}, won_value={},
            difference={"EUR": Decimal(-5)}, bucket=None, reason="acme is gone",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": "Acme Inc"}, [("renamed", "Acme", "Acme Inc", {})]),
        ({"name": "ACME"}, [("renamed", "Acme", "ACME", {})]),
        ({"owner": "tom", "tier": None}, []),
        ({"won_value": {"EUR": Decimal("5.00")}}, []),
        ({"won_value": {"EUR": Decimal(7)}}, [("value_up", None, None, {"EUR": Decimal(2)})]),
        ({"won_value": {}}, [("value_down", None, None, {"EUR": Decimal(-5)})]),
        (
            {"won_value": {"USD": Decimal(1)}},
            [
                ("value_up", None, None, {"USD": Decimal(1)}),
                ("value_down", None, None, {"EUR": Decimal(-5)}),
            ],
        ),
        ({"bucket": "overdue"}, [("overdue", "later", "overdue", {})]),
        ({"bucket": "none"}, [("moved", "later", "none", {})]),
    ],
)
def test_what_changed_with_one_that_stayed(
    fields: dict[str, Any], told: list[tuple[object, ...]]
) -> None:
    found = account_changes([account()], [account(**fields)], why)
    assert [(each.change, each.before, each.after, each.difference) for each in found] == told
    assert all(each.won_value_before == {"EUR": Decimal(5)} for each in found)


def test_one_that_stays_overdue_is_not_newly_so() -> None:
    late = account(bucket="overdue")
    assert account_changes([late], [late], why) == []
    (moved,) = account_changes([late], [account(bucket="today")], why)
    assert (moved.change, moved.before, moved.after) == ("moved", "overdue", "today")


def test_a_state_is_what_a_list_shows() -> None:
    row = bare_row(name="Acme", owner="mia", tier="A", won_value={"EUR": Decimal(1)})
    assert state(row) == AccountState(
        id=row.id, name="Acme", owner="mia", tier="A", won_value={"EUR": Decimal(1)},
        bucket=row.bucket,
    )  # fmt: skip
