from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from helpers.oracle import account_rows
from helpers.strategies import SETTINGS, TODAY, ZONE, books
from hypothesis import given, settings

from acctcli.core.model.money import total
from acctcli.core.model.records import Activity, Data, Deal, Org, Settings
from acctcli.core.query.group_values import Grouping, field_by
from acctcli.core.reports.board import Board, BoardColumn, Card, board

if TYPE_CHECKING:
    from acctcli.core.accounts.totals import AccountRow

BUCKETS = ["none", "overdue", "today", "tomorrow", "soon", "later"]


def _book(*cards: tuple[str, str, int | None]) -> Data:
    """A book of accounts: id, name, and in how many days something is planned."""
    return Data(
        orgs={key: Org(id=key, name=name) for key, name, _ in cards},
        deals={
            key: Deal(id=key, title=key, org=key, status="won", value=Decimal(1), currency="EUR")
            for key, _, _ in cards
        },
        activities={
            key: Activity(id=key, subject=key, org=key, due_date=TODAY + dt.timedelta(days=ahead))
            for key, _, ahead in cards
            if ahead is not None
        },
    )


def _by_bucket(rows: list[AccountRow], book: Settings) -> Board:
    by = Grouping(field_by("bucket", book), book, TODAY, ZONE, {})
    return board([Card(row, row.bucket) for row in rows], by)


def _board(data: Data, book: Settings = SETTINGS) -> Board:
    return _by_bucket(account_rows(data, book, TODAY, ZONE), book)


def _ids(found: Board) -> dict[str | None, list[str]]:
    return {column.key: [row.id for row in column.accounts] for column in found.columns}


def test_an_empty_board_has_its_six_columns() -> None:
    empty = _by_bucket([], SETTINGS)
    assert empty.today == TODAY
    assert [column.key for column in empty.columns] == BUCKETS
    assert [column.title for column in empty.columns] == [
        "Nothing planned",
        "Overdue",
        "Today",
        "Tomorrow",
        "In 2 to 6 days",
        "In 7 days or more",
    ]
    assert {(column.count, len(column.won_value)) for column in empty.columns} == {(0, 0)}


def test_cards_stand_by_due_date_then_name_then_id() -> None:
    found = _board(
        _book(
            ("a", "Zeta", 3),
            ("b", "Élan", 5),
            ("c", "elan", 5),
            ("d", "Alfa", 5),
            ("e", "Beta", None),
            ("f", "alfa", None),
            ("g", "Alfa", 2),
        )
    )
    assert _ids(found)["soon"] == ["g", "a", "d", "b", "c"]
    assert _ids(found)["none"] == ["f", "e"]


def test_every_bound_of_the_columns() -> None:
    cards = [(f"x{ahead}", "X", ahead) for ahead in (-9, -1, 0, 1, 2, 6, 7, 90)]
    assert _ids(_board(_book(*cards))) == {
        "none": [],
        "overdue": ["x-9", "x-1"],
        "today": ["x0"],
        "tomorrow": ["x1"],
        "soon": ["x2", "x6"],
        "later": ["x7", "x90"],
    }
    assert _ids(_board(_book(*cards), Settings(later=3)))["later"] == ["x6", "x7", "x90"]


def test_a_column_has_its_number_of_accounts_and_their_won_value() -> None:
    column = _board(_book(("a", "A", 0), ("b", "B", 0), ("c", "C", 1))).columns[2]
    assert (column.key, column.count) == ("today", 2)
    assert column.won_value == {"EUR": Decimal(2)}


def test_the_keys_are_the_machine_keys() -> None:
    assert Board.__struct_fields__ == ("today", "by", "columns")
    assert BoardColumn.__struct_fields__ == ("key", "title", "count", "won_value", "accounts")


@settings(max_examples=60, deadline=None)
@given(books())
def test_every_account_is_in_exactly_one_column(data: Data) -> None:
    accounts = account_rows(data, SETTINGS, TODAY, ZONE)
    columns = _by_bucket(accounts, SETTINGS).columns
    cards = [row.id for column in columns for row in column.accounts]
    assert sorted(cards) == sorted(row.id for row in accounts)
    for column in columns:
        assert column.count == len(column.accounts)
        assert {row.bucket for row in column.accounts} <= {column.key}
    assert total(item for column in columns for item in column.won_value.items()) == total(
        item for row in accounts for item in row.won_value.items()
    )
